"""What it has become: four measures with their histories, moved by time and by events."""

from __future__ import annotations

import threading
from typing import Any

from event_queue import Event

MEASURES = ("energy", "stability", "adaptation", "memory")
HISTORY = 100
"""Ticks that the histories reach back."""


class SelfState:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.ticks = 0
        self.last_event = 0
        """Id of the last event lived through; they come in the order of their ids."""
        self.lived = 0
        """How many that were: as many as the last id, or one was lost or came twice."""
        self.measures = dict.fromkeys(MEASURES, 0.5)
        self.histories: dict[str, list[tuple[int, float]]] = {name: [] for name in MEASURES}

    def tick(self) -> None:
        """Time passes: energy is used, balance comes back, what was learnt and seen fades."""
        with self._lock:
            self.ticks += 1
            self._move("energy", 0.4, 0.01)
            self._move("stability", 1.0, 0.02)
            self._move("adaptation", 0.0, 0.005)
            self._move("memory", 0.0, 0.001)
            for name, history in self.histories.items():
                history.append((self.ticks, self.measures[name]))
                del history[:-HISTORY]

    def live_through(self, event: Event) -> None:
        """An event feeds or shakes it, and is learnt from and remembered either way."""
        with self._lock:
            self.last_event = event.id
            self.lived += 1
            if event.kind == "food":
                self._move("energy", 1.0, event.strength)
            else:
                self._move("stability", 0.0, event.strength)
            self._move("adaptation", 1.0, event.strength / 4)
            self._move("memory", 1.0, 0.02)

    def _move(self, name: str, towards: float, share: float) -> None:
        self.measures[name] += (towards - self.measures[name]) * share

    def save(self) -> dict[str, Any]:
        with self._lock:
            return {
                "ticks": self.ticks,
                "last_event": self.last_event,
                "lived": self.lived,
                "measures": dict(self.measures),
                "histories": {name: list(history) for name, history in self.histories.items()},
            }

    @classmethod
    def resume(cls, saved: dict[str, Any]) -> SelfState:
        state = cls()
        state.ticks = saved["ticks"]
        state.last_event = saved["last_event"]
        state.lived = saved["lived"]
        state.measures.update(saved["measures"])
        for name, history in saved["histories"].items():
            state.histories[name] = [(tick, value) for tick, value in history]
        return state
