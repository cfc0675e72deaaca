"""State that the program declared to be kept: copied before a reload, put back after it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MISSING = object()


class Kept:
    """``of`` is an object, or a mapping."""

    def __init__(self, names: tuple[str, ...], of: Any) -> None:
        self._of = of
        self._values: dict[str, tuple[Any, Any]] = {}
        for name in names:
            value = of.get(name, _MISSING) if isinstance(of, dict) else getattr(of, name, _MISSING)
            if value is not _MISSING:
                self._values[name] = (value, _copy(value))

    def put_back(self) -> None:
        for name, (value, copied) in self._values.items():
            _restore(value, copied)
            if isinstance(self._of, dict):
                if self._of.get(name, _MISSING) is not value:
                    self._of[name] = value
            elif getattr(self._of, name, _MISSING) is not value:
                setattr(self._of, name, value)


def _copy(value: Any) -> Any:
    return value.copy() if type(value) in (list, dict, set, bytearray) else None


def _restore(value: Any, copied: Any) -> None:
    """In place, as others may hold it."""
    if copied is None or value == copied:
        return
    if isinstance(value, (list, bytearray)):
        value[:] = copied
    else:
        value.clear()
        value.update(copied)
