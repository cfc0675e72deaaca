"""Puts objects of the program in the place of their staged counterparts, wherever those are held."""

from __future__ import annotations

import functools
import gc
from types import CellType, CodeType, FunctionType, MethodType, ModuleType

from ._functions import can_take
from ._made import Made, is_around

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LOOKED_AT = 20_000


class Substitutes:
    """``spaces`` has the real namespace for each staged one, by its ``id``."""

    def __init__(self, spaces: dict[int, dict[str, Any]]) -> None:
        self._spaces = spaces
        self._found: dict[int, Any] = {}
        self._kept_alive: list[Any] = []
        self._clones: set[int] = set()
        #: Functions of the program that are to be given what staged ones have.
        self.renewed: list[tuple[FunctionType, FunctionType]] = []

    def put(self, staged: Any, real: Any) -> None:
        self._found[id(staged)] = real
        self._kept_alive.append(staged)

    def is_staged(self, value: Any) -> bool:
        return isinstance(value, FunctionType) and id(value.__globals__) in self._spaces

    def has_made(self, function: FunctionType) -> bool:
        """Whether it is new: staged, or to be committed."""
        return self.is_staged(function) or id(function) in self._clones

    def match(self, old: Any, new: Any, made: Made) -> bool:
        """Whether functions are so alike that one can take the other's place: both are what a statement has made."""
        if not isinstance(old, FunctionType) or not isinstance(new, FunctionType):
            return False
        if not can_take(old, new.__code__) or not is_around(new, self.is_staged) or not is_around(old, made.has):
            return False
        if id(new) not in self._found:
            self.put(new, old)
            self.renewed.append((old, new))
            for one, other in zip(old.__closure__ or (), new.__closure__ or ()):
                held, fresh = _content(one), _content(other)
                if held is not fresh:
                    self.match(held, fresh, made)
        return True

    def of(self, value: Any) -> Any:
        found = self._found.get(id(value))
        if found is not None:
            return found
        kind = type(value)
        if kind is FunctionType:
            return self._function(value)
        if kind in (list, dict, set):
            return self._collection(value)
        if kind is tuple:
            parts = [self.of(each) for each in value]
            return tuple(parts) if any(a is not b for a, b in zip(parts, value)) else value
        if kind in (staticmethod, classmethod):
            inner = self.of(value.__func__)
            return kind(inner) if inner is not value.__func__ else value
        if kind is property:
            parts = [self.of(each) for each in (value.fget, value.fset, value.fdel)]
            if any(a is not b for a, b in zip(parts, (value.fget, value.fset, value.fdel))):
                return property(*parts, value.__doc__)
        elif kind is functools.cached_property:
            value.func = self.of(value.func)
        elif kind is functools.partial:
            return self._partial(value)
        elif kind is MethodType:
            owner = self.of(value.__self__)
            return MethodType(self.of(value.__func__), owner)
        elif kind is functools._lru_cache_wrapper:
            wrapped = self.of(value.__wrapped__)
            if wrapped is not value.__wrapped__:
                again = functools.lru_cache(**value.cache_parameters())(wrapped)
                self.put(value, again)
                return again
        elif not isinstance(value, (type, ModuleType)) and id(kind) in self._found:
            try:
                value.__class__ = self._found[id(kind)]
            except TypeError:
                return value  # Its layout does not allow it: it is left, and found.
            return self._instance(value)
        return value

    def _instance(self, value: Any) -> Any:
        self.put(value, value)
        held = getattr(value, "__dict__", None)
        if held:
            self._collection(held)
        return value

    def _partial(self, value: Any) -> Any:
        function, arguments = self.of(value.func), self.of(value.args)
        keywords = self.of(dict(value.keywords))
        if function is value.func and arguments is value.args and keywords == value.keywords:
            return value
        return functools.partial(function, *arguments, **keywords)

    def _collection(self, value: Any) -> Any:
        self.put(value, value)
        if isinstance(value, dict):
            items = list(value.items())
            keys = [self.of(key) for key, _ in items]
            if any(one is not key for one, (key, _) in zip(keys, items)):
                value.clear()  # In the same order.
            for key, (_, each) in zip(keys, items):
                other = self.of(each)
                if value.get(key, value) is not other:
                    value[key] = other
        elif isinstance(value, list):
            value[:] = [self.of(each) for each in value]
        else:
            for each in list(value):
                other = self.of(each)
                if other is not each:
                    value.remove(each)
                    value.add(other)
        return value

    def _function(self, value: FunctionType) -> FunctionType:
        """The same, with the real namespace for its global names."""
        if value.__closure__:
            for cell in value.__closure__:
                self.cell(cell)
        if not self.is_staged(value):
            self.put(value, value)
            self._defaults(value, value)
            if "__spec__" not in value.__globals__:
                self._collection(value.__globals__)  # Generated: its names are its own.
            return value
        space = self._spaces[id(value.__globals__)]
        clone = FunctionType(value.__code__, space, value.__name__, value.__defaults__, value.__closure__)
        self.put(value, clone)
        self._clones.add(id(clone))
        clone.__qualname__ = value.__qualname__
        self._defaults(value, clone)
        return clone

    def _defaults(self, value: FunctionType, target: FunctionType) -> None:
        target.__defaults__ = self.of(value.__defaults__)
        target.__kwdefaults__ = self.of(value.__kwdefaults__)
        target.__dict__.update({name: self.of(each) for name, each in vars(value).items()})
        if target is not value:
            for name in ("__doc__", "__annotations__", "__module__", "__type_params__"):
                if hasattr(value, name):
                    setattr(target, name, self.of(getattr(value, name)))

    def cell(self, cell: CellType) -> None:
        held = _content(cell)
        if held is not None:
            other = self.of(held)
            if other is not held:
                cell.cell_contents = other

    def left_in(self, values: list[Any]) -> Any:
        """Something staged that can still be reached from what is about to be committed."""
        seen: set[int] = set()
        queue = list(values)
        while queue:
            value = queue.pop()
            if id(value) in seen or isinstance(value, (ModuleType, CodeType, str, int, bytes)):
                continue
            seen.add(id(value))
            if len(seen) > _LOOKED_AT:
                return value
            if self.is_staged(value) or id(value) in self._spaces:
                return value
            if isinstance(value, type):
                if id(value) in self._found and self._found[id(value)] is not value:
                    return value
                continue
            if isinstance(value, FunctionType):
                queue += [value.__defaults__, value.__kwdefaults__, value.__closure__, vars(value)]
                continue
            queue += gc.get_referents(value)
        return None


def _content(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # It is empty.
        return None
