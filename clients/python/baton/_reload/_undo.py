"""Changes that can be taken back, last one first."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_MISSING = object()


class Undo:
    def __init__(self) -> None:
        self._steps: list[Callable[[], object]] = []

    def add(self, step: Callable[[], object]) -> None:
        self._steps.append(step)

    def all(self) -> None:
        while self._steps:
            self._steps.pop()()

    def forget(self) -> None:
        self._steps.clear()

    def held_by(self) -> set[int]:
        """What holds the values from before, by its ``id``."""
        found: set[int] = set()
        for each in self._steps:
            found.update(map(id, getattr(each, "__closure__", None) or ()))
            found.add(id(getattr(each, "__defaults__", None)))
        return found

    def set_attribute(self, target: Any, name: str, value: object) -> None:
        held = vars(target) if isinstance(target, type) else None
        before = held.get(name, _MISSING) if held is not None else getattr(target, name, _MISSING)
        setattr(target, name, value)
        if before is _MISSING:
            self.add(lambda: delattr(target, name))
        else:
            self.add(lambda: setattr(target, name, before))

    def delete_attribute(self, target: type, name: str) -> None:
        before = vars(target)[name]
        delattr(target, name)
        self.add(lambda: setattr(target, name, before))

    def set_item(self, target: dict[str, Any], name: str, value: object) -> None:
        before = target.get(name, _MISSING)
        target[name] = value
        if before is _MISSING:
            self.add(lambda: target.pop(name, None))
        else:
            self.add(lambda: target.__setitem__(name, before))

    def delete_item(self, target: dict[str, Any], name: str) -> None:
        if name in target:
            before = target.pop(name)
            self.add(lambda: target.__setitem__(name, before))
