"""The program's side of a handoff: it hears what baton asks for, on a thread of its own, and does it."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
import time

from . import _leaving, _state_file, _stopping, _teardown
from ._calls import Calls, drive, drop_unread_output, outcome
from ._deaths import Deaths
from ._declared import Declared
from ._taking import Taking
from ._pipe import BadLine, Pipe, cut, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._declared import Stop

__version__ = "0.1.0"

_PROTOCOL = 1

#: Whether anything was said to baton: `standby/learn.py` notes imports until then.
greeted = False

_SHUTDOWN_S = 10.0  # for components and state, where baton names no deadline
_CHECKPOINT_S = 9.0  # baton waits 10 s for it
_GONE_S = 0.2  # until nothing of it is left
_REST_S = (0.5, 1.0, 2.0, 4.0)  # for how long it is waited, in turn, until the program does nothing
_RESTS_SHARE = 0.01  # of a processor, in that time


class Participant:
    def __init__(self, pipe: Pipe | None, exclusive: bool) -> None:
        self.generation = int(os.environ.get("BATON_GENERATION", "1"))
        changed = os.environ.get("BATON_CHANGED")
        self.changed: tuple[str, ...] = tuple(changed.split("\n")) if changed else ()
        self.pipe = pipe
        self.calls = Calls()
        self.deaths = Deaths()
        self.declared = Declared(exclusive)
        self.taking = Taking(self.declared, self.calls, self._call_stop, self._tell)
        self.out = os.environ.get("BATON_STATE_OUT")
        self.said: dict[str, object] | None = None  # by the last hello
        self.state_file: str | None = None
        self.barrier_open = threading.Event()
        self.at_barrier = False  # the main thread is in restore()
        self.ready = False
        self.closing = threading.Event()
        self.leaving = False
        self._saving = threading.Lock()
        self._asked = False  # baton waits for the state
        self._hurried = False  # SIGTERM came meanwhile
        self._saved = threading.Event()  # the program may end, or must
        self._interruption = _leaving.Interruption()

    def say_hello(self) -> None:
        """Unless that would say what the last one said."""
        global greeted
        greeted = True
        declared = self.declared.hello()
        if self.said != declared:
            self.said = declared
            client = f"baton-python/{__version__}"
            self._tell("hello", protocol=_PROTOCOL, pid=os.getpid(), client=client, **declared)

    def get_ready(self) -> None:
        self.ready = True
        self.say_hello()
        self._tell("ready")
        self.deaths.tell()

    def listen(self) -> None:
        pipe = self.pipe
        assert pipe is not None
        handed_over = False
        try:
            for message in pipe.messages(self._rest):
                if message["type"] == "exit":
                    handed_over = True
                    return
                self._obey(pipe, message)
                if self._hurried:
                    return
        except BadLine as problem:
            pipe.send("error", message=cut(str(problem)))
        except Exception as error:
            sys.excepthook(type(error), error, error.__traceback__)
        finally:
            if not handed_over:
                if pipe.is_gone():  # Who reads what is printed is closed a moment after its end of this.
                    drop_unread_output(_GONE_S)
                self._shut_down(self.out, _SHUTDOWN_S, alone=True)
            self._leave(handed_over)

    def _rest(self) -> None:
        """Does ahead what the end of the program would take time for. Later, nothing wakes the process for it."""
        pipe = self.pipe
        for wait_s in () if _teardown.is_prepared() else _REST_S:
            used_s = time.process_time()
            if pipe is None or not pipe.is_quiet(wait_s):
                return
            if self.ready and time.process_time() - used_s < wait_s * _RESTS_SHARE:
                return _teardown.look_at_rest()

    def _obey(self, pipe: Pipe, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "start":
            self.generation = field(message, "generation", int)
            self.changed = tuple(field(message, "changed", list))
            self.state_file = field(message, "stateFile", str, type(None))
            if "out" in message:
                self.out = field(message, "out", str)
            self.barrier_open.set()
        elif kind == "shutdown" and self.closing.is_set():
            pipe.send("error", message="The program is shutting down already")
        elif kind == "shutdown":
            self._asked = True
            self._shut_down(
                field(message, "out", str),
                field(message, "deadlineMs", int, float) / 1000,
                alone=False,
            )
            self._asked = False
            if not _teardown.is_prepared():
                _teardown.prepare()
        elif kind == "checkpoint":
            out: str = field(message, "out", str)
            if self._save("checkpoint", out, _CHECKPOINT_S, sync=False):
                _teardown.prepare()  # A handoff comes next; here, it costs no dark time.
        elif kind in ("changed", "reload", "recycle"):
            self.taking.take(message)
        elif kind == "error":
            sys.stderr.write(f"baton: {message.get('message')}\n")
        else:
            pipe.send("error", message=f'Unknown message type "{kind[:200]}"')

    def _shut_down(self, out: str | None, within: float, *, alone: bool) -> None:
        """Stops the components and saves to ``out``; only once.

        Baton syncs what it takes, once nobody waits for the disk; ``alone`` says that it is gone.
        """
        if self.closing.is_set():
            return
        self.closing.set()
        deadline = time.monotonic() + within
        # Called before those registered till now.
        atexit.register(self._hold, within + _leaving.LEAVE_S)
        self.taking.end(within)
        _stopping.stop(self.declared.running(), within, self._call_stop, self._tell_or_show)
        if self.pipe is not None and out is not None:
            # Where a signal has stopped the process meanwhile its own time is over, and baton gives it anew.
            left = max(deadline - time.monotonic(), _stopping.for_saving(within))
            self._save("final", out, left, sync=alone)

    def _call_stop(self, function: Stop, within: float, in_words: str) -> str:
        return self.calls.run(self._without_exit(function), within, in_words)

    def _tell_or_show(self, kind: str, /, **fields: object) -> None:
        """Without baton a failure is for people."""
        if kind == "failed" and self.pipe is None:
            sys.stderr.write(
                f'baton: component "{fields["component"]}" failed to stop: {fields["error"]}\n'
            )
        self._tell(kind, **fields)

    def _without_exit(self, stop: Stop) -> Stop:
        """Of a stop function that ends in ``sys.exit``: the program is on its way out already."""

        async def stopped() -> object:
            try:
                return await outcome(stop())
            except SystemExit:
                if self.leaving:
                    raise  # It hung, and this makes an end of it.
                return None

        return stopped

    def _tell(self, kind: str, /, **fields: object) -> None:
        if self.pipe is not None:
            self.pipe.send(kind, **fields)

    def _save(self, kind: str, out: str, within: float, *, sync: bool) -> bool:
        """Saves where the program's functions belong, and says and returns how that went."""
        if not self.ready:
            self._tell("refused", why="The program was not ready: it has not called ready()")
            return False
        saved: dict[str, object] = {}

        async def save() -> None:
            saved.update(await self._put(kind, out, sync))

        why = self.calls.run(save, within)
        if why and sync and drop_unread_output(0):  # Who reads what it prints went just then.
            return self._save(kind, out, within, sync=sync)
        if why:
            self._tell("refused", why=why)
        elif saved:
            self._tell("saved", kind=kind, **saved)
        return not why

    def checkpoint(self) -> None:
        """On this thread. Raises what is in its way."""
        if self.pipe is not None and self.out is not None:
            saved = drive(self._put("checkpoint", self.out, sync=False))
            if saved:
                self._tell("saved", kind="checkpoint", **saved)

    async def _put(self, kind: str, out: str, sync: bool) -> dict[str, object]:
        with self._saving:
            if kind == "checkpoint" and self.closing.is_set():
                return {}  # The final state must stay the last one.
            return _state_file.write(out, await self.declared.collect(), sync=sync)

    def end(self) -> None:
        """Ends the program from its own side: on a stop signal."""
        if self.pipe is not None:
            self.pipe.hang_up()
        else:
            threading.Thread(target=self._end_alone, name="baton-end", daemon=True).start()

    def _end_alone(self) -> None:
        self._shut_down(None, _SHUTDOWN_S, alone=True)
        self.declared.let_go()
        self.calls.post(None)

    def on_sigterm(self, *_: object) -> None:
        if self.leaving:
            self._interruption.on_sigterm()
        elif self._asked:
            self._hurried = True  # What is being done has a deadline.
        elif not self.ready or self.closing.is_set():
            self._saved.set()
            if threading.main_thread().is_alive():
                raise SystemExit(128 + signal.SIGTERM)
        else:
            self.end()

    def _hold(self, within: float) -> None:
        """Keeps a main thread that has returned from ending the program before it has saved."""
        if self.pipe is not None:
            self._saved.wait(within)

    def _leave(self, handed_over: bool) -> None:
        """Makes the main thread end the program; does it by force where that takes too long."""
        self.leaving = True
        self.deaths.end()
        self._saved.set()
        if handed_over:
            _teardown.skip()
        else:
            _teardown.keep()
        self.declared.let_go()
        deadline = time.monotonic() + _leaving.LEAVE_S
        main_waits = self.calls.main_waits or self.calls.loop is not None
        self.calls.post(None)
        if self.at_barrier:
            self.barrier_open.set()
        elif not main_waits:
            self._interruption.send(self.on_sigterm, deadline)
        _leaving.by_force(deadline)

    def forget(self) -> None:
        """Turns into a stand-in, in a forked child: the pipe is its parent's."""
        if self.pipe is not None:
            self.pipe.close()
            self.pipe = None
            self.deaths.end()
            if signal.getsignal(signal.SIGTERM) == self.on_sigterm:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
