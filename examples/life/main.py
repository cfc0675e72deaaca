"""A small program that lives: it ticks, takes in events, and remembers across its own versions.

baton -- python3 examples/life/main.py
"""

from __future__ import annotations

import os
from typing import Any

import baton
from api import World, handler_for
from config import Config
from event_queue import EventQueue
from runtime import Runtime
from self_state import SelfState
from server import Server


def main() -> None:
    port = int(os.environ.get("PORT", "8765"))
    app = baton.join()
    saved: dict[str, Any] = app.restore({})

    config = Config.resume(saved["config"]) if "config" in saved else Config()
    queue = EventQueue.resume(saved["event_queue"]) if "event_queue" in saved else EventQueue()
    state = SelfState.resume(saved["self_state"]) if "self_state" in saved else SelfState()
    queue.done(through=state.last_event)
    runtime = Runtime(config, state, queue)
    handler = handler_for(World(app.generation, config, state, queue))
    server = Server(port, handler)

    def serve() -> None:
        nonlocal server
        server = Server(port, handler)
        server.start()

    # The loop is told to end and then joined, which takes up to a second of its sleep; the API serves
    # until that is over. Saved from the first to the last: an event lived through while a
    # checkpoint is taken is in the queue's part, or in both parts (then `done` above drops it), but
    # never in none.
    app.component("http", lambda: server.stop(), timeout=2.0, serves=True, start=serve)
    app.component("loop", runtime.stop, join=runtime.join, timeout=2.0, start=runtime.start)
    app.component("config", save=config.save)
    app.component("event_queue", save=queue.save)
    app.component("self_state", save=state.save)

    runtime.start()
    server.start()
    app.checkpoint_every(config.snapshot_period)
    print(f"life {app.generation} is at http://127.0.0.1:{port}/state", flush=True)
    app.wait()


if __name__ == "__main__":
    main()
