"""Writes what can be seen of a process from inside it."""

import atexit
import gc
import json
import locale
import logging
import os
import signal
import sys
import threading
import time
import warnings


def kept(name, value):
    return not callable(value) and name not in ("__builtins__", "__loader__", "__spec__")


def seen():
    modules = {name: module for name, module in sys.modules.items() if isinstance(module, type(sys))}
    links = [os.path.join("/proc/self/fd", name) for name in os.listdir("/proc/self/fd")]
    frame, depth = sys._getframe(), 0
    while frame is not None:
        frame, depth = frame.f_back, depth + 1
    return {
        "modules": [name for name in modules if name not in ("sitecustomize", "_socket", "_signal")],
        "names": {name: sorted(vars(module)) for name, module in modules.items()},
        "specs": {
            name: [str(module.__spec__).partition(" at 0x")[0], module.__spec__.origin, type(module.__loader__).__name__]
            for name, module in modules.items()
            if getattr(module, "__spec__", None) is not None
        },
        "sizes": {
            "%s.%s" % (name, key): len(value)
            for name, module in modules.items()
            for key, value in vars(module).items()
            if type(value) in (dict, list, set) and key[:1] != "_" and (name, key) not in (("sys", "meta_path"), ("posix", "environ"))
        },
        "path": sys.path,
        "argv": sys.argv,
        "environment": {key: value for key, value in os.environ.items() if key[:6] != "BATON_"},
        "standby": "BATON_STANDBY" in os.environ,
        "threads": [len(os.listdir("/proc/self/task")), len(threading.enumerate())],
        "descriptors": sorted(os.readlink(link).partition(":")[0] for link in links if os.path.exists(link)),
        "handlers": [str(signal.getsignal(number)).partition(" at 0x")[0] for number in range(1, 32)],
        "filters": [[str(part) for part in one[:1] + one[2:]] for one in warnings.filters],
        "finders": [str(one).partition(" at 0x")[0] for one in sys.meta_path if not type(one).__module__.startswith("baton_standby")],
        "main": sorted(vars(sys.modules["__main__"])),
        "at exit": atexit._ncallbacks(),
        "loggers": {
            name: [type(one).__name__, getattr(getattr(one, "parent", None), "name", None)]
            for name, one in logging.root.manager.loggerDict.items()
        },
        "limits": [sys.getrecursionlimit(), sys.getswitchinterval(), gc.get_threshold(), gc.isenabled()],
        "locale": locale.setlocale(locale.LC_ALL),
        "flags": str(sys.flags),
        "streams": [str(vars(sys.stdout)), str(vars(sys.stderr)), str(sys.excepthook), str(type(sys.stdout))],
        "exceptions": sorted({one.__qualname__ for one in Exception.__subclasses__()}),
        "depth": depth,
        "folder": os.getcwd(),
        "name": open("/proc/self/comm", encoding="utf-8").read(),
        "status": [line for line in open("/proc/self/status", encoding="utf-8") if line.startswith(("Umask", "SigIgn", "SigBlk", "SigCgt"))],
    }


def write(out):
    path = os.environ["SEEN"]
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump({"out": out, **seen()}, file, default=str)
    os.rename(path + ".new", path)
    time.sleep(0.01)
    try:
        import no_such_module_but_the_one_that_has_the_notes_written
    except ImportError:
        pass
