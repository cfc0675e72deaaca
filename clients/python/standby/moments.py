"""Where an import keeps the time at which it was done: the program is to find the time at which it imports that."""

import time

#: What the module itself keeps for the time: each is compared with what it was before and after.
CLOCKS = (time.time, time.time_ns, time.monotonic, time.monotonic_ns)
_STEPS, _MOST = 4, 20_000
_CONTAINERS = (list, tuple, set, frozenset)
_OF_DAYS = ("now", "utcnow", "today", "localtime", "gmtime", "strftime", "ctime", "asctime")
_FUNCTION, _MODULE, _VIEW = type(lambda: 0), type(time), type(type.__dict__)
#: The cell of a name that is not set: equal to all of its kind.
_EMPTY = type((lambda names: lambda: names)(0).__closure__[0])()


def read():
    return [clock() for clock in CLOCKS]


def day():
    """Here, and where it is called Greenwich's."""
    return time.localtime()[:3], time.gmtime()[:3]


def depends_on_day(clocks):
    """Whether one that has called these may have kept what day it is."""
    return any(name in _OF_DAYS for name in clocks)


class Moments:
    """What was noted between the readings ``began`` and ``ended``."""

    def __init__(self, began, ended):
        self.began, self.ended = began, ended
        self.parts = [make(at) for make in (time.localtime, time.gmtime) for at in (began[0], ended[0])]
        self.texts = {time.strftime(form, parts) for form in ("%H:%M", "%H%M%S") for parts in self.parts}

    def clock(self, value):
        """The clock that a value is from; None where it is from none."""
        kind = type(value)
        if kind is float or kind is int:
            for clock, first, last in zip(CLOCKS, self.began, self.ended):
                if type(first) is kind and first <= value <= last:
                    return clock
        return None

    def _is_one(self, value):
        """Whether it is one that cannot be read anew."""
        kind = type(value)
        first, last = self.began[0], self.ended[0]
        if kind is int:
            return any(int(first * unit) <= value <= int(last * unit) for unit in (1, 1_000, 1_000_000))
        if kind is str:
            return len(value) < 80 and any(text in value for text in self.texts)
        if kind.__name__ == "datetime":
            return first - 1 <= _seconds(value) <= last + 1
        if kind is time.struct_time:
            return any(before[:6] <= value[:6] <= after[:6] for before, after in zip(self.parts[::2], self.parts[1::2]))
        return False

    def within(self, modules, look):
        """Where there are any in what these modules hold: those that can be read anew, each with its clock, and
        whether there are others. ``look`` is the module of pictures."""
        found, others, seen = [], False, set()
        waiting = [(look.inside(module), 0) for module in modules]
        while waiting and len(seen) < _MOST:
            held, steps = waiting.pop()
            for key, value in _items(held):
                clock = self.clock(value)
                if clock is not None and type(held) is dict:
                    found.append((held, key, clock))
                elif clock is not None or self._is_one(value):
                    others = True
                elif steps < _STEPS and id(value) not in seen:
                    seen.add(id(value))
                    waiting += [(one, steps + 1) for one in _below(value, look)]
        return found, others


def _items(held):
    if isinstance(held, (dict, _VIEW)):
        return [(key, value) for key, value in list(held.items()) if key not in ("__builtins__", "__cached__")]
    return list(enumerate(list(held)))


def _below(value, look):
    """What it holds, as dictionaries and the like."""
    kind = type(value)
    if kind is dict or kind in _CONTAINERS:
        return [value]
    if kind is _FUNCTION:
        cells = [cell.cell_contents for cell in value.__closure__ or () if cell != _EMPTY]
        return [value.__defaults__ or (), value.__kwdefaults__ or {}, cells]
    if issubclass(kind, type):
        return [type.__getattribute__(value, "__dict__")]
    if issubclass(kind, _MODULE) or kind.__module__ in ("builtins", "functools"):
        return []
    members = [member for one in kind.__mro__ for member in list(one.__dict__.values()) if type(member) is look.MEMBER]
    in_slots = [look.in_slot(member, value) for member in members]
    found = [[held for held in in_slots if held is not look.MISSING]]
    try:
        found.append(object.__getattribute__(value, "__dict__"))
    except AttributeError:
        pass  # It has slots only, or nothing.
    return [held for held in found if type(held) in (list, dict)]


def _seconds(moment):
    try:
        return moment.timestamp()
    except Exception:  # A date without a time, or another class of that name.
        return 0.0
