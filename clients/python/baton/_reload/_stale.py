"""Whether a statement that is about to be executed calls what is still as it was."""

from __future__ import annotations

from types import FunctionType, ModuleType

from ._lookups import lookups_of
from ._makers import MAKERS

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
        if not uses.calls:
            return None
        seen: set[int] = set()
        operands = uses.operands
        for name in sorted(operands.names):
            by_operators = self._influence.is_operated_on(operands, name, space)
            if self._influence.is_only_bound(operands, name, space):
                continue
            if name in space and self._is_stale(space[name], by_operators, seen):
                return name
        for root, attribute in sorted(operands.attributes):
            held = space.get(root)
            by_operators = self._influence.is_operated_on(operands, root, space)
            if isinstance(held, ModuleType) and self._is_stale(vars(held).get(attribute), by_operators, seen):
                return f"{root}.{attribute}"
        return None

    def _is_stale(self, value: Any, by_operators: bool, seen: set[int]) -> bool:
        value = getattr(value, "__func__", value)
        if id(value) in seen or isinstance(value, ModuleType):
            return False
        seen.add(id(value))
        if isinstance(value, type) and self._is_staged(value):
            made = [vars(each).get(name) for each in value.__mro__ for name in MAKERS]
            return any(self._is_stale(each, by_operators, seen) for each in made if isinstance(each, FunctionType))
        if not isinstance(value, FunctionType) or id(value.__globals__) not in self._spaces:
            return self._influence.would_call(value, by_operators)
        space = value.__globals__
        for lookup in lookups_of(value.__code__).all:
            held = space.get(lookup.root) if lookup.root is not None else None
            for attribute in lookup.attributes:
                if isinstance(held, ModuleType):
                    held = vars(held).get(attribute)
            if held is not None and self._is_stale(held, True, seen):
                return True
        return False

    def _is_staged(self, kind: type) -> bool:
        functions = [getattr(each, "__func__", each) for each in vars(kind).values()]
        if any(isinstance(each, FunctionType) and id(each.__globals__) in self._spaces for each in functions):
            return True
        return not self._influence.would_call(kind, True)
