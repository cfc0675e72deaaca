"""What a program declares: its components, and how its state is saved."""

from __future__ import annotations

import json

from ._calls import outcome
from ._errors import BatonError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Stop = Callable[[], object]
    Save = Callable[[], Any]


class Component:
    def __init__(
        self,
        name: str,
        stop: Stop | None,
        timeout: float,
        save: Save | None,
        join: Stop | None,
        serves: bool,
    ) -> None:
        if not 1 <= len(name) <= 200:
            raise BatonError(f'Cannot add component "{name}": a name has 1 to 200 characters')
        if not 0 < timeout < float("inf"):
            raise BatonError(
                f'Cannot add component "{name}": timeout is {timeout}, must be above 0 seconds'
            )
        self.name = name
        self.stop = stop
        self.timeout = timeout
        self.save = save
        self.join = join
        self.serves = serves

    def hello(self) -> dict[str, object]:
        """What a hello says of it."""
        about: dict[str, object] = {
            "name": self.name,
            "timeoutMs": max(1, round(self.timeout * 1000)),
        }
        return {**about, "serves": True} if self.serves else about


class Declared:
    def __init__(self, exclusive: bool) -> None:
        self._exclusive = exclusive
        self.has_barrier = False
        self.components: list[Component] = []
        self.save: Save | None = None

    def add(self, component: Component) -> None:
        if any(component.name == other.name for other in self.components):
            raise BatonError(f'Cannot add component "{component.name}": there is one of that name')
        self.components.append(component)

    def hello(self) -> dict[str, object]:
        """The fields of a hello that say so."""
        capabilities = {
            "handoff": self.has_barrier,
            "checkpoint": self.save is not None or any(each.save for each in self.components),
            "exclusive": self._exclusive,
        }
        return {
            "capabilities": [name for name, offered in capabilities.items() if offered],
            "components": [each.hello() for each in self.components],
        }

    async def collect(self) -> bytes:
        """The state, as the program's save functions return it."""
        savers = {each.name: each.save for each in self.components if each.save is not None}
        parts = {name: await outcome(save()) for name, save in savers.items()}
        if self.save is None and not parts:
            raise BatonError("Nothing saves: call on_save(), or give a component a save function")
        state = parts if self.save is None else await outcome(self.save())
        if self.save is not None and parts:
            if not isinstance(state, dict):
                raise BatonError(
                    "The function of on_save() must return a dict where components save, too"
                )
            state = {**state, **parts}
        return _json(state)

    def let_go(self) -> None:
        """For threads that outlive the program: what they refer to would never be finalized."""
        self.components.clear()
        self.save = None


def _json(state: object) -> bytes:
    try:
        return json.dumps(state, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise BatonError(f"Cannot save {_culprit(state)} as JSON: {error}") from error


def _culprit(value: object, place: str = "state", depth: int = 0) -> str:
    """Where in the state it is that JSON cannot hold."""
    inside: list[tuple[object, object]] = []
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, (list, tuple)):
        inside = list(enumerate(value))
    for key, each in inside:
        try:
            json.dumps(each)
        except (TypeError, ValueError, RecursionError):
            return _culprit(each, f"{place}[{key!r}]", depth + 1) if depth < 20 else place
    return place
