"""What lives in the process: the collector knows all functions, whoever refers to them."""

from __future__ import annotations

import abc
import functools
import gc
import sys
import threading
from types import AsyncGeneratorType, CodeType, CoroutineType, FrameType, FunctionType, GeneratorType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterator

SUSPENDED = {GeneratorType: "gi", CoroutineType: "cr", AsyncGeneratorType: "ag"}
_CACHE: type = type(functools.lru_cache(maxsize=None)(lambda: None))


class Live:
    """Objects of the given classes, and all that was made from the given files."""

    def __init__(self, files: Container[str], classes: frozenset[type] = frozenset()) -> None:
        self.functions: list[FunctionType] = []
        self.suspended: list[tuple[object, CodeType]] = []
        self.caches: list[object] = []
        self.instances: dict[type, int] = {}
        self.cached_properties: list[functools.cached_property[object]] = []
        self.classes: list[type] = []
        self.abstract_classes: list[type] = []
        metaclasses = set(derived([type]))
        greenlet = getattr(sys.modules.get("greenlet"), "greenlet", None)
        self.greenlets: list[object] = []
        wanted = {FunctionType, *SUSPENDED, _CACHE, functools.cached_property, *metaclasses, *classes}
        if gc.get_freeze_count():
            gc.unfreeze()  # It hides objects from this look at them.
        ids = set(map(id, wanted))
        objects = gc.get_objects()
        kinds = map(id, map(type, objects))  # Not by hash: a metaclass may have one of its own.
        for each in [each for each, kind in zip(objects, kinds) if kind in ids]:
            kind = type(each)
            if kind is FunctionType:
                if each.__code__.co_filename in files:
                    self.functions.append(each)
            elif kind in SUSPENDED:
                prefix = SUSPENDED[kind]
                code = getattr(each, prefix + "_code")
                if code.co_filename in files and getattr(each, prefix + "_frame") is not None:
                    self.suspended.append((each, code))
            elif kind is _CACHE:
                self.caches.append(each)
            elif kind is functools.cached_property:
                self.cached_properties.append(each)
            elif kind in metaclasses:
                self.classes.append(each)
                if issubclass(kind, abc.ABCMeta):
                    self.abstract_classes.append(each)
                if kind in classes:
                    self.instances[kind] = self.instances.get(kind, 0) + 1
            else:
                self.instances[kind] = self.instances.get(kind, 0) + 1
        if greenlet is not None:
            self.greenlets = [each for each in objects if isinstance(each, greenlet)]

    def forget_classes(self) -> None:
        """For who looks for what holds them."""
        self.classes.clear()
        self.abstract_classes.clear()


def derived(kinds: list[type]) -> list[type]:
    """These, and all classes that are derived from them."""
    found = list(kinds)
    for each in found:
        found += [one for one in type.__subclasses__(each) if one not in found]
    return found


def running(greenlets: list[object]) -> Iterator[tuple[str, FrameType]]:
    """Every frame, with who is in it."""
    names = {each.ident: each.name for each in threading.enumerate()}
    here = threading.get_ident()
    for ident, frame in sys._current_frames().items():
        name = "this thread" if ident == here else f'thread "{names.get(ident, ident)}"'
        yield from _stack(name, frame)
    for greenlet in greenlets:
        yield from _stack("a greenlet", getattr(greenlet, "gr_frame", None))


def _stack(name: str, top: FrameType | None) -> Iterator[tuple[str, FrameType]]:
    frame = top
    while frame is not None:
        yield name, frame
        frame = frame.f_back
