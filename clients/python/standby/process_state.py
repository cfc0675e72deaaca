"""What belongs to the process as a whole, and to no module: by what one does that changes it."""

import os
import sys

_STATUS = (
    b"Umask", b"Uid", b"Gid", b"Groups", b"SigBlk", b"SigIgn", b"SigCgt", b"CapEff", b"NoNewPrivs", b"Seccomp:",
    b"Cpus_allowed:",
)
#: Signals that the C library handles for itself as soon as something starts a thread.
_OF_THREADS = 1 << 31 | 1 << 32
_TIMERS = (0, 1, 2)


def _bytes_of(path):
    with open(path, "rb") as file:
        return file.read()


def _children():
    found = [_bytes_of("/proc/self/task/%s/children" % task) for task in os.listdir("/proc/self/task")]
    return list(map(int, b" ".join(found).split()))


def _status():
    lines = [line for line in _bytes_of("/proc/self/status").split(b"\n") if line.startswith(_STATUS)]
    return [line if line[:3] != b"Sig" else int(line.split()[1], 16) & ~_OF_THREADS for line in lines]


def _context(module):
    """The variables of the context, but for what `decimal` keeps there as soon as it computes."""
    variables = module.copy_context().items()
    return {id(variable): id(value) for variable, value in variables if variable.name != "decimal_context"}


def _decimal(module):
    context = module.getcontext().copy()
    context.clear_flags()
    return str(context)


def _numpy(module):
    state = module._rand.get_state(legacy=False)["state"]
    return [value if type(value) is int else bytes(value) for value in state.values()]


def _loop(module):
    return module._get_running_loop()


def _collector(module):
    return module.get_threshold(), module.isenabled(), module.get_debug()


#: By the module that has them, where that is loaded.
_OF_MODULES = {
    "random": ("draws random numbers", lambda module: hash(module.getstate())),
    "numpy.random.mtrand": ("draws random numbers of numpy", _numpy),
    "_contextvars": ("sets a variable of its context", _context),
    "_locale": ("sets the locale", lambda module: module.setlocale(module.LC_ALL)),
    "_decimal": ("sets the context of decimal", _decimal),
    "_socket": ("sets a timeout for sockets", lambda module: module.getdefaulttimeout()),
    "_csv": ("sets how csv is read", lambda module: (module.field_size_limit(), sorted(module.list_dialects()))),
    "_tracemalloc": ("traces memory", lambda module: module.is_tracing()),
}
_OF_INTERPRETER = (
    "getrecursionlimit", "getswitchinterval", "get_int_max_str_digits", "getdlopenflags",
    "get_coroutine_origin_tracking_depth",
)
#: What an import goes by that refers to one of these modules.
_GOES_BY = {"decimal": _decimal, "_decimal": _decimal}


def asks(borrow):
    """What the process is set to, by the name of the function that is called to know it."""
    signal, collector, threads = borrow("_signal"), borrow("gc"), borrow("_thread")

    def of(name, look):
        return lambda: look(sys.modules[name]) if name in sys.modules else None

    def umask():
        now = os.umask(0)
        os.umask(now)
        return now

    def users():
        return os.getresuid(), os.getresgid(), os.getgroups()

    def groups():
        return os.getpgrp(), os.getsid(0)

    def collects():
        return _collector(collector)

    def handlers():
        return [signal.getsignal(number) for number in range(1, signal.NSIG)]

    def dialects():
        return sorted(sys.modules["_csv"].list_dialects()) if "_csv" in sys.modules else None

    looks = {
        "umask": umask,
        "getsignal": handlers,
        "getrlimit": lambda: _bytes_of("/proc/self/limits"),
        "nice": lambda: os.getpriority(os.PRIO_PROCESS, 0),
        "getpriority": lambda: os.getpriority(os.PRIO_PROCESS, 0),
        "sched_getaffinity": lambda: os.sched_getaffinity(0),
        "stack_size": threads.stack_size,
        "_count": threads._count,
        "active_count": threads._count,
        "enumerate": threads._count,
        "getdefaulttimeout": of("_socket", lambda module: module.getdefaulttimeout()),
        "field_size_limit": of("_csv", lambda module: module.field_size_limit()),
    }
    looks.update(dict.fromkeys("get_running_loop _get_running_loop get_event_loop".split(), of("_asyncio", _loop)))
    looks.update(dict.fromkeys("getuid geteuid getgid getegid getgroups getresuid getresgid getlogin".split(), users))
    looks.update(dict.fromkeys("getpgrp getpgid getsid".split(), groups))
    looks.update(dict.fromkeys("isenabled get_threshold get_debug".split(), collects))
    looks.update(dict.fromkeys("list_dialects get_dialect".split(), dialects))
    looks.update({name: getattr(sys, name) for name in _OF_INTERPRETER if hasattr(sys, name)})
    return looks


def goes_by(names):
    """What the modules of these names are set to, where that is not among their names."""
    return {name: look(sys.modules[name]) for name, look in _GOES_BY.items() if name in names and name in sys.modules}


def state(borrow):
    """As it is now."""
    signal = borrow("_signal")
    found = {
        "starts a thread": borrow("_thread")._count(),
        "leaves a file open": set(os.listdir("/proc/self/fd")),
        "starts a child": _children(),
        "handles a signal": [signal.getsignal(number) for number in range(1, signal.NSIG)],
        "goes to another folder": os.getcwd(),
        "writes": [line for line in _bytes_of("/proc/self/io").split(b"\n") if line[:5] in (b"wchar", b"syscw")],
        "traces": (sys.gettrace(), sys.getprofile()),
        "sets a limit": _bytes_of("/proc/self/limits"),
        "sets the interpreter": [getattr(sys, name)() for name in _OF_INTERPRETER if hasattr(sys, name)],
        "sets the size of stacks": borrow("_thread").stack_size(),
        "changes what the system knows of its process": _status(),
        "sets its priority": os.getpriority(os.PRIO_PROCESS, 0),
        "sets a timer": [signal.getitimer(which)[0] > 0 for which in _TIMERS],
        "sets the garbage collector": _collector(borrow("gc")),
    }
    for name, (what, look) in _OF_MODULES.items():
        module = sys.modules.get(name)
        if module is not None:
            found[what] = look(module)
    return found


class AtStart:
    """What executing another program would not put back, as it is when this is made."""

    def __init__(self, signal):
        self.signal = signal
        self.folder, self.mask = os.getcwd(), os.umask(0)
        os.umask(self.mask)
        self.blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ())
        self.numbers = [number for number in range(1, signal.NSIG) if signal.getsignal(number) is not None]
        self.ignored = {number for number in self.numbers if signal.getsignal(number) == signal.SIG_IGN}
        self.files = _open_files()
        self.others = self._others()

    def _others(self):
        """What cannot be put back, as a rule."""
        streams = [_identity(number) for number in range(3)]
        groups = os.getsid(0), os.getpgrp(), os.getpriority(os.PRIO_PROCESS, 0)
        status = [line for line in _status() if type(line) is bytes and line[:5] != b"Umask"]
        return streams, groups, status, _bytes_of("/proc/self/limits")

    def put_back(self):
        """Whether it is all as it was, for what is executed."""
        signal = self.signal
        os.chdir(self.folder)
        os.umask(self.mask)
        for which in _TIMERS:
            signal.setitimer(which, 0)
        for number in self.numbers:
            if number not in self.ignored and signal.getsignal(number) == signal.SIG_IGN:
                signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, self.blocked)
        for number, identity in _open_files().items():
            if number > 2 and self.files.get(number) != identity:
                os.set_inheritable(number, False)
        for child in _children():
            os.kill(child, signal.SIGKILL)  # What is executed starts its own, and knows nothing of this one.
            os.waitpid(child, 0)
        return self._others() == self.others


def _identity(number):
    try:
        found = os.fstat(number)
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_rdev


def _open_files():
    """By number."""
    found = {number: _identity(number) for number in map(int, os.listdir("/proc/self/fd"))}
    return {number: identity for number, identity in found.items() if identity is not None}
