"""Names that a statement binds where it stands."""

from __future__ import annotations

import ast

from ._version import DEFINITIONS

STAR = "*"


def binds(node: ast.AST) -> set[str]:
    names: set[str] = set()
    _collect(node, names)
    return names


def _collect(node: ast.AST, names: set[str]) -> None:
    if isinstance(node, DEFINITIONS):
        names.add(node.name)
        for decorator in node.decorator_list:
            _collect(decorator, names)  # `:=`
        return
    if isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        return
    if isinstance(node, ast.AnnAssign) and node.value is None:
        return
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            plain = isinstance(node, ast.Import) and not alias.asname
            names.add(alias.name.partition(".")[0] if plain else alias.asname or alias.name)
        return
    if isinstance(node, ast.ExceptHandler) and node.name:
        names.add(node.name)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        names.add(node.id)
    for child in ast.iter_child_nodes(node):
        _collect(child, names)
