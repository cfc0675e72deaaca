"""What an expression calls and operates on, as against what it only binds."""

from __future__ import annotations

import ast

_OPERATORS = (
    ast.BinOp, ast.Compare, ast.UnaryOp, ast.JoinedStr, ast.Subscript, ast.Starred, ast.comprehension,
    ast.For, ast.With, ast.If, ast.IfExp, ast.BoolOp, ast.Assert, ast.Set, ast.SetComp, ast.Dict, ast.DictComp, ast.AugAssign,
)


class Operands:
    def __init__(self) -> None:
        self.names: set[str] = set()
        #: What each name is given to, as it is; None where it is called or operated on itself.
        self.given: dict[str, list[ast.expr | None]] = {}
        #: Those of which more is asked than an item.
        self.deep: set[str] = set()
        #: With the name that they are looked up in.
        self.attributes: set[tuple[str, str]] = set()
        #: Those that an operator is used on as they are.
        self.operated: set[str] = set()
        #: For what is called (the first name of it): who is given the result, None for an operator.
        self.handed: dict[str, list[ast.expr | None]] = {}

    def read(
        self, node: ast.AST, within: bool = False, receiver: ast.expr | None = None, is_deep: bool = False
    ) -> None:
        if isinstance(node, ast.Lambda):
            if within and receiver is not None:
                self.read(node.body, True, None, True)  # What it is given to may call it.
            return
        if isinstance(node, ast.AnnAssign):
            if node.value is not None:
                self.read(node.value)
            return
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and within:
            self.names.add(node.id)
            self.given.setdefault(node.id, []).append(receiver)
            if is_deep:
                self.deep.add(node.id)
        if isinstance(node, ast.Attribute):
            first = root(node)
            if within and first is not None:
                self.attributes.add((first, node.attr))
        if isinstance(node, ast.Call):
            first = root(node.func)
            if within and first is not None:
                self.handed.setdefault(first, []).append(receiver)
            self.read(node.func, True, None, True)
            for each in [*node.args, *(keyword.value for keyword in node.keywords)]:
                self.read(each, True, node.func, True)
            return
        if isinstance(node, _OPERATORS):
            self.operated |= {each.id for each in ast.iter_child_nodes(node) if isinstance(each, ast.Name)}
        if isinstance(node, _OPERATORS) or isinstance(node, ast.Assign) and any(map(_unpacks, node.targets)):
            within, receiver = True, None
            is_deep = is_deep or not isinstance(node, ast.Subscript)
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.stmt):
                self.read(child, within, receiver, is_deep)

    def decorate(self, node: ast.expr) -> None:
        """It is called, with what is not known."""
        self.read(ast.Call(node, [], []))


def _unpacks(target: ast.expr) -> bool:
    return isinstance(target, (ast.Tuple, ast.List))


def root(node: ast.AST) -> str | None:
    """The name that an expression begins with."""
    while isinstance(node, (ast.Attribute, ast.Call, ast.Subscript)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None
