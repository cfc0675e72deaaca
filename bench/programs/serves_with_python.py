"""Answers with its version and its process id; hands a number over to its next version."""

import os
import time
from http.server import BaseHTTPRequestHandler
from socket import SHUT_RDWR
from socketserver import ThreadingTCPServer
from threading import Event, Thread

import baton

time.sleep(float(os.environ["IMPORT_MS"]) / 1000)  # what slow imports cost
VERSION = 1


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{VERSION} {os.getpid()}\n".encode())

    def log_message(self, *_: object) -> None:
        """Says nothing: a line a request would be measured too."""


class Server(ThreadingTCPServer):  # HTTPServer looks its own name up first
    allow_reuse_address = True
    daemon_threads = True

    def serve(self) -> None:
        """Stops at once; `serve_forever` looks only every now and then whether it should."""
        while not stopping.is_set():
            self.handle_request()


app = baton.join()
state = app.restore({"handoffs": 0})
server = Server(("127.0.0.1", int(os.environ["PORT"])), Handler)
stopping = Event()
serving = Thread(target=server.serve)


@app.component("http", serves=True)
def stop() -> None:
    stopping.set()
    server.socket.shutdown(SHUT_RDWR)
    serving.join()
    server.server_close()


app.on_save(lambda: {"handoffs": state["handoffs"] + 1})
serving.start()
app.ready()
app.wait()
