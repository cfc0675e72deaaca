"""Imports again what a run is known to have imported, and notes what each import changed outside of itself.

An import that did more than that (it read a file that is watched, wrote, printed, started a thread, a child
or a connection, failed, or would have loaded what is watched) is the end: a process that has seen it cannot
be used, and the next one stops before it.
"""

import os
import sys
import time
from _frozen_importlib import ModuleSpec


def borrow(name):
    """A built-in module, which the program is to find as a cold start would."""
    had = name in sys.modules
    module = __import__(name)
    if not had:
        del sys.modules[name]
    return module


is_ = borrow("_operator").is_
_ONLY_AST = 0x400  # `ast.PyCF_ONLY_AST`
#: Raised by ``sys.audit``: what reaches beyond the interpreter.
_BEYOND = (
    "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "subprocess.", "os.fork",
    "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.kill", "pty.", "os.chdir", "signal.", "sys.addaudithook",
)
#: What is in there is made when it is read.
_NO_FILES = ("/proc/", "/sys/", "/dev/")
_IMPORTLIB = ("_frozen_importlib", "_frozen_importlib_external")
#: What imports look at most, and what is patched most.
_CORE = (
    "builtins sys os posix time _io io socket _socket ssl _ssl threading _thread select selectors subprocess signal "
    "logging json random locale datetime queue asyncio re typing collections functools importlib"
).split()


def same(one, other):
    """Whether two lists hold the same objects."""
    return len(one) == len(other) and all(map(is_, one, other))


def ends(before, after):
    """What was put before and after what was there; None where that was moved."""
    for start in range(len(after) - len(before) + 1):
        if same(after[start : start + len(before)], before):
            return after[:start], after[start + len(before) :]
    return None


def current_filters():
    """The list that is asked: ``catch_warnings`` puts another in place."""
    return getattr(sys.modules.get("warnings"), "filters", None) or borrow("_warnings").filters


def filters_mutated():
    warnings = borrow("_warnings")
    getattr(warnings, "_filters_mutated", getattr(warnings, "_filters_mutated_lock_held", lambda: None))()


def parsed(text, path):
    """The syntax tree of a source; None where it has none. Python warns of what is in it when it is run."""
    filters = current_filters()
    filters.insert(0, ("ignore", None, Warning, None, 0))
    filters_mutated()
    try:
        return compile(text, path, "exec", _ONLY_AST, True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    finally:
        del filters[0]
        filters_mutated()


def together(one, other):
    """The keys of both, in their order."""
    return [*one, *(key for key in other if key not in one)]


def stamp(path, is_looked_at):
    """By what it is seen that a file is another; of a folder that was only looked at, what is in it does not count."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    if is_looked_at and found.st_mode & 0o170000 == 0o040000:
        return "folder"
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def set_variable(key, value):
    if value is not None:
        os.environ[key] = value
    elif key in os.environ:
        del os.environ[key]


class Back:
    """The loader of a module that is loaded: leaves it as it is."""

    def __init__(self, module):
        self.module = module
        kept = module.__dict__.items() if type(module) is type(sys) else ()
        self.attributes = {key: value for key, value in kept if key[:2] == "__"}

    def create_module(self, spec):
        """Of another class it may do something where the import system sets what it sets."""
        return self.module if type(self.module) is type(sys) else None

    def exec_module(self, module):
        if module is not self.module:
            sys.modules[module.__spec__.name] = self.module
            return
        inside = module.__dict__
        for key in ("__name__", "__loader__", "__package__", "__spec__", "__path__", "__file__", "__cached__"):
            if key in self.attributes:
                inside[key] = self.attributes[key]
            else:
                inside.pop(key, None)


class Places:
    """Tells which files are watched: those below the roots, but for what is below the other folders."""

    def __init__(self, roots, others):
        self.roots, self.others, self.real = roots, others, {}

    def is_watched(self, path):
        path = os.path.abspath(path)
        folder, _, name = path.rpartition("/")
        real = self.real.get(folder)
        if real is None:
            real = self.real[folder] = os.path.realpath(folder or "/").rstrip("/")
        return self._holds(path) or self._holds(real + "/" + name)

    def _holds(self, path):
        if not any(path == root or path.startswith(root.rstrip("/") + "/") for root in self.roots):
            return False
        return not any(path == other or path.startswith(other + "/") for other in self.others)


class Entry:
    """An import that a run began, and what it could see."""

    def __init__(self, name, env, path, argv, main):
        self.name, self.env, self.path, self.argv, self.main = name, env, path, argv, main


class Root:
    """An import that the program itself does. ``modules`` are all that it loads, in their order."""

    def __init__(self, entry):
        self.entry, self.name = entry, entry.name
        self.modules, self.changes, self.exits, self.moments = {}, [], [], []
        #: What a picture shows of the modules it has looked at, and those of them that the import before it has not.
        self.seen, self.look, self.new_look = [], None, None
        #: What it has read by calls and attributes, and files that it has looked at.
        self.reads, self.disk = None, {}
        self.goes_by, self.asked, self.locale, self.has_warned = {}, [], None, False
        self.filters, self.filters_before = ([], []), []
        self.finders, self.finders_before = ([], []), []


class Variable:
    """A variable of the environment that an import has set."""

    fault = None

    def __init__(self, key, before, after):
        self.key, self.before, self.after = key, before, after
        self.what = "the variable %s" % key

    def undo(self):
        set_variable(self.key, self.before)

    def redo(self):
        if os.environ.get(self.key) != self.before:
            return False
        set_variable(self.key, self.after)
        return True


class _Spy:
    """A pattern among the warnings' filters that fits nothing, and notes that it was asked."""

    asked = False

    def match(self, text):
        self.asked = True


class _Audit:
    """An audit hook cannot be taken away: this one lets go of what it serves."""

    __slots__ = ("serves",)

    def __call__(self, event, args):
        if self.serves is not None:
            self.serves.audit(event, args)


def read(listed):
    """The entries of a list that ``learn.py`` has written."""
    entries, env, path, argv, main = [], {}, [], [], ""
    with open(listed, "rb") as file:
        text = file.read().decode("utf-8", "surrogateescape")
    for line in text.split("\n")[:-1]:
        kind, *fields = map(_unescaped, line.split("\t"))
        items = fields[0].split("\x1f") if fields and fields[0] else []
        if kind == "env":
            env = {key: value if mark else None for key, mark, value in (item.partition("=") for item in items)}
        elif kind == "path":
            path = fields[0].split("\x1f")
        elif kind == "argv":
            argv = fields[0].split("\x1f")
        elif kind == "main":
            main = fields[0]
        elif kind == "import":
            entries.append(Entry(fields[0], env, path, argv, main))
    return entries


def _unescaped(text):
    return "\\".join(part.replace("\\t", "\t").replace("\\n", "\n") for part in text.split("\\\\"))


class Warming:
    """``roots`` are what was imported when ``run`` is over; ``fault`` says what ended it, or is None."""

    def __init__(self, load, listed, cut, places, left=None):
        """``left`` are files of the project that are not imported ahead; None where none is."""
        self.load, self.entries, self.cut, self.places = load, read(listed), cut, places
        self.look, self.process, self.moments = load("picture"), load("process_state"), load("moments")
        self.day = None
        self.roots, self.fault, self.leave, self.tried = [], None, None, set()
        self.modules = None if left is None else load("own").OwnModules(self._find, self._is_watched, parsed, left)
        self.own = {os.path.realpath(main): None for main in {entry.main for entry in self.entries} if main}
        self.environ, self.cwd = dict(os.environ), os.getcwd()
        self.filters = borrow("_warnings").filters
        self.first_filters, self.first_finders = list(self.filters), list(sys.meta_path)
        self.trouble, self.exits, self.spy, self.audits = [], [], _Spy(), False
        self.read, self.looked = set(), set()
        self.seen, self.is_moved = Entry("", None, [], [], ""), True

    def run(self):
        """Gives the name of each import before it is done."""
        self.atexit = atexit = borrow("atexit")
        self.register = atexit.register

        def register(function, *args, **kwargs):
            self.exits.append((function, args, kwargs))
            return function

        audit = _Audit()
        audit.serves = self
        sys.addaudithook(audit)
        path, argv, cached = list(sys.path), list(sys.argv), set(sys.path_importer_cache)
        outputs = [stream for stream in (sys.stdout, sys.stderr) if stream is not None]
        self.stand_ins = [(register, self.register), *((self._print(), stream.write) for stream in outputs)]
        for stream, (write, _) in zip(outputs, self.stand_ins[1:]):
            stream.write = write
        atexit.register = register
        del register
        self.picture = self.look.Picture(is_)
        self.loggers = self.load("loggers").Loggers()
        self.spies = self.load("spies").Spies(self.trouble.append)
        self.reads = self.load("reads").Reads(self.look, self.picture)
        asks = self.process.asks(borrow)
        self.calls = self.load("calls").Calls(self.trouble.append, self._looks_at, self.reads, asks)
        sys.meta_path.insert(0, self)
        state = self.process.state(borrow)
        try:
            for entry in self.entries:
                if len(self.roots) >= self.cut or self.fault is not None:
                    break
                root = self._root(entry)
                if root is not None:
                    if self.is_moved:
                        self.picture.changes()  # What was done as if by the program is nothing that the import did.
                        self.is_moved = False
                    yield entry.name
                    state = self._import(root, state)
        finally:
            audit.serves = None
            sys.meta_path.remove(self)
            atexit.register = self.register
            for stream in outputs:
                del stream.write
            sys.path[:], sys.argv[:] = path, argv
            self._set_main("")
            self._give_back_environ()
            self._forget(cached)
        self.picture = self.loggers = self.spies = self.stand_ins = self.reads = self.calls = None

    def _print(self):
        def write(text):
            self.trouble.append("prints")
            return len(text)

        return write

    def _forget(self, cached):
        """What was looked up where the project is, and may be another by then."""
        for folder, finder in list(sys.path_importer_cache.items()):
            if not self.places.is_watched(folder + "/"):
                continue
            if type(finder).__name__ == "zipimporter":  # It reads where in the archive each file is only once.
                sys.modules["zipimport"]._zip_directory_cache.pop(finder.archive, None)
                if folder not in cached or folder in sys.path:  # Else Python had another name for it at its start.
                    del sys.path_importer_cache[folder]
            elif folder not in cached and finder is not None:
                finder.invalidate_caches()

    def _root(self, entry):
        """The import that an entry stands for; None where it has no part in this."""
        name = entry.name
        if name in sys.modules or name in self.tried:
            return None
        parent, path = name.rpartition(".")[0], None
        if parent:
            path = getattr(sys.modules.get(parent), "__path__", None)
            if path is None:
                return None
        is_other = entry.env is not self.seen.env or entry.path != sys.path or entry.argv != sys.argv
        self._as_if(entry)
        root = self._root_at(entry, path)
        self.is_moved = self.is_moved or is_other or entry.main != self.seen.main or root is None
        self.seen = entry
        return root

    def _root_at(self, entry, path):
        name = entry.name
        spec = self._find(name, path)
        if spec is None:
            return None
        if self._is_watched(spec) and not self._may(spec):
            if spec.has_location:
                self.own[os.path.realpath(spec.origin)] = None
            self.calls.others.add(name)
            return None
        if spec.loader is not None:
            kind = spec.loader if isinstance(spec.loader, type) else type(spec.loader)
            if kind.__module__ not in _IMPORTLIB:
                self.fault = "%s has a loader of its own" % name
                return None
        return Root(entry)

    def _as_if(self, entry):
        sys.path[:], sys.argv[:] = entry.path, entry.argv
        self._set_environ({**self.environ, **entry.env})
        self._set_main(entry.main)

    def _set_main(self, main):
        names = sys.modules["__main__"].__dict__
        if main:
            names["__file__"] = main
        else:
            names.pop("__file__", None)

    def _set_environ(self, wanted):
        for key in together(os.environ, wanted):
            if os.environ.get(key) != wanted.get(key):
                set_variable(key, wanted.get(key))
                if key == "TZ":
                    time.tzset()  # As who sets it would do.

    def _give_back_environ(self):
        """Also its order, which is not the same where a variable was away."""
        self._set_environ(self.environ)
        if list(os.environ) != list(self.environ):
            for key, value in self.environ.items():
                del os.environ[key]
                os.environ[key] = value

    def _import(self, root, state):
        there, environ, filters = set(sys.modules), dict(os.environ), list(self.filters)
        finders = list(sys.meta_path)
        self.filters.insert(0, ("ignore", self.spy, Warning, None, 0))
        filters_mutated()
        del self.exits[:]
        self.spy.asked = False
        held, read, looked = self._held(), set(self.read), set(self.looked)
        began = self.moments.read()
        try:
            self.audits = True
            self.spies.begin()
            self.calls.begin()
            # As if from the program's own file, to which a warning may be due.
            eval("__import__(name)", self.spies.importer, {"__import__": __import__, "name": root.name})
        except BaseException as error:
            self.trouble.append("fails: %s: %s" % (type(error).__name__, error))
        finally:
            self.calls.end()
            root.asked = self.spies.end()
            self.audits = False
        ended = self.moments.read()
        self.filters[:] = [one for one in self.filters if one[1] is not self.spy]
        filters_mutated()
        root.has_warned = self.spy.asked
        root.modules = {name: sys.modules[name] for name in sys.modules if name not in there}
        if not there <= set(sys.modules) or root.name not in root.modules:
            self.trouble.append("changes sys.modules")
        root.locale = state.get("sets the locale")
        referred = self._referred_by(root, there)
        root.seen = self.picture.faces(self._seen_by(root, there, referred))
        root.goes_by = {**self.process.goes_by(referred), **self.calls.goes_by}
        root.reads = self.reads.found()
        # What only defines sets no attribute of another's.
        root.changes = self.picture.changes(not self._only_defines(root))
        root.changes += self.loggers.changes()
        root.changes += [
            Variable(key, environ.get(key), os.environ.get(key))
            for key in together(environ, os.environ)
            if environ.get(key) != os.environ.get(key)
        ]
        root.exits = list(self.exits)
        self._look_at(root, began, ended)
        if self._held() > held:
            borrow("gc").collect()
            if self._held() > held:
                self.trouble.append("keeps a function that is not its own")
        root.filters_before, root.filters = filters, self._ends(filters, self.filters, "the warnings' filters")
        root.finders_before, root.finders = finders[1:], self._ends(finders, sys.meta_path, "sys.meta_path")
        if list(sys.path) != root.entry.path or list(sys.argv) != root.entry.argv:
            self.trouble.append("changes sys.path or sys.argv")
        self.picture.add(root.modules)
        self.reads.add(root.modules)
        root.disk = {path: stamp(path, False) for path in self.read - read if path[-3:] != ".py"}
        root.disk.update({path: stamp(path, True) for path in self.looked - looked})
        now = self.process.state(borrow)
        self.trouble += [what for what, value in now.items() if what in state and state[what] != value]
        if [key for key in os.environ if key in environ] != [key for key in environ if key in os.environ]:
            self.trouble.append("moves variables of the environment")
        self.trouble += [change.fault for change in root.changes if change.fault is not None]
        if self.modules is not None:
            self._look_at_own(root)
        if self.trouble:
            self.fault = "%s %s" % (root.name, self.trouble[0])
        else:
            self.roots.append(root)
        return now

    def _look_at_own(self, root):
        """A module of the project that does more than define is left out the next time, in place of all that follow."""
        for name, module in root.modules.items():
            origin = getattr(self.look.spec_of(module), "origin", None)
            if origin is None or os.path.abspath(origin) not in self.modules.files:
                continue
            why = None if self.trouble else self.modules.fault(module)
            if why is not None:
                self.trouble.append(why)
                self.leave = origin
            elif name == root.name and self.trouble:
                self.leave = origin

    def _ends(self, before, after, what):
        found = ends(before, list(after))
        if found is None:
            self.trouble.append("moves %s" % what)
        return found or ([], [])

    def _held(self):
        """How often what stands in for another is referred to."""
        return sum(sys.getrefcount(one) for one, _ in self.stand_ins)

    def _look_at(self, root, began, ended):
        """What is this process's own in new modules: the moment they were loaded, and what stands in for others."""
        others = {id(one): other for one, other in self.stand_ins}
        moments = self.moments.Moments(began, ended)
        for module in root.modules.values():
            inside = self.look.inside(module) if module is not self.atexit else {}
            for key, value in list(inside.items()):
                if id(value) in others:
                    inside[key] = others[id(value)]
                elif not self.calls.clocks and moments.clock(value) is not None:
                    root.moments.append((inside, key, moments.clock(value)))
        if self.calls.clocks:
            root.moments, is_elsewhere = moments.within(root.modules.values(), self.look)
            if is_elsewhere:
                self.trouble.append("keeps the time")
        if self.moments.depends_on_day(self.calls.clocks):
            self.day = self.moments.day()

    def _seen_by(self, root, there, referred):
        """The modules that were there before, and that its own may look at."""
        if self._only_defines(root):
            return {"builtins", *referred}  # It looks at nothing else.
        top = root.name.partition(".")[0]
        return referred | {name for name in there if name in _CORE or name.partition(".")[0] == top}

    def _referred_by(self, root, there):
        """The modules that were there before, and that its own refer to."""
        seen = set()
        for name, module in root.modules.items():
            seen |= {name.rpartition(".")[0]} & there
            for value in list(self.look.inside(module).values()):
                kind = type(value)
                if issubclass(kind, type(sys)):
                    of = self.look.inside(value).get("__name__")
                elif kind in (type(borrow), type(len), type):
                    of = value.__module__
                else:
                    of = kind.__module__
                if type(of) is str and of in there:
                    seen.add(of)
        return seen

    def _only_defines(self, root):
        """Whether all that it has loaded is the project's."""
        files = self.modules.files if self.modules is not None else ()
        specs = [self.look.spec_of(module) for module in root.modules.values()]
        return all(spec is not None and os.path.abspath(spec.origin or "") in files for spec in specs)

    # What stands in the way of an import meanwhile.

    def find_spec(self, name, path=None, target=None):
        """First on ``sys.meta_path``: nothing that is watched is loaded."""
        self.calls.pause(True)
        try:
            return self._found(name, path)
        finally:
            self.calls.pause(False)

    def _found(self, name, path):
        self.tried.add(name)
        if self.audits:
            self.spies.loggers.begin()
        if name == "atexit":  # The one that tells what is registered.
            return ModuleSpec(name, Back(self.atexit), origin="built-in")
        spec = self._find(name, path)
        if spec is not None and self._is_watched(spec) and not self._may(spec):
            self.trouble.append("imports %s, which is watched" % name)
            raise ModuleNotFoundError("No module named %r" % name, name=name)
        return spec

    def _find(self, name, path):
        for finder in list(sys.meta_path):
            find = None if finder is self else getattr(finder, "find_spec", None)
            spec = find and find(name, path, None)
            if spec is not None:
                return spec
        return None

    def _may(self, spec):
        """Whether a module of the project may be imported ahead; then its source is read, too."""
        if self.modules is None:
            return False
        audits, self.audits = self.audits, False  # What is read for this is not read by an import.
        try:
            if not self.modules.may(spec):
                return False
        finally:
            self.audits = audits
        self.modules.files.add(os.path.abspath(spec.origin))
        return True

    def _is_source(self, path):
        """Whether it is that of a module that is imported ahead, or what Python has compiled of one."""
        if self.modules is None:
            return False
        return os.path.abspath(path) in self.modules.files or path[-4:] == ".pyc" and "__pycache__" in path

    def _is_watched(self, spec):
        places = [spec.origin] if spec.has_location else list(spec.submodule_search_locations or ())
        return any(self.places.is_watched(place) for place in places if place)

    def audit(self, event, args):
        if not self.audits:
            return
        if event == "open":
            self._note_open(*args)
        elif event in ("os.listdir", "os.scandir"):
            self._note_listed(args[0], sys._getframe(2).f_globals.get("__name__", ""))
        elif event.startswith(_BEYOND) or event == "socket.bind" and args[1][1:2] != (0,):
            self.trouble.append("does %s" % event)

    def _note_open(self, path, mode, flags):
        if isinstance(path, int):
            return
        path = os.fsdecode(path)
        if flags & (os.O_WRONLY | os.O_RDWR):
            if "__pycache__" not in path and path != os.devnull:
                self.trouble.append("writes %s" % path)
        elif self.places.is_watched(path):
            if not self._is_source(path):
                self.trouble.append("reads %s" % path)
        else:
            self._note_read(path)

    def _note_listed(self, path, by):
        """Modules and the packages that are installed are looked for in every folder of ``sys.path``."""
        if isinstance(path, int) or by.partition(".")[0] in ("importlib", "_frozen_importlib_external"):
            return
        path = os.path.abspath(os.fsdecode(path or "."))
        if self.places.is_watched(path + "/"):
            self.trouble.append("lists %s" % path)
        else:
            self._note_read(path)

    def _looks_at(self, path):
        """Whether it is there, and what kind it is; those above the project's are."""
        path = os.path.abspath(path)
        if any((root + "/").startswith(path.rstrip("/") + "/") for root in self.places.roots):
            return
        if not self.places.is_watched(path):
            if not path.startswith(_NO_FILES):
                self.looked.add(path)
        elif not self._is_source(path):
            self.trouble.append("looks at %s" % path)

    def _note_read(self, path):
        path = os.path.abspath(path)
        if not path.startswith(_NO_FILES) and path[-4:] != ".pyc":
            self.read.add(path)
