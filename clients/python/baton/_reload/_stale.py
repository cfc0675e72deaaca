"""Whether a statement that is about to be executed calls what is still as it was."""

from __future__ import annotations

import enum
import sys
from types import FunctionType, ModuleType

from ._influence import resolve
from ._lookups import lookups_of, unknown_attributes
from ._makers import MAKERS
from ._reach import Reach

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._influence import Influence
    from ._uses import Uses


class Stale:
    """``spaces`` has the staged namespaces, by their ``id``: functions of those are new."""

    def __init__(self, influence: Influence, spaces: set[int]) -> None:
        self._influence = influence
        self._spaces = spaces

    def used_by(self, uses: Uses, space: dict[str, Any]) -> str | None:
        """Names it."""
        for name, held in self._found(uses, space):
            if self._has_more_members(held):
                return name
        for chain in uses.chains:
            for length in range(1, len(chain)):
                held = resolve(chain[:length], space)
                is_old = isinstance(held, FunctionType) and id(held.__globals__) not in self._spaces
                if is_old and chain[length].startswith("__") and held.__code__ in self._influence.codes:
                    return ".".join(chain)
        if not uses.calls and not uses.looked_up:
            return None
        self._seen: set[int] = set()
        self._reach = Reach(self._influence)
        self._reach.looks_up(uses.looked_up)
        operands = uses.operands
        for name in sorted(uses.names):
            self._look_at(space.get(name))
        for name in sorted(operands.names) if uses.calls else ():
            by_operators = self._influence.is_operated_on(operands, name, space)
            if self._influence.is_only_bound(operands, name, space):
                continue
            if name in space and self._is_stale(space[name], by_operators):
                return name
        for root, attribute in sorted(uses.attributes):
            held = space.get(root)
            if not isinstance(held, ModuleType):
                continue
            self._look_at(vars(held).get(attribute))
            by_operators = self._influence.is_operated_on(operands, root, space)
            if (root, attribute) in operands.attributes and self._is_stale(vars(held).get(attribute), by_operators):
                return f"{root}.{attribute}"
        if self._reach.comes_to_change():
            return next(iter(sorted(uses.names)), "")
        return None

    def _found(self, uses: Uses, space: dict[str, Any]) -> list[tuple[str, Any]]:
        """What it names, in modules as well."""
        found = [(name, space.get(name)) for name in sorted(uses.names)]
        for root, attribute in sorted(self._influence.through_packages(uses, space)):
            held = space.get(root, sys.modules.get(root))
            if isinstance(held, ModuleType):
                found.append((f"{root}.{attribute}", vars(held).get(attribute)))
        return found

    def _has_more_members(self, held: Any) -> bool:
        """An enum that is about to get them."""
        if not isinstance(held, enum.EnumMeta) or (held.__module__, held.__name__) not in self._influence.values:
            return False
        return any(held is each for each in self._influence.classes)

    def _look_at(self, value: Any) -> None:
        if not isinstance(value, type) or not self._has_staged(value):
            self._reach.looks_at(value)
            return
        for each in vars(value).values():
            if not callable(each) and not isinstance(each, property):
                self._reach.looks_at(each)

    def _is_stale(self, value: Any, by_operators: bool) -> bool:
        value = getattr(value, "__func__", value)
        if id(value) in self._seen or isinstance(value, ModuleType):
            return False
        self._seen.add(id(value))
        if isinstance(value, type) and self._is_staged(value):
            made = [vars(each).get(name) for each in value.__mro__ for name in MAKERS]
            return any(self._is_stale(each, by_operators) for each in made if isinstance(each, FunctionType))
        if not isinstance(value, FunctionType) or id(value.__globals__) not in self._spaces:
            return self._reach.calls(value, by_operators)
        space = value.__globals__
        if lookups_of(value.__code__).reflects:
            return True
        for lookup in lookups_of(value.__code__).all:
            held = space.get(lookup.root) if lookup.root is not None else None
            attributes = list(lookup.attributes) if lookup.root is not None else unknown_attributes(lookup)
            while attributes and isinstance(held, ModuleType):
                held = vars(held).get(attributes.pop(0))
            self._reach.looks_up(attributes)
            self._look_at(held)
            if held is not None and self._is_stale(held, True):
                return True
        return False

    def _is_staged(self, kind: type) -> bool:
        return self._has_staged(kind) or not self._influence.would_call(kind, True)

    def _has_staged(self, kind: type) -> bool:
        functions = [getattr(each, "__func__", each) for each in vars(kind).values()]
        return any(isinstance(each, FunctionType) and id(each.__globals__) in self._spaces for each in functions)
