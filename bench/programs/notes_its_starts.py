"""Notes each start of it and counts what it is asked; has a child and a daemon where it has a mark for them."""

import json
import os
import subprocess
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

VERSION = 1
count = 0


def answer():
    global count
    count += 1
    return json.dumps({"version": VERSION, "count": count}).encode()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = answer()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


async def app(scope, _receive, send):
    """For servers that import it."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": answer()})


def note():
    with open(os.environ["STARTS"], "a") as starts:
        starts.write(f"{os.getpid()}\n")
    mark = os.environ.get("MARK")
    if mark is not None:
        subprocess.Popen(["sleep", f"1000.{mark}"])
        subprocess.Popen(["sh", "-c", f"setsid sleep 2000.{mark} &"])


if __name__ != "__mp_main__":
    note()
if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
