"""Members that an enum has got: those that it had stay the objects that they are, in the order of the new source."""

from __future__ import annotations

import ast
import enum

from ._outcome import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._substitutes import Substitutes
    from ._undo import Undo

#: What a class keeps of the values of its members, by Python's version.
_OF_VALUES = ("_hashable_values_",)


class Members:
    """Raises ``Refused`` where more than that has changed."""

    def __init__(self, old: Any, new: Any, node: ast.ClassDef, where: str) -> None:
        self._old = old
        self._new = new
        self.names: set[str] = set(old.__members__) | set(new.__members__)
        self._added = [name for name in new.__members__ if name not in old.__members__]
        kept = [name for name in new.__members__ if name in old.__members__]
        reason = f'{where}: the members of the enum "{old.__qualname__}" have changed'
        if kept != list(old.__members__) or any(map(self._differs, kept)):
            raise Refused(reason)
        if self._added and not self._can_add(node):
            raise Refused(reason)

    def _differs(self, name: str) -> bool:
        """Also where what was a member has become another name of one, or the other way round."""
        old, new = self._old.__members__[name], self._new.__members__[name]
        return repr(old.value) != repr(new.value) or type(old.value) is not type(new.value) or old.name != new.name

    def _can_add(self, node: ast.ClassDef) -> bool:
        old, new = self._old, self._new
        if type(old) is not enum.EnumMeta or old._member_type_ is not object or issubclass(old, enum.Flag):
            return False
        if any(ast.unparse(each) not in ("unique", "enum.unique") for each in node.decorator_list):
            return False
        if len(new._value2member_map_) != len(new._member_names_):
            return False  # Values without a hash are kept in other ways.
        # A member that is named as an attribute of all members stands behind that.
        return all(vars(new).get(name) is new.__members__[name] for name in self._added)

    def match(self, substitutes: Substitutes) -> None:
        for name, member in self._old.__members__.items():
            substitutes.put(self._new.__members__[name], member)

    def commit(self, undo: Undo, substitutes: Substitutes) -> None:
        old, new = self._old, self._new
        if not self._added:
            return
        members = {name: substitutes.of(each) for name, each in new.__members__.items()}
        for name in self._added:
            type.__setattr__(old, name, members[name])  # Of its own accord an enum takes none.
            undo.add(lambda name=name: type.__delattr__(old, name))  # type: ignore[misc]
        for name, each in members.items():
            order = getattr(new.__members__[name], "_sort_order_", None)
            if order is not None and each.name == name:
                undo.set_attribute(each, "_sort_order_", order)
        _put(undo, old._member_names_, list(new._member_names_))
        _put(undo, old._member_map_, members)
        _put(undo, old._value2member_map_, {each.value: each for name, each in members.items() if each.name == name})
        for name in _OF_VALUES:
            if name in vars(old):
                _put(undo, vars(old)[name], list(vars(new)[name]))


def _put(undo: Undo, held: Any, fresh: Any) -> None:
    """In its place."""
    before = held.copy()

    def put(values: Any) -> None:
        held.clear()
        held.extend(values) if isinstance(held, list) else held.update(values)

    undo.add(lambda: put(before))
    put(fresh)
