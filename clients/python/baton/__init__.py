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

    app.component("counter", stopping.set, join=counter.join, timeout=2.0)
    app.on_save(lambda: state)
    counter.start()
    app.wait()

Run without baton the same program works unchanged: ``join`` gives a stand-in, ``restore`` the
default.

Theory of operation. A daemon thread listens on the pipe that ``BATON_PIPE`` names. Asked to shut
down it stops the components, saves the state and waits for ``exit``; then it makes the main thread
leave in the ordinary way, so that ``finally`` blocks and ``atexit`` functions run. It does the
same by itself when the pipe is lost (baton is gone) and on SIGTERM. The functions the program
gives run on the main thread while that is in ``wait()``, else on a thread of their own; one that
hangs is given up. A main thread that ends while this goes on, as its server was stopped, is held
until the state is handed over. ``docs/protocol.md`` describes the messages.

A file a concept: ``_app`` is what a program calls, ``_participant`` the listening thread, ``_pipe``
its connection; ``_declared`` holds what the program declares, ``_calls`` runs its functions and
``_stopping`` says in which order, ``_taking`` does what needs no restart (``_globs`` what it is for), ``_deaths`` notes threads that are missing, ``_listener`` finds
the sockets that baton holds, ``_state_file`` reads and writes, and ``_leaving`` and ``_teardown``
see to the end. ``_loops`` is for async programs; ``_framework``, ``_asgi``, ``_wsgi`` and ``_worker`` are loaded
where they are called: ``_requests`` is for servers that speak no lifespan. ``_bound`` says whether another could be
started beside it.
"""

from __future__ import annotations

import os
import signal
import socket
import threading

from ._app import App
from ._calls import on_main_thread
from ._errors import BatonError
from ._participant import Participant, __version__
from ._pipe import Pipe

__all__ = ["App", "BatonError", "__version__", "asgi", "join", "worker", "wsgi"]

App.__module__ = __name__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    _A = TypeVar("_A")

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
        pipe = Pipe(address) if address and hasattr(socket, "AF_UNIX") else None
        participant = Participant(pipe, exclusive)
        _app = App(participant)
        if pipe is not None:
            if on_main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
                signal.signal(signal.SIGTERM, participant.on_sigterm)
            participant.deaths.watch()
            threading.Thread(target=participant.listen, name="baton", daemon=True).start()
    return _app


def asgi(application: _A, state: dict[str, Any] | list[Any] | None = None) -> _A:
    """Put what an ASGI server runs (uvicorn, or gunicorn with its worker) under baton.

    ``app = baton.asgi(app, state)``, where the module ends, is all that FastAPI or Starlette need:
    ``state`` is filled with what was saved, the program says ``ready`` when it serves, and at a
    handoff the server first answers what is under way; only then is the state saved. Components
    and save functions run on its loop, and may be ``async def``. Without ``state``, call
    ``restore`` and ``on_save`` of ``join()`` as ever.
    """
    from . import _asgi, _framework

    app = join()
    if app._participant.pipe is not None:
        _asgi.load_ahead()
    if state is not None:
        _framework.restore_into(app, state)
    wrapped: _A = _asgi.Lifespan(application, app)  # type: ignore[assignment, arg-type]
    return wrapped


def wsgi(application: _A, state: dict[str, Any] | list[Any] | None = None) -> _A:
    """Put what a WSGI server runs under baton: of Flask, Django's runserver, gunicorn.

    ``app.wsgi_app = baton.wsgi(app.wsgi_app, state)`` is all that Flask needs: ``state`` is filled
    with what was saved, the program says ``ready`` when it serves, and at a handoff the server
    first answers what is under way; only then is the state saved. A reloader of the framework's own
    is off under baton. Without ``state``, call ``restore`` and ``on_save`` of ``join()`` as ever.
    """
    from . import _framework, _wsgi

    app = join()
    if state is not None:
        _framework.restore_into(app, state)
    wrapped: _A = _wsgi.wrap(application, app)  # type: ignore[assignment, arg-type]
    return wrapped


def worker(state: dict[str, Any] | list[Any] | None = None) -> None:
    """Put a worker that takes jobs (of Celery, RQ and the like) under baton.

    ``baton.worker(state)``, where the module with its jobs ends, is all that it needs: ``state`` is
    filled with what was saved, and at a handoff the worker is told to end by SIGTERM, does what it has
    in hand, and lets the program return; only then is the state saved. Jobs must run in its own process.
    Without ``state``, call ``restore`` and ``on_save`` of ``join()`` as ever.
    """
    from . import _framework, _worker

    app = join()
    if state is not None:
        _framework.restore_into(app, state)
    _worker.begin(app)


def _after_fork_in_child() -> None:
    global _app
    if _app is not None:
        _app._participant.forget()
        _app = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
