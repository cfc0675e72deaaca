"""Definitions that statements call while they are executed: they are executed, too, so that the new ones are called."""

from __future__ import annotations

import ast
from types import ModuleType

from ._version import DEFINITIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ._plan import Part
    from ._uses import Uses


class Definitions:
    """``part_of`` gives the part of a hot module, by its name, where it has one or needs one."""

    def __init__(self, part_of: Callable[[str], Part | None]) -> None:
        self._part_of = part_of

    def used_by(self, part: Part, uses: Uses) -> Iterator[tuple[Part, ast.stmt, object]]:
        """Those that a statement calls or operates on while it is executed, with what they are bound to."""
        for name in uses.operands.names:
            yield from self._named(part, name)
        for root, attribute in uses.operands.attributes:
            held = vars(part.module).get(root)
            if isinstance(held, ModuleType):
                yield from self._of(held.__name__, attribute)

    def called_by(self, part: Part, node: ast.stmt) -> Iterator[tuple[Part, ast.stmt, object]]:
        """Those that a definition names, in its functions as well."""
        for each in ast.walk(node):
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
                yield from self._named(part, each.id)
            elif isinstance(each, ast.Attribute):
                module = _module(part.module, each.value)
                if module is not None:
                    yield from self._of(module.__name__, each.attr)

    def _named(self, part: Part, name: str) -> Iterator[tuple[Part, ast.stmt, object]]:
        return self._of(*part.aliases.get(name, (part.name, name)))

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
