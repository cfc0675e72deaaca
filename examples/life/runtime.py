"""The loop that makes it live: a thread that ticks, and lives through the events that came."""

from __future__ import annotations

import threading

from config import Config
from event_queue import EventQueue
from self_state import SelfState

THREAD = "life-loop"


class Runtime:
    def __init__(self, config: Config, state: SelfState, queue: EventQueue) -> None:
        self._config = config
        self._state = state
        self._queue = queue
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=THREAD)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends after the tick that is under way."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._config.tick_interval):
            self._state.tick()
            while not self._stopping.is_set() and (event := self._queue.first()) is not None:
                self._state.live_through(event)
                self._queue.done(event.id)
