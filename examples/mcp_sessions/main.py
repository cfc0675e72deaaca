"""An MCP server whose sessions survive its own edits: ``baton -- python3 main.py``."""

import os
import threading

import baton
import uvicorn

from notes import mcp
from sessions import Sessions

app = baton.join()
state = app.restore({"sessions": {}})
sessions = Sessions(mcp.streamable_http_app(), state["sessions"])
listener = app.listener(default=int(os.environ.get("PORT", "8766")))
server = uvicorn.Server(uvicorn.Config(sessions, log_level="warning"))
thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="http")


def stop() -> None:
    server.should_exit = True


app.component("http", stop, join=thread.join, serves=True)
app.on_save(lambda: {"sessions": sessions.all})
thread.start()
host, port = listener.getsockname()[:2]
print(f"MCP at http://{host}:{port}/mcp", flush=True)
app.wait()
