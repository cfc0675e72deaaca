"""For uvicorn, which knows nothing of baton: `uvicorn --fd 3 app_asgi:app`."""

VERSION = 0


async def app(scope, receive, send):
    if scope["type"] == "http":
        headers = [(b"content-type", b"text/plain")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"%d\n" % VERSION})
    elif scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
