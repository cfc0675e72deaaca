"""What a program declares: its components, and how its state is saved."""

from __future__ import annotations

import json

from ._calls import outcome
from ._errors import BatonError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable
    from typing import Any, Union

    Stop = Callable[[], object]
    Save = Callable[[], Any]
    Start = Union[Callable[[], object], Callable[[Any], object]]
    OnChange = Callable[[list[str]], object]


class Component:
    def __init__(
        self,
        name: str,
        stop: Stop | None,
        timeout: float,
        save: Save | None,
        join: Stop | None,
        serves: bool,
        start: Start | None = None,
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
        self.start = start
        self.held: tuple[object] | None = None  # what it saved, while it is stopped to be started again

    @property
    def recyclable(self) -> bool:
        """One that only saves goes on as it is."""
        return self.start is not None or (self.stop is None and self.join is None)

    async def hold(self) -> None:
        self.held = (None if self.save is None else await outcome(self.save()),)

    async def start_again(self) -> None:
        assert self.start is not None and self.held is not None
        start: Callable[..., object] = self.start
        await outcome(start() if self.save is None else start(self.held[0]))

    async def saved(self) -> object:
        assert self.save is not None
        return await outcome(self.save()) if self.held is None else self.held[0]

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
        #: Takes changed modules in, by their paths, or raises ``Declined``; None where none is hot.
        self.reload: Callable[[list[str]], object] | None = None
        self._on_change: list[tuple[re.Pattern[str], OnChange]] = []

    def add(self, component: Component) -> None:
        if any(component.name == other.name for other in self.components):
            raise BatonError(f'Cannot add component "{component.name}": there is one of that name')
        self.components.append(component)

    def running(self) -> list[Component]:
        """Those that are not stopped, to be started again."""
        return [each for each in self.components if each.held is None]

    def on_change(self, glob: str, function: OnChange) -> None:
        from . import _globs  # Only here: what it imports takes its time.

        self._on_change.append((_globs.pattern(glob), function))

    async def tell_of(self, paths: list[str]) -> None:
        """Calls each function that names some of the paths, with these. Raises as they do."""
        named = [(function, [path for path in paths if pattern.match(path)]) for pattern, function in self._on_change]
        for path in paths:
            if not any(path in own for _, own in named):
                raise BatonError(f'No callback names "{path}"')
        for function, own in named:
            if own:
                await outcome(function(own))

    def hello(self) -> dict[str, object]:
        """The fields of a hello that say so."""
        capabilities = {
            "handoff": self.has_barrier,
            "checkpoint": self.save is not None or any(each.save for each in self.components),
            "exclusive": self._exclusive,
            "notify": bool(self._on_change),
            "reload": self.reload is not None,
            "recycle": all(each.recyclable for each in self.components)
            and any(each.start for each in self.components),
        }
        return {
            "capabilities": [name for name, offered in capabilities.items() if offered],
            "components": [each.hello() for each in self.components],
        }

    async def collect(self) -> bytes:
        """The state, as the program's save functions return it."""
        savers = {each.name: each.saved for each in self.components if each.save is not None}
        parts = {name: await saved() for name, saved in savers.items()}
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
        self._on_change.clear()
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
