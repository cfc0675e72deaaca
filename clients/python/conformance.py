"""The programs that the conformance suite runs: `conformance.py PROGRAM`; see docs/protocol.md."""

import atexit
import json
import subprocess
import sys
import threading
import time

import baton


def say(*words):
    print(*words, flush=True)


def hang():
    threading.Event().wait()


def fail(why):
    raise RuntimeError(why)


def counts():
    state = app.restore({"count": 0})
    say("restored", json.dumps(state, separators=(",", ":")))
    state["count"] += 1
    app.component("first", lambda: say("stop first"))
    app.component("second", lambda: say("stop second"), timeout=0.9)
    app.on_save(lambda: state)


def workers():
    counts()
    app.ready()
    # A worker is a process of its own that takes part as well.
    subprocess.Popen([sys.executable, __file__, "worker"])


def worker():
    app.restore(None)
    app.on_save(lambda: "of the worker")


def parts():
    app.restore(None)
    app.on_save(lambda: {"whole": True})
    app.component("queue", lambda: None, save=lambda: ["event"])
    app.component("config", save=lambda: {"tick": 1})


def joins():
    app.restore(None)
    app.component("http", lambda: say("stop http"), serves=True)
    app.component("first", lambda: say("tell first"), join=lambda: say("join first"))
    app.component("queue", lambda: say("stop queue"))
    app.component("second", lambda: say("tell second"), join=lambda: say("join second"))
    app.on_save(lambda: "joined")


def stuck():
    app.restore(None)
    app.component("fine", lambda: None)
    app.component("hangs", hang, timeout=0.05)
    app.component("raises", lambda: fail("cannot stop"))
    app.on_save(lambda: "saved anyway")


def raises():
    app.restore(None)
    app.on_save(lambda: fail("not now"))


def slow():
    app.restore("")

    @app.on_save
    def save():
        say("saving")
        print("saving", file=sys.stderr, flush=True)
        time.sleep(0.2)
        return "x" * (1 << 24)


def nothing():
    app.restore(None)
    app.component("only", lambda: None)


def unready():
    app.restore(None)
    app.on_save(lambda: "too early")
    hang()


def finishes():
    counts()
    app.ready()
    sys.exit()


def late():
    app.ready()
    app.component("late", lambda: None)


def notices():
    app.restore(None)

    @app.on_change("*.txt")
    def read(paths):
        if paths != ["touched.txt"]:
            fail("cannot read it")
        say("told", *paths)

    app.on_save(lambda: "told")


def recycles():
    app.restore(None)
    count = [1]

    def start(saved):
        say("start count with", saved)
        count[0] = saved + 1

    app.component("count", lambda: say("stop count"), save=lambda: count[0], start=start)
    app.component("kept", save=lambda: "as it is")
    app.component("http", lambda: say("stop http"), start=lambda: say("start http"), serves=True)
    app.component("loop", lambda: say("tell loop"), join=lambda: say("join loop"), start=lambda: say("start loop"))


def unstartable():
    state = app.restore({})
    say("restored", json.dumps(state, separators=(",", ":")))
    queue = ["event"]

    def start(saved):
        queue.clear()
        fail("cannot start")

    app.component("queue", lambda: None, save=lambda: list(queue), start=start)
    app.component("only", lambda: say("stop only"), start=lambda: say("start only"))


def checkpoints():
    state = app.restore({"saved": 0})

    @app.on_save
    def save():
        state["saved"] += 1
        return state

    app.ready()
    app.checkpoint()


atexit.register(say, "ended")
app = baton.join(exclusive=sys.argv[1] == "late")
globals()[sys.argv[1]]()
app.wait()
