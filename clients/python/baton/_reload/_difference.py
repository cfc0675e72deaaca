"""What differs between two versions of a module."""

from __future__ import annotations

import ast

from ._binds import binds
from ._codes import Targets, child_for, children
from ._pairing import Pairing
from ._version import FUNCTIONS, Version, same_node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType


class Body:
    """Of a function: where it is bound, and what it was."""

    def __init__(
        self, path: tuple[str, ...], before: ast.stmt, statement_before: ast.stmt, statement: ast.stmt
    ) -> None:
        self.path = path
        self.before = before
        self.statement_before = statement_before
        self.statement = statement


class Difference:
    def __init__(self, old: Version, new: Version) -> None:
        self.old = old
        self.new = new
        self.targets = Targets()
        pairing = Pairing(old.tree.body, new.tree.body, old, new)
        #: Statements of the new source that have to be executed; what they were before.
        self.changed: dict[ast.stmt, ast.stmt | None] = {node: None for node in pairing.added}
        #: Functions of which the body alone differs, with the statement of the module that has them.
        self.bodies: list[Body] = []
        for pair in pairing.pairs:
            if pair.same:
                if pairing.is_reordered and _is_ordered(pair.new):
                    self.changed[pair.new] = pair.old
            elif not self._only_bodies(pair.old, pair.new):
                self.changed[pair.new] = pair.old
        kept = set().union(*map(binds, new.tree.body))
        self.removed_statements = pairing.removed
        before = set().union(*map(binds, old.tree.body))
        self.removed_names = before - kept
        self.added_names = kept - before
        #: Names that another import statement binds, to what was imported before.
        self.imported_alike = dict(_imported(old).items() & _imported(new).items()).keys()
        self.targets.pair(old.code, new.code)

        for body in list(self.bodies):
            if _closes_over_more(self.targets, child_for(old.code, body.statement_before)):
                self.execute_again(body)

    def execute_again(self, body: Body) -> None:
        """The statement that has it, as new code in the old one's place would not do."""
        self.changed[body.statement] = body.statement_before

    def _only_bodies(self, old: ast.stmt, new: ast.stmt) -> bool:
        found = self._bodies(old, new, ())
        if found is None:
            return False
        self.bodies += [Body(path, before, old, new) for path, before in found]
        return True

    def _bodies(
        self, old: ast.stmt, new: ast.stmt, path: tuple[str, ...]
    ) -> list[tuple[tuple[str, ...], ast.stmt]] | None:
        """None where more than bodies of functions differs."""
        if type(old) is not type(new):
            return None
        if isinstance(old, FUNCTIONS) and isinstance(new, FUNCTIONS):
            heads_same = _head_same(old, new, "name", "args", "decorator_list", "returns")
            if not heads_same or old.decorator_list and _doc(old) != _doc(new):
                return None
            return [((*path, old.name), old)]
        fields = ("body",)
        if isinstance(old, ast.ClassDef):
            if not _head_same(old, new, "name", "bases", "keywords", "decorator_list"):
                return None
            if _doc(old) != _doc(new):
                return None
            path = (*path, old.name)
        elif isinstance(old, ast.If):
            if not _head_same(old, new, "test"):
                return None
            fields = ("body", "orelse")  # type: ignore[assignment]
        elif isinstance(old, ast.Try):
            if not _head_same(old, new, "handlers"):
                return None
            fields = ("body", "orelse", "finalbody")  # type: ignore[assignment]
        else:
            return None
        found = []
        for field in fields:
            olds, news = getattr(old, field), getattr(new, field)
            pairing = Pairing(olds, news, self.old, self.new)
            if pairing.added or pairing.removed or pairing.is_reordered:
                return None
            for pair in pairing.pairs:
                if not pair.same:
                    inner = self._bodies(pair.old, pair.new, path)
                    if inner is None:
                        return None
                    found += inner
        return found


def _imported(version: Version) -> dict[str, str]:
    """From where, of names that one statement of the module binds, and that is an import."""
    found: dict[str, str] = {}
    bound: list[str] = []
    for node in version.tree.body:
        bound += binds(node)
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            source = f"{'.' * node.level}{node.module or ''}" if isinstance(node, ast.ImportFrom) else ""
            for each in node.names:
                found[each.asname or each.name] = f"{source} {each.name}"
    return {name: source for name, source in found.items() if bound.count(name) == 1}


def _closes_over_more(targets: Targets, code: CodeType | None) -> bool:
    """Whether a function of a class does, as one that comes to say `super()`."""
    if code is None:
        return False
    for each in children(code):
        target = targets.get(each)
        if target is not None and target.new is not None and each.co_freevars != target.new.co_freevars:
            return True
        if not each.co_flags & 1 and _closes_over_more(targets, each):
            return True
    return False


def _is_ordered(node: ast.stmt) -> bool:
    return not isinstance(node, (*FUNCTIONS, ast.Import, ast.ImportFrom, ast.ClassDef))


def _head_same(old: ast.AST, new: ast.AST, *fields: str) -> bool:
    fields += ("type_params", "type_comment")
    for field in fields:
        one, other = getattr(old, field, None), getattr(new, field, None)
        ones = one if isinstance(one, list) else [one]
        others = other if isinstance(other, list) else [other]
        if len(ones) != len(others):
            return False
        for first, second in zip(ones, others):
            both_nodes = isinstance(first, ast.AST) and isinstance(second, ast.AST)
            if not (same_node(first, second) if both_nodes else first == second):  # type: ignore[arg-type]
                return False
    return True


def _doc(node: ast.AST) -> str | None:
    return ast.get_docstring(node, clean=False)  # type: ignore[arg-type]
