"""A picture of what modules hold, by which it is seen what changes there, and by whom.

Of each module: which object is behind each name, what is in its public dictionaries, lists and sets, and what its
classes and public objects have for attributes.
Values are compared by identity, so that no code of theirs runs.
"""

import sys

MISSING = object()
_FUNCTION, _BUILTIN, _MODULE = type(lambda: 0), type(len), type(sys)
_HEAP_TYPE, _IMMUTABLE = 1 << 9, 1 << 8
#: Of objects from these: streams, loggers, threads.
_APART = ("_io", "io", "logging", "threading", "_thread")
_PLAIN = (int, float, str, bytes, bool)
_CODE = (_FUNCTION, _BUILTIN, type, _MODULE, type(str.join), type(_FUNCTION.__get__), property)
#: What the import system and the warnings keep there, which is dealt with elsewhere.
_LEFT_OUT = {
    "sys": {"modules", "path", "argv", "meta_path", "path_importer_cache"},
    "warnings": {"filters"},
    "_warnings": {"filters"},
    "posix": {"environ"},
}
#: Nothing goes by what is in there: what comes and goes, and the words of errors.
_OF_NO_USE = (
    "linecache.cache", "_ssl.err_codes_to_names", "_ssl.err_names_to_codes", "_ssl.lib_codes_to_names",
)
NOT_SEEN = ("__main__", "sitecustomize", "usercustomize", "atexit")
#: What a class has for each name in its `__slots__`.
MEMBER = type(type("", (), {"__slots__": ("one",)}).one)


def inside(module):
    """The names that it holds, without running any code of its own, which may load what it stands for."""
    try:
        return object.__getattribute__(module, "__dict__")
    except AttributeError:  # Something else that was put in its place.
        return {}


def in_slot(member, owner):
    """What an object holds in that slot; MISSING where it is not set."""
    try:
        return member.__get__(owner, type(owner))
    except AttributeError:
        return MISSING


def spec_of(module):
    """What it was loaded by; None where it does not say."""
    spec = inside(module).get("__spec__")
    return spec if type(spec).__name__ == "ModuleSpec" else None


def same(one, other):
    """Whether two sequences hold the same objects."""
    return len(one) == len(other) and all(map(_is, one, other))


def is_plain(value):
    """Whether it is known by its value alone."""
    kind = type(value)
    return kind in _PLAIN or kind is tuple and all(map(is_plain, value))


def same_value(now, before):
    """Whether two objects behind a name are the same, or say the same."""
    return now is before or is_plain(now) and is_plain(before) and now == before


def is_dunder(name):
    return name[:2] == "__" and name[-2:] == "__"


def counts(name, *values):
    """Whether another value behind this name may be another behaviour, and not what a module keeps for itself."""
    return name[:1] != "_" or any(issubclass(type(value), _CODE) for value in values)


def attributes_of(value):
    """Those that may be set; None where there are none, or where they are dealt with elsewhere."""
    kind = type(value)
    if issubclass(kind, type):
        flags = type.__getattribute__(value, "__flags__")
        return type.__getattribute__(value, "__dict__") if flags & _HEAP_TYPE and not flags & _IMMUTABLE else None
    if issubclass(kind, (_MODULE, _FUNCTION)) or any(base.__module__ in _APART for base in kind.__mro__[:-1]):
        return None
    names = inside(value)
    return names if type(names) is dict else None


class _Names:
    """The names of one module."""

    def __init__(self, name, names):
        self.name, self.names, self.copy = name, names, dict(names)
        self.left_out = _LEFT_OUT.get(name, ())

    def concerns(self, key):
        return type(key) is str and key not in self.left_out and (self.name == "builtins" or not is_dunder(key))

    def changes(self):
        now, before = self.names, self.copy
        if len(now) == len(before) and all(map(_is, now.values(), before.values())):
            return []
        found = [
            Named(self, key, before.get(key, MISSING), now.get(key, MISSING))
            for key in [*before, *(key for key in now if key not in before)]
            if now.get(key, MISSING) is not before.get(key, MISSING) and self.concerns(key)
        ]
        self.copy = dict(now)
        return found


class Attributes:
    """Those of a class or of an object."""

    def __init__(self, name, owner, names):
        self.name, self.owner, self.names, self.copy = name, owner, names, dict(names)

    def changes(self):
        now, before = self.names, self.copy
        if len(now) == len(before) and all(map(_is, now.values(), before.values())):
            return []
        found = [
            Attribute(self, key, before.get(key, MISSING), now.get(key, MISSING))
            for key in [*before, *(key for key in now if key not in before)]
            if now.get(key, MISSING) is not before.get(key, MISSING)
            and (not is_dunder(key) or type(before.get(key)) is _FUNCTION or type(now.get(key)) is _FUNCTION)
        ]
        self.copy = dict(now)
        return found


class Held:
    """A dictionary, list or set behind a public name."""

    def __init__(self, name, held):
        self.name, self.held = name, held
        kind = type(held)
        self.kind = dict if issubclass(kind, dict) else list if issubclass(kind, list) else set
        self.copy = self.content()

    def content(self):
        """As a plain dictionary, list or set. Copying one that has an iterator of its own would call that."""
        if type(self.held) is self.kind:
            return self.kind.copy(self.held)
        if self.kind is dict:
            return dict(dict.items(self.held))
        return self.kind(self.kind.__iter__(self.held))

    def is_as(self, copy):
        held = self.held
        if self.kind is dict:
            return dict.__len__(held) == len(copy) and all(map(_is, dict.values(held), dict.values(copy))) and all(
                map(_is, dict.keys(held), dict.keys(copy))
            )
        if self.kind is list:
            return list.__len__(held) == len(copy) and all(map(_is, list.__iter__(held), copy))
        return set.__len__(held) == len(copy) and set.issubset(held, copy)

    def changes(self):
        if self.is_as(self.copy):
            return []
        before, self.copy = self.copy, self.content()
        return [Content(self, before, self.copy)]


class Named:
    """A name of a module is bound anew."""

    def __init__(self, of, key, before, after):
        self.names, self.key, self.before, self.after = of.names, key, before, after
        self.what = "%s.%s" % (of.name, key)
        self.fault = None

    def undo(self):
        _put(self.names, self.key, self.before)

    def redo(self):
        """Whether it could be done: it is as it was before."""
        if self.names.get(self.key, MISSING) is not self.before:
            return False
        _put(self.names, self.key, self.after)
        return True


class Attribute:
    """An attribute of a class or of an object is set."""

    fault = None

    def __init__(self, of, key, before, after):
        self.of, self.key, self.before, self.after = of, key, before, after
        self.what = "%s.%s" % (of.name, key)

    def _set(self, value):
        if type(self.of.names) is dict:
            _put(self.of.names, self.key, value)
        elif value is not MISSING:
            type.__setattr__(self.of.owner, self.key, value)
        elif self.key in self.of.names:
            type.__delattr__(self.of.owner, self.key)

    def undo(self):
        self._set(self.before)

    def redo(self):
        if self.of.names.get(self.key, MISSING) is not self.before:
            return False
        self._set(self.after)
        return True


class Content:
    """What is in a dictionary, list or set is changed."""

    def __init__(self, of, before, after):
        self.of, self.before, self.after = of, before, after
        self.what = of.name
        self.fault = None if self.is_understood() else "changes %s" % of.name

    def is_understood(self):
        before, after = self.before, self.after
        if type(self.of.held) not in (dict, list, set) and type(self.of.held).__name__ != "defaultdict":
            return False
        if self.of.kind is dict:
            return all(key in after for key in before)
        if self.of.kind is list:
            return same(after[: len(before)], before) or same(after[len(after) - len(before) :], before)
        return before <= after

    def undo(self):
        held, kind = self.of.held, self.of.kind
        if kind is dict:
            for key in self.after:
                _put(held, key, self.before.get(key, MISSING))
        elif kind is list:
            held[:] = self.before
        else:
            held -= self.after - self.before

    def redo(self):
        held, kind, before, after = self.of.held, self.of.kind, self.before, self.after
        if kind is dict:
            changed = [key for key in after if after[key] is not before.get(key, MISSING)]
            if any(held.get(key, MISSING) is not before.get(key, MISSING) for key in changed):
                return False
            for key in changed:
                held[key] = after[key]
        elif kind is list:
            if same(after[: len(before)], before):
                held.extend(after[len(before) :])
            else:
                held[:0] = after[: len(after) - len(before)]
        else:
            held |= after - before
        return True


def _put(names, key, value):
    if value is MISSING:
        names.pop(key, None)
    else:
        names[key] = value


def _is(one, other):
    return one is other


class Picture:
    """Of the modules in ``sys.modules``, as they were looked at last."""

    def __init__(self, is_):
        global _is
        _is = is_  # The same function, of C.
        self.names, self.held, self.owners = {}, {}, {}
        # Whatever they are called elsewhere.
        apart = [sys.modules, sys.path, sys.argv, sys.meta_path, sys.path_importer_cache, sys.modules["os"].environ._data]
        self.left_out = set(map(id, apart))
        self.add(sys.modules)

    def add(self, names):
        for name in list(names):
            module = sys.modules.get(name)
            if name in NOT_SEEN or not issubclass(type(module), _MODULE):
                continue
            held = inside(module)
            if id(held) not in self.names:
                self.names[id(held)] = _Names(name, held)
                self.look_inside(name, held)

    def look_inside(self, name, held):
        left_out = _LEFT_OUT.get(name, ())
        for key, value in list(held.items()):
            if type(key) is str and key[:1] != "_" and key not in left_out and id(value) not in self.held:
                if issubclass(type(value), (dict, list, set)) and not self.is_apart(value):
                    self.held[id(value)] = Held("%s.%s" % (name, key), value)
                elif id(value) not in self.owners:
                    names = attributes_of(value)
                    if names is not None:
                        self.owners[id(value)] = Attributes("%s.%s" % (name, key), value, names)

    def is_apart(self, value):
        return id(value) in self.names or id(value) in self.left_out

    def changes(self, of_owners=True):
        """What has changed since it was looked at last; ``of_owners`` says whether attributes may have."""
        found = []
        for names in list(self.names.values()):
            changed = names.changes()
            if changed:
                found += changed
                self.look_inside(names.name, names.names)
        for one in [*self.held.values(), *(self.owners.values() if of_owners else ())]:
            found += one.changes()
        return found

    def faces(self, modules):
        """What these modules hold now, for ``faces.py``: their names, and what is in their dictionaries, lists and sets."""
        faces = []
        for name in modules:
            module = sys.modules.get(name)
            names = self.names.get(id(inside(module))) if issubclass(type(module), _MODULE) else None
            if names is None:
                continue
            held = [
                (self.held[id(value)], self.held[id(value)].copy)
                for key, value in names.copy.items()
                if id(value) in self.held and type(key) is str and key[:1] != "_"
                and self.held[id(value)].name not in _OF_NO_USE
            ]
            faces.append((names, names.copy, held))
        return faces


def stands_in_front(now, value, keepers):
    """Whether it is the client's, which calls what was there, and nobody keeps that."""
    if getattr(now, "__module__", None) not in ("baton._deaths", "baton_client._deaths"):
        return False
    return not any(one is value for keeper in keepers for one in inside(keeper).values())
