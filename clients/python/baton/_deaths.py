"""Threads that die of an exception before the program is ready: what they were to serve is not there."""

from __future__ import annotations

import sys
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Deaths:
    def __init__(self) -> None:
        self._noted: list[str] = []
        self._hook: Callable[[Any], Any] | None = None
        self._before: Callable[[Any], Any] = threading.excepthook

    def watch(self) -> None:
        """Stands in front of the hook that is set, which is called as ever."""
        before = self._before = threading.excepthook

        def hook(args: Any) -> Any:
            is_death = args.thread is not None and not issubclass(args.exc_type, SystemExit)
            if is_death and self._hook is hook:
                self._noted.append(f'thread "{args.thread.name}" died of {args.exc_type.__name__}')
            return before(args)

        self._hook = threading.excepthook = hook

    def tell(self) -> None:
        """The program says that it is ready: from now on, the hook of before is enough."""
        for death in self._noted:
            sys.stderr.write(
                f"baton: {death} before the program was ready, which it says it is now. "
                '"--ready tcp:PORT" has baton wait until something answers there\n'
            )
        self.end()

    def end(self) -> None:
        """Leaves a hook of the program's own, that was set since, as it is."""
        self._noted.clear()
        if self._hook is not None and threading.excepthook is self._hook:
            threading.excepthook = self._before
        self._hook = None
