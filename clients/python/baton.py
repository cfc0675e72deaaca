"""Hand a running program over to its next version, together with what it knows.

A program that takes part in baton's handoff (run it with ``baton -- python app.py``)::

    import threading

    import baton

    app = baton.join()
    state = app.restore({"count": 0})  # the barrier: everything slow comes before it
    stopping = threading.Event()

    def count() -> None:
        while not stopping.wait(0.5):
            state["count"] += 1
            print(state["count"], flush=True)

    counter = threading.Thread(target=count)

    @app.component("counter", timeout=2.0)
    def stop() -> None:
        stopping.set()
        counter.join()

    app.on_save(lambda: state)
    counter.start()
    app.ready()
    app.wait()

Run without baton the same program works unchanged: ``join`` gives a stand-in, ``restore`` the
default.

Theory of operation. A daemon thread listens on the pipe that ``BATON_PIPE`` names. Asked to shut
down it stops the components, last started first, saves the state and waits for ``exit``; then it
makes the main thread leave in the ordinary way, so that ``finally`` blocks and ``atexit``
functions run. It does the same by itself when the pipe is lost (baton is gone) and on SIGTERM.
The functions the program gives run on the main thread while that is in ``wait()``, else on a
thread of their own; one that hangs is given up. A main thread that ends while this goes on, as
its server was stopped, is held until the state is handed over. ``docs/protocol.md`` describes the
messages.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import socket
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any, TypeVar, cast, overload

__all__ = ["App", "BatonError", "join"]
__version__ = "0.1.0"

_PROTOCOL = 1
_MAX_LINE_BYTES = 1_048_576
_MAX_TEXT = 4_000
_SHUTDOWN_S = 10.0  # for components and state, where baton names no deadline
_SAVE_SHARE = 0.1  # of that time, kept for saving
_CHECKPOINT_S = 5.0
_LEAVE_S = 1.0  # from `exit` to leaving by force

_T = TypeVar("_T")
_Stop = Callable[[], object]
_Save = Callable[[], Any]
_StopFunction = TypeVar("_StopFunction", bound=_Stop)
_SaveFunction = TypeVar("_SaveFunction", bound=_Save)


class BatonError(Exception):
    """What the program asked for cannot be done; the text says what, where and the next step."""


class _BadLine(Exception):
    """Baton said something that does not fit the protocol."""


class _Pipe:
    """One connection to baton: a JSON object a line, both ways."""

    def __init__(self, address: str) -> None:
        self._sending = threading.Lock()
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            self._socket.connect(address)
        except OSError as error:
            self._socket.close()
            raise BatonError(
                f'Cannot reach baton at "{address}" (BATON_PIPE): {error.strerror or error}; '
                "start the program under baton, or unset BATON_PIPE to run it alone"
            ) from error

    def send(self, kind: str, /, **fields: object) -> None:
        """A lost pipe is no error here: ``messages`` ends, and that is acted on."""
        line = json.dumps({"type": kind, **fields}, separators=(",", ":")) + "\n"
        with self._sending:
            try:
                self._socket.sendall(line.encode())
            except OSError:
                self.hang_up()

    def messages(self) -> Iterator[dict[str, Any]]:
        """Ends where the pipe does. Raises ``_BadLine``."""
        buffer = bytearray()
        while True:
            end = buffer.find(b"\n")
            if max(end, len(buffer) if end < 0 else 0) >= _MAX_LINE_BYTES:
                raise _BadLine(f"Line is longer than {_MAX_LINE_BYTES} bytes")
            if end >= 0:
                line = bytes(buffer[:end])
                del buffer[: end + 1]
                yield _decode(line)
                continue
            try:
                chunk = self._socket.recv(65_536)
            except ConnectionError:
                return
            if not chunk:
                return
            buffer += chunk

    def hang_up(self) -> None:
        """Ends ``messages``; sending goes on. Takes no lock: signal handlers call it."""
        try:
            self._socket.shutdown(socket.SHUT_RD)
        except OSError:
            return  # Not connected any more, so `messages` has ended.

    def close(self) -> None:
        self._socket.close()


def _decode(line: bytes) -> dict[str, Any]:
    try:
        message = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise _BadLine(f"Line is not JSON in UTF-8: {error}") from error
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise _BadLine('Line is not an object with a "type"')
    return message


def _field(message: dict[str, Any], key: str, *kinds: type) -> Any:
    value = message.get(key)
    if not isinstance(value, kinds):
        raise _BadLine(f'"{message["type"]}" has no valid "{key}"')
    return value


class _Call:
    """A function of the program, called on some thread, with its outcome."""

    def __init__(self, function: _Stop) -> None:
        self._function = function
        self.done = threading.Event()
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self._function()
        except BaseException as error:
            self.error = error
            if not isinstance(error, Exception):
                raise
        finally:
            self.done.set()


def _without_exit(stop: _Stop) -> _Stop:
    """Of a stop function that ends in ``sys.exit``: the program is on its way out already."""

    def stopped() -> object:
        try:
            return stop()
        except SystemExit:
            return None

    return stopped


class _Component:
    def __init__(self, name: str, stop: _Stop | None, timeout: float, save: _Save | None) -> None:
        if not 1 <= len(name) <= 200:
            raise BatonError(f'Cannot add component "{name}": a name has 1 to 200 characters')
        if not 0 < timeout < float("inf"):
            raise BatonError(
                f'Cannot add component "{name}": timeout is {timeout}, must be above 0 seconds'
            )
        self.name = name
        self.stop = stop
        self.timeout = timeout
        self.save = save


class App:
    """This program's part in the handoff, made by ``join``. Any thread may call its methods."""

    def __init__(self, pipe: _Pipe | None, exclusive: bool) -> None:
        #: Number of this run under baton, from 1 on; 1 without baton.
        self.generation = int(os.environ.get("BATON_GENERATION", "1"))
        changed = os.environ.get("BATON_CHANGED")
        #: Changed paths behind this start, relative to the working directory.
        self.changed: tuple[str, ...] = tuple(changed.split("\n")) if changed else ()
        self._pipe = pipe
        self._exclusive = exclusive
        self._has_barrier = False
        self._out = os.environ.get("BATON_STATE_OUT")
        self._components: list[_Component] = []
        self._save_all: _Save | None = None
        self._saving = threading.Lock()
        self._said: dict[str, object] | None = None  # what the last hello declared
        self._state_file: str | None = None
        self._barrier_open = threading.Event()
        self._at_barrier = False  # the main thread is in restore()
        self._ready = False
        self._closing = threading.Event()
        self._asked = False  # baton waits for the state
        self._hurried = False  # SIGTERM came meanwhile
        self._waiting = False  # the main thread is in wait()
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._bell: socket.socket | None = None  # wakes wait()
        self._saved = threading.Event()  # the program may end, or must
        self._leaving = False
        self._interrupted = False  # the main thread, to leave
        self._handed_over = False  # baton said `exit`

    def restore(self, default: _T) -> _T:
        """Return the state the last generation saved, or ``default`` where there is none.

        This is the barrier: beside a live generation it returns only when that one has saved its
        state and is gone. Import and prepare before it; bind ports and start threads after it.
        Where components save, the state is one object with a key a component:
        ``state.get("queue")``.

        Call it once, before ``ready``. Raises ``BatonError`` if the state cannot be read; baton
        keeps it.
        """
        if self._pipe is None:
            return default
        if self._said is not None:
            raise BatonError("Cannot restore: call restore() once, before ready()")
        self._has_barrier = True
        self._at_barrier = threading.current_thread() is threading.main_thread()
        self._say_hello(self._pipe)
        import hashlib  # noqa: F401  Saving needs it; loaded here, it costs no dark time.

        self._barrier_open.wait()
        self._at_barrier = False
        if self._leaving:
            raise SystemExit(0)
        if self._state_file is None:
            return default
        try:
            with open(self._state_file, "rb") as file:
                return cast(_T, json.load(file))
        except (OSError, ValueError) as error:
            raise BatonError(
                f'Cannot read the state "{self._state_file}": {error}; '
                "baton keeps it, --fresh starts without it"
            ) from error

    @overload
    def component(
        self, name: str, stop: _StopFunction, timeout: float = ..., save: _Save | None = ...
    ) -> _StopFunction: ...

    @overload
    def component(
        self, name: str, stop: None = ..., timeout: float = ..., save: _Save | None = ...
    ) -> Callable[[_StopFunction], _StopFunction]: ...

    def component(
        self,
        name: str,
        stop: _StopFunction | None = None,
        timeout: float = 5.0,
        save: _Save | None = None,
    ) -> _StopFunction | Callable[[_StopFunction], _StopFunction]:
        """Add a part of the program: how it stops, within ``timeout`` seconds, and what it saves.

        Components are stopped in reverse order of being added, and then all saved in that order;
        ``save`` returns what JSON can hold, and becomes ``state[name]``. Without ``stop`` the
        result is a decorator for the stop function; a component that only saves needs neither.

        Raises ``BatonError`` for a name that is taken or too long, and a timeout that is not
        above 0.
        """
        if any(name == other.name for other in self._components):
            raise BatonError(f'Cannot add component "{name}": there is one of that name')
        added = _Component(name, stop, timeout, save)
        self._components.append(added)
        self._declare_late()

        def set_stop(function: _StopFunction) -> _StopFunction:
            added.stop = function
            return function

        return set_stop if stop is None else stop

    def on_save(self, function: _SaveFunction) -> _SaveFunction:
        """Set what returns the whole state, as JSON can hold it. Also a decorator.

        It is called after all components have stopped, and for checkpoints while the program
        runs: then return a copy, or hold a lock where the state changes. JSON turns tuples into
        lists and the keys of a dict into strings. Where components save as well, this must be a
        dict; their keys are added.
        """
        self._save_all = function
        self._declare_late()
        return function

    def ready(self) -> None:
        """Say that the program serves. Nothing is saved before; again, it does nothing."""
        if self._ready:
            return
        self._ready = True
        if self._pipe is not None:
            if self._said != self._declared():
                self._say_hello(self._pipe)
            self._pipe.send("ready")

    def checkpoint(self) -> None:
        """Save the state now, for the case that the program crashes. Outside baton it does
        nothing.

        Raises what the program's save functions raise, ``OSError`` when the state cannot be
        written, and ``BatonError`` before ``ready`` or where nothing saves.
        """
        if not self._ready:
            raise BatonError("Cannot save a checkpoint: call ready() first")
        if self._pipe is not None and self._out is not None:
            saved = self._checkpoint(self._out)
            if saved:
                self._pipe.send("saved", kind="checkpoint", **saved)

    def checkpoint_every(self, seconds: float) -> None:
        """Save a checkpoint every ``seconds``, once ready; failures are shown on stderr."""
        if not seconds > 0:
            raise BatonError(f"Cannot save checkpoints every {seconds} seconds: must be above 0")
        if self._pipe is not None:
            threading.Thread(
                target=self._keep_saving, args=(seconds,), name="baton-checkpoint", daemon=True
            ).start()

    def wait(self) -> None:
        """Block until the program is to end, then return, with every component stopped.

        Says ``ready`` if that was not said. Meanwhile stop and save functions run on this thread,
        the main one. Without baton it waits for SIGTERM or Ctrl-C. Raises ``BatonError`` on other
        threads.
        """
        if threading.current_thread() is not threading.main_thread():
            raise BatonError("Cannot wait on this thread: call wait() on the main thread")
        self.ready()
        alone = self._pipe is None and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        # A lock is not left for a signal that another thread took; a socket that it rings is.
        waiter, bell = socket.socketpair()
        bell.setblocking(False)
        before = signal.set_wakeup_fd(bell.fileno(), warn_on_full_buffer=False)
        self._bell = bell
        self._waiting = True
        try:
            if alone:
                signal.signal(signal.SIGTERM, lambda *_: self._call(self._end))
            while True:
                try:
                    waiter.recv(4_096)
                    while not self._calls.empty():
                        call = self._calls.get()
                        if call is None:
                            return
                        call()
                except KeyboardInterrupt:
                    if self._closing.is_set():
                        raise
                    self._end()
        finally:
            self._waiting = False
            self._bell = None
            signal.set_wakeup_fd(before)
            bell.close()
            waiter.close()
            if alone:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)

    def _call(self, call: Callable[[], None] | None) -> None:
        """Has ``wait`` call it on the main thread, or return. Signal handlers may call this."""
        self._calls.put(call)
        bell = self._bell
        try:
            if bell is not None:
                bell.send(b"\0")
        except OSError:
            return  # Full, so it has been rung; or closed, so nobody waits.

    # The hello and the barrier

    def _declared(self) -> dict[str, object]:
        saves = self._save_all is not None or any(each.save for each in self._components)
        capabilities = {
            "handoff": self._has_barrier, "checkpoint": saves, "exclusive": self._exclusive
        }
        return {
            "capabilities": [name for name, offered in capabilities.items() if offered],
            "components": [
                {"name": each.name, "timeoutMs": max(1, round(each.timeout * 1000))}
                for each in self._components
            ],
        }

    def _declare_late(self) -> None:
        if self._ready and self._pipe is not None and self._said != self._declared():
            self._say_hello(self._pipe)

    def _say_hello(self, pipe: _Pipe) -> None:
        self._said = self._declared()
        pipe.send(
            "hello",
            protocol=_PROTOCOL,
            pid=os.getpid(),
            client=f"baton-python/{__version__}",
            **self._said,
        )

    # The listening thread

    def _listen(self, pipe: _Pipe) -> None:
        try:
            for message in pipe.messages():
                if message["type"] == "exit":
                    self._handed_over = True
                    return
                self._obey(pipe, message)
                if self._hurried:
                    return
        except _BadLine as problem:
            pipe.send("error", message=str(problem)[:_MAX_TEXT])
        except Exception as error:
            sys.excepthook(type(error), error, error.__traceback__)
        finally:
            if not self._handed_over:
                self._shut_down(self._out, _SHUTDOWN_S, alone=True)
            self._leave()

    def _obey(self, pipe: _Pipe, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "start":
            self.generation = _field(message, "generation", int)
            self.changed = tuple(_field(message, "changed", list))
            self._state_file = _field(message, "stateFile", str, type(None))
            self._barrier_open.set()
        elif kind == "shutdown" and self._closing.is_set():
            pipe.send("error", message="The program is shutting down already")
        elif kind == "shutdown":
            self._asked = True
            self._shut_down(
                _field(message, "out", str),
                _field(message, "deadlineMs", int, float) / 1000,
                alone=False,
            )
            self._asked = False
        elif kind == "checkpoint":
            self._answer_checkpoint(pipe, _field(message, "out", str))
        elif kind == "error":
            sys.stderr.write(f"baton: {message.get('message')}\n")
        else:
            pipe.send("error", message=f'Unknown message type "{kind[:200]}"')

    def _answer_checkpoint(self, pipe: _Pipe, out: str) -> None:
        saved: dict[str, object] = {}
        why = self._run_save(lambda: saved.update(self._checkpoint(out)), _CHECKPOINT_S)
        if why:
            pipe.send("refused", why=why)
        elif saved:
            pipe.send("saved", kind="checkpoint", **saved)

    def _shut_down(self, out: str | None, within: float, *, alone: bool) -> None:
        """Stops the components, last started first, and saves to ``out``; only once.

        Baton syncs what it takes, once nobody waits for the disk; ``alone`` says that it is gone.
        """
        if self._closing.is_set():
            return
        self._closing.set()
        deadline = time.monotonic() + within
        atexit.register(self._hold, within + _LEAVE_S)  # Called before those registered till now.
        for component in reversed(self._components):
            if component.stop is not None:
                self._stop(component, component.stop, deadline - within * _SAVE_SHARE)
        if self._pipe is None or out is None:
            return
        saved: dict[str, object] = {}

        def save() -> None:
            with self._saving:
                saved.update(self._save(out, sync=alone))

        why = self._run_save(save, deadline - time.monotonic())
        if why:
            self._pipe.send("refused", why=why)
        else:
            self._pipe.send("saved", kind="final", **saved)

    def _stop(self, component: _Component, stop: _Stop, until: float) -> None:
        began = time.monotonic()
        self._tell("stopping", component=component.name)
        error = self._run(_without_exit(stop), min(component.timeout, until - began))
        if not error:
            elapsed = (time.monotonic() - began) * 1000
            self._tell("stopped", component=component.name, elapsedMs=round(elapsed, 3))
        elif self._pipe is None:
            sys.stderr.write(f'baton: component "{component.name}" failed to stop: {error}\n')
        else:
            self._pipe.send("failed", component=component.name, error=error)

    def _tell(self, kind: str, /, **fields: object) -> None:
        if self._pipe is not None:
            self._pipe.send(kind, **fields)

    def _run_save(self, save: _Stop, timeout: float) -> str:
        if not self._ready:
            return "The program was not ready: it has not called ready()"
        return self._run(save, timeout)

    def _run(self, function: _Stop, timeout: float) -> str:
        """Calls a function of the program and says what went wrong, or "". Gives up a late one."""
        timeout = max(timeout, 0)
        call = _Call(function)
        on_main = self._waiting
        if on_main:
            self._call(call.run)
        else:
            thread = threading.Thread(target=call.run, name="baton-call", daemon=True)
            try:
                thread.start()
            except RuntimeError:  # From Python 3.12 on none starts once the main one has returned.
                thread.run()
        if not call.done.wait(timeout):
            if on_main:
                self._waiting = False  # It hangs with the function; the next ones run elsewhere.
            return f"No end after {timeout * 1000:.0f} ms"
        if call.error is None:
            return ""
        sys.excepthook(type(call.error), call.error, call.error.__traceback__)
        return f"{type(call.error).__name__}: {call.error}"[:_MAX_TEXT]

    # The state

    def _save(self, out: str, *, sync: bool) -> dict[str, object]:
        import hashlib

        parts = {each.name: each.save() for each in self._components if each.save is not None}
        if self._save_all is None and not parts:
            raise BatonError("Nothing saves: call on_save(), or give a component a save function")
        state = parts if self._save_all is None else self._save_all()
        if self._save_all is not None and parts:
            if not isinstance(state, dict):
                raise BatonError(
                    "The function of on_save() must return a dict where components save, too"
                )
            state = {**state, **parts}
        data = json.dumps(state, separators=(",", ":")).encode()
        _write_atomically(out, data, sync)
        return {
            "bytes": len(data),
            "sha256": hashlib.sha256(data, usedforsecurity=False).hexdigest(),
        }

    def _checkpoint(self, out: str) -> dict[str, object]:
        """Empty where the end has begun: the final state must stay the last one."""
        with self._saving:
            return {} if self._closing.is_set() else self._save(out, sync=False)

    def _keep_saving(self, seconds: float) -> None:
        while not self._closing.wait(seconds):
            if self._ready:
                try:
                    self.checkpoint()
                except Exception as error:
                    sys.excepthook(type(error), error, error.__traceback__)

    # The end

    def _end(self) -> None:
        """Ends the program from its own side: on a stop signal."""
        if self._pipe is not None:
            self._pipe.hang_up()
        else:
            threading.Thread(target=self._end_alone, name="baton-end", daemon=True).start()

    def _end_alone(self) -> None:
        self._shut_down(None, _SHUTDOWN_S, alone=True)
        self._let_go()
        self._call(None)

    def _on_sigterm(self, *_: object) -> None:
        if self._leaving:
            if not self._interrupted:
                self._interrupted = True
                raise SystemExit(0)
        elif self._asked:
            self._hurried = True  # What is being done has a deadline.
        elif not self._ready or self._closing.is_set():
            self._saved.set()
            if threading.main_thread().is_alive():
                raise SystemExit(128 + signal.SIGTERM)
        else:
            self._end()

    def _hold(self, within: float) -> None:
        """Keeps a main thread that has returned from ending the program before it has saved."""
        if self._pipe is not None:
            self._saved.wait(within)

    def _leave(self) -> None:
        """Makes the main thread end the program; does it by force where that takes too long."""
        self._leaving = True
        self._saved.set()
        if self._handed_over and hasattr(gc, "callbacks"):
            gc.callbacks.append(_before_teardown)
            if not gc.isenabled():
                gc.set_threshold(0)  # None before that last one.
                gc.enable()
        self._let_go()
        deadline = time.monotonic() + _LEAVE_S
        main = threading.main_thread()
        if self._waiting:
            self._call(None)
        elif self._at_barrier:
            self._barrier_open.set()
        else:
            self._interrupt(main, deadline)
        time.sleep(max(0.0, deadline - time.monotonic()))
        sys.stderr.write(
            f"baton: process {os.getpid()} did not leave in {_LEAVE_S:g} s: {_holdup(main)}\n"
        )
        sys.stderr.flush()
        os._exit(0)

    def _let_go(self) -> None:
        """For threads that outlive the teardown: what they refer to would never be finalized."""
        self._components.clear()
        self._save_all = None

    def _interrupt(self, main: threading.Thread, deadline: float) -> None:
        """Has the main thread call its SIGTERM handler, whatever it waits for."""
        handler = signal.getsignal(signal.SIGTERM)
        pause_s = 0.002
        while callable(handler) and main.is_alive() and main.ident is not None:
            signal.pthread_kill(main.ident, signal.SIGTERM)
            # A signal just before the thread blocks goes unnoticed until the next. Ours can take
            # more than one; to a handler of the program's own a second may mean to hurry.
            time.sleep(pause_s)
            pause_s *= 2
            if self._interrupted or handler != self._on_sigterm or time.monotonic() > deadline:
                return

    def _forget(self) -> None:
        """Turns into a stand-in, in a forked child: the pipe is its parent's."""
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
            if signal.getsignal(signal.SIGTERM) == self._on_sigterm:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _write_atomically(path: str, data: bytes, sync: bool) -> None:
    beside = f"{path}.{os.getpid()}.tmp"
    try:
        with open(
            os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb", buffering=0
        ) as file:
            view = memoryview(data)
            while view:
                view = view[file.write(view) :]
            if sync:
                os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError:
        if os.path.exists(beside):
            os.unlink(beside)
        raise


def _holdup(main: threading.Thread) -> str:
    """Where the program is, in place of having left."""
    if main.is_alive():
        frame = sys._current_frames().get(main.ident or 0)
        if frame is not None:
            return f'the main thread is in "{frame.f_code.co_filename}", line {frame.f_lineno}'
    names = [
        f'"{each.name}"' for each in threading.enumerate() if not each.daemon and each is not main
    ]
    if names:
        return f"the program waits for thread {', '.join(names)}"
    return "an exit function hangs"


def _before_teardown(_phase: str, _info: object) -> None:
    """Leaves without tearing the interpreter down: that would be most of a handoff's dark time.

    Python collects garbage once more when every exit function has returned and the standard
    streams are flushed, before it takes anything apart; this is called then. A file that is still
    open may count on the teardown to be written or removed; an error, on its exit status.
    """
    if not sys.is_finalizing() or hasattr(sys, "last_type"):
        return
    for name in os.listdir("/dev/fd"):
        try:
            if int(name) > 2 and stat.S_ISREG(os.fstat(int(name)).st_mode):
                return
        except OSError:
            continue  # The descriptor of the listing itself.
    os._exit(0)


_app: App | None = None


def join(*, exclusive: bool = False) -> App:
    """Take part in baton's handoff; without baton, get a stand-in that works alone.

    Call it on the main thread. ``exclusive`` says that two generations must never run at once
    (memory, a device): then the next one starts only after this one has gone. Later calls return
    the same object, whatever they ask for; a forked child that calls it joins on its own.

    Where SIGTERM has its default action, it is set to end the program gracefully; a handler of
    the program's own stays, and must end the program. Raises ``BatonError`` if baton cannot be
    reached.
    """
    global _app
    if _app is None:
        address = os.environ.get("BATON_PIPE")
        pipe = _Pipe(address) if address and hasattr(socket, "AF_UNIX") else None
        _app = App(pipe, exclusive)
        if pipe is not None:
            in_main = threading.current_thread() is threading.main_thread()
            if in_main and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
                signal.signal(signal.SIGTERM, _app._on_sigterm)
            threading.Thread(target=_app._listen, args=(pipe,), name="baton", daemon=True).start()
    return _app


def _after_fork_in_child() -> None:
    global _app
    if _app is not None:
        _app._forget()
        _app = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
