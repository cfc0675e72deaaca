"""Whether what a statement or a function did, when it was executed, came to what has changed: one question."""

from __future__ import annotations

import collections
import enum
import functools
import sys
from types import CodeType, FunctionType, MappingProxyType, MethodType, ModuleType

from ._lookups import gives_away, lookups_of, unknown_attributes
from ._makers import MAKERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from ._influence import Influence

CONTAINERS = (list, tuple, dict, set, frozenset, collections.deque, MappingProxyType)
#: Called by a mere attribute of an object, of whatever name.
_HOOKS = ("__getattr__", "__getattribute__")
#: Called when a class is made.
_CALLED_BY_CLASSES = ("__set_name__", "__prepare__")
_LOOKED_INTO = 1_000


class Reach:
    def __init__(self, influence: Influence) -> None:
        self._influence = influence
        self._seen: set[tuple[int, bool]] = set()
        self._by_operators = False
        #: Attributes that are looked up of objects that are not known,
        self._unknown: set[str] = set()
        #: and what those objects may be: by their class, and themselves where they live.
        self._kinds: set[type] = set()
        self._objects: dict[int, object] = {}

    def looks_up(self, attributes: Iterable[str]) -> None:
        self._unknown.update(attributes)

    def looks_at(self, held: Any) -> None:
        """Attributes may be looked up of it, or of what is in it."""
        for each in _with_contents(held):
            if isinstance(each, type):
                self._kinds.add(each)
                if self._influence.is_hot(type(each)):
                    self._kinds.add(type(each))
            elif self._influence.is_hot(type(each)) and id(each) not in self._objects:
                self._kinds.add(type(each))
                self._objects[id(each)] = each

    def calls(self, held: Any, by_operators: bool) -> bool:
        """Whether a call of it may come to changed code, or an operator on what that returns."""
        self._by_operators = by_operators
        found = self._calls(held)
        self._by_operators = False
        return found

    def comes_to_change(self) -> bool:
        """Whether one of the attributes, of one of the objects, is what has changed or comes to it: what is asked last."""
        looked_at: set[tuple[int, str]] = set()
        while True:
            before = len(looked_at)
            if any(self._is_change(kind, looked_at) for kind in self._hot_kinds()):
                return True
            for each in list(self._objects.values()):
                if any(self._calls(value) for value in self._values_of(each, looked_at)):
                    return True
            if len(looked_at) == before:
                return False

    def _hot_kinds(self) -> list[type]:
        modules = self._influence.modules
        return list({each: None for kind in self._kinds for each in kind.__mro__ if each.__module__ in modules})

    def _is_change(self, kind: type, looked_at: set[tuple[int, str]]) -> bool:
        held = vars(kind)
        names = [name for name in self._unknown if name in held]
        names += [name for name in _HOOKS if name in held and self._unknown]
        for name in names:
            if (id(kind), name) in looked_at:
                continue
            looked_at.add((id(kind), name))
            if (kind, name) in self._influence.attributes:
                return True
            functions = functions_of(held[name])
            for each in functions:
                if self._calls(each):
                    return True
                is_static, is_class = isinstance(held[name], staticmethod), isinstance(held[name], classmethod)
                if not is_static and _gives_itself_away(each) and self._is_used(kind, is_class):
                    return True
            self.looks_at(held[name])
            if not functions and not isinstance(held[name], type) and self._calls(held[name]):
                return True
        return False

    def _is_used(self, kind: type, is_class: bool) -> bool:
        """By a method of its own: called where that has the class itself, else operated on."""
        return any(self._makes(each, self._by_operators or not is_class) for each in list(self._kinds) if kind in each.__mro__)

    def _values_of(self, value: Any, looked_at: set[tuple[int, str]]) -> Iterator[Any]:
        for name in list(self._unknown):
            if (id(value), name) in looked_at:
                continue
            looked_at.add((id(value), name))
            held = _instance_value(value, name)
            if held is not None:
                self.looks_at(held)
                yield held

    def _calls(self, held: Any) -> bool:
        if isinstance(held, MethodType):
            self.looks_at(held.__self__)
        held = getattr(held, "__func__", held)
        if isinstance(held, (property, ModuleType)):
            return False
        if (id(held), self._by_operators) in self._seen:
            return False
        self._seen.add((id(held), self._by_operators))
        if isinstance(held, type):
            self._kinds.add(held)
            # An enum has its objects itself.
            return self._makes(held, self._by_operators or isinstance(held, enum.EnumMeta))
        if isinstance(held, FunctionType):
            return self._calls_function(held)
        wrapped = getattr(held, "__wrapped__", None)
        if isinstance(wrapped, FunctionType):
            return self._calls(wrapped)
        if isinstance(held, functools.partial):
            return any(self._calls(each) for each in (held.func, held.args, held.keywords))
        if isinstance(held, CONTAINERS) and any(self._calls(each) for each in _values(held)):
            return True
        # An object: of what its operators and its call do, by its class.
        self.looks_at(held)
        return self._influence.is_hot(type(held)) and self._makes(type(held), True)

    def _calls_function(self, held: FunctionType) -> bool:
        if held.__code__ in self._influence.codes:
            return True
        space = held.__globals__
        is_hot = space.get("__name__") in self._influence.modules
        influence = self._influence
        if space.get("__name__") in influence.hot and lookups_of(held.__code__).reflects and (influence.values or influence.classes):
            return True
        operates = is_hot and lookups_of(held.__code__).operates
        with_it = [*(held.__defaults__ or ()), *(held.__kwdefaults__ or {}).values()]
        for cell in held.__closure__ or ():
            try:
                inner = cell.cell_contents
            except ValueError:  # It is empty.
                continue
            with_it.append(inner)
            if isinstance(inner, (FunctionType, type)) and self._calls(inner):
                return True
        for each in with_it:
            self.looks_at(each)
            if operates and self._calls(each):
                return True
        return is_hot and self._runs(held.__code__, space)

    def _runs(self, code: CodeType, space: dict[str, Any]) -> bool:
        name = space["__name__"]
        found = lookups_of(code)
        before = self._by_operators
        self._by_operators = before or found.operates_on_results
        try:
            for lookup in found.all:
                if lookup.root is None:
                    if self._is_method(unknown_attributes(lookup)):
                        return True
                elif (name, lookup.root) in self._influence.values:
                    return True
                elif found.asks and not lookup.attributes and self._influence.has_changed(space.get(lookup.root)):
                    return True
                elif isinstance(space.get(lookup.root), CONTAINERS) and not found.takes_out:
                    continue
                elif lookup.root in space and self._follows(space[lookup.root], lookup.attributes):
                    return True
            return any(self._imports(module, names, code) for module, names in found.imports)
        finally:
            self._by_operators = before

    def _follows(self, value: Any, attributes: list[str]) -> bool:
        """Whether what is looked up, and perhaps called, from one object to the next comes to what has changed."""
        for index, attribute in enumerate(attributes):
            if isinstance(value, ModuleType):
                if (value.__name__, attribute) in self._influence.values:
                    return True
                if attribute not in vars(value):
                    return False  # There is an error, or a `__getattr__` of a module.
                value = vars(value)[attribute]
                continue
            self.looks_at(value)
            if self._calls(value):
                return True
            return self._is_method(attributes[index + 1 if self._is_its_own(value, attribute) else index :])
        self.looks_at(value)
        return not isinstance(value, ModuleType) and self._calls(value)

    def _is_method(self, attributes: list[str]) -> bool:
        """Whether a method of such a name has changed; whether it comes to what has is looked at in the end."""
        self._unknown.update(attributes)
        return not self._influence.methods.isdisjoint(attributes)

    def _is_its_own(self, value: Any, attribute: str) -> bool:
        """Whether that is an attribute of a class that is not hot, as the `format` of a string."""
        kind = value if isinstance(value, type) else type(value)
        if self._influence.is_hot(kind) or attribute in getattr(value, "__dict__", ()):
            return False
        return any(attribute in vars(each) for each in kind.__mro__)

    def _imports(self, written: str, names: list[str], code: CodeType) -> bool:
        """What a function imports by itself, of a module that may be written relatively."""
        for each in self._influence.modules:
            if each != written and not each.endswith(f".{written}"):
                continue
            space = vars(sys.modules[each]) if each in sys.modules else {}
            for used in names or names_of(code):
                if (each, used) in self._influence.values or used in space and self._calls(space[used]):
                    return True
        return False

    def _makes(self, kind: type, by_operators: bool) -> bool:
        """Whether an object of it comes to changed code in being made, or by an operator."""
        influence = self._influence
        wanted = {name for each in kind.__mro__ for other, name in influence.attributes if other is each}
        for each in kind.__mro__:
            if each.__module__ not in influence.modules:
                continue
            if each in influence.classes and _is_generated(vars(each).get("__init__")):
                return True
            for name, value in list(vars(each).items()):
                function = getattr(value, "__func__", value)
                if name not in MAKERS and name not in _CALLED_BY_CLASSES and not (by_operators and name.startswith("__")):
                    continue
                if isinstance(function, FunctionType):
                    if wanted & names_of(function.__code__) or self._calls(function):
                        return True
                    if not by_operators and _gives_itself_away(function) and self._makes(kind, True):
                        return True
        if wanted & MAKERS:
            return True
        return type(kind) is not type and type(kind).__module__ in influence.modules and self._makes(type(kind), True)


def functions_of(value: object) -> list[FunctionType]:
    """Of an attribute of a class: its own, or a property's."""
    found = [value, *(getattr(value, name, None) for name in ("__func__", "fget", "fset", "fdel", "func"))]
    return [each for each in found if isinstance(each, FunctionType)]


def names_of(code: CodeType) -> set[str]:
    names = set(code.co_names)
    for each in code.co_consts:
        if isinstance(each, CodeType):
            names |= names_of(each)
    return names


def _gives_itself_away(function: FunctionType) -> bool:
    """Whether a method does more with its object than to look attributes up of it."""
    code = function.__code__
    return code.co_argcount > 0 and gives_away(code, code.co_varnames[0])


def _values(held: Any) -> list[Any]:
    return list(held.values() if isinstance(held, (dict, MappingProxyType)) else held)[:_LOOKED_INTO]


def _with_contents(held: Any) -> Iterator[Any]:
    """It, and what is in it at any depth."""
    queue, seen = [held], set()
    while queue and len(seen) < _LOOKED_INTO:
        value = queue.pop()
        yield value
        if isinstance(value, CONTAINERS) and id(value) not in seen:
            seen.add(id(value))
            queue += _values(value)
        elif isinstance(value, functools.partial):
            queue += [value.args, value.keywords]


def _instance_value(value: Any, name: str) -> Any:
    """Of the object itself, without a word of its class."""
    try:
        held = object.__getattribute__(value, "__dict__")
    except AttributeError:
        held = {}
    if name in held:
        return held[name]
    for each in type(value).__mro__:
        slot = vars(each).get(name)
        if type(slot).__name__ == "member_descriptor":
            try:
                return slot.__get__(value)  # type: ignore[union-attr]
            except AttributeError:
                return None
    return None


def _is_generated(function: object) -> bool:
    """By a decorator, of the fields of a class."""
    return isinstance(function, FunctionType) and function.__code__.co_filename.startswith("<")
