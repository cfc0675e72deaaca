"""examples/life with its own loop, queue and HTTP server: what it has become is edited while it lives."""

import http.client
import json
import os
import sys
import threading

LIFE = os.path.join(os.path.dirname(os.path.abspath(__file__)), *[".."] * 3, "examples", "life")
EDITED = "self_state"


def _source():
    with open(os.path.join(LIFE, "self_state.py")) as file:
        text = file.read().replace("{", "{{").replace("}", "}}")
    text = text.replace("HISTORY = 100\n", "HISTORY = 100 + {limit}\n")
    text = text.replace("class SelfState:", "def tide():\n    return {body}\n\n\nclass SelfState:")
    text = text.replace("    def save(self)", "    def mood(self):\n        return {method}\n\n    def save(self)")
    return text.replace('"ticks": self.ticks,', '"ticks": self.ticks, "seen": [tide(), self.mood(), HISTORY - 100],')


SOURCE = _source()


class Program:
    def __init__(self, executor):
        sys.path.append(LIFE)  # Behind the folder that has the edited one.
        from api import World, handler_for
        from config import Config
        from event_queue import EventQueue
        from runtime import Runtime
        from self_state import SelfState
        from server import Server

        config, queue, state = Config(tick_interval=0.02), EventQueue(), SelfState()
        self.runtime = Runtime(config, state, queue)
        self.server = Server(0, handler_for(World(1, config, state, queue)))
        self.port = self.server.server_address[1]
        self.runtime.start()
        self.server.start()

    def ask(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        try:
            connection.request("GET", "/state")
            return json.loads(connection.getresponse().read())["seen"]
        finally:
            connection.close()

    def stop(self):
        self.runtime.stop()
        self.runtime.join()
        self.server.stop()
        assert all(thread.name != "life-loop" for thread in threading.enumerate())
