import asyncio

try:
    LOOP = asyncio.get_running_loop() is not None
except RuntimeError:
    LOOP = False
