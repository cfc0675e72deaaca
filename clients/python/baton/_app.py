"""What a program calls."""

from __future__ import annotations

import signal
import sys
import threading

from . import _bound, _listener, _state_file
from ._calls import on_main_thread
from ._declared import Component
from ._errors import BatonError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar, overload

    import socket

    from ._declared import OnChange, Save, Start, Stop
    from ._listener import Address
    from ._participant import Participant
    from ._reload import Hot

    _T = TypeVar("_T")
    _StopFunction = TypeVar("_StopFunction", bound=Stop)
    _OnChangeFunction = TypeVar("_OnChangeFunction", bound=OnChange)
    _SaveFunction = TypeVar("_SaveFunction", bound=Save)
    _Declared = TypeVar("_Declared", bound=Callable[..., object])


class App:
    """This program's part in the handoff, made by ``join``. Any thread may call its methods."""

    def __init__(self, participant: Participant) -> None:
        self._participant = participant
        self._hot: Hot | None = None

    @property
    def generation(self) -> int:
        """Number of this run under baton, from 1 on; 1 without baton."""
        return self._participant.generation

    @property
    def changed(self) -> tuple[str, ...]:
        """Changed paths behind this start, relative to the working directory."""
        return self._participant.changed

    def restore(self, default: _T) -> _T:
        """Return the state the last generation saved, or ``default`` where there is none.

        This is the barrier: beside a live generation it returns only when that one has saved its
        state and is gone. Import and prepare before it; bind ports and start threads after it.
        Where components save, the state is one object with a key a component:
        ``state.get("queue")``.

        Call it once, before ``ready``. Raises ``BatonError`` if the state cannot be read; baton
        keeps it.
        """
        part = self._participant
        if part.pipe is None:
            return default
        if part.said is not None:
            raise BatonError("Cannot restore: call restore() once, before ready()")
        part.declared.has_barrier = not _bound.holds_port()
        part.at_barrier = on_main_thread()
        part.say_hello()
        part.barrier_open.wait()
        part.at_barrier = False
        if part.leaving:
            raise SystemExit(0)
        if part.state_file is None:
            return default
        state: _T = _state_file.read(part.state_file)
        return state

    def listener(
        self, name: str | None = None, default: Address | None = None
    ) -> socket.socket:
        """Return the socket that baton holds (``--listen``), and that listens already.

        Who connects while one generation hands over to the next waits in its queue, and nobody is
        refused. Call it after ``restore``. ``name`` is the port, or the file of a Unix socket; the
        first one without it. Where no socket is held, one is bound to ``default``: a port of
        127.0.0.1, ``(host, port)``, or a path.

        Raises ``BatonError`` where there is none, and ``OSError`` where ``default`` cannot be bound.
        """
        found = _listener.find(name, default)
        if self._participant.pipe is None or self._participant.barrier_open.is_set():
            found.setblocking(True)  # Whoever had it before may have left it otherwise.
        return found

    if TYPE_CHECKING:

        @overload
        def component(
            self,
            name: str,
            stop: _StopFunction,
            timeout: float = ...,
            save: Save | None = ...,
            *,
            join: Stop | None = ...,
            serves: bool = ...,
            start: Start | None = ...,
        ) -> _StopFunction: ...

        @overload
        def component(
            self,
            name: str,
            stop: None = ...,
            timeout: float = ...,
            save: Save | None = ...,
            *,
            join: Stop | None = ...,
            serves: bool = ...,
            start: Start | None = ...,
        ) -> Callable[[_StopFunction], _StopFunction]: ...

    def component(
        self,
        name: str,
        stop: _StopFunction | None = None,
        timeout: float = 5.0,
        save: Save | None = None,
        *,
        join: Stop | None = None,
        serves: bool = False,
        start: Start | None = None,
    ) -> _StopFunction | Callable[[_StopFunction], _StopFunction]:
        """Add a part of the program: how it stops, within ``timeout`` seconds, and what it saves.

        Components are stopped in reverse order of being added, and then all saved in the order in
        which they were; ``save`` returns what JSON can hold, and becomes ``state[name]``. Without
        ``stop`` the result is a decorator for the stop function; a component that only saves needs
        neither.

        With ``join`` it is told, then joined: ``stop`` only has it end (it sets an event), and
        ``join`` returns when it has. All that have one are told before the first is waited for,
        so loops that sleep end side by side. ``serves`` says that others reach the program by it:
        it goes on until everything else has ended, wherever it was added. ``start`` starts it again
        in this process, within ``timeout``: with what ``save`` returned, where there is that.

        Raises ``BatonError`` for a name that is taken or too long, and a timeout that is not
        above 0.
        """
        added = Component(name, stop, timeout, save, join, serves, start)
        self._participant.declared.add(added)
        self._declare_late()

        def set_stop(function: _StopFunction) -> _StopFunction:
            added.stop = function
            return function

        return set_stop if stop is None else stop

    if TYPE_CHECKING:

        @overload
        def on_change(self, glob: str, function: Callable[[list[str]], _T]) -> Callable[[list[str]], _T]: ...

        @overload
        def on_change(
            self, glob: str, function: None = ...
        ) -> Callable[[_OnChangeFunction], _OnChangeFunction]: ...

    def on_change(
        self, glob: str, function: _OnChangeFunction | None = None
    ) -> _OnChangeFunction | Callable[[_OnChangeFunction], _OnChangeFunction]:
        """Set what reads changed data files anew, where a rule of baton's says ``notify``. Also a decorator.

        It is called with a list of those paths, relative to the working directory, that the glob names
        (.gitignore syntax), in place of a restart. Where it raises, or is late, the program is restarted.
        """

        def set_function(function: _OnChangeFunction) -> _OnChangeFunction:
            self._participant.declared.on_change(glob, function)
            self._declare_late()
            return function

        return set_function if function is None else set_function(function)

    def recycle(self) -> None:
        """Stop every component, the last added first, and start all again in order, in this process.

        Each gets what it saved. It is what baton asks for where a rule says ``recycle``; by hand, from
        a key or a button, it works without baton, too.

        Raises ``BatonError`` where one has no ``start``, does not stop in time, or raises. Nothing is
        lost by that: what has stopped keeps what it saved, for the state and for another try.
        """
        self._participant.taking.recycle()

    def on_save(self, function: _SaveFunction) -> _SaveFunction:
        """Set what returns the whole state, as JSON can hold it. Also a decorator.

        It is called after all components have stopped, and for checkpoints while the program
        runs: then return a copy, or hold a lock where the state changes. JSON turns tuples into
        lists and the keys of a dict into strings. Where components save as well, this must be a
        dict; their keys are added.
        """
        self._participant.declared.save = function
        self._declare_late()
        return function

    def _declare_late(self) -> None:
        if self._participant.ready:
            self._participant.say_hello()

    def ready(self) -> None:
        """Say that the program serves. Nothing is saved before; again, it does nothing.

        Baton believes it, also where a server's thread has not bound its port yet: bind before, or
        start baton with ``--ready tcp:PORT``, which waits until something answers. A thread that has
        died of an exception is told of on stderr.
        """
        if not self._participant.ready:
            self._participant.get_ready()

    def checkpoint(self) -> None:
        """Save the state now, for the case that the program crashes. Outside baton it does
        nothing.

        Raises what the program's save functions raise, ``OSError`` when the state cannot be
        written, and ``BatonError`` before ``ready``, where nothing saves, or where JSON cannot hold it.
        """
        if not self._participant.ready:
            raise BatonError("Cannot save a checkpoint: call ready() first")
        self._participant.checkpoint()

    def checkpoint_every(self, seconds: float) -> None:
        """Save a checkpoint every ``seconds``, once ready; failures are shown on stderr."""
        if not seconds > 0:
            raise BatonError(f"Cannot save checkpoints every {seconds} seconds: must be above 0")
        if self._participant.pipe is not None:
            threading.Thread(
                target=self._keep_saving, args=(seconds,), name="baton-checkpoint", daemon=True
            ).start()

    def _keep_saving(self, seconds: float) -> None:
        while not self._participant.closing.wait(seconds):
            if self._participant.ready:
                try:
                    self.checkpoint()
                except Exception as error:
                    sys.excepthook(type(error), error, error.__traceback__)

    def hot(self, name: str, keep: Sequence[str] = (), of: object = None) -> None:
        """Declare an imported module to be hot: ``reload`` takes its changes in place.

        What ``keep`` names, of the object ``of`` or else of the module, is copied before a reload
        and put back after it. Raises ``BatonError`` where the module is not imported, or has no
        Python source.
        """
        hot = self._hot_modules()
        hot.declare(name, keep, of)
        self._participant.declared.reload = hot.take
        self._declare_late()

    def hot_module(
        self, keep: Sequence[str] = (), of: object = None
    ) -> Callable[[_Declared], _Declared]:
        """Declare the module hot that the decorated function or class is in: see ``hot``."""

        def declare(declared: _Declared) -> _Declared:
            self.hot(declared.__module__, keep, of)
            return declared

        return declare

    def reload(self, *names: str) -> bool:
        """Reload the hot modules that have changed, or those named, in place; all of them or none.

        The program goes on with the new code as if it had started with it: whoever holds a function
        or a class of these modules holds the new one. Where that cannot be shown, nothing is changed;
        then this is false, and ``reload_error`` says what is in the way, with file and line. So it is
        with a syntax error. Works without baton as well. Raises ``BatonError`` for a module that is not hot.
        """
        return self._hot_modules().reload(names)

    @property
    def reload_error(self) -> str | None:
        """Why the last reload did not take place; None where it did."""
        return self._hot.error if self._hot is not None else None

    def on_reload(self, function: Callable[[str | None], _T]) -> Callable[[str | None], _T]:
        """Have a function called after each reload, with ``reload_error``. Also a decorator."""
        self._hot_modules().listen(function)
        return function

    def _hot_modules(self) -> Hot:
        if self._hot is None:
            from ._reload import Hot

            self._hot = Hot()
        return self._hot

    def wait(self) -> None:
        """Block until the program is to end, then return, with every component stopped.

        Says ``ready`` if that was not said. Meanwhile stop and save functions run on this thread,
        the main one. Without baton it waits for SIGTERM or Ctrl-C. Raises ``BatonError`` on other
        threads.
        """
        if not on_main_thread():
            raise BatonError("Cannot wait on this thread: call wait() on the main thread")
        part = self._participant
        alone = part.pipe is None and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        try:
            if alone:
                signal.signal(signal.SIGTERM, lambda *_: part.calls.post(part.end))
            part.calls.wait(self.ready, self._end_once)
        finally:
            if alone:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)

    async def wait_async(self) -> None:
        """Do as ``wait`` does, in a coroutine of asyncio, trio or anyio.

        Meanwhile stop and save functions run on this loop, ``async def`` ones, too. Cancelled, it
        first has the components stopped and the state saved.
        """
        from . import _loops

        part = self._participant
        alone = part.pipe is None and on_main_thread()
        alone = alone and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        loop = part.calls.loop = _loops.current()
        try:
            if alone:
                signal.signal(signal.SIGTERM, lambda *_: part.end())
            self.ready()
            await loop.ended(self._end_once)
        finally:
            part.calls.loop = None
            if alone:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)

    def _end_once(self) -> bool:
        if self._participant.closing.is_set():
            return False
        self._participant.end()
        return True
