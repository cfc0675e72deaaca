"""Runs one program for programs.py: host.py PROGRAM WAY ADDRESS STATE. Answers `ask` and `reload` on a socket.

Where baton has it take a change by itself, it tells when that is done.
"""

import importlib
import json
import os
import socket
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "replay"), os.path.join(HERE, "programs"), os.getcwd()]
sys.path.append(os.path.join(HERE, *[".."] * 2, "clients", "python"))
sys.dont_write_bytecode = True

import tools  # noqa: E402


class Kept(tools.Plain):
    """No way to reload at all: who restarts the program does it from outside."""

    def reload(self, changed):
        return None


class BatonReload(Kept):
    """A save is taken by `--rule MODULE.py=reload`."""


class BatonRecycle(Kept):
    """By `--rule MODULE.py=recycle`: the program is one component, which is started again with the code that is new."""


class Execv(Kept):
    def reload(self, changed):
        os.execv(sys.executable, [sys.executable, *sys.argv])


class LokyKilled(Kept):
    """`get_reusable_executor(kill_workers=True)`, with the arguments that it has."""

    def reload(self, changed):
        from loky import get_reusable_executor

        get_reusable_executor(max_workers=1, timeout=60, kill_workers=True)


class LokyNew(Kept):
    """`get_reusable_executor(reuse=False)`"""

    def reload(self, changed):
        from loky import get_reusable_executor

        get_reusable_executor(max_workers=1, timeout=60, reuse=False, kill_workers=True)


def executor():
    from loky import get_reusable_executor

    return get_reusable_executor(max_workers=1, timeout=60)


def main(name, way, address, state):
    own = {each.__name__: each for each in (Kept, BatonReload, BatonRecycle, Execv, LokyKilled, LokyNew)}
    reloader = (own.get(way) or getattr(tools, way))()
    program_of = importlib.import_module(name)
    reloader.before(os.getcwd())
    app = None
    if way in ("Kept", "BatonReload", "BatonRecycle"):
        import baton

        app = baton.join()
    steps = app.restore(0) if app else int(open(state).read()) if os.path.exists(state) else 0
    program = reloader.load(lambda: program_of.Program(executor))
    reloader.ready([program_of.EDITED])
    line = socket.socket(socket.AF_UNIX)
    line.connect(address)
    said = line.makefile("rw")

    def tell(**fields):
        print(json.dumps(fields), file=said, flush=True)

    def start():
        nonlocal program
        if not app.reload():
            tell(told=app.reload_error)
            raise RuntimeError(app.reload_error)
        program = program_of.Program(executor)
        tell(told=None)

    if way == "BatonReload":
        app.hot(program_of.EDITED)
        app.on_reload(lambda error: tell(told=error))
    if way == "BatonRecycle":
        app.hot(program_of.EDITED)
        app.component("program", lambda: program.stop(), start=start)
    elif app:
        app.component("program", lambda: program.stop())
    if app:
        app.on_save(lambda: steps)
        app.ready()
    tell(steps=steps, pid=os.getpid())
    for asked in said:
        if asked == "ask\n":
            steps += 1
            tell(answer=program.ask(), steps=steps)
        else:
            with open(state, "w") as file:
                file.write(str(steps))
            told = reloader.reload([asked.split(" ", 1)[1].strip()])
            tell(told=told)


if __name__ == "__main__":
    main(*sys.argv[1:])
