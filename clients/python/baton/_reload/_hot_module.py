"""A module that the program has declared to be hot, with the source that it runs."""

from __future__ import annotations

import importlib.util
import marshal
import os
import sys
import time

from .._errors import BatonError
from ._outcome import Refused
from ._version import Version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any


class HotModule:
    def __init__(self, name: str, keep: tuple[str, ...], of: Any) -> None:
        module = sys.modules.get(name)
        if module is None:
            raise BatonError(f'Cannot make "{name}" hot: it is not imported; import it first')
        path = getattr(module, "__file__", None)
        if not path or not path.endswith(".py"):
            raise BatonError(
                f'Cannot make "{name}" hot: it has no Python source ("{path}"); a change of it takes a restart'
            )
        self.name = name
        self.path: str = path
        self.keep = keep
        self.of = of
        self.data = _read(path)
        #: As Python may have run it in place of the source.
        self._bytecode = _bytecode(path)
        self._is_sure = os.stat(path).st_mtime < max(_process_start(), _started())
        self._version: Version | None = None

    @property
    def module(self) -> ModuleType:
        return sys.modules[self.name]

    def read(self) -> bytes:
        return _read(self.path)

    def version(self) -> Version:
        """Of the source that runs. Raises ``Refused`` where it is not certain which that is."""
        if self._version is None:
            try:
                self._version = Version(self.data, self.path)
            except (SyntaxError, ValueError) as error:
                raise Refused(f'"{self.path}" was not what it is when it was imported') from error
            if not self._is_sure:
                raise Refused(f'"{self.path}" was saved while the program started')
            if self._bytecode is not None and self._bytecode != self._version.code:
                raise Refused(f'"{self.path}" was imported from bytecode of another version')
        return self._version

    def runs(self, version: Version) -> None:
        self.data = version.data
        self._version = version
        self._is_sure = True
        self._bytecode = None
        remove_stale_bytecode(self.path)


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _bytecode(path: str) -> object:
    """Compiled, where Python takes it for this source: it goes by the size and the second alone."""
    try:
        found = os.stat(path)
        with open(importlib.util.cache_from_source(path), "rb") as file:
            data = file.read()
    except (OSError, NotImplementedError):
        return None  # There is none.
    if data[:16] != importlib.util.MAGIC_NUMBER + _stamp(found):
        return None
    return marshal.loads(data[16:])


def _stamp(found: os.stat_result) -> bytes:
    parts = (0, int(found.st_mtime) & 0xFFFFFFFF, found.st_size & 0xFFFFFFFF)
    return b"".join(part.to_bytes(4, "little") for part in parts)


def remove_stale_bytecode(path: str) -> None:
    """What was compiled from another source of the same size and second, for whoever imports it next."""
    try:
        cached = importlib.util.cache_from_source(path)
        with open(cached, "rb") as file:
            header = file.read(16)
        if header[4:] == _stamp(os.stat(path)):
            os.unlink(cached)
    except (OSError, NotImplementedError):
        return  # There is none.


def _started() -> float:
    """As baton says: what came from standby was a process before it was the program, and imported nothing of it.

    File times are those of the last tick of the system.
    """
    told = os.environ.get("BATON_STARTED", "")
    return int(told) / 1000 - 0.004 if told.isdecimal() else 0.0


def _process_start() -> float:
    """In seconds, as file times are; on other systems than Linux, when the client was imported.

    Linux counts in hundredths, downwards, and Python takes longer than one before it imports anything.
    """
    try:
        with open("/proc/self/stat", "rb") as file:
            ticks = int(file.read().rpartition(b")")[2].split()[19])
        age = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, AttributeError):
        return _imported_at
    return time.time() - age + 0.01


_imported_at = time.time()
