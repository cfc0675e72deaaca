"""Functions and constructors of hot modules that do no more than to compute, and to set what an object is made of."""

from __future__ import annotations

import ast
import inspect
from types import FunctionType, MemberDescriptorType

from ._version import FUNCTIONS, Version, first_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from ._effects import Effects


class Plain:
    """``effects`` makes what judges expressions, of a namespace and the names that are not looked up in it."""

    def __init__(
        self, versions: Iterable[Version], effects: Callable[[dict[str, Any], frozenset[str]], Effects]
    ) -> None:
        self._versions = versions
        self._effects = effects
        self._nodes: dict[tuple[str, int, str], list[ast.AST]] | None = None
        self._judged: dict[int, bool] = {}

    def function(self, held: FunctionType, kind: type | None = None) -> bool:
        """Of a constructor, with the class that it makes an object of."""
        known = self._judged.get(id(held))
        if known is None:
            self._judged[id(held)] = False  # Where it calls itself.
            nodes = self._nodes_of(held)
            known = self._judged[id(held)] = bool(nodes) and all(self._is_plain(each, held, kind) for each in nodes)
        return known

    def constructor(self, kind: type) -> bool:
        if type(kind) is not type or hasattr(kind, "__del__") or kind.__setattr__ is not object.__setattr__:
            return False
        if any("__new__" in vars(each) for each in kind.__mro__ if each.__module__ != "builtins"):
            return False
        return self._makes(kind, kind)

    def _makes(self, owner: type, kind: type) -> bool:
        made: Any = owner.__init__  # type: ignore[misc]
        if isinstance(made, FunctionType):
            return self.function(made, kind)
        return any(vars(each).get("__init__") is made for each in owner.__mro__ if each.__module__ == "builtins")

    def _nodes_of(self, held: FunctionType) -> list[ast.AST]:
        """In the old source and in the new one."""
        if self._nodes is None:
            self._nodes = {}
            for version in self._versions:
                for node in ast.walk(version.tree):
                    if isinstance(node, FUNCTIONS):
                        self._nodes.setdefault((version.path, first_line(node), node.name), []).append(node)
        code = held.__code__
        return self._nodes.get((code.co_filename, code.co_firstlineno, code.co_name), [])

    def _is_plain(self, node: Any, held: FunctionType, kind: type | None) -> bool:
        if isinstance(node, ast.AsyncFunctionDef) or node.decorator_list:
            return False
        every = list(ast.walk(node))
        local = {each.id for each in every if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)}
        local |= {each.arg for each in every if isinstance(each, ast.arg)} | set(held.__code__.co_freevars) - {"__class__"}
        effects = self._effects(held.__globals__, frozenset(local))
        me = node.args.args[0].arg if kind is not None and node.args.args else None
        return all(self._does_nothing(each, effects, me, kind, held) for each in node.body)

    def _does_nothing(self, node: ast.stmt, effects: Effects, me: str | None, kind: type | None, held: FunctionType) -> bool:
        def inner(nodes: list[ast.stmt]) -> bool:
            return all(self._does_nothing(each, effects, me, kind, held) for each in nodes)

        def pure(value: ast.expr | None) -> bool:
            named = [each.id for each in ast.walk(value) if isinstance(each, ast.Name)] if value else []
            return value is None or "super" not in named and effects.expression(value) is None

        if isinstance(node, ast.Expr):
            return isinstance(node.value, ast.Constant) or self._is_of_base(node.value, pure, kind, held)
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            return pure(node.value) and all(_is_own(each, me, kind) for each in targets)
        if isinstance(node, ast.If):
            return pure(node.test) and inner(node.body) and inner(node.orelse)
        if isinstance(node, ast.Return):
            return pure(node.value)
        if isinstance(node, ast.Raise):
            return pure(node.exc) and pure(node.cause)
        if isinstance(node, ast.Assert):
            return pure(node.test) and pure(node.msg)
        return isinstance(node, ast.Pass)

    def _is_of_base(self, call: ast.expr, pure: Any, kind: type | None, held: FunctionType) -> bool:
        """`super().__init__(…)`"""
        if kind is None or not isinstance(call, ast.Call) or ast.dump(call.func) != _BASE:
            return False
        if not all(map(pure, [*call.args, *(each.value for each in call.keywords)])):
            return False
        owners = [index for index, each in enumerate(kind.__mro__) if vars(each).get("__init__") is held]
        rest = kind.__mro__[owners[0] + 1 :] if owners else ()
        base = next((each for each in rest if "__init__" in vars(each)), None)
        return base is not None and self._makes(base, kind)


_BASE = ast.dump(ast.parse("super().__init__", mode="eval").body)


def _is_own(target: ast.expr, me: str | None, kind: type | None) -> bool:
    """A local variable, or an attribute of the object that is made."""
    if isinstance(target, (ast.Tuple, ast.List)):
        return all(_is_own(each, me, kind) for each in target.elts)
    if isinstance(target, ast.Attribute) and kind is not None:
        if not isinstance(target.value, ast.Name) or target.value.id != me:
            return False
        held = inspect.getattr_static(kind, target.attr, None)
        return isinstance(held, MemberDescriptorType) or not hasattr(type(held), "__set__")
    return isinstance(target, ast.Name)
