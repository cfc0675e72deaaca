"""Has others register with it."""

import abc
import functools
import weakref


class Kind(abc.ABC):
    pass


@functools.singledispatch
def show(_):
    return "something"


known = weakref.WeakSet()
