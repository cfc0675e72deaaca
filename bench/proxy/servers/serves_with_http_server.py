"""The standard library's server on PORT, which knows nothing of baton, and dies on the spot when it is stopped."""

import http.server
import os

VERSION = 0
MUCH = bytes(1_048_576)


def answer(path):
    if path == "/much":
        return MUCH
    return (os.environ["PORT"] if path == "/port" else f"{VERSION}\n").encode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = answer(self.path)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128


Server(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
