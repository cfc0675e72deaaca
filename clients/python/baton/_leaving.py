"""How the process leaves: by a normal exit of its main thread, or by force."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from ._calls import on_main_thread

LEAVE_S = 1.0  # until it is done by force
_SECOND_S = 0.3  # until it is tried again

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Interruption:
    """Makes the main thread end the program, whatever it waits for: ``SystemExit`` is raised there."""

    def __init__(self) -> None:
        self.has_been = False

    def on_sigterm(self) -> None:
        """The part of the SIGTERM handler: it runs on the main thread."""
        if not self.has_been:
            self.has_been = True
            raise SystemExit(0)

    def send(self, ours: Callable[..., None], deadline: float) -> None:
        """Has the main thread call its SIGTERM handler, which may be ``ours`` or the program's."""
        main = _main_greenlet()
        if main is not None:
            self.has_been = True
            threading.Thread(target=main.throw, args=(SystemExit(0),), daemon=True).start()
            return
        handler = signal.getsignal(signal.SIGTERM)
        thread = threading.main_thread()
        # A signal just before the thread blocks goes unnoticed until the next. Ours can take more
        # than one; to a handler of the program's own a second may mean to hurry.
        pause_s = 0.002 if handler == ours else _SECOND_S
        while callable(handler) and thread.is_alive() and thread.ident is not None:
            before = _place(thread)
            try:
                signal.pthread_kill(thread.ident, signal.SIGTERM)
            except ProcessLookupError:  # Patched since, it goes by another number.
                os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(pause_s)
            pause_s *= 2
            has_gone_on = handler != ours and _place(thread) != before
            if self.has_been or has_gone_on or time.monotonic() > deadline:
                return


def _place(thread: threading.Thread) -> object:
    """Where a thread is, to be compared."""
    frame = sys._current_frames().get(thread.ident or 0)
    return frame and (id(frame), frame.f_lasti)


def by_force(deadline: float) -> None:
    """Ends the process once ``deadline`` has passed, and says what kept it."""
    time.sleep(max(0.0, deadline - time.monotonic()))
    sys.stderr.write(
        f"baton: process {os.getpid()} did not leave in {LEAVE_S:g} s: "
        f"{_holdup(threading.main_thread())}\n"
    )
    sys.stderr.flush()
    os._exit(0)


def _main_greenlet() -> Any:
    """Where threads are greenlets (gevent, eventlet) and share one thread, no signal tells them apart."""
    greenlet = sys.modules.get("greenlet")
    if greenlet is None or not on_main_thread():
        return None
    found = greenlet.getcurrent()
    while found.parent is not None:
        found = found.parent
    return found


def _holdup(main: threading.Thread) -> str:
    """Where the program is, in place of having left."""
    if main.is_alive():
        frame = sys._current_frames().get(main.ident or 0)
        if frame is not None:
            return f'the main thread is in "{frame.f_code.co_filename}", line {frame.f_lineno}'
    names = [
        f'"{each.name}"' for each in threading.enumerate() if not each.daemon and each is not main
    ]
    if names:
        return f"the program waits for thread {', '.join(names)}"
    return "an exit function hangs"
