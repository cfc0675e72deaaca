"""What a program has declared to be hot, and what became of the last reload."""

from __future__ import annotations

import gc
import linecache
import os
import sys
import threading

from .._errors import BatonError, Declined
from . import _importers
from ._hot_module import HotModule
from ._outcome import Failed, Refused, place_in
from ._transaction import Transaction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


class Hot:
    def __init__(self) -> None:
        self.error: str | None = None
        #: Whether a restart would help: the source is right, and could not be taken in place.
        self.is_refused = False
        #: Whether the source does not compile: a restart would fail as well.
        self.is_broken = False
        #: File, relative to the working directory, and line of what is in the way.
        self.place: tuple[str, int] | None = None
        self._modules: dict[str, HotModule] = {}
        self._listeners: list[Callable[[str | None], object]] = []
        self._one_at_a_time = threading.RLock()

    def declare(self, name: str, keep: Sequence[str], of: Any) -> None:
        if isinstance(keep, str):
            raise BatonError(f'Cannot keep "{keep}": give a list of names')
        with self._one_at_a_time:
            known = self._modules.get(name)
            if known is None:
                self._modules[name] = HotModule(name, tuple(keep), of)
            else:
                known.keep, known.of = tuple(keep), of

    def listen(self, function: Callable[[str | None], object]) -> None:
        self._listeners.append(function)

    def take(self, paths: Sequence[str]) -> None:
        """What baton asks for. Raises ``Declined`` where it is not in effect, all of it."""
        files = {os.path.realpath(each.path) for each in self._modules.values()}
        for path in paths:
            if os.path.realpath(path) not in files:
                raise Declined(f'"{path}" is not a hot module', path)
        if not self.reload(()):
            raise Declined(self.error or "", *(self.place or (None, None)), self.is_broken)

    def reload(self, names: Sequence[str]) -> bool:
        for name in names:
            if name not in self._modules:
                raise BatonError(f'Cannot reload "{name}": it is not hot; declare it by hot("{name}")')
        with self._one_at_a_time:
            self._attempt([self._modules[name] for name in names or self._modules])
            for function in self._listeners:
                try:
                    function(self.error)
                except Exception as error:
                    sys.excepthook(type(error), error, error.__traceback__)
            return self.error is None

    def _attempt(self, modules: list[HotModule]) -> None:
        self.is_refused = False
        self.is_broken = False
        self.place = None
        try:
            gone = next((each.name for each in modules if each.name not in sys.modules), None)
            if gone is not None:
                raise Refused(f'"{gone}" is not imported any more')
            files_gone = [each for each in modules if not os.path.exists(each.path)]
            changed = [each for each in modules if each not in files_gone and each.read() != each.data]
            if changed or files_gone:
                if Transaction(changed, self._modules, files_gone).has_removed_classes:
                    gc.collect()
                for each in files_gone:
                    del self._modules[each.name]
                for each in changed:
                    linecache.checkcache(each.path)
                    _importers.forget(each.module)
            for each in self._modules.values() if files_gone else modules:
                each.version()  # It is certain what runs.
            self.error = None
        except Failed as failed:
            self.is_broken = failed.is_syntax
            self.error = str(failed)
            self.place = place_in(self.error)
        except Refused as refused:
            self.is_refused = True
            self.error = f"Cannot reload in place: {refused}; restart the program"
            self.place = place_in(str(refused))
        except OSError as error:
            self.is_refused = True
            self.error = f"Cannot reload in place: {error}; restart the program"
        except Exception as error:  # A fault of this package's own: everything was put back.
            self.is_refused = True
            self.error = f"Cannot reload in place: {type(error).__name__}: {error}; restart the program"
            sys.excepthook(type(error), error, error.__traceback__)
