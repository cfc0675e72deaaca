"""Hot modules whose files are gone: a start of the new source would not have them."""

from __future__ import annotations

import ast
import gc
import sys
from types import FrameType, FunctionType, ModuleType

from ._effects import Effects
from ._importers import holders, imported_by, version_of
from ._live import SUSPENDED
from ._outcome import Refused, place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ._undo import Undo
    from ._version import Version


class Gone:
    """Raises ``Refused`` where one has done more than to bind names, or the others still have something of it."""

    def __init__(self, modules: dict[str, tuple[ModuleType, Version]], others: dict[str, tuple[ModuleType, Version]]) -> None:
        self._modules = modules
        self._check_imports(others)
        names = {name: (module, set(vars(module))) for name, (module, _) in modules.items()}
        found = holders(names, {*modules, *others})
        rest = {each.__name__: (each, version_of(each)) for each in found}
        self._check_imports({name: (each, version) for name, (each, version) in rest.items() if version is not None})
        for module, version in modules.values():
            effects = Effects(vars(module), is_now=False)
            for node in version.tree.body:
                if effects.of(node) is not None:
                    raise Refused(f"{place(version.path, node.lineno)} is gone with its file, and what it has done cannot be undone")

    def _check_imports(self, others: dict[str, tuple[ModuleType, Version]]) -> None:
        for module, version in others.values():
            for node in ast.walk(version.tree):
                for name in imported_by(node, module):
                    if name in self._modules:
                        where = place(version.path, node.lineno)  # type: ignore[attr-defined]
                        raise Refused(f'{where} imports "{name}", of which the file is gone')

    def commit(self, undo: Undo, staged: set[int]) -> None:
        """After all else has been: names of other modules have what they are to have."""
        for name, (module, _) in self._modules.items():
            parent, _, last = name.rpartition(".")
            package = sys.modules.get(parent)
            if package is not None and vars(package).get(last) is module:
                undo.delete_item(vars(package), last)
            undo.delete_item(sys.modules, name)  # type: ignore[arg-type]
        for module, version in self._modules.values():
            self._check_held(module, version, staged | undo.held_by())

    def _check_held(self, module: ModuleType, version: Version, own: set[int]) -> None:
        name = module.__name__
        objects = [each for each in vars(module).values() if getattr(each, "__module__", None) == name]
        objects = [each for each in objects if isinstance(each, (FunctionType, type))]
        inner = {id(vars(module)), id(objects), *own}
        for each in objects:
            members = list(vars(each).values()) if isinstance(each, type) else [each]
            for member in members:
                function = getattr(member, "__func__", member)
                inner |= {id(member), id(function), *map(id, getattr(function, "__closure__", None) or ())}
        where = place(version.path, 1)
        members = []
        local = set(map(id, objects))
        for frame in _frames():
            if frame.f_code.co_filename == version.path:
                raise Refused(f'{where}: "{frame.f_code.co_name}" runs, and the file is gone')
            if not local.isdisjoint(map(id, frame.f_locals.values())):
                raise Refused(f'{where}: "{frame.f_code.co_name}" holds something of it, and the file is gone')
        gc.collect()
        for each in objects:
            for holder in gc.get_referrers(each):
                if id(holder) not in inner and not _is_its_own(holder, each):
                    raise Refused(f'{where}: "{each.__qualname__}" is still held, and the file is gone')


def _frames() -> Iterator[FrameType]:
    """Of all threads and generators, but for those of the reload."""
    found: list[FrameType | None] = list(sys._current_frames().values())
    for each in gc.get_objects():
        prefix = SUSPENDED.get(type(each))
        if prefix is not None:
            found.append(getattr(each, f"{prefix}_frame"))
    for frame in found:
        while frame is not None:
            if frame.f_globals.get("__package__") != __package__:
                yield frame
            frame = frame.f_back


def _is_its_own(holder: Any, value: Any) -> bool:
    """What a class has of itself; and frames, which are looked at by themselves."""
    if isinstance(holder, FrameType) or getattr(holder, "__objclass__", None) is value:
        return True
    return isinstance(value, type) and holder is value.__mro__
