"""Which code object of the new source takes the place of which of the old."""

from __future__ import annotations

from types import CodeType

from ._version import first_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast


class Target:
    def __init__(self, new: CodeType | None, same: bool, maker: CodeType | None) -> None:
        self.new = new
        #: Whether both do the same.
        self.same = same
        #: The code that made functions of this one, where that has changed.
        self.maker = maker


def children(code: CodeType) -> list[CodeType]:
    return [each for each in code.co_consts if isinstance(each, CodeType)]


def child_for(code: CodeType, node: ast.AST) -> CodeType | None:
    """The one that a definition in ``code`` was compiled to; None where that is not clear."""
    found = []
    for each in children(code):
        if each.co_name == node.name and each.co_firstlineno == first_line(node):  # type: ignore[attr-defined]
            found.append(each)
        elif each.co_name == f"<generic parameters of {node.name}>":  # type: ignore[attr-defined]
            inner = child_for(each, node)
            if inner is not None:
                found.append(inner)
    return found[0] if len(found) == 1 else None


def own(code: CodeType) -> tuple[object, ...]:
    """What it does itself: without lines, and without what is nested in it."""
    return (
        code.co_code,
        code.co_names,
        code.co_varnames,
        code.co_freevars,
        code.co_cellvars,
        code.co_argcount,
        code.co_posonlyargcount,
        code.co_kwonlyargcount,
        code.co_flags,
        tuple(
            each.co_name if isinstance(each, CodeType) else _constant(each)
            for each in code.co_consts
        ),
    )


def _constant(value: object) -> object:
    """Unlike ``==``, it tells 1 from 1.0 and True, and 0.0 from -0.0."""
    if isinstance(value, (tuple, frozenset)):
        parts = [_constant(each) for each in value]
        return (type(value), tuple(parts) if isinstance(value, tuple) else frozenset(parts))
    return (type(value), repr(value) if isinstance(value, (float, complex)) else value)


class Targets:
    def __init__(self) -> None:
        self._targets: dict[CodeType, Target] = {}

    def get(self, code: CodeType) -> Target | None:
        return self._targets.get(code)

    def changed(self) -> list[CodeType]:
        return [old for old, target in self._targets.items() if not target.same]

    def gone(self, old: CodeType) -> None:
        """It has no counterpart, nor has what is nested in it."""
        self._put(old, Target(None, False, None))
        for each in children(old):
            self.gone(each)

    def pair(self, old: CodeType, new: CodeType, maker: CodeType | None = None) -> None:
        same = own(old) == own(new)
        olds, news = children(old), children(new)
        is_function = bool(old.co_flags & 1)  # CO_OPTIMIZED: not a module or a class
        inner = old if is_function and not same else maker
        names = [each.co_name for each in olds]
        if same and names == [each.co_name for each in news]:
            for one, other in zip(olds, news):
                self.pair(one, other, inner)
        else:
            self._pair_by_name(olds, news, inner)
        nested_same = all(
            target.same for target in (self._targets.get(each) for each in olds) if target
        )
        self._put(old, Target(new, same and nested_same and len(olds) == len(news), maker))

    def _pair_by_name(
        self, olds: list[CodeType], news: list[CodeType], maker: CodeType | None
    ) -> None:
        for name in {each.co_name for each in olds}:
            before = [each for each in olds if each.co_name == name]
            after = [each for each in news if each.co_name == name]
            for each in list(before):
                twin = next((other for other in after if _alike(each, other)), None)
                if twin is not None:
                    self.pair(each, twin, maker)
                    before.remove(each)
                    after.remove(twin)
            # Nothing tells one lambda from another.
            if len(before) == len(after) and not name.startswith("<"):
                for one, other in zip(before, after):
                    self.pair(one, other, maker)
            else:
                for each in before:
                    self.gone(each)

    def _put(self, old: CodeType, target: Target) -> None:
        known = self._targets.get(old)
        if known is not None and known.new != target.new:
            target = Target(None, known.same and target.same, target.maker)
        self._targets[old] = target


def _alike(one: CodeType, other: CodeType) -> bool:
    if own(one) != own(other):
        return False
    inner, outer = children(one), children(other)
    return len(inner) == len(outer) and all(map(_alike, inner, outer))
