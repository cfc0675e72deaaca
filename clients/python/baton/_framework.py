"""What the wrappers of web frameworks have in common."""

from __future__ import annotations

import signal

from ._calls import on_main_thread
from ._errors import BatonError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._app import App


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
