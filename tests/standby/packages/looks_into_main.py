import sys

FAST = getattr(sys.modules["__main__"], "FAST", None)
