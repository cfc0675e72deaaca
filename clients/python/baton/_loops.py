"""Loops of async programs: what is declared runs there while they wait for their end."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any, Protocol

    class Loop(Protocol):
        def post(self, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
            """Has it run there; any thread may call this."""

        def end(self) -> None:
            """Has ``ended`` return; any thread may call this."""

        async def ended(self, on_cancel: Callable[[], object]) -> None:
            """Waits; cancelled, it calls ``on_cancel``, and goes on waiting before it says so."""

        def event(self) -> Any:
            """What can be waited for on this loop, and set there."""

        async def sleep(self, seconds: float) -> None: ...


def current() -> Loop:
    """The one that this coroutine runs on."""
    trio = sys.modules.get("trio")
    if trio is not None:
        try:
            return _Trio(trio, trio.lowlevel.current_trio_token())
        except RuntimeError:
            pass  # It is asyncio's.
    return _Asyncio()


class _Asyncio:
    def __init__(self) -> None:
        import asyncio

        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        self._running: set[asyncio.Future[None]] = set()  # Else they may be collected.

    def post(self, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._call(lambda: self._begin(run()))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def end(self) -> None:
        self._call(self._ended.set)

    def _call(self, function: Callable[[], object]) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(function)

    async def ended(self, on_cancel: Callable[[], object]) -> None:
        import asyncio

        try:
            await self._ended.wait()
        except asyncio.CancelledError:
            on_cancel()
            await self._ended.wait()
            raise

    def event(self) -> Any:
        import asyncio

        return asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        import asyncio

        await asyncio.sleep(seconds)


class _Trio:
    def __init__(self, trio: Any, token: Any) -> None:
        self._trio = trio
        self._token = token
        self._ended = trio.Event()

    def post(self, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._call(lambda: self._trio.lowlevel.spawn_system_task(run))

    def end(self) -> None:
        self._call(self._ended.set)

    def _call(self, function: Callable[[], object]) -> None:
        try:
            self._token.run_sync_soon(function)
        except self._trio.RunFinishedError:
            return  # The program has ended already.

    async def ended(self, on_cancel: Callable[[], object]) -> None:
        try:
            await self._ended.wait()
        except BaseException:  # Cancelled, or KeyboardInterrupt.
            on_cancel()
            with self._trio.CancelScope(shield=True):
                await self._ended.wait()
            raise

    def event(self) -> Any:
        return self._trio.Event()

    async def sleep(self, seconds: float) -> None:
        await self._trio.sleep(seconds)
