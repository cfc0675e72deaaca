"""Serves beside loops that sleep: `stops_its_parts.py PORT PART…`, the parts in the order in which they are added.

`http` is the server, `http+serves` says so; `loop` is stopped as a whole, `told` is told and then joined;
`slow` takes its time.
"""

import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import baton

VERSION = 0
SLEEP = 0.1
SLOW = 0.6


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"%d %d\n" % (VERSION, os.getpid())
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def run_server(name):
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005})

    def stop():
        server.shutdown()
        server.server_close()

    app.component(name, stop, serves=name.endswith("+serves"))
    thread.start()


def run_loop(name, is_told):
    ending = threading.Event()

    def sleep():
        while not ending.is_set():
            time.sleep(SLEEP)

    def stop():
        ending.set()
        thread.join()

    thread = threading.Thread(target=sleep)
    if is_told:
        app.component(name, ending.set, join=thread.join)
    else:
        app.component(name, stop)
    thread.start()


app = baton.join()
app.restore(None)
for at, part in enumerate(sys.argv[2:]):
    if part.startswith("http"):
        run_server(part)
    elif part == "slow":
        app.component(part, lambda: time.sleep(SLOW))
    else:
        run_loop(f"{part} {at}", part == "told")
app.on_save(lambda: None)
app.wait()
