"""Leaves without tearing the interpreter down: that would be most of a handoff's dark time."""

from __future__ import annotations

import gc
import os
import stat
import sys
import types
from _io import BufferedRandom, BufferedRWPair, BufferedWriter, TextIOWrapper, _IOBase
from _weakref import ref
from itertools import compress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# What only warns, or lets go of what the system takes back anyway.
_HARMLESS = ("asyncio.", "concurrent.", "multiprocessing.", "selectors", "socket", "subprocess")
_OWN = getattr(  # From Python 3.10 on.
    sys, "stdlib_module_names", ("_asyncio", "_io", "_socket", "_ssl", "builtins", "socket", "ssl")
)
_GENERATORS = {types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType}
_RELEVANT = {*_GENERATORS, TextIOWrapper, BufferedWriter, BufferedRandom, BufferedRWPair}


# What may hold something back; None where the teardown is needed, or nobody has looked.
_known: list[Callable[[], Any]] | None = None
# Made right after that: out of sight where the program has frozen what there is, too.
_marker: list[object] = []


def is_prepared() -> bool:
    return _known is not None


def prepare() -> None:
    """Looks at everything there is while nobody waits for it: what comes later is little."""
    global _known, _marker
    _known = None
    if not hasattr(gc, "callbacks"):
        return  # Not CPython.
    gc.unfreeze()
    found = _relevant(gc.get_objects())
    if found is not None:
        _known = [ref(each) for each in found]
        gc.freeze()  # These are not looked at again.
        _marker = []


def skip() -> None:
    """Once every exit function has returned and the standard streams are flushed."""
    if _known is None:
        return
    gc.callbacks.append(_before_teardown)
    if not gc.isenabled():
        gc.set_threshold(0)  # None before that last one.
        gc.enable()


def keep() -> None:
    """It is needed, after all."""
    gc.unfreeze()


def _before_teardown(_phase: str, _info: object) -> None:
    """Python collects garbage once more before it takes anything apart; this is called then.

    An error that ends the program has an exit status, which counts on the teardown.
    """
    if not sys.is_finalizing():
        return
    gc.callbacks.remove(_before_teardown)
    try:
        if not hasattr(sys, "last_type") and not _has_regular_file() and _flush():
            os._exit(0)
    except Exception:
        pass  # What cannot be flushed: the teardown says so, or is silent, as ever.
    gc.unfreeze()


def _has_regular_file() -> bool:
    """Which may count on the teardown to be written or removed, whoever has opened it."""
    for name in os.listdir("/dev/fd"):
        try:
            if int(name) > 2 and stat.S_ISREG(os.fstat(int(name)).st_mode):
                return True
        except OSError:
            continue  # The descriptor of the listing itself.
    return False


def _relevant(objects: list[Any]) -> list[Any] | None:
    """Files that may have to be flushed, and generators; None where there is more to be done."""
    # Nothing is called for each object, and none is looked at twice: there are many.
    kinds = list(map(type, objects))
    if any(map(_has_finalizer, set(kinds))):
        return None
    return list(compress(objects, map(_RELEVANT.__contains__, kinds)))


def _flush() -> bool:
    """Flushes and closes what the teardown would; False where somebody counts on more than that."""
    if id(_marker) not in map(id, gc.get_objects()):
        gc.unfreeze()
    came_since = _relevant(gc.get_objects())
    if came_since is None or _known is None:
        return False
    relevant = [*filter(None, (found() for found in _known)), *came_since]
    files = [each for each in relevant if type(each) not in _GENERATORS]
    for each in relevant:
        if type(each) in _GENERATORS and not _is_closed(each):
            return False
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


def _is_closed(generator: Any) -> bool:
    """Has a generator or coroutine that is suspended go through its ``finally``, as its end would."""
    if isinstance(generator, types.AsyncGeneratorType):
        return generator.ag_frame is None  # Only its loop could close it.
    prefix = "gi" if isinstance(generator, types.GeneratorType) else "cr"
    if not getattr(generator, f"{prefix}_running"):
        generator.close()
    return True


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
