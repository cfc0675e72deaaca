"""Leaves without tearing the interpreter down: that would be most of a handoff's dark time."""

from __future__ import annotations

import gc
import os
import stat
import sys
import types
from _io import BufferedRandom, BufferedRWPair, BufferedWriter, TextIOWrapper, _IOBase

# What only warns, or lets go of what the system takes back anyway.
_HARMLESS = ("asyncio.", "concurrent.", "multiprocessing.", "selectors", "socket", "subprocess")
_OWN = getattr(  # From Python 3.10 on.
    sys, "stdlib_module_names", ("_asyncio", "_io", "_socket", "_ssl", "builtins", "socket", "ssl")
)
_SUSPENDED = {types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType}
_RELEVANT = {*_SUSPENDED, TextIOWrapper, BufferedWriter, BufferedRandom, BufferedRWPair}


def skip() -> None:
    """Once every exit function has returned and the standard streams are flushed."""
    if not hasattr(gc, "callbacks"):
        return  # Not CPython.
    gc.callbacks.append(_before_teardown)
    if not gc.isenabled():
        gc.set_threshold(0)  # None before that last one.
        gc.enable()


def _before_teardown(_phase: str, _info: object) -> None:
    """Python collects garbage once more before it takes anything apart; this is called then.

    An error that ends the program has an exit status, which counts on the teardown.
    """
    if not sys.is_finalizing() or hasattr(sys, "last_type"):
        return
    gc.callbacks.remove(_before_teardown)
    try:
        if not _has_regular_file() and _flush():
            os._exit(0)
    except Exception:
        return  # What cannot be flushed: the teardown says so, or is silent, as ever.


def _has_regular_file() -> bool:
    """Which may count on the teardown to be written or removed, whoever has opened it."""
    for name in os.listdir("/dev/fd"):
        try:
            if int(name) > 2 and stat.S_ISREG(os.fstat(int(name)).st_mode):
                return True
        except OSError:
            continue  # The descriptor of the listing itself.
    return False


def _flush() -> bool:
    """Flushes what the teardown would; False where somebody counts on more than that."""
    gc.unfreeze()
    objects = gc.get_objects()
    kinds = set(map(type, objects))
    if any(map(_has_finalizer, kinds)):
        return False
    relevant = [each for each in objects if type(each) in _RELEVANT]
    if any(type(each) in _SUSPENDED and _is_suspended(each) for each in relevant):
        return False
    files = [each for each in relevant if type(each) not in _SUSPENDED]
    files.sort(key=lambda file: type(file) is not TextIOWrapper)  # A text goes into its buffer.
    for file in files:
        if not file.closed and file.writable():
            file.flush()
    return _flush_native()


def _has_finalizer(kind: type) -> bool:
    """Whether objects of a type have something to do at their end, as ``__del__`` or as a file."""
    if issubclass(kind, _IOBase):
        return kind.__module__ not in ("_io", "socket")
    finalizer = getattr(kind, "__del__", None)
    if isinstance(finalizer, types.WrapperDescriptorType):  # Of a type written in C.
        return kind.__module__.partition(".")[0] not in _OWN
    return finalizer is not None and not finalizer.__module__.startswith(_HARMLESS)


def _is_suspended(generator: object) -> bool:
    """Whether it has begun and not ended: a ``finally`` may wait in it."""
    for prefix in ("gi", "cr", "ag"):
        frame = getattr(generator, f"{prefix}_frame", None)
        if frame is not None:
            return bool(getattr(generator, f"{prefix}_suspended", frame.f_lasti >= 0))
    return False


def _flush_native() -> bool:
    """Flushes what C code has printed, where there is other code than Python's own."""
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    own = (f"{os.sep}lib-dynload{os.sep}", ".py", ".pyc")
    foreign = any(file and file.endswith(".so") and own[0] not in file for file in files)
    if not foreign and "_ctypes" not in sys.modules:
        return True
    import _ctypes

    everything = _ctypes.dlopen(None, 0)  # type: ignore[arg-type]
    flush = _ctypes.dlsym(everything, "fflush")
    return bool(_ctypes.call_function(flush, (None,)) == 0)
