"""Leaves without tearing the interpreter down: that would be most of a handoff's dark time."""

from __future__ import annotations

import gc
import os
import stat
import sys
import types
from _io import BufferedRandom, BufferedRWPair, BufferedWriter, TextIOWrapper, _IOBase
from _weakref import ref
from itertools import chain, compress, starmap

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
# What everything was found to be while the program was at rest; None where nobody has looked.
_rest: _Rest | None = None


def is_prepared() -> bool:
    return _known is not None


def look_at_rest() -> None:
    """Looks at everything there is while the program does nothing: by its end that is most of it, as a rule.

    Nothing is frozen for it: the program and its garbage are as ever.
    """
    global _rest
    _rest = _Rest() if hasattr(gc, "callbacks") and not gc.get_freeze_count() else None


def prepare() -> None:
    """Looks at what there is while nobody waits for it: what comes later is little."""
    global _known, _marker, _rest
    _known = None
    if not hasattr(gc, "callbacks"):
        return  # Not CPython.
    if _rest is not None and _rest.needs_teardown():
        return  # To look at the others as well would only take its time.
    found = _rest and _rest.relevant()
    _rest = None
    if found is None:
        gc.unfreeze()
        found = _relevant(_frozen(()))
    if found is None:
        gc.unfreeze()
    else:
        _known = [ref(each) for each in found]
        _marker = []


def _frozen(*which: tuple[int, ...]) -> list[Any]:
    """The objects of these generations, or of all. None is looked at again: all are frozen.

    That is one call of C: another thread that came in between would make some that nobody has looked at.
    """
    *found, _ = chain(starmap(gc.get_objects, which), starmap(gc.freeze, [()]))
    objects = found.pop()
    while found:  # It is itself among them: they would hold one another.
        objects += found.pop()
    return objects


class _Rest:
    """What everything was found to be, and by what it is seen that this still holds."""

    def __init__(self) -> None:
        #: As old as what has come since at most: it is among the young for as long as all of that is.
        self._marker: list[object] = []
        self._relevant: list[Callable[[], Any]] | None = None
        self._holder: Callable[[], Any] | None = None  # One that has something to do at its end.
        objects = gc.get_objects()
        metaclasses = {kind for kind in set(map(type, objects)) if issubclass(kind, type)}
        classes = list(compress(objects, map(metaclasses.__contains__, map(type, objects))))
        finalized = list(filter(_has_finalizer, classes))
        self._finalized, self._classes = list(map(ref, finalized)), list(map(ref, classes))
        del metaclasses, classes, finalized
        # Before it is looked at what each object is: it may be made another meanwhile.
        self._references = [count - 1 for count in self._count()]  # One is that of the list.
        with_finalizer = set(filter(_has_finalizer, set(map(type, objects))))
        if with_finalizer:
            holders = compress(objects, map(with_finalizer.__contains__, map(type, objects)))
            self._holder = next(filter(None, map(_ref, holders)), None)
        else:
            relevant = compress(objects, map(_RELEVANT.__contains__, map(type, objects)))
            self._relevant = list(map(ref, relevant))

    def _count(self) -> list[int]:
        """How often classes are referred to that have a finalizer: also by an object that is made one of them."""
        return [sys.getrefcount(each()) for each in self._finalized]

    def needs_teardown(self) -> bool:
        return self._holder is not None and self._holder() is not None

    def relevant(self) -> list[Any] | None:
        """Of all objects, which it freezes; None where all have to be looked at."""
        if self._relevant is None:
            return None
        # What is older is in no order from Python 3.14 on.
        young = _frozen((0,)) if sys.version_info >= (3, 14) else _frozen((0,), (1,))
        if id(self._marker) not in map(id, young):
            return None
        counted = {id(known()) for known in self._finalized}
        classes = [each for each in young if issubclass(type(each), type)]
        classes += [each for each in (known() for known in self._classes) if each is not None]
        came_since = None
        if all(id(each) in counted or not _has_finalizer(each) for each in classes):
            came_since = _relevant(young)
        del young, classes
        if came_since is None or self._count() != self._references:
            return None
        return [*filter(None, (known() for known in self._relevant)), *came_since]


def _ref(thing: Any) -> Callable[[], Any] | None:
    try:
        return ref(thing)
    except TypeError:
        return None


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
    try:
        finalizer = type.__getattribute__(kind, "__del__")  # Of its metaclass nothing is run.
    except AttributeError:
        return False
    if isinstance(finalizer, types.WrapperDescriptorType):  # Of a type written in C.
        return kind.__module__.partition(".")[0] not in _OWN
    module = str(getattr(finalizer, "__module__", ""))
    return finalizer is not None and not module.startswith(_HARMLESS)


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
