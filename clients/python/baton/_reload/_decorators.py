"""Whether a decorator has called the function that it was given, or looked at its code: what came of that is kept somewhere."""

from __future__ import annotations

import ast
import sys
from types import FunctionType

from ._importers import version_of
from ._version import DEFINITIONS, FUNCTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def looks_into(decorators: list[ast.expr], space: dict[str, Any]) -> bool:
    """Of decorators that are of the program: those of a library are known by what they make, or are not taken anyway."""
    return any(_looks_into(_held(each.func if isinstance(each, ast.Call) else each, space)) for each in decorators)


def _held(node: ast.expr, space: dict[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return space.get(node.id)
    if isinstance(node, ast.Attribute):
        return getattr(_held(node.value, space), node.attr, None)
    return None


def _looks_into(held: Any) -> bool:
    if not isinstance(held, (FunctionType, type)) or held.__module__ not in sys.modules:
        return False
    version = version_of(sys.modules[held.__module__])
    found = [each for each in ast.walk(version.tree) if isinstance(each, DEFINITIONS) and each.name == held.__name__] if version else []
    return any(_does(inner) for each in found for inner in ast.walk(each) if isinstance(inner, FUNCTIONS))


def _does(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """With a parameter of its own; what is inside is called later."""
    own = {each.arg for each in [*function.args.posonlyargs, *function.args.args]}
    for node in _without_inner(function.body):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in own:
            return True
        if isinstance(node, ast.Attribute) and node.attr == "__code__" or isinstance(node, ast.Name) and node.id == "getsource":
            return True
    return False


def _without_inner(nodes: list[ast.stmt]) -> Iterator[ast.AST]:
    queue: list[ast.AST] = list(nodes)
    while queue:
        node = queue.pop()
        if not isinstance(node, (*FUNCTIONS, ast.Lambda)):
            yield node
            queue += ast.iter_child_nodes(node)
