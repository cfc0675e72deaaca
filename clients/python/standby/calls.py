"""What an import asks of others by calling them: of what is there already, of the process, of the clock, of the disk.

Nobody is told of a name that is looked up, but a profiler is told of each function that is called. What such a
function may have read is known by the names in its code, and so is what the import itself has: ``reads.py`` looks
for these in what was there before.
"""

import os
import sys
import time

_CODE = type((lambda: 0).__code__)
_OF_FUNCTION = 1  # `inspect.CO_OPTIMIZED`
_MODULE = type(sys)
#: Code of the import system, and of this folder.
_NOT_ITS_OWN = ("<frozen importlib", "<frozen zipimport", "</")
#: These ask for something at a path, and tell no audit hook.
_LOOKS = ("stat", "lstat", "access", "readlink", "statvfs", "getxattr", "listxattr")
#: What looks for others: what it is given first is the path, but for these.
_OF_PATHS = ("genericpath", "posixpath", "pathlib", "pathlib._local", "pathlib._abc")
_PATHS = {"_joinrealpath": "newpath", "realpath": "newpath"}
_CLOCKS = (
    "time time_ns monotonic monotonic_ns perf_counter perf_counter_ns clock_gettime clock_gettime_ns now utcnow today "
    "localtime gmtime strftime ctime asctime"
).split()
#: They set what is no name of a module, and cannot be taken back.
_SETS = {
    ("_codecs", "register"): "registers a codec",
    ("_csv", "unregister_dialect"): "removes a dialect of csv",
    ("sys", "getprofile"): "looks whether it is traced",
    ("sys", "gettrace"): "looks whether it is traced",
}
#: Functions of Python's own library that tell who calls.
_STACKS = {
    ("traceback", "extract_stack"), ("traceback", "format_stack"), ("traceback", "print_stack"), ("traceback", "walk_stack"),
    ("inspect", "stack"), ("inspect", "getouterframes"),
}
#: These go by what they read only to look whether they are called as they should.
_CHECKS = {("django.dispatch.dispatcher", "connect")}


def _is_checked(frame):
    for _ in range(4):
        frame = frame.f_back
        if frame is None or type(frame.f_globals) is not dict:
            return False
        if (frame.f_globals.get("__name__"), frame.f_code.co_name) in _CHECKS:
            return True
    return False


def names_of(code):
    """All that this code may read by name: attributes, modules, keys that are written there. Those of classes run with
    it, those of functions once they are called."""
    found = set(code.co_names)
    for constant in code.co_consts:
        kind = type(constant)
        if kind is str:
            found.add(constant)
        elif kind is _CODE and not constant.co_flags & _OF_FUNCTION:
            found |= names_of(constant)
    return found


class Calls:
    """``told(what)`` is called with what cannot be done ahead, ``looks_at(path)`` with each path, ``reads`` notes what
    was read, and ``asks`` are functions by the name of what is called: each gives what the process is set to."""

    def __init__(self, told, looks_at, reads, asks):
        self.told, self.looks_at, self.reads, self.asks = told, looks_at, reads, asks
        self.profiler = None
        self.goes_by, self.clocks, self.codes, self.called = {}, [], [], {}
        self.named = {name: self._asked for name in asks}
        self.named.update({name: self._clock for name in _CLOCKS})
        self.named.update({name: self._look for name in _LOOKS})
        self.named.update({name: self._set for _, name in _SETS})
        self.named["_abc_register"] = self._register
        #: Modules of the program that are there by then, and are not imported ahead.
        self.others = set()

    def begin(self):
        self.goes_by, self.clocks, self.codes, self.called = {}, [], [], {}
        self.reads.begin()
        self.profiler = self._profiler()
        sys.setprofile(self.profiler)

    def end(self):
        profiler, mine, self.profiler = sys.getprofile(), self.profiler, None
        sys.setprofile(None)
        if profiler is not mine:
            self.told("traces")
        for package, names in self.called.values():
            self.reads.executed(names, package)

    def pause(self, is_paused):
        """What is done meanwhile is not the import's."""
        if self.profiler is not None:
            sys.setprofile(None if is_paused else self.profiler)

    def _profiler(self):
        """It is called at each call and each return, and has all that it needs at hand."""
        handles, named = {}, self.named

        def first(frame):
            code = frame.f_code
            self.codes.append(code)  # So that no other has its number.
            handles[id(code)] = handle = self._first(frame, code)
            if handle is not None:
                handle(frame)

        def called(frame, event, function):
            if event == "call":
                handle = handles.get(id(frame.f_code), first)
                if handle is not None:
                    handle(frame)
            elif event == "c_call":
                handle = named.get(function.__name__)
                if handle is not None and not frame.f_code.co_filename.startswith(_NOT_ITS_OWN):
                    handle(frame, function)

        return called

    def _first(self, frame, code):
        """What is called for the first time. Gives what is to be done each time; None where nothing is."""
        of = frame.f_globals
        if type(of) is not dict:
            return None  # It is told of what is looked up in it.
        if code.co_name in self.asks and self.reads.knows(of):
            self.goes_by[code.co_name] = self.asks[code.co_name]()
        if (of.get("__name__"), code.co_name) in _STACKS:
            self.told("looks at who imports it")
        if code.co_name == "register" and "registry" in code.co_freevars:
            return self._dispatch
        if not self.reads.is_keeping(of):
            return None
        names = names_of(code)
        if "modules" in names and names & self.others:
            self.told("looks for %s in sys.modules" % ", ".join(sorted(names & self.others)))
        if not self.reads.knows(of):
            return self._its_own(of, code, names)
        self.reads.called(of, names)
        return self._given(of, code.co_varnames[0], names) if code.co_argcount else None

    def _its_own(self, of, code, names):
        """Each of its modules is looked at as it begins, and then for what its functions have read."""
        package = of.get("__package__")
        package = package if type(package) is str else ""
        if code.co_name == "<module>":
            self.reads.executed(names, package)
        else:
            self.called.setdefault(id(of), (package, set()))[1].update(names)

    def _given(self, of, own, names):
        def given(frame):
            if own in frame.f_locals and not _is_checked(frame):
                self.reads.given(of, names, frame.f_locals[own])

        return given

    def _asked(self, frame, called):
        if type(called.__self__) is _MODULE:
            self.goes_by[called.__name__] = self.asks[called.__name__]()

    def _set(self, frame, called):
        what = _SETS.get((getattr(called.__self__, "__name__", None), called.__name__))
        if what is not None:
            self.told(what)

    def _register(self, frame, called):
        """Who asks whether one of these classes is a kind of the other is told so from then on."""
        pair = frame.f_locals.get("cls"), frame.f_locals.get("subclass")
        if all(isinstance(one, type) and self.reads.knows_module(one.__module__) for one in pair):
            self.told("registers %s as a kind of %s" % (pair[1].__name__, pair[0].__name__))

    def _dispatch(self, frame):
        """As `functools.singledispatch` does it, which remembers what it has found."""
        general = frame.f_locals["registry"]
        general = general.get(object) if type(general) is dict else None
        if self.reads.knows(getattr(general, "__globals__", None)):
            self.told("registers something in %s" % general.__name__)

    def _clock(self, frame, called):
        of = called.__self__
        if of is time or isinstance(of, type) and of.__module__ == "datetime":
            self.clocks.append(called.__name__)

    def _look(self, frame, called):
        """What it is given is not told, but is among what the function that calls it has."""
        if called.__self__ is not sys.modules.get("posix") or frame.f_globals.get("__name__", "")[:9] == "importlib":
            return
        code, held = frame.f_code, frame.f_locals
        name = _PATHS.get(code.co_name) or code.co_argcount and code.co_varnames[0]
        if frame.f_globals.get("__name__") in _OF_PATHS and name in held:
            return self._look_at(held[name])
        for value in [*held.values(), *code.co_consts]:
            self._look_at(value, True)

    def _look_at(self, value, is_guess=False):
        try:
            path = os.fsdecode(value) if isinstance(value, (str, bytes, os.PathLike)) else ""
        except Exception:  # One that is not complete yet.
            return
        if path and (not is_guess or path[:1] == "/" or os.path.lexists(path)):
            self.looks_at(path)
