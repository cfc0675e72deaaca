"""Which statements of a class have changed."""

from __future__ import annotations

import ast

from ._binds import binds
from ._pairing import Pairing
from ._uses import Uses
from ._version import DEFINITIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._effects import Effects
    from ._influence import Influence
    from ._plan import Part

#: Where a staged module finds the attributes that stay.
KEPT = "__baton_kept__"


class ClassBody:
    def __init__(self, before: ast.ClassDef, node: ast.ClassDef, part: Part, influence: Influence) -> None:
        self._before = before
        self._node = node
        self._part = part
        self._influence = influence
        difference = part.difference
        self.pairing = Pairing(before.body, node.body, difference.old, difference.new)
        self._same = {id(pair.new) for pair in self.pairing.pairs if pair.same}
        self._olds = {id(pair.new): pair.old for pair in self.pairing.pairs}
        #: Names that are bound by what has changed, or has used it.
        self.changed: set[str] = set()
        self.names: set[str] = set()
        self.kept: list[ast.stmt] = []
        for each in node.body:
            plain, uses = binds(each), Uses(each)
            names = {mangled(node.name, name) for name in plain}
            self.names |= names
            reached = influence.reaches(uses, part.module, part.aliases)
            used = {mangled(node.name, name) for name in uses.names}
            if id(each) not in self._same or reached or used & self.changed:
                self.changed |= names
            else:
                self.kept.append(each)

    def before(self, node: ast.stmt) -> ast.stmt | None:
        return self._olds.get(id(node))

    def changed_before(self) -> ast.ClassDef:
        """What the class was, without those of its statements that are still the same."""
        same = {id(pair.old) for pair in self.pairing.pairs if pair.same}
        return _with_body(self._before, [each for each in self._before.body if id(each) not in same])

    def without_kept(self, held: type, effects: Effects, kept: dict[str, Any]) -> ast.ClassDef:
        """The statement, to be executed again: what would do more than to bind a name, and has not changed, is taken from ``held``."""
        body: list[ast.stmt] = []
        for each in self._node.body:
            before = self.before(each)
            inner = vars(held).get(getattr(each, "name", ""))
            if isinstance(each, ast.ClassDef) and isinstance(before, ast.ClassDef) and isinstance(inner, type):
                body.append(ClassBody(before, each, self._part, self._influence).without_kept(inner, effects, kept))
            elif each in self.kept and effects.in_class().of(each) is not None and self._can_keep(held, each):
                body.append(self._binding(held, each, kept))
            else:
                body.append(each)
        return _with_body(self._node, body) if body != self._node.body else self._node

    def _can_keep(self, held: type, node: ast.stmt) -> bool:
        if not isinstance(node, (ast.Assign, ast.AnnAssign, *DEFINITIONS)) or isinstance(node, ast.ClassDef):
            return False
        names = binds(node)
        values = [vars(held).get(mangled(self._node.name, name), self) for name in names]
        if not values or self in values:
            return False
        others = set().union(set(), *(Uses(each).names for each in self._node.body if each is not node))
        return not any(map(_is_told, values)) or names.isdisjoint(others)

    def _binding(self, held: type, node: ast.stmt, kept: dict[str, Any]) -> ast.stmt:
        names = sorted(binds(node))
        for name in names:
            value = vars(held)[mangled(self._node.name, name)]
            # It would be told of the class that is made only to be looked at.
            kept[f"{held.__qualname__}.{name}"] = None if _is_told(value) else value
        targets: list[ast.expr] = [ast.Tuple([ast.Name(name, ast.Store()) for name in names], ast.Store())]
        values = [
            ast.Subscript(ast.Name(KEPT, ast.Load()), ast.Constant(f"{held.__qualname__}.{name}"), ast.Load())
            for name in names
        ]
        binding = ast.Assign(targets, ast.Tuple(values, ast.Load()))  # type: ignore[arg-type]
        return ast.fix_missing_locations(ast.copy_location(binding, node))


def mangled(kind: str, name: str) -> str:
    """As a class of that name has it."""
    is_private = name.startswith("__") and not name.endswith("__") and kind.strip("_")
    return f"_{kind.lstrip('_')}{name}" if is_private else name


def bound_in(node: ast.ClassDef) -> set[str]:
    """Attributes that the body of a class binds."""
    return {mangled(node.name, name) for each in node.body for name in binds(each)}


def _is_told(value: object) -> bool:
    return hasattr(type(value), "__set_name__")


def _with_body(node: ast.ClassDef, body: list[ast.stmt]) -> ast.ClassDef:
    copied = ast.ClassDef(**{name: getattr(node, name) for name in node._fields})
    copied.body = body or [ast.copy_location(ast.Pass(), node)]
    return ast.copy_location(copied, node)
