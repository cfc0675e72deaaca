"""For uvicorn, which knows nothing of baton: `uvicorn serves_with_uvicorn:app`."""

import os

VERSION = 0
MUCH = bytes(1_048_576)


def answer(path):
    if path == "/much":
        return MUCH
    return (os.environ["PORT"] if path == "/port" else f"{VERSION}\n").encode()


async def app(scope, receive, send):
    if scope["type"] == "http":
        body = answer(scope["path"])
        headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})
    elif scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
