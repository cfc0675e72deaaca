"""Programs that a WSGI server runs: saved once that has answered everything."""

from __future__ import annotations

import os
import signal
import socket
import socketserver
import threading

from . import _framework

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from ._app import App

    Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_FIRST_REQUEST_S = 0.5  # for a connection that nothing was asked on yet


def wrap(wsgi: Wsgi, app: App) -> Wsgi:
    gate = Gate(wsgi, app)
    if app._participant.pipe is not None:
        _framework.turn_reloaders_off()
        _on_serve_forever(gate)
        worker = _framework.server()
        if type(worker).__module__.startswith("gunicorn.workers."):
            gate.begin(_end_by_signal, threading.main_thread().join)
    return gate


class Gate:
    """Stands in front of an application, and knows which requests are under way.

    Behind ``close`` nothing comes in any more: what would change the state after it was saved is
    answered with 503.
    """

    def __init__(self, wsgi: Wsgi, app: App) -> None:
        self._wsgi = wsgi
        self._app = app
        self._under_way: set[int] = set()  # by their thread
        self._changed = threading.Condition()
        self._closed = False
        self.has_begun = app._participant.pipe is None
        #: Called on the thread of a request once that is answered.
        self.on_answered: Callable[[], None] = lambda: None

    def begin(self, stop: Callable[[], object], join: Callable[[], object], name: str = "wsgi") -> None:
        """Called when the server serves."""
        self.has_begun = True
        self._app.component(name, stop, join=join, serves=True)
        self._app.ready()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if not self.has_begun:  # A server that nothing is known of.
            self.begin(self.close, self.wait)
        thread = threading.get_ident()
        with self._changed:
            if self._closed:
                start("503 Service Unavailable", [("Retry-After", "1"), ("Content-Length", "0")])
                return [b""]  # hypercorn takes no answer without a part for one
            self._under_way.add(thread)
        try:
            return _Answer(self._wsgi(environ, start), self._answered)
        except BaseException:
            self._answered()
            raise

    def _answered(self) -> None:
        with self._changed:
            self._under_way.discard(threading.get_ident())
            self._changed.notify_all()
        self.on_answered()

    def is_under_way(self, thread: int) -> bool:
        return thread in self._under_way

    def close(self) -> None:
        with self._changed:
            self._closed = True

    def wait(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not self._under_way)


class _Answer:
    """What an application returns; its server closes it once everything is sent."""

    def __init__(self, body: Iterable[bytes], on_close: Callable[[], None]) -> None:
        self._body = body
        self._on_close = on_close

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._body)

    def close(self) -> None:
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            self._on_close()


def _end_by_signal() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def _on_serve_forever(gate: Gate) -> None:
    """The servers of Flask, Django and the standard library have this in common."""
    serve_forever = socketserver.BaseServer.serve_forever

    def serve(server: socketserver.BaseServer, poll_interval: float = 0.5) -> None:
        if not gate.has_begun:
            socketserver.BaseServer.serve_forever = serve_forever  # type: ignore[method-assign]
            served = _Served(server, gate)
            gate.begin(served.stop, served.join, "http")
        serve_forever(server, poll_interval)

    socketserver.BaseServer.serve_forever = serve  # type: ignore[method-assign]


class _Served:
    """A server, and its connections."""

    def __init__(self, server: Any, gate: Gate) -> None:
        self._server = server
        self._gate = gate
        self._changed = threading.Condition()
        self._open: dict[socket.socket, int] = {}  # to the thread of each; 0 before that runs
        self._asked: set[int] = set()  # threads on whose connection something was asked
        self._stopping = False
        self._take, server.process_request = server.process_request, self._on_take
        self._handle, server.finish_request = server.finish_request, self._on_handle
        self._close, server.shutdown_request = server.shutdown_request, self._on_close
        gate.on_answered = self._on_answered

    def _on_take(self, request: socket.socket, address: Any) -> None:
        self._open[request] = 0
        self._take(request, address)

    def _on_handle(self, request: socket.socket, address: Any) -> None:
        self._open[request] = threading.get_ident()
        self._handle(request, address)

    def _on_close(self, request: socket.socket) -> None:
        try:
            self._close(request)
        finally:
            with self._changed:
                self._asked.discard(self._open.pop(request, 0))
                self._changed.notify_all()

    def _on_answered(self) -> None:
        with self._changed:
            self._asked.add(threading.get_ident())
            self._changed.notify_all()
        if self._stopping:
            self._let_go(self._asked)

    def stop(self) -> None:
        """Takes no more connections: those that come wait in the socket's queue."""
        self._stopping = True
        stopping = threading.Thread(target=self._server.shutdown, name="baton-shutdown", daemon=True)
        stopping.start()
        while stopping.is_alive():
            self._let_go(self._asked)
            self._wake()
            stopping.join(0.01)

    def _wake(self) -> None:
        """It looks only when somebody comes, or after half a second."""
        with socket.socket(self._server.address_family) as caller:
            caller.setblocking(False)
            caller.connect_ex(self._server.socket.getsockname())

    def join(self) -> None:
        """Waits for the answers under way; what comes after that is not let in."""
        with self._changed:
            self._changed.wait_for(self._are_all_asked, _FIRST_REQUEST_S)
        self._let_go(set(self._open.values()))
        self._gate.wait()
        with self._changed:
            self._changed.wait_for(lambda: not self._open, _FIRST_REQUEST_S)
        self._gate.close()
        self._gate.wait()

    def _are_all_asked(self) -> bool:
        return all(thread in self._asked for thread in list(self._open.values()))

    def _let_go(self, threads: set[int]) -> None:
        """Of connections that are kept alive: what has arrived on them is answered, and they end."""
        idle = {each for each in list(threads) if not self._gate.is_under_way(each)}
        for request, thread in list(self._open.items()):
            if thread in idle:
                try:
                    socket.socket.shutdown(request, socket.SHUT_RD)  # Also of one with TLS.
                except OSError:
                    continue  # It has ended by itself.
