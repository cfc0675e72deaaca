"""Which statements would have had another outcome, had what has changed been so from the start."""

from __future__ import annotations

import sys
from types import CodeType, FunctionType, ModuleType

from ._codes import children
from ._makers import MAKERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._uses import Uses


class Influence:
    """What has changed so far, and whether a statement that was executed before used it."""

    def __init__(self) -> None:
        #: Names that are bound anew, with their module's.
        self.values: set[tuple[str, str]] = set()
        self.codes: set[CodeType] = set()
        #: Names of changed methods: what they are called on is not known.
        self.methods: set[str] = set()
        #: Classes whose statement is executed again, and attributes of them that change by that.
        self.classes: set[type] = set()
        self.attributes: set[tuple[type, str]] = set()
        #: Modules whose functions are looked into.
        self.modules: set[str] = set()

    def reaches(self, uses: Uses, module: ModuleType, aliases: dict[str, tuple[str, str]]) -> str | None:
        """Names what was used."""
        space, name = vars(module), module.__name__
        for each in uses.names | {base for base, _ in uses.bases}:
            if (name, each) in self.values or aliases.get(each) in self.values:
                return each
        for base, more in uses.bases:
            held = space.get(base)
            if isinstance(held, type):
                if more and held in self.classes:
                    return base
                if self._calls(getattr(held, "__init_subclass__", None), set()):
                    return f"{base}.__init_subclass__"
                if self._calls(type(held), set()):
                    return type(held).__name__
        for root, attribute in self._through_packages(uses, space):
            held = space.get(root, sys.modules.get(root))
            if isinstance(held, ModuleType) and attribute in vars(held) and (held.__name__, attribute) in self.values:
                return f"{root}.{attribute}"
            kind = held if isinstance(held, type) or not uses.looks_into_objects else type(held)
            if isinstance(kind, type) and any((each, attribute) in self.attributes for each in kind.__mro__):
                return f"{root}.{attribute}"
        if uses.calls:
            seen: set[int] = set()
            for each in uses.names:
                if each in space and self._calls(space[each], seen):
                    return each
            for root, attribute in self._through_packages(uses, space):
                held = space.get(root, sys.modules.get(root))
                if isinstance(held, (ModuleType, type)):
                    if self._calls(getattr(held, attribute, None), seen):
                        return f"{root}.{attribute}"
                elif attribute in self.methods and self._is_hot(type(held)):
                    return f"{root}.{attribute}"
        return None

    def _through_packages(self, uses: Uses, space: dict[str, Any]) -> list[tuple[str, str]]:
        """Of `package.module.name`, `package.module` is a root as well, by its full name."""
        found = list(uses.attributes)
        for root, attribute in uses.attributes:
            held = getattr(space.get(root), attribute, None) if isinstance(space.get(root), ModuleType) else None
            if isinstance(held, ModuleType) and held.__name__ in self.modules:
                found += [(held.__name__, other) for name, other in uses.attributes if name == root and other != attribute]
        return found

    def would_call(self, function: FunctionType) -> bool:
        """Whether a call may come to what has changed."""
        return self._calls(function, set())

    def _is_hot(self, kind: type) -> bool:
        return any(each.__module__ in self.modules for each in kind.__mro__)

    def _calls(self, held: Any, seen: set[int]) -> bool:
        """Whether a call of it may come to changed code."""
        held = getattr(held, "__func__", held)
        if isinstance(held, property):
            return False
        if id(held) in seen:
            return False
        seen.add(id(held))
        if isinstance(held, type):
            return self._makes(held, seen)
        if not isinstance(held, FunctionType):
            wrapped = getattr(held, "__wrapped__", None) if not isinstance(held, ModuleType) else None
            if isinstance(wrapped, FunctionType):
                return self._calls(wrapped, seen)
            # An object: of what its operators and its call do, by its class.
            kind = type(held)
            return kind.__module__ in self.modules and self._makes(kind, seen, True)
        if held.__code__ in self.codes:
            return True
        for cell in held.__closure__ or ():
            try:
                inner = cell.cell_contents
            except ValueError:  # It is empty.
                continue
            if isinstance(inner, (FunctionType, type)) and self._calls(inner, seen):
                return True
        space = held.__globals__
        if space.get("__name__") not in self.modules:
            return False
        name = space["__name__"]
        for used in _names(held.__code__):
            if used in self.methods or (name, used) in self.values:
                return True
            if used in space:
                other = space[used]
                if isinstance(other, (FunctionType, type)) or not isinstance(other, ModuleType):
                    if self._calls(other, seen):
                        return True
                elif other.__name__ in self.modules and self._through(other, held.__code__, seen):
                    return True
        return False

    def _through(self, module: ModuleType, code: CodeType, seen: set[int]) -> bool:
        space = vars(module)
        return any(
            (module.__name__, used) in self.values or used in space and self._calls(space[used], seen)
            for used in _names(code)
        )

    def _makes(self, kind: type, seen: set[int], by_operators: bool = False) -> bool:
        """Whether an object of it comes to changed code in being made, or by an operator."""
        wanted = {name for each in kind.__mro__ for other, name in self.attributes if other is each}
        for each in kind.__mro__:
            if each.__module__ not in self.modules:
                continue
            if each in self.classes and _is_generated(vars(each).get("__init__")):
                return True
            for name, value in list(vars(each).items()):
                function = getattr(value, "__func__", value)
                if name not in MAKERS and not (by_operators and name.startswith("__")):
                    continue
                if isinstance(function, FunctionType):
                    if wanted & _names(function.__code__) or self._calls(function, seen):
                        return True
        if wanted & MAKERS:
            return True
        return type(kind) is not type and type(kind).__module__ in self.modules and self._makes(type(kind), seen, True)


def _is_generated(function: object) -> bool:
    """By a decorator, of the fields of a class."""
    return isinstance(function, FunctionType) and function.__code__.co_filename.startswith("<")


def _names(code: CodeType) -> set[str]:
    names = set(code.co_names)
    for each in children(code):
        names |= _names(each)
    return names

