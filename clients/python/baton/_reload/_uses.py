"""What a statement uses while it is executed, as against what its functions use when they are called."""

from __future__ import annotations

import ast

from ._lookups import LOOKS_UP
from ._operands import Operands
from ._version import DEFINITIONS, FUNCTIONS


class Uses:
    """``runs`` says that a statement is of the program's entry: what that calls is the program's run, and its state."""

    def __init__(self, node: ast.AST, runs: bool = False) -> None:
        self.names: set[str] = set()
        #: With the name that they are looked up in, over several dots as well.
        self.attributes: set[tuple[str, str]] = set()
        #: Attributes that are looked up, of whatever it may be.
        self.looked_up: set[str] = set()
        #: Classes that others are derived from; with whether the class statement does more with them.
        self.bases: set[tuple[str, bool]] = set()
        #: Where that is all that a class statement does with them.
        self.metaclass: str | None = None
        #: Whether any code may run: a call, a decorator, an iteration.
        self.calls = False
        self.operands = Operands()
        #: Whether what it looks up may be a method of an object.
        self.looks_into_objects = not runs
        if runs and not isinstance(node, (*DEFINITIONS, ast.Assign, ast.AnnAssign)):
            return
        self._visit(node)
        if runs and not isinstance(node, DEFINITIONS):
            self.calls = False

    def _visit(self, node: ast.AST, is_inner: bool = False) -> None:
        if isinstance(node, (ast.expr, ast.stmt)) and not isinstance(node, (*DEFINITIONS, ast.Lambda)) and not is_inner:
            self.operands.read(node)
        if isinstance(node, FUNCTIONS):
            self.calls = self.calls or bool(node.decorator_list)
            self._decorated(node.decorator_list)
            self._each([*node.decorator_list, *node.args.defaults, *node.args.kw_defaults])
        elif isinstance(node, ast.Lambda):
            self._each([*node.args.defaults, *node.args.kw_defaults])
        elif isinstance(node, ast.ClassDef):
            self._class(node)
        elif isinstance(node, ast.AnnAssign):
            self._each([node.value])
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            return
        else:
            if isinstance(node, (ast.Call, ast.For, ast.With, ast.comprehension, ast.Starred)):
                self.calls = True
            elif isinstance(node, (ast.Tuple, ast.List)) and isinstance(node.ctx, ast.Store):
                self.calls = True
            elif isinstance(node, (ast.BinOp, ast.Compare, ast.UnaryOp, ast.JoinedStr, ast.Subscript, ast.Set, ast.Dict)):
                self.calls = True  # of methods with two underscores
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                self.names.add(node.id)
            if isinstance(node, ast.Call):
                for each in [*node.args, *(keyword.value for keyword in node.keywords)]:
                    if isinstance(each, ast.Lambda):
                        self._visit(each.body)  # It may be called at once.
                self.looked_up |= named_attributes(node)
            if isinstance(node, ast.Attribute):
                self.looked_up.add(node.attr)
                root: ast.AST = node
                while isinstance(root, (ast.Attribute, ast.Call, ast.Subscript)):
                    root = root.func if isinstance(root, ast.Call) else root.value
                if isinstance(root, ast.Name):
                    self.attributes.add((root.id, node.attr))
            for child in ast.iter_child_nodes(node):
                self._visit(child, not isinstance(child, ast.stmt))

    def _class(self, node: ast.ClassDef) -> None:
        more = bool(node.decorator_list or node.keywords)
        self.calls = self.calls or more
        self._decorated([*node.decorator_list, *(each.value for each in node.keywords)])
        if not node.decorator_list and [each.arg for each in node.keywords] == ["metaclass"]:
            self.metaclass = ast.unparse(node.keywords[0].value)
        self._each([*node.decorator_list, *(each.value for each in node.keywords)])
        for base in node.bases:
            if isinstance(base, ast.Name):
                self.bases.add((base.id, more))
            else:
                self._visit(base)
        self._each(node.body)

    def _decorated(self, decorators: list[ast.expr]) -> None:
        for each in decorators:
            self.operands.decorate(each)

    def _each(self, nodes: list[ast.expr | None] | list[ast.stmt] | list[ast.expr]) -> None:
        for node in nodes:
            if node is not None:
                self._visit(node)


def named_attributes(call: ast.Call) -> set[str]:
    """Attributes that it looks up by a name that is written there."""
    function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if function not in LOOKS_UP:
        return set()
    return {each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)}
