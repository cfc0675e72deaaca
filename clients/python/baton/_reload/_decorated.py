"""Whether the function that a decorator was given is the one that is called in the end."""

from __future__ import annotations

import functools
from types import CodeType, FunctionType, MethodType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Whose objects call what they hold, and have made nothing of its code.
_KNOWN = frozenset({"builtins", "functools", "contextlib", "abc", "types", "click", "typer", "flask", "enum"})
_DEPTH = 6


def calls(value: Any, code: CodeType, depth: int = 0) -> bool:
    """Whether an object holds, where it would call it, a function of this code."""
    if depth == _DEPTH:
        return False
    if isinstance(value, FunctionType):
        if value.__code__ == code:
            return True
        held = [_content(cell) for cell in value.__closure__ or ()]
        return any(calls(each, code, depth + 1) for each in [*held, getattr(value, "__wrapped__", None)])
    if type(value).__module__.partition(".")[0] not in _KNOWN:
        return False
    if isinstance(value, MethodType):
        return calls(value.__func__, code, depth + 1)
    if isinstance(value, functools.partial):
        return calls(value.func, code, depth + 1)
    names = ("fget", "fset", "fdel", "func", "__func__", "__wrapped__", "callback", "registry")
    return any(calls(getattr(value, name, None), code, depth + 1) for name in names)


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # It is empty.
        return None
