"""Which statements would have had another outcome, had what has changed been so from the start."""

from __future__ import annotations

import ast
import sys
from types import CodeType, FunctionType, ModuleType

from ._codes import children
from ._effects import makes_plainly
from ._lookups import lookups_of, unknown_attributes
from ._makers import MAKERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._operands import Operands
    from ._uses import Uses

_CONTAINERS = (list, tuple, dict, set, frozenset)
_LOOKED_INTO = 1_000


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
        self._by_operators = False
        #: Of what is looked at: attributes of objects that are not known, and the classes that those may be of.
        self._unknown: set[str] = set()
        self._kinds: set[type] = set()

    def reaches(self, uses: Uses, module: ModuleType, aliases: dict[str, tuple[str, str]]) -> str | None:
        """Names what was used."""
        space, name = vars(module), module.__name__
        for each in uses.names | {base for base, _ in uses.bases}:
            if (name, each) in self.values or aliases.get(each) in self.values:
                return each
        for base, more in uses.bases:
            held = space.get(base)
            if isinstance(held, type):
                if more and held in self.classes and not makes_plainly(space.get(uses.metaclass or "")):
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
            seen = self._begin(False)
            for each in sorted(uses.operands.names):
                self._by_operators = self.is_operated_on(uses.operands, each, space)
                if self.is_only_bound(uses.operands, each, space):
                    continue
                if each in space and self._calls(space[each], seen):
                    return each
            for root, attribute in self._through_packages(uses.operands, space):
                self._by_operators = self.is_operated_on(uses.operands, root, space)
                held = space.get(root, sys.modules.get(root))
                if isinstance(held, (ModuleType, type)):
                    if self._calls(getattr(held, attribute, None), seen):
                        return f"{root}.{attribute}"
                elif self._is_hot(type(held)) and self._is_method([attribute]):
                    return f"{root}.{attribute}"
            self._by_operators = False
            if self._come_to_methods(seen):
                return next(iter(sorted(uses.operands.names)), "")
        return None

    def is_only_bound(self, operands: Operands, name: str, space: dict[str, Any]) -> bool:
        """Whether nothing of it is called: an item is taken out of it, or it is named as a type."""
        if type(space.get(name)) in _CONTAINERS and name not in operands.deep:
            return True
        return all(receiver is not None and _is_of_typing(receiver, space) for receiver in operands.given[name])

    def is_operated_on(self, operands: Operands, name: str, space: dict[str, Any]) -> bool:
        """Whether what a name's call returns is given at once to an operator, or to what may operate on it."""
        return any(receiver is None or self._operates(receiver, space) for receiver in operands.handed.get(name, ()))

    def _operates(self, receiver: ast.expr, space: dict[str, Any]) -> bool:
        held = space.get(receiver.id) if isinstance(receiver, ast.Name) else None
        if isinstance(held, FunctionType) and held.__globals__.get("__name__") in self.modules:
            return lookups_of(held.__code__).operates
        if isinstance(held, type) and type(held) is type and held.__module__ in self.modules:
            made = [vars(each).get(name) for each in held.__mro__ for name in MAKERS if each.__module__ != "builtins"]
            functions = [each for each in made if each is not None]
            return not all(isinstance(each, FunctionType) and not lookups_of(each.__code__).operates for each in functions)
        return True

    def _begin(self, by_operators: bool) -> set[int]:
        self._by_operators = by_operators
        self._unknown.clear()
        self._kinds.clear()
        return set()

    def _through_packages(self, uses: Uses | Operands, space: dict[str, Any]) -> list[tuple[str, str]]:
        """Of `package.module.name`, `package.module` is a root as well, by its full name."""
        found = list(uses.attributes)
        for root, attribute in uses.attributes:
            held = getattr(space.get(root), attribute, None) if isinstance(space.get(root), ModuleType) else None
            if isinstance(held, ModuleType) and held.__name__ in self.modules:
                found += [(held.__name__, other) for name, other in uses.attributes if name == root and other != attribute]
        return found

    def would_call(self, held: Any, by_operators: bool = False) -> bool:
        """Whether a call of it may come to what has changed, or an operator on what that returns."""
        seen = self._begin(by_operators)
        return self._calls(held, seen) or self._come_to_methods(seen)

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
            self._kinds.add(held)
            return self._makes(held, seen, self._by_operators)
        if not isinstance(held, FunctionType):
            wrapped = getattr(held, "__wrapped__", None) if not isinstance(held, ModuleType) else None
            if isinstance(wrapped, FunctionType):
                return self._calls(wrapped, seen)
            if type(held) in _CONTAINERS:
                values = held.values() if isinstance(held, dict) else held
                return any(self._calls(each, seen) for each in list(values)[:_LOOKED_INTO])
            # An object: of what its operators and its call do, by its class.
            kind = type(held)
            self._kinds.add(kind)
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
        return self._runs(held.__code__, space, seen)

    def _runs(self, code: CodeType, space: dict[str, Any], seen: set[int]) -> bool:
        name = space["__name__"]
        found = lookups_of(code)
        for lookup in found.all:
            if lookup.root is None:
                if self._is_method(unknown_attributes(lookup)):
                    return True
            elif (name, lookup.root) in self.values:
                return True
            elif type(space.get(lookup.root)) in _CONTAINERS and not found.takes_out:
                continue
            elif lookup.root in space and self._follows(space[lookup.root], lookup.attributes, seen):
                return True
        return any(self._imports(module, names, code, seen) for module, names in found.imports)

    def _follows(self, value: Any, attributes: list[str], seen: set[int]) -> bool:
        """Whether what is looked up, and perhaps called, from one object to the next comes to what has changed."""
        for index, attribute in enumerate(attributes):
            if isinstance(value, ModuleType):
                if (value.__name__, attribute) in self.values:
                    return True
                if attribute not in vars(value):
                    return False  # There is an error, or a `__getattr__` of a module.
                value = vars(value)[attribute]
                continue
            if self._calls(value, seen):
                return True
            return self._is_method(attributes[index + 1 if self._is_its_own(value, attribute) else index :])
        return not isinstance(value, ModuleType) and self._calls(value, seen)

    def _is_method(self, attributes: list[str]) -> bool:
        """Whether a method of such a name has changed; whether it comes to what has is looked at in the end."""
        self._unknown.update(attributes)
        return not self.methods.isdisjoint(attributes)

    def _come_to_methods(self, seen: set[int]) -> bool:
        """Whether methods that may be called, of classes that objects may be of, come to what has changed."""
        looked_at: set[tuple[type, str]] = set()
        while True:
            kinds = {each for kind in self._kinds for each in kind.__mro__ if each.__module__ in self.modules}
            new = {(kind, name) for kind in kinds for name in self._unknown if name in vars(kind)} - looked_at
            if not new:
                return False
            looked_at |= new
            if any(self._calls(each, seen) for kind, name in new for each in functions_of(vars(kind)[name])):
                return True

    def _is_its_own(self, value: Any, attribute: str) -> bool:
        """Whether that is an attribute of a class that is not hot, as the `format` of a string."""
        kind = value if isinstance(value, type) else type(value)
        if self._is_hot(kind) or attribute in getattr(value, "__dict__", ()):
            return False
        return any(attribute in vars(each) for each in kind.__mro__)

    def _imports(self, written: str, names: list[str], code: CodeType, seen: set[int]) -> bool:
        """What a function imports by itself, of a module that may be written relatively."""
        for each in self.modules:
            if each != written and not each.endswith(f".{written}"):
                continue
            space = vars(sys.modules[each]) if each in sys.modules else {}
            for used in names or _names(code):
                if (each, used) in self.values or used in space and self._calls(space[used], seen):
                    return True
        return False

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


def functions_of(value: object) -> list[FunctionType]:
    """Of an attribute of a class: its own, or a property's."""
    found = [value, *(getattr(value, name, None) for name in ("__func__", "fget", "fset", "fdel", "func"))]
    return [each for each in found if isinstance(each, FunctionType)]


def _is_of_typing(receiver: ast.expr, space: dict[str, Any]) -> bool:
    if isinstance(receiver, ast.Attribute) and isinstance(receiver.value, ast.Name):
        held = getattr(space.get(receiver.value.id), receiver.attr, None)
    else:
        held = space.get(receiver.id) if isinstance(receiver, ast.Name) else None
    return getattr(held, "__module__", None) in ("typing", "typing_extensions")


def _is_generated(function: object) -> bool:
    """By a decorator, of the fields of a class."""
    return isinstance(function, FunctionType) and function.__code__.co_filename.startswith("<")


def _names(code: CodeType) -> set[str]:
    names = set(code.co_names)
    for each in children(code):
        names |= _names(each)
    return names

