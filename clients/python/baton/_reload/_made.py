"""Which functions a statement has made itself, as against those that it names: they are not its own to be changed."""

from __future__ import annotations

import ast
from types import FunctionType

from ._binds import binds
from ._version import first_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

_DEPTH = 6


class Made:
    """By those statements of a body, as it was, that bind a name."""

    def __init__(self, body: Sequence[ast.stmt], name: str, path: str) -> None:
        self._name = name
        self._path = path
        self._lines = [range(first_line(each), (each.end_lineno or each.lineno) + 1) for each in body if name in binds(each)]

    def has(self, function: FunctionType) -> bool:
        code = function.__code__
        is_named = code.co_name == "<lambda>" or self._name.endswith(code.co_name)
        return is_named and code.co_filename == self._path and any(code.co_firstlineno in each for each in self._lines)


def is_around(function: FunctionType, condition: Callable[[FunctionType], bool]) -> bool:
    """Whether it is one, or has one in its cells, as what a decorator has made."""
    return any(map(condition, _inner(function, 0)))


def _inner(function: Any, depth: int) -> Iterator[FunctionType]:
    if depth == _DEPTH or not isinstance(function, FunctionType):
        return
    yield function
    for cell in function.__closure__ or ():
        try:
            held = cell.cell_contents
        except ValueError:  # It is empty.
            continue
        yield from _inner(held, depth + 1)
