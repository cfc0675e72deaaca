"""What the world can ask, and tell it."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any

from config import Config
from event_queue import EventQueue
from runtime import THREAD
from self_state import SelfState
from version import VERSION


@dataclass
class World:
    """All that a request can reach."""

    generation: int
    config: Config
    state: SelfState
    queue: EventQueue


def handler_for(world: World) -> type[BaseHTTPRequestHandler]:
    return type("Handler", (Api,), {"world": world})


class Api(BaseHTTPRequestHandler):
    world: World
    timeout = 5
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        parts = self.path.strip("/").split("/")
        if parts == ["state"]:
            self._answer(200, self._state())
        elif parts == ["config"]:
            self._answer(200, self.world.config.save())
        elif parts[0] == "events" and len(parts) == 2 and parts[1].isdigit():
            self._tell_event(int(parts[1]))
        else:
            self._answer(404, {"error": "Try /state, /config or /events/ID"})

    def do_POST(self) -> None:
        if self.path == "/events":
            self._take(self._accept_event, 'An event is {"kind": "food", "strength": 0.1}')
        elif self.path == "/config":
            self._take(self._change_config, "Durations are numbers of seconds above 0")
        else:
            self._answer(404, {"error": "Try /events or /config"})

    def _take(self, act: Callable[[Any], None], usage: str) -> None:
        try:
            act(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        except (KeyError, TypeError, ValueError, AttributeError):
            self._answer(400, {"error": usage})

    def _accept_event(self, body: Any) -> None:
        strength = min(max(float(body.get("strength", 0.1)), 0.0), 1.0)
        self._answer(202, {"id": self.world.queue.accept(str(body["kind"]), strength).id})

    def _change_config(self, body: Any) -> None:
        self.world.config.change(**body)
        self._answer(200, self.world.config.save())

    def _state(self) -> dict[str, Any]:
        world = self.world
        return {
            "version": VERSION,
            "pid": os.getpid(),
            "generation": world.generation,
            "loops": sum(thread.name == THREAD for thread in threading.enumerate()),
            "same_class": isinstance(world.state, SelfState),
            "queued": len(world.queue),
            "processed": world.state.last_event,
            **world.state.save(),
        }

    def _tell_event(self, event_id: int) -> None:
        queued = event_id in self.world.queue
        if queued or event_id <= self.world.state.last_event:
            self._answer(200, {"id": event_id, "status": "queued" if queued else "done"})
        else:
            self._answer(404, {"error": f"No event {event_id} was accepted"})

    def _answer(self, status: int, value: dict[str, Any]) -> None:
        body = json.dumps(value).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """One line a request would drown what baton says."""
