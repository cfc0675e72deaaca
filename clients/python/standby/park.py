"""Waits in the place of a program, with what that is known to import loaded ahead, until it is to run.

Loaded by the ``sitecustomize`` of baton, which ends the process where anything here fails. What it must
come to: what runs from standby is, in every way that a program can see, what a cold start would have run.

Theory of operation. The list that an earlier run has left names the imports it began, in their order, each
with the environment, path and arguments of that moment. They are done again here (``warming.py``), but for
those of watched files, and everything that a module changed outside of itself is noted. Then all of it is
put on a shelf: ``sys.modules`` and whatever else had changed are as they were. When the program imports the
first of them, that one and all it had imported come back, with their changes; and so on, in the same order
(``shelf.py``). An import in another order, or one that might have seen something else than it has seen
here, is where the process starts over: it executes itself, and is a cold start with the same pid.
"""

import os
import sys

_FRESH_S = 1.0


class _Line:
    """The connection to baton: a line is a message, its fields are between tabs."""

    def __init__(self, address):
        import _socket

        self.socket = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        self.socket.connect(address)
        self.rest = b""
        del sys.modules["_socket"]  # The program is to find it as a cold start would.

    def say(self, encoded):
        try:
            self.socket.sendall(encoded)
        except OSError:
            pass  # Baton waits for no answer any more. What it has said last can be read, or that it is gone.

    def read(self):
        """The fields of the next message; baton is gone where there is none."""
        while b"\n" not in self.rest:
            chunk = self.socket.recv(65536)
            if not chunk:
                os._exit(0)
            self.rest += chunk
        line, _, self.rest = self.rest.partition(b"\n")
        return [_unescaped(field) for field in line.decode("utf-8", "surrogateescape").split("\t")]


def _unescaped(field):
    if "\\" not in field:
        return field
    parts = field.split("\\\\")
    return "\\".join(part.replace("\\t", "\t").replace("\\n", "\n") for part in parts)


def _items(field):
    return field.split("\x1f") if field else []


def _environment():
    """As the system was given it. In the C locale Python adds a variable, by which another start would be another."""
    with open("/proc/self/environ", "rb") as file:
        given = {entry.partition(b"=")[0] for entry in file.read().split(b"\0")}
    return {key: value for key, value in os.environ.items() if key != "LC_CTYPE" or b"LC_CTYPE" in given}


def _yield_memory(score):
    """Where memory is short the system is to end a parked process before any other; returns what it was. With a
    ``score``, that is set again."""
    try:
        file = os.open("/proc/self/oom_score_adj", os.O_RDWR | os.O_CLOEXEC)
        try:
            before = score if score is not None else int(os.read(file, 32))
            os.write(file, b"%d" % (max(before, 500) if score is None else score))
        finally:
            os.close(file)
        return before
    except (OSError, ValueError):
        return None  # A system without it: nothing is lost.


def _fault(look, *args):
    """What is wrong; also where that cannot be found out."""
    try:
        return look(*args)
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)


def park(address, load, view, held):
    """Returns when the program is to run. ``load`` gives a module of this folder; ``view`` is where a cold
    start writes what can be seen of it, where that is asked for; ``held`` is what was to be printed before it."""
    import time

    line = _Line(address)
    notes = load("learn")
    odd = notes.oddities()
    identity = notes.identity(())
    line.say(notes.encoded("here", *identity, odd))
    word, *fields = line.read()
    if word != "warm" or len(fields) not in (5, 6) or odd:
        os._exit(97)
    listed, cut, learn, roots, others, *own = fields
    score = _yield_memory(None)
    began_ns = time.time_ns()
    argv, environ = notes.command_line(), _environment()
    warming = load("warming")
    with open("/proc/self/comm", "rb") as file:
        called = file.read()  # As a script that the system has executed, say.
    at_start = load("process_state").AtStart(warming.borrow("_signal"))
    places = warming.Places(_items(roots), _items(others))
    left = _items(own[0])[1:] if own else None
    warm = warming.Warming(load, listed, int(cut), places, left)
    for name in warm.run():
        line.say(notes.encoded("at", name))
    if warm.leave is not None:
        line.say(notes.encoded("leave", warm.leave, warm.fault))
        os._exit(0)
    if warm.fault is not None:
        line.say(notes.encoded("cut", str(len(warm.roots)), warm.fault))
        os._exit(0)

    def over(why, root):
        """Starts over: what is executed is a cold start in all but its pid."""
        try:
            file = os.open(learn + "/over", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            os.write(file, notes.encoded("over", str(root), why) + notes.encoded("who", *identity, odd) + called)
            os.close(file)
        except Exception:
            pass  # Baton is gone, say: nobody is left to tell, and the program must start all the same.
        try:
            _yield_memory(score)
            if at_start.put_back():
                os.execve(sys.executable, argv, {**environ, "BATON_STANDBY": "learn:%s\n%s\n%s" % (learn, view, held)})
        finally:
            os._exit(75)  # Baton starts it anew: what was imported ahead must not be gone on with.

    fresh = load("freshness").Freshness(warm, places, warming.parsed, warming.stamp, began_ns)
    collector = warming.borrow("gc")
    collector.collect()  # What the imports have left behind, while they are in sight.
    faces = load("faces").Faces(load("picture"), warming.is_)
    shelf = load("shelf").Shelf(warming, warm, faces, load("import_line").ImportLine(), over)
    took_ms = (time.time_ns() - began_ns) / 1e6
    line.say(notes.encoded("parked", str(len(warm.roots)), str(shelf.count), "%.1f" % took_ms))
    del warm
    collector.collect(1)  # Else the program would soon wait for it to look at all that is young.
    checked = 0.0
    while True:
        word, *fields = line.read()
        if word == "check":
            why = _fault(fresh.fault)
            checked = time.monotonic() if why is None else 0.0
            line.say(notes.encoded("fresh") if why is None else notes.encoded("stale", why))
        elif word == "go" and len(fields) == 2:
            told = dict(pair.split("=", 1) for pair in fields[0].split("\x1f"))
            environ.update(told)
            why = None if time.monotonic() - checked < _FRESH_S else _fault(fresh.fault)
            why = why or _fault(fresh.source_fault, _items(fields[1]))
            line.say(b"runs\n")
            if why is not None:
                over(why, -1)
            if score is not None:
                _yield_memory(score)
            for key, value in told.items():
                if os.environ.get(key) != value:
                    os.environ[key] = value
            line.socket.close()
            return shelf.begin()
        else:
            os._exit(0 if word == "die" else 97)
