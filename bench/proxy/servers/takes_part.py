"""A threading HTTP server on PORT that takes part: its count goes on."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import os
import threading

import baton

VERSION = 0


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        state["count"] += 1
        body = b"%d %d\n" % (VERSION, state["count"])
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = False  # their answers are waited for


app = baton.join()
state = app.restore({"count": 0})
server = Server(("127.0.0.1", int(os.environ["PORT"])), Handler)
thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})


@app.component("http", serves=True)
def stop():
    server.shutdown()
    server.server_close()  # waits for the answers that are under way


app.on_save(lambda: dict(state))
thread.start()
app.ready()
app.wait()
