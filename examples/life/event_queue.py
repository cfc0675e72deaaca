"""Events from outside, waiting to be lived through."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Event:
    id: int
    kind: str
    strength: float


class EventQueue:
    """First in, first out. Ids count up from 1, without a gap, over all generations."""

    def __init__(self, last_id: int = 0, waiting: list[Event] | None = None) -> None:
        self._lock = threading.Lock()
        self._last_id = last_id
        self._waiting = deque(waiting or [])

    def accept(self, kind: str, strength: float) -> Event:
        with self._lock:
            self._last_id += 1
            event = Event(self._last_id, kind, strength)
            self._waiting.append(event)
            return event

    def first(self) -> Event | None:
        """The next event. It stays until `done`, so that it is never nowhere."""
        with self._lock:
            return self._waiting[0] if self._waiting else None

    def done(self, through: int) -> None:
        """Forgets the events up to this id."""
        with self._lock:
            while self._waiting and self._waiting[0].id <= through:
                self._waiting.popleft()

    def __contains__(self, event_id: int) -> bool:
        with self._lock:
            return any(event.id == event_id for event in self._waiting)

    def __len__(self) -> int:
        return len(self._waiting)

    def save(self) -> dict[str, Any]:
        with self._lock:
            waiting = [asdict(event) for event in self._waiting]
            return {"last_id": self._last_id, "waiting": waiting}

    @classmethod
    def resume(cls, saved: dict[str, Any]) -> EventQueue:
        return cls(saved["last_id"], [Event(**event) for event in saved["waiting"]])
