"""What an ASGI server is asked that says nothing of its own beginning and end."""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module

from . import _framework, _loops

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ._app import App
    from ._asgi import Asgi, Receive, Scope, Send


class Requests:
    """Stands in front of an application, and knows which requests are under way.

    Told to stop it lets no more in: what comes then is answered with 503.
    """

    def __init__(self, asgi: Asgi, app: App) -> None:
        self._asgi = asgi
        self._app = app
        self._under_way = 0
        self._closed = False
        self._close_ports: Callable[[], object] = lambda: None
        self._end_server: Callable[[], object] = lambda: os.kill(os.getpid(), signal.SIGTERM)
        self._has_begun = False

    def begin(self) -> None:
        """Called on the loop of the server, once that runs."""
        if self._has_begun:
            return
        self._has_begun = True
        self._loop = self._app._participant.calls.loop = _loops.current()
        self._loop.post(self._live)
        self._app.component("asgi", self._close, join=self._wait, serves=True)
        self._app.ready()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.begin()
        if scope["type"] != "http":
            return await self._asgi(scope, receive, send)
        if self._closed:
            headers = [(b"retry-after", b"1"), (b"content-length", b"0"), (b"connection", b"close")]
            await send({"type": "http.response.start", "status": 503, "headers": headers})
            return await send({"type": "http.response.body"})
        self._under_way += 1
        try:
            await self._asgi(scope, receive, send)
        finally:
            self._under_way -= 1

    def _close(self) -> None:
        self._closed = True
        self._close_ports()

    async def _wait(self) -> None:
        while self._under_way:
            await self._loop.sleep(0.001)

    async def _live(self) -> None:
        """Its state is saved, or it is to leave as it is: no loop is to be waited for any more."""
        await self._loop.ended(lambda: None)
        self._app._participant.calls.loop = None
        self._end_server()

    def begin_in_daphne(self) -> None:
        """It is built on Twisted, whose reactor is about to run."""
        reactor: Any = import_module("twisted.internet.reactor")
        port_class: Any = import_module("twisted.internet.tcp").Port
        _framework.turn_reloaders_off()
        part = self._app._participant
        ended: Any = import_module("twisted.internet.defer").Deferred()

        def close_ports() -> None:
            for each in reactor.getReaders():
                if isinstance(each, port_class):
                    each.stopListening()

        def end() -> None:
            ended.callback(None)
            if reactor.running:
                reactor.stop()

        def save_first() -> Any:
            """Somebody else has it end."""
            if not part.closing.is_set():
                part.end()
            return ended

        self._close_ports = close_ports
        self._end_server = end
        reactor.addSystemEventTrigger("before", "shutdown", save_first)
        reactor.callLater(0, self.begin)


def is_daphne() -> bool:
    """Whether the program is imported by daphne, or by Django's ``runserver`` with it."""
    return "daphne.server" in sys.modules
