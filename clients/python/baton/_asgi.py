"""Programs that an ASGI server runs: saved once that has answered everything."""

from __future__ import annotations

import sys
import types
from importlib import import_module

from . import _framework, _loops
from ._requests import Requests, is_daphne

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping
    from typing import Any

    from ._app import App
    from ._loops import Loop

    Message = MutableMapping[str, Any]
    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]


_SOON_S, _LATE_S = 0.001, 0.02  # between two looks whether uvicorn has anything under way


def load_ahead() -> None:
    """What the first request would load: before the barrier it costs no dark time."""
    if "anyio" in sys.modules and "uvicorn" in sys.modules:
        try:
            import_module("anyio._backends._asyncio")
        except ImportError:
            return  # In this version it is elsewhere.


class Lifespan:
    """Stands in front of an application, and hears from its server when it starts and when it has ended.

    A server that is told to end lets go of its socket, answers what is under way, and then says
    ``lifespan.shutdown``: it is not let go on before the state is saved. Of one that says nothing
    (daphne, ``--lifespan off``) the requests are counted.
    """

    def __init__(self, asgi: Asgi, app: App) -> None:
        self._asgi = asgi
        self._app = app
        self._part = app._participant
        self._loop: Loop | None = None
        self._requests = Requests(asgi, app) if self._part.pipe is not None else None
        if self._requests is not None and is_daphne():
            self._requests.begin_in_daphne()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._asgi, name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
        elif self._requests is None:
            await self._asgi(scope, receive, send)
        else:
            await self._requests(scope, receive, send)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop = _loops.current()
        heard: list[str] = []
        said: list[str] = []

        async def hear() -> Message:
            message = await receive()
            heard.append(message["type"])
            return message

        async def say(message: Message) -> None:
            said.append(message["type"])
            if message["type"].startswith("lifespan.shutdown."):
                await self._end(loop)
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                self._begin(loop)

        try:
            await self._asgi(scope, hear, say)
        except Exception:
            if said:
                await self._end(loop)
                raise
        if said:
            return
        if not heard:  # The application knows no lifespan.
            await hear()
        await say({"type": "lifespan.startup.complete"})
        await hear()
        await say({"type": "lifespan.shutdown.complete"})

    def _begin(self, loop: Loop) -> None:
        part = self._part
        if part.closing.is_set() or part.calls.loop is not None:
            return  # A client for tests may begin several times.
        part.calls.loop = self._loop = loop
        self._requests = None
        self._answered = loop.event()
        if part.pipe is not None:
            self._app.component("asgi", self._tell, join=self._join, serves=True)
        loop.post(self._get_ready)

    async def _get_ready(self) -> None:
        """uvicorn binds its port after it was told that the application has started."""
        server = _framework.server()
        while getattr(server, "started", True) is False and not self._answered.is_set():
            await self._loop.sleep(0.001)
        self._app.ready()

    def _tell(self) -> None:
        server = _framework.server()
        if hasattr(server, "should_exit"):
            is_news = not server.should_exit
            server.should_exit = True  # As its handler does, but for raising the signal at its end.
            state = getattr(server, "server_state", None)
            if is_news and self._loop is not None and hasattr(state, "connections") and hasattr(state, "tasks"):
                self._loop.post(lambda: self._hurry(state))
        else:
            _framework.end_by_signal(self._part)

    async def _hurry(self, state: Any) -> None:
        """uvicorn sleeps for 100 ms before it looks whether it is to end, and then whether all is answered."""
        assert self._loop is not None
        _wake()
        pause_s = _SOON_S
        was_quiet = False  # Once is not enough: a connection may be taken that is not among them yet.
        while not self._answered.is_set():
            await self._loop.sleep(pause_s)
            is_quiet = not state.connections and not state.tasks
            if is_quiet and was_quiet:
                _wake()
            was_quiet = is_quiet
            pause_s = min(pause_s * 1.5, _LATE_S)

    async def _join(self) -> None:
        await self._answered.wait()

    async def _end(self, loop: Loop) -> None:
        """Returns when the state is saved, and the program may leave."""
        if self._loop is not loop or self._answered.is_set():
            return
        self._answered.set()
        if not self._part.closing.is_set():
            self._part.end()
        await loop.ended(lambda: None)
        self._part.calls.loop = None


def _wake() -> None:
    """Ends the sleeps of uvicorn's own; where they are not as they are known here, they end by themselves."""
    import asyncio

    for task in asyncio.all_tasks():
        by: Any = None
        inner: Any = task.get_coro()
        while isinstance(getattr(inner, "cr_await", None), types.CoroutineType):
            by, inner = inner, inner.cr_await
        code = getattr(asyncio.sleep, "__code__", None)
        if by is None or inner.cr_code is not code or by.cr_frame is None or inner.cr_frame is None:
            continue
        future = inner.cr_frame.f_locals.get("future")
        if by.cr_frame.f_globals.get("__name__") == "uvicorn.server" and isinstance(future, asyncio.Future):
            if not future.done():
                future.set_result(None)
