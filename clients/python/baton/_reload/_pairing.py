"""Which statement of the new source stands for which of the old."""

from __future__ import annotations

import ast

from ._version import DEFINITIONS, Version, same_node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence


class Pair:
    def __init__(self, old: ast.stmt, new: ast.stmt, same: bool) -> None:
        self.old = old
        self.new = new
        self.same = same


class Pairing:
    """Of two bodies: modules, classes, blocks."""

    def __init__(
        self,
        old_body: Sequence[ast.stmt],
        new_body: Sequence[ast.stmt],
        old: Version,
        new: Version,
    ) -> None:
        self.pairs: list[Pair] = []
        self.added: list[ast.stmt] = []
        self.removed: list[ast.stmt] = []
        groups: dict[Hashable, tuple[list[ast.stmt], list[ast.stmt]]] = {}
        for side, body in enumerate((old_body, new_body)):
            for node in body:
                groups.setdefault(_label(node), ([], []))[side].append(node)
        for olds, news in groups.values():
            self._pair(olds, news, old, new)
        place = {id(node): index for index, node in enumerate(new_body)}
        self.pairs.sort(key=lambda pair: place[id(pair.new)])
        self.added.sort(key=lambda node: place[id(node)])
        before = {id(node): index for index, node in enumerate(old_body)}
        order = [before[id(pair.old)] for pair in self.pairs if not _is_free(pair.new)]
        self.is_reordered = order != sorted(order)

    def _pair(
        self, olds: list[ast.stmt], news: list[ast.stmt], old: Version, new: Version
    ) -> None:
        if len(olds) != len(news):
            # Those that say the same belong together; the rest goes by its order.
            for node in list(news):
                twin = next((each for each in olds if same_node(each, node)), None)
                if twin is not None:
                    self.pairs.append(Pair(twin, node, True))
                    olds.remove(twin)
                    news.remove(node)
        for one, other in zip(olds, news):
            same = old.text_of(one) == new.text_of(other) or same_node(one, other)
            self.pairs.append(Pair(one, other, same))
        self.added += news[len(olds) :]
        self.removed += olds[len(news) :]


def _is_free(node: ast.stmt) -> bool:
    """Whether it may stand anywhere, as what it needs is looked up by name anyway."""
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Import, ast.ImportFrom))


def _label(node: ast.stmt) -> Hashable:
    if isinstance(node, DEFINITIONS):
        return (isinstance(node, ast.ClassDef), node.name)
    if isinstance(node, ast.Assign):
        return ("=", *(ast.dump(target) for target in node.targets))
    if isinstance(node, ast.AnnAssign):
        return ("=", ast.dump(node.target))
    if isinstance(node, ast.If):
        return ("if", ast.dump(node.test))
    if isinstance(node, ast.Try):
        return "try"
    return ast.dump(node)
