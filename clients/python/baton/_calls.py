"""Calls of the program's functions, each on the thread that it belongs on."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections import deque

from ._errors import BatonError
from ._pipe import cut, is_lost

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any, TypeVar

    from ._loops import Loop

    _T = TypeVar("_T")


_OVERSLEPT_S = 0.1  # what a busy machine is late by, at most, as a rule


def drive(work: Coroutine[Any, Any, _T]) -> _T:
    """Runs what awaits nothing, without a loop."""
    try:
        work.send(None)
        work.throw(BatonError("An async function waits for a loop: have it run `await app.wait_async()`"))
    except StopIteration as done:
        result: _T = done.value
        return result
    finally:
        work.close()
    raise BatonError("An async function goes on waiting for a loop")


async def outcome(result: Any) -> Any:
    """What a function of the program returned, which may be async."""
    return await result if hasattr(result, "__await__") else result


def on_main_thread() -> bool:
    """Whether this is the main thread, or a greenlet (gevent, eventlet) that runs on it."""
    native_id = threading.get_native_id()
    # On Linux it is the process's own, also in a forked child, where Python may still tell the parent's.
    return native_id == os.getpid() or native_id == threading.main_thread().native_id


def _awaited(done: threading.Event, timeout: float) -> bool:
    """Whether it is set in time. Where a signal has stopped the process until after that, it has its time once more."""
    began = time.monotonic()
    if done.wait(timeout):
        return True
    return time.monotonic() - began > timeout + _OVERSLEPT_S and done.wait(timeout)


def drop_unread_output(within: float) -> bool:
    """Has what nobody reads any more written nowhere, and says whether there is any: where baton is killed its pipe for
    stderr is gone, too, and a function that prints would fail. Waits for that for ``within`` seconds each."""
    unread = [descriptor for descriptor in (1, 2) if is_lost(descriptor, within)]
    for descriptor in unread:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)
    return bool(unread)


class _Call:
    """A function of the program, called on some thread, with its outcome."""

    def __init__(self, function: Callable[[], object]) -> None:
        self._function = function
        self.done = threading.Event()
        self.error: BaseException | None = None
        self.blocks = False  # It is in the function itself.

    def run(self) -> None:
        drive(self.run_async())

    async def run_async(self) -> None:
        try:
            self.blocks = True
            result = self._function()
            self.blocks = False
            await outcome(result)
        except BaseException as error:
            self.error = error
            if not isinstance(error, Exception):
                raise
        finally:
            self.done.set()


class Calls:
    def __init__(self) -> None:
        self.main_waits = False  # The main thread is in wait().
        self.loop: Loop | None = None  # An async program is in wait_async().
        self._posted: deque[Callable[[], None] | None] = deque()
        self._bell: socket.socket | None = None  # Wakes it.

    def run(self, function: Callable[[], object], timeout: float, in_words: str = "") -> str:
        """Calls a function and says what went wrong, or "". Gives up a late one.

        On the loop or the main thread while that waits, else on a thread of its own.
        """
        drop_unread_output(0)
        timeout = max(timeout, 0)
        call = _Call(function)
        loop = self.loop
        on_main = loop is None and self.main_waits and not on_main_thread()
        if loop is not None:
            loop.post(call.run_async)
        elif on_main:
            self.post(call.run)
        else:
            thread = threading.Thread(target=call.run, name="baton-call", daemon=True)
            try:
                thread.start()
            except RuntimeError:  # From Python 3.12 on none starts once the main one has returned.
                thread.run()
        if not _awaited(call.done, timeout):
            if on_main:
                self.main_waits = False  # It hangs with the function; the next run elsewhere.
            if call.blocks:
                self.loop = None
            return f"No end after {in_words or f'{timeout * 1000:.0f} ms'}"
        if call.error is None:
            return ""
        if isinstance(call.error, BatonError):
            return cut(str(call.error))
        sys.excepthook(type(call.error), call.error, call.error.__traceback__)
        return cut(f"{type(call.error).__name__}: {call.error}")

    def post(self, call: Callable[[], None] | None) -> None:
        """Has the main thread call it, or with None end its wait. Signal handlers may do this."""
        loop = self.loop
        if call is None and loop is not None:
            loop.end()
        self._posted.append(call)
        bell = self._bell
        try:
            if bell is not None:
                bell.send(b"\0")
        except OSError:
            return  # Full, so it has been rung; or closed, so nobody waits.

    def wait(self, begin: Callable[[], None], on_interrupt: Callable[[], bool]) -> None:
        """Calls ``begin``, then what is posted, on the main thread, until that is None.

        Raises ``KeyboardInterrupt`` where ``on_interrupt`` does not answer for it.
        """
        # A lock is not left for a signal that another thread took; a socket that it rings is.
        waiter, bell = socket.socketpair()
        bell.setblocking(False)
        before = signal.set_wakeup_fd(bell.fileno(), warn_on_full_buffer=False)
        self._bell = bell
        self.main_waits = True
        try:
            begin()
            while True:
                try:
                    while self._posted:
                        call = self._posted.popleft()
                        if call is None:
                            return
                        call()
                    waiter.recv(4_096)
                except KeyboardInterrupt:
                    if not on_interrupt():
                        raise
        finally:
            self.main_waits = False
            self._bell = None
            signal.set_wakeup_fd(before)
            bell.close()
            waiter.close()
