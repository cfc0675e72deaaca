"""The loop that makes it live: a thread that ticks, and lives through the events that came."""

from __future__ import annotations

import threading
import time

from config import Config
from event_queue import EventQueue
from self_state import SelfState

THREAD = "life-loop"
LONGEST_SLEEP = 1.0
"""Seconds; it looks that often, at least, whether it is to end."""


class Runtime:
    def __init__(self, config: Config, state: SelfState, queue: EventQueue) -> None:
        self._config = config
        self._state = state
        self._queue = queue
        self._stopping = threading.Event()

    def start(self) -> None:
        """A loop that has ended can be started again."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name=THREAD)
        self._thread.start()

    def stop(self) -> None:
        """Tells it to end after the tick that is under way, or its sleep."""
        self._stopping.set()

    def join(self) -> None:
        self._thread.join()

    def _run(self) -> None:
        while self._sleep():
            self._state.tick()
            while not self._stopping.is_set() and (event := self._queue.first()) is not None:
                self._state.live_through(event)
                self._queue.done(event.id)

    def _sleep(self) -> bool:
        """Until the next tick, like most loops: nothing wakes it. False where it is to end."""
        due = time.monotonic() + self._config.tick_interval
        while not self._stopping.is_set() and (left := due - time.monotonic()) > 0:
            time.sleep(min(left, LONGEST_SLEEP))
        return not self._stopping.is_set()
