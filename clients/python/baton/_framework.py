"""What the wrappers of web frameworks have in common."""

from __future__ import annotations

import os
import signal
import sys

from ._calls import on_main_thread
from ._errors import BatonError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._app import App
    from ._participant import Participant


def restore_into(app: App, state: Any) -> None:
    """Fills a dict or a list with what was saved, and has it saved; the rest of the program keeps it."""
    if not isinstance(state, (dict, list)):
        raise BatonError(f"Cannot restore into {type(state).__name__}: give a dict or a list")
    restored = _restore(app, state)
    if isinstance(state, dict):
        if restored is not state:
            state.clear()
            state.update(restored)
    else:
        state[:] = restored
    app.on_save(lambda: state)


def _restore(app: App, state: Any) -> Any:
    """A server may have set a handler for SIGTERM that has it end later, as it is not at a barrier."""
    part = app._participant
    if part.pipe is None or not on_main_thread():
        return app.restore(state)
    handler = signal.signal(signal.SIGTERM, part.on_sigterm)
    try:
        return app.restore(state)
    finally:
        signal.signal(signal.SIGTERM, handler)


def server() -> Any:
    """The object of uvicorn or gunicorn that is told to end by SIGTERM; None where there is none."""
    return getattr(signal.getsignal(signal.SIGTERM), "__self__", None)


def end_by_signal(part: Participant) -> None:
    """Has the server end: by its own handler, or by that of the process which started it as a worker."""
    processes: Any = sys.modules.get("multiprocessing.process")
    parent = processes and processes.parent_process()
    is_heeded = signal.getsignal(signal.SIGTERM) != part.on_sigterm
    if parent is not None and (not is_heeded or "granian" in sys.modules):
        os.kill(parent.pid, signal.SIGTERM)
    else:
        os.kill(os.getpid(), signal.SIGTERM if is_heeded else signal.SIGINT)


def turn_reloaders_off() -> None:
    """Baton restarts the program, and a second process would take part as well."""
    werkzeug = sys.modules.get("werkzeug.serving")
    if werkzeug is not None:
        from werkzeug import _reloader  # type: ignore[import-not-found, unused-ignore]

        _reloader.run_with_reloader = lambda serve, *_, **__: serve()
    django = sys.modules.get("django.utils.autoreload")
    if django is not None:
        django.trigger_reload = lambda _: None  # type: ignore[attr-defined]
