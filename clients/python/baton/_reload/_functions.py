"""Gives a function that is in use what another one has."""

from __future__ import annotations

import sys
from types import CodeType, FunctionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._undo import Undo

_ATTRIBUTES = ["__defaults__", "__kwdefaults__", "__doc__"]
if sys.version_info < (3, 14):
    _ATTRIBUTES.append("__annotations__")
else:
    _ATTRIBUTES.append("__annotate__")
if sys.version_info >= (3, 12):
    _ATTRIBUTES.append("__type_params__")


def can_take(old: FunctionType, code: CodeType) -> bool:
    return old.__code__.co_freevars == code.co_freevars


def set_code(undo: Undo, function: FunctionType, code: CodeType) -> None:
    if function.__doc__ == _doc(function.__code__) != _doc(code):
        undo.set_attribute(function, "__doc__", _doc(code))
    undo.set_attribute(function, "__code__", code)


def _doc(code: CodeType) -> str | None:
    first = code.co_consts[0] if code.co_consts else None
    if sys.version_info >= (3, 13) and not code.co_flags & 0x4000000:
        return None
    return first if isinstance(first, str) else None


def renew(undo: Undo, old: FunctionType, new: FunctionType) -> None:
    """All but what it closes over."""
    undo.set_attribute(old, "__code__", new.__code__)
    for name in _ATTRIBUTES:
        if getattr(old, name) is not getattr(new, name):
            undo.set_attribute(old, name, getattr(new, name))
    for name in [each for each in vars(old) if each not in vars(new)]:
        before = vars(old).pop(name)
        undo.add(lambda name=name, before=before: vars(old).__setitem__(name, before))  # type: ignore[misc]
    for name, value in vars(new).items():
        undo.set_item(vars(old), name, value)
