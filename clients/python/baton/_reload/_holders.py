"""Whether an object goes away with the names that a reload takes it from."""

from __future__ import annotations

import gc
import sys
from types import FrameType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_DEPTH = 4


class Holders:
    """``given_up`` has the namespaces, and ``own`` the collections of the reload itself, by their ``id``."""

    def __init__(self, given_up: set[int], own: set[int]) -> None:
        self._given_up = given_up
        self._own = own

    def any_other(self, objects: list[Any], index: int, depth: int = 0) -> bool:
        """Whether anything else holds it: a local variable or C, too, which only the count of references tells."""
        plain = [object()]
        extra = _uncounted(objects, index)
        if extra > _uncounted([lambda: plain], 0):
            return True
        found = gc.get_referrers(objects[index])
        self._own.add(id(found))
        for holder in found:
            if holder is objects or id(holder) in self._own | self._given_up or isinstance(holder, FrameType):
                continue
            inner = [holder]
            holder = None
            if depth == _DEPTH or isinstance(inner[0], type) or self.any_other(inner, 0, depth + 1):
                return True
        return False


def _uncounted(objects: list[Any], index: int) -> int:
    """How many references are not of what the collector knows."""
    known = 0
    value = objects[index]
    for each in gc.get_referrers(value):
        if not isinstance(each, FrameType):
            known += _times(each, value)
    return sys.getrefcount(value) - known


def _times(holder: Any, value: Any) -> int:
    """How often it has it: the collector names it once."""
    if type(holder) is dict:
        return max(1, sum(each is value for each in holder.values()))
    return max(1, sum(each is value for each in holder)) if type(holder) in (list, tuple) else 1
