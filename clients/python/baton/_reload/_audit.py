"""Notices what statements of a module reach outside of the process while they are executed."""

from __future__ import annotations

import _thread
import sys
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Any

_STARTS = ("socket.", "subprocess.", "os.", "shutil.", "sqlite3.", "urllib.", "ftplib.", "http.", "smtplib.", "_thread.start", "signal.", "winreg.", "tempfile.")
_HARMLESS = frozenset({"os.listdir", "os.scandir", "os.walk", "os.fspath", "os.getxattr", "os.listxattr"})
_SOURCES = (".py", ".pyc", ".pyi", ".so", ".pyd", ".zip")

_installed = False
_watching: tuple[int, list[str]] | None = None


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching is None:
        return
    thread, seen = _watching
    if thread != threading.get_ident():
        return
    if event == "open":
        path, mode = arguments[0], arguments[1]
        reads = isinstance(path, str) and (mode is None or not set(mode) & set("wax+"))
        if not (reads and path.endswith(_SOURCES)) and not _by_import():
            seen.append(f'opened "{path}"')
    elif event.startswith(_STARTS) and event not in _HARMLESS and not _by_import():
        seen.append(f'did "{event}"')


def _by_import() -> bool:
    """Whether the machinery of imports does it: it reads sources, and writes their bytecode."""
    frame = sys._getframe(2)
    return frame.f_code.co_filename.startswith("<frozen importlib")


class Audit:
    """For one thread. The hook that it leaves costs nothing to speak of: one comparison an event."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._restore: Callable[[], None] | None = None

    def __enter__(self) -> Audit:
        global _installed, _watching
        if not _installed:
            _installed = True
            sys.addaudithook(_hook)
        _watching = (threading.get_ident(), self.seen)
        if sys.version_info < (3, 12):
            self._watch_threads()
        return self

    def _watch_threads(self) -> None:
        """Python tells of them from 3.12 on."""
        start: Any = _thread.start_new_thread
        module: Any = threading

        def start_new_thread(*arguments: Any, **keywords: Any) -> Any:
            if _watching is not None and _watching[0] == threading.get_ident():
                self.seen.append("started a thread")
            return start(*arguments, **keywords)

        def restore() -> None:
            _thread.start_new_thread = module._start_new_thread = start

        self._restore = restore
        _thread.start_new_thread = module._start_new_thread = start_new_thread

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        global _watching
        _watching = None
        if self._restore is not None:
            self._restore()
