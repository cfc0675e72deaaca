"""What a program can see of its process, written down once it has come to rest.

For ``baton --standby verify`` and for tests: the same program is looked at where it was started cold and
where it comes from standby. Who looks is a thread, there in both, that imports nothing before it has seen
what is imported.
"""

import os
import sys
import time
from _thread import start_new_thread

_STEP_S = 0.1
_RESTS_S = 0.6
_LONGEST_S = 20.0


def _at_rest():
    """Waits until the process takes no processor time to speak of."""
    ends = time.monotonic() + _LONGEST_S
    quiet, used = 0.0, time.process_time()
    while quiet < _RESTS_S and time.monotonic() < ends:
        time.sleep(_STEP_S)
        now = time.process_time()
        quiet = quiet + _STEP_S if now - used < 0.01 else 0.0
        used = now


def _text(thing):
    return str(thing).partition(" at 0x")[0]


def _is_of_standby(thing):
    return type(thing).__module__.startswith("baton_standby")


def _loggers(modules):
    logging = modules.get("logging")
    if logging is None:
        return {}
    return {
        name: [type(one).__name__, getattr(getattr(one, "parent", None), "name", None), getattr(one, "level", None)]
        for name, one in logging.root.manager.loggerDict.items()
    }


def _lines(path, *beginnings):
    with open(path, encoding="utf-8") as file:
        return [line for line in file if line.startswith(beginnings)]


def _depth(thread):
    frame, depth = sys._current_frames().get(thread), 0
    while frame is not None:
        frame, depth = frame.f_back, depth + 1
    return depth


def seen(thread):
    """All of it; ``thread`` is the main one."""
    every = list(sys.modules)
    finders = list(sys.meta_path)
    for finder in finders:
        if _is_of_standby(finder):
            sys.meta_path.remove(finder)
    modules = {name: sys.modules[name] for name in every if isinstance(sys.modules[name], type(sys))}
    links = [os.path.join("/proc/self/fd", name) for name in os.listdir("/proc/self/fd")]
    threads = sorted(_lines("/proc/self/task/%s/status" % task, "Name:")[0] for task in os.listdir("/proc/self/task"))
    exceptions = sorted("%s.%s" % (one.__module__, one.__qualname__) for one in Exception.__subclasses__())
    found = {
        "modules": [name for name in every if name not in ("sitecustomize", "_socket", "_signal", "atexit")],
        "names": {name: list(vars(module)) for name, module in modules.items()},
        "specs": {
            name: [_text(module.__spec__), module.__spec__.origin, type(getattr(module, "__loader__", None)).__name__]
            for name, module in modules.items()
            if getattr(module, "__spec__", None) is not None
        },
        "sizes": {
            "%s.%s" % (name, key): len(value)
            for name, module in modules.items()
            for key, value in list(vars(module).items())
            if type(value) in (dict, list, set) and key[:1] != "_"
            and (name, key) not in (("sys", "meta_path"), ("posix", "environ"), ("linecache", "cache"))
        },
        "path": list(sys.path),
        "argv": list(sys.argv),
        "environment": {key: value for key, value in os.environ.items() if key[:6] != "BATON_"},
        "environment's order": [key for key in os.environ],
        "standby": "BATON_STANDBY" in os.environ,
        "threads": threads,
        "descriptors": sorted(os.readlink(link).partition(":")[0] for link in links if os.path.exists(link)),
        "finders": [_text(one) for one in finders if not _is_of_standby(one)],
        "main": list(vars(sys.modules["__main__"])),
        "loggers": _loggers(modules),
        "limits": [sys.getrecursionlimit(), sys.getswitchinterval()],
        "streams": [str(vars(sys.stdout)), str(vars(sys.stderr)), _text(sys.excepthook), str(type(sys.stdout))],
        "depth": _depth(thread),
        "folder": os.getcwd(),
        "status": _lines("/proc/self/status", "Umask", "SigIgn", "SigBlk", "SigCgt"),
    }
    import atexit
    import gc
    import locale
    import signal
    import warnings

    found["exceptions"] = exceptions
    found["at exit"] = atexit._ncallbacks()
    found["handlers"] = [_text(signal.getsignal(number)) for number in range(1, 32)]
    found["filters"] = [[str(part) for part in one[:1] + one[2:]] for one in warnings.filters]
    found["collector"] = [gc.get_threshold(), gc.isenabled(), gc.get_freeze_count() > 0]
    found["locale"] = locale.setlocale(locale.LC_ALL)
    return found


def _write(path, thread):
    found = seen(thread)
    import json

    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(found, file, default=str)
    os.rename(path + ".new", path)


def begin(path, shift):
    """Writes it to a file, from a thread of its own. With another ``shift`` objects lie at other addresses, by which
    sets of functions and of classes are in another order: what differs by that alone differs by chance."""
    from _thread import get_ident

    main = get_ident()
    ballast = [bytes(size) for size in range(0, 480, 16) for _ in range(37 * shift)]

    def look():
        _at_rest()
        ballast.clear()
        _write(path, main)

    start_new_thread(look, ())
