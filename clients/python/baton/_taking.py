"""What a program takes without a restart: changed data, and components that are started again in order."""

from __future__ import annotations

import os
import threading

from . import _stopping
from ._calls import outcome
from ._errors import Declined
from ._pipe import cut, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Any

    from ._calls import Calls
    from ._declared import Component, Declared

_RECYCLE_S = 10.0  # for all components to stop, where baton names no deadline
_SAVE_S = 5.0


class Taking:
    def __init__(
        self, declared: Declared, calls: Calls, call_stop: Callable[..., str], tell: Callable[..., None]
    ) -> None:
        self._declared = declared
        self._calls = calls
        self._call_stop = call_stop
        self._tell = tell
        self._recycling = threading.Lock()
        self._over = False

    def take(self, message: dict[str, Any]) -> None:
        """Does what baton asks for, and says whether the change is in effect."""
        kind: str = message["type"]
        step: int = field(message, "step", int)
        paths: list[str] = field(message, "paths", list)
        within: float = field(message, "deadlineMs", int, float) / 1000
        reload = self._declared.reload
        try:
            if kind == "changed":
                self._call(lambda: self._declared.tell_of(paths), within)
            elif kind == "recycle":
                self.recycle(within)
            elif reload is not None:
                self._call(lambda: reload(paths), within)
            else:
                raise Declined("No module is declared hot")
        except Declined as declined:
            about: dict[str, object] = {"why": cut(str(declined))}
            if declined.file:
                about["file"] = declined.file
                if declined.line:
                    about["line"] = declined.line
            if declined.broken:
                about["broken"] = True
            self._tell("declined", step=step, **about)
        else:
            self._tell("done", step=step)

    def _call(self, function: Callable[[], object], within: float) -> None:
        """Calls it where the program's functions belong. Raises ``Declined``."""
        place: list[tuple[str, int]] = []
        declined: list[Declined] = []

        async def run() -> None:
            try:
                await outcome(function())
            except Declined as error:
                declined.append(error)
                raise
            except Exception as error:
                place.extend(_places(error.__traceback__))
                raise

        why = self._calls.run(run, within)
        if why:
            file, line = place[-1] if place else (None, None)
            raise declined[0] if declined else Declined(why, file, line)

    def recycle(self, within: float = _RECYCLE_S) -> None:
        """Stops all components in reverse order, and starts them in order, each with what it saved.

        Raises ``Declined``: what has stopped by then keeps what it saved, for the state and for another try.
        """
        with self._recycling:
            if self._over:
                raise Declined("The program is being stopped")
            components = self._declared.components
            for each in components:
                if not each.recyclable:
                    raise Declined(f'Component "{each.name}" has no start function')
            if not any(each.start for each in components):
                raise Declined("No component has a start function")
            self._stop(components, within)
            for each in components:
                if each.held is not None:
                    self._start(each)

    def _stop(self, components: list[Component], within: float) -> None:
        failed: dict[str, object] = {}

        def tell(kind: str, /, **fields: object) -> None:
            if kind == "failed":
                failed[str(fields["component"])] = fields["error"]
            else:
                self._tell(kind, **fields)

        _stopping.stop(self._declared.running(), within, self._call_stop, tell)
        for each in components:
            if each.start is not None and each.held is None and each.name not in failed:
                self._call(each.hold, _SAVE_S)
        for name, error in failed.items():
            raise Declined(f'Component "{name}" did not stop: {error}')

    def _start(self, component: Component) -> None:
        try:
            self._call(component.start_again, component.timeout)
        except Declined as declined:
            why = f'Component "{component.name}" did not start: {declined}'
            raise Declined(why, declined.file, declined.line) from declined
        component.held = None

    def end(self, within: float) -> None:
        """Takes nothing more, once what is under way has ended, or in so many seconds."""
        self._over = True
        if self._recycling.acquire(timeout=max(within, 0)):
            self._recycling.release()


def _places(traceback: TracebackType | None) -> list[tuple[str, int]]:
    """The files of the project that an exception came through, and the lines, the innermost last."""
    found = []
    while traceback is not None:
        file = os.path.relpath(traceback.tb_frame.f_code.co_filename)
        if not file.startswith((os.pardir, "<")) and traceback.tb_lineno:
            found.append((file, traceback.tb_lineno))
        traceback = traceback.tb_next
    return found
