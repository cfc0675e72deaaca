"""An HTTP server that stops at once, and yet answers whoever it has let in."""

from __future__ import annotations

import selectors
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any


class Server(ThreadingHTTPServer):
    """`stop` takes no poll interval: a socket pair wakes the thread that accepts."""

    daemon_threads = False  # so that closing waits for the answers under way
    request_queue_size = 128

    def __init__(self, port: int, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", port), handler)
        self.socket.setblocking(False)
        self._open: set[socket.socket] = set()
        self._wake, self._woken = socket.socketpair()
        self._thread = threading.Thread(target=self._accept, name="life-api")

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # HTTPServer's own asks the resolver for this machine's name.

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._wake.close()
        self._thread.join()

    def _accept(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while self._woken not in (ready := {key.fileobj for key, _ in selector.select()}):
                self.handle_request()
            # Whoever has connected by now is let in, too.
            while self in ready:
                self.handle_request()
                ready = {key.fileobj for key, _ in selector.select(0)}
        self._woken.close()
        self.socket.close()
        # Those that have not asked yet will not; what they have sent is still read.
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RD)
            except OSError:
                continue  # Closed by its own thread, or by the other side.
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)
