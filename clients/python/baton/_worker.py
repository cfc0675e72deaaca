"""Workers that take jobs from elsewhere, and on SIGTERM end once they have done what they have in hand."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from . import _framework

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._app import App

_LOOK_S = 0.005


def begin(app: App) -> None:
    part = app._participant
    if part.pipe is None:
        return
    main = threading.main_thread()
    app.component("worker", lambda: _framework.end_by_signal(part), join=main.join, serves=True)
    threading.Thread(target=_get_ready, args=(app,), name="baton-ready", daemon=True).start()
    os.register_at_fork(after_in_parent=_Forked(app).tell_once)


def _get_ready(app: App) -> None:
    """It is about to work when it has set what it is ended by."""
    part = app._participant
    until = time.monotonic() + 10
    while signal.getsignal(signal.SIGTERM) == part.on_sigterm and time.monotonic() < until:
        time.sleep(_LOOK_S)
    if not part.closing.is_set():
        app.ready()


class _Forked:
    def __init__(self, app: App) -> None:
        self._app = app
        self._told = False

    def tell_once(self) -> None:
        if self._told or self._app._participant.closing.is_set():
            return
        self._told = True
        sys.stderr.write(
            "baton: what forked processes change of the state is not saved: have the worker run jobs "
            "in its own (celery --pool threads or solo, rq's SimpleWorker)\n"
        )
