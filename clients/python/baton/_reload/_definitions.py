"""Definitions that statements call while they are executed: they are executed, too, so that the new ones are called."""

from __future__ import annotations

import ast
from types import ModuleType

from ._version import DEFINITIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ._plan import Part


class Definitions:
    """``part_of`` gives the part of a hot module, by its name, where it has one or needs one."""

    def __init__(self, part_of: Callable[[str], Part | None]) -> None:
        self._part_of = part_of

    def called_by(self, part: Part, node: ast.stmt) -> Iterator[tuple[Part, ast.stmt, object]]:
        """Those that a statement names, with what they are bound to."""
        for each in ast.walk(node):
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
                yield from self._of(*part.aliases.get(each.id, (part.name, each.id)))
            elif isinstance(each, ast.Attribute):
                module = _module(part.module, each.value)
                if module is not None:
                    yield from self._of(module.__name__, each.attr)

    def _of(self, module: str, name: str) -> Iterator[tuple[Part, ast.stmt, object]]:
        for _ in range(8):  # It may come by way of other modules.
            part = self._part_of(module)
            if part is None:
                return
            for node in part.version.tree.body:
                if isinstance(node, DEFINITIONS) and node.name == name and name in vars(part.module):
                    yield part, node, vars(part.module)[name]
            if name not in part.aliases:
                return
            module, name = part.aliases[name]


def _module(module: ModuleType, node: ast.expr) -> ModuleType | None:
    if isinstance(node, ast.Name):
        held = vars(module).get(node.id)
    elif isinstance(node, ast.Attribute):
        held = vars(_module(module, node.value) or module).get(node.attr)
    else:
        return None
    return held if isinstance(held, ModuleType) else None
