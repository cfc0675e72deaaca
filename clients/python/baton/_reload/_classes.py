"""Gives a class that is in use what its statement makes when it is executed again."""

from __future__ import annotations

import abc
import ast
import enum
import functools
import sys
from types import FunctionType

from ._class_body import ClassBody, bound_in
from ._codes import own
from ._made import Made
from ._makers import DECIDES
from ._members import Members
from ._outcome import Refused, place
from ._reach import functions_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._influence import Influence
    from ._plan import Part
    from ._substitutes import Substitutes
    from ._undo import Undo

_LEFT = frozenset({"__dict__", "__weakref__", "_abc_impl", "__module__", "__qualname__", "__slots__"})
_PLAIN = frozenset(
    "__doc__ __annotations__ __annotate__ __annotate_func__ __annotations_cache__ __static_attributes__ __firstlineno__ "
    "__hash__ __abstractmethods__ __orig_bases__ __parameters__ __type_params__ __conditional_annotations__".split()
)


class ClassPatch:
    """Raises ``Refused`` where the class cannot become what it should be."""

    def __init__(self, old: type, new: type, before: ast.ClassDef, node: ast.ClassDef, part: Part) -> None:
        self.old = old
        self.new = new
        self._before = before
        self._node = node
        self._part = part
        self._where = place(part.version.path, node.lineno)
        self._deleted: set[str] = set()
        self._set: set[str] = set()
        self._inner: list[ClassPatch] = []
        #: Functions that an attribute had and has no more, by their ``id``.
        self.replaced: set[int] = set()
        self._check_layout()

    def _check_layout(self) -> None:
        old, new = self.old, self.new
        if type(old) is not type(new):
            raise Refused(f'{self._where}: the metaclass of "{old.__qualname__}" has changed')
        if vars(old).get("__slots__") != vars(new).get("__slots__"):
            raise Refused(f'{self._where}: the slots of "{old.__qualname__}" have changed')
        for name in ("__basicsize__", "__itemsize__", "__dictoffset__", "__weakrefoffset__"):
            if getattr(old, name) != getattr(new, name):
                raise Refused(f'{self._where}: the layout of "{old.__qualname__}" has changed')
        is_enum = isinstance(old, enum.EnumMeta)
        self._members = Members(old, new, self._node, self._where) if is_enum else None

    def match(self, substitutes: Substitutes, influence: Influence) -> None:
        """Which attributes are taken, and which functions are the same ones."""
        substitutes.put(self.new, self.old)
        body = ClassBody(self._before, self._node, self._part, influence)
        held, fresh = vars(self.old), vars(self.new)
        changed = set(body.changed)
        for node in self._node.body:
            before = body.before(node)
            if isinstance(node, ast.ClassDef) and isinstance(before, ast.ClassDef):
                one, other = held.get(node.name), fresh.get(node.name)
                if isinstance(one, type) and isinstance(other, type):
                    inner = ClassPatch(one, other, before, node, self._part)
                    inner.match(substitutes, influence)
                    self._inner.append(inner)
                    self.replaced |= inner.replaced
                    changed.discard(node.name)
        is_plain = type(self.old) in (type, abc.ABCMeta) and not self._node.decorator_list
        is_plain = is_plain and not self._before.decorator_list and not issubclass(self.old, tuple)
        if self._members is not None:
            self._members.match(substitutes)
            changed -= self._members.names
            is_plain = True
        self._set = {name for name in changed if name in fresh}
        for name, value in fresh.items():
            if name not in body.names and name not in _LEFT and (name in _PLAIN or not is_plain):
                if name not in held or held[name] is not value:
                    self._set.add(name)
        gone = bound_in(self._before) - body.names
        if "__hash__" not in body.names and "__hash__" in held and "__hash__" not in fresh:
            gone.add("__hash__")  # Python had put it there, for an `__eq__`.
        if not is_plain:
            gone |= {name for name in held if name.startswith("__") and name not in fresh} - body.names
        self._deleted = {name for name in gone if name in held and name not in fresh and name not in _LEFT}
        for name in self._set & held.keys():
            made = Made(self._before.body, name, self._part.version.path)
            _match(substitutes, held[name], fresh[name], made)
        renewed = {id(each) for each, _ in substitutes.renewed}
        for name in self._set & held.keys():
            stays = [id(each) for each in functions_of(fresh[name])]
            self.replaced |= {id(each) for each in functions_of(held[name])}.difference(renewed, stays)

    def is_made_differently(self) -> bool:
        held, fresh = vars(self.old), vars(self.new)
        for name in DECIDES & (self._set | self._deleted):
            one, other = held.get(name), fresh.get(name)
            if one is None and other is None:
                continue
            if not isinstance(one, FunctionType) or not isinstance(other, FunctionType):
                return True
            if own(one.__code__) != own(other.__code__) or repr(one.__defaults__) != repr(other.__defaults__):
                return True
        fields = [each for each in ("__dataclass_fields__", "__attrs_attrs__", "_fields") if each in held]
        return any(_names(held[each]) != _names(fresh.get(each, ())) for each in fields)

    def where(self) -> str:
        return self._where

    def values(self) -> list[Any]:
        inner = [value for each in self._inner for value in each.values()]
        return [vars(self.new)[name] for name in self._set] + inner

    def kept(self) -> set[int]:
        """Attributes that stay, by their ``id``."""
        given_up = self._set | self._deleted
        found = {id(value) for name, value in vars(self.old).items() if name not in given_up}
        return found.union(set(), *(each.kept() for each in self._inner))

    def commit(self, undo: Undo, substitutes: Substitutes) -> None:
        for inner in self._inner:
            inner.commit(undo, substitutes)
        old, fresh = self.old, dict(vars(self.new))
        bases = tuple(substitutes.of(each) for each in self.new.__bases__)
        if bases != old.__bases__:
            before = old.__bases__
            try:
                old.__bases__ = bases
            except TypeError as error:
                raise Refused(f'{self._where}: the bases of "{old.__qualname__}" have changed') from error
            undo.add(lambda: setattr(old, "__bases__", before))
        if self._members is not None:
            self._members.commit(undo, substitutes)
        for name in self._set:
            value = substitutes.of(fresh[name])
            if name == "__annotations__" and isinstance(value, dict):
                value = dict(value)
            if vars(old).get(name) is not value:
                undo.set_attribute(old, name, value)
        for name in self._deleted:
            undo.delete_attribute(old, name)
        if "__abstractmethods__" in self._set and old.__subclasses__():
            if sys.version_info < (3, 10):
                raise Refused(f'{self._where}: what is abstract in "{old.__qualname__}" may have changed')
            for each in old.__subclasses__():
                abc.update_abstractmethods(each)


def _match(substitutes: Substitutes, old: Any, new: Any, made: Made) -> None:
    if isinstance(old, property) and isinstance(new, property):
        for name in ("fget", "fset", "fdel"):
            substitutes.match(getattr(old, name), getattr(new, name), made)
    elif isinstance(old, functools.cached_property) and isinstance(new, functools.cached_property):
        substitutes.match(old.func, new.func, made)
    elif isinstance(old, (staticmethod, classmethod)) and type(old) is type(new):
        substitutes.match(old.__func__, new.__func__, made)
    else:
        substitutes.match(old, new, made)


def _names(fields: Any) -> list[str]:
    """Of fields, with what is the default of each."""
    if isinstance(fields, dict):
        fields = list(fields.values())
    return [
        f"{getattr(each, 'name', each)}={getattr(each, 'default', '')!r}" for each in fields
    ]
