"""What an import may have read of what was there before it, other than by a name of a module: attributes, what is in
dictionaries, lists and sets, private ones as well, what functions keep, variables of the context.

It is found by the names in the code that the import has run, its own and that of each function it has called:
``settings.mode`` may have been read where both names are there.
"""

import sys
from _thread import _local

MISSING = object()
_STEPS = 5
_FEW, _MANY = 32, 5_000
_FUNCTION, _MODULE = type(lambda: 0), type(sys)
_WRAPPERS = (staticmethod, classmethod)
_ATOMS = (int, float, str, bytes, bool, complex, type(None), type(len), type(str.join), range, type(...))
#: Modules of Python's own library that keep what decides what they do. What others there keep decides nothing.
_KEEPING = ("multiprocessing.context", "mimetypes", "asyncio.events")
#: Classes from there have what they hold in an attribute.
_OF_CONTAINERS = ("_weakrefset", "weakref", "collections")
#: What is found there is what would be found without it.
_CACHES = ("cache", "memo")


class Reads:
    """``look`` is the module of pictures, ``picture`` the one that changes are seen by."""

    def __init__(self, look, picture):
        self.look, self.picture, self.inside = look, picture, look.inside
        self.before, self.library, self.tails = {}, _of_library(), set()
        self.add(sys.modules)
        self.begin()

    def add(self, names):
        """These modules were there before whatever is imported from now on."""
        for name in names:
            module = sys.modules.get(name)
            if name not in self.look.NOT_SEEN and isinstance(module, _MODULE):
                self.before.setdefault(id(self.inside(module)), name)
                self.tails |= {name, name.rpartition(".")[2]}

    def begin(self):
        self.attributes, self.contents, self.cells, self.variables = {}, {}, {}, {}
        self.seen, self.wanted, self.known = {}, set(), {}

    def knows(self, mapping):
        return id(mapping) in self.before

    def knows_module(self, name):
        module = sys.modules.get(name)
        return isinstance(module, _MODULE) and self.knows(self.inside(module))

    def executed(self, names, package):
        """Code of that package is about to run, which was not there before."""
        self.seen, self.wanted = {}, names
        modules, packages = names & self.tails, [""]
        while package:
            if package in sys.modules:
                self._meet(sys.modules[package])
            packages.append(package + ".")
            package = package.rpartition(".")[0]
        for name in modules:
            for start in packages:
                module = sys.modules.get(start + name)
                if module is not None:
                    self._meet(module)

    def is_keeping(self, mapping):
        """Whether these are the names of a module that may keep what decides what it does."""
        where = self.before.get(id(mapping)) or mapping.get("__name__")
        return type(where) is str and (where in _KEEPING or not self.library(mapping))

    def called(self, mapping, names):
        """A function of a module that was there is about to run."""
        self.seen, self.wanted = {}, names
        self._names(self.before[id(mapping)], mapping)

    def given(self, mapping, names, own):
        """It is given this first."""
        if id(own) in self.known or self.before[id(mapping)] in _KEEPING:
            self.seen, self.wanted = {}, names
            self._into("%s of %s" % (type(own).__name__, self.before[id(mapping)]), own, 1)

    def _meet(self, module):
        mapping = self.inside(module)
        where = self.before.get(id(mapping))
        if where is not None and id(mapping) not in self.seen:
            self.seen[id(mapping)] = mapping
            self._names(where, mapping)

    def _names(self, where, mapping):
        record = self.picture.names.get(id(mapping))
        if record is None:
            return
        for key in self.wanted & record.copy.keys():
            if not record.concerns(key) or key[:1] == "_" and self.library(mapping) and where not in _KEEPING:
                continue
            value = record.copy[key]
            self.attributes.setdefault((id(mapping), key), (mapping, key, value, "%s.%s" % (where, key)))
            self._into("%s.%s" % (where, key), value, 1)

    def _into(self, what, value, steps):
        kind = type(value)
        if kind in _ATOMS or id(value) in self.seen or steps > _STEPS or self.picture.is_apart(value):
            return
        if issubclass(kind, _MODULE):
            return self._meet(value)
        self.seen[id(value)] = self.known[id(value)] = value
        if issubclass(kind, (dict, list, set)):
            return self._content(what, value, steps)
        if kind is _FUNCTION:
            return self._function(what, value, steps) if self.is_keeping(value.__globals__) else None
        if kind in _WRAPPERS:
            return self._into(what, value.__func__, steps)
        if kind is tuple:
            for item in value[:_FEW]:
                self._into(what, item, steps + 1)
        elif kind.__name__ == "ContextVar":
            self.variables.setdefault(id(value), (value, value.get(MISSING), what))
        else:
            self._object(what, value, steps)

    def _content(self, what, value, steps):
        if len(value) > _MANY or any(word in what.rpartition(".")[2].lower() for word in _CACHES):
            return
        record = self.picture.held.get(id(value))
        if record is None:
            record = self.picture.held[id(value)] = self.look.Held(what, value)
        self.contents.setdefault(id(value), (record, record.copy))
        if record.kind is dict:
            items = [record.copy[key] for key in self.wanted if key in record.copy]
            items += record.copy.values() if len(record.copy) <= _FEW else ()
        else:
            items = list(record.copy) if len(record.copy) <= _FEW else ()
        for item in items:
            self._into(what, item, steps + 1)

    def _function(self, what, value, steps):
        for cell in value.__closure__ or ():
            try:
                held = cell.cell_contents
            except ValueError:
                held = MISSING  # It is not set yet.
            self.cells.setdefault(id(cell), (cell, held, what))
            self._into(what, held, steps + 1)
        for default in value.__defaults__ or ():
            self._into(what, default, steps + 1)

    def _object(self, what, value, steps):
        kind = type(value)
        if issubclass(kind, type):
            classes = type.__getattribute__(value, "__mro__")[:-1]
        else:
            classes = kind.__mro__[:-1]
            is_local = issubclass(kind, _local)
            names = _local.__getattribute__(value, "__dict__") if is_local else self.look.attributes_of(value)
            self._attributes(what, value, names, steps)
            held = names.get("data") if names is not None and kind.__module__ in _OF_CONTAINERS else None
            self._into(what, held, steps)
        for one in classes:
            self._attributes(what, one, self.look.attributes_of(one), steps)
            for key in self.wanted & one.__dict__.keys() if not issubclass(kind, type) else ():
                if type(one.__dict__[key]) is self.look.MEMBER:
                    self._slot(what, value, key, one.__dict__[key], steps)

    def _attributes(self, what, owner, names, steps):
        if names is None or not (self.wanted & names.keys() or id(owner) in self.picture.owners):
            return
        record = self.picture.owners.get(id(owner))
        if record is None:
            record = self.picture.owners[id(owner)] = self.look.Attributes(what, owner, names)
        for key in self.wanted & record.copy.keys():
            value = record.copy[key]
            if self.look.is_dunder(key) and type(value) is not _FUNCTION:
                continue
            self.attributes.setdefault((id(owner), key), (record.names, key, value, "%s.%s" % (what, key)))
            self._into("%s.%s" % (what, key), value, steps + 1)

    def _slot(self, what, value, key, member, steps):
        slot = _Slot(self.look, member, value)
        held = slot.cell_contents
        self.cells.setdefault((id(value), key), (slot, held, "%s.%s" % (what, key)))
        self._into("%s.%s" % (what, key), held, steps + 1)

    def found(self):
        """For ``changed``."""
        return tuple(list(one.values()) for one in (self.attributes, self.contents, self.cells, self.variables))


class _Slot:
    """As a cell."""

    def __init__(self, look, member, value):
        self.look, self.member, self.value = look, member, value

    @property
    def cell_contents(self):
        return self.look.in_slot(self.member, self.value)


def _of_library():
    """Tells whether a module is of Python's own library."""
    folder = getattr(sys.modules["os"], "__file__", "").rpartition("/")[0] + "/"

    def tells(mapping):
        file = mapping.get("__file__")
        if type(file) is not str:
            return True  # It is built in, or was made by another.
        return file.startswith(folder) and "/site-packages/" not in file and "/dist-packages/" not in file

    return tells


def changed(found, same, stands_in_front):
    """The name of something that is not what it was; None where all is."""
    attributes, contents, cells, variables = found
    for names, key, value, what in attributes:
        now = names.get(key, MISSING)
        if now is not value and not same(now, value) and not stands_in_front(now, value):
            return what
    for record, copy in contents:
        if not record.is_as(copy):
            return record.name
    for cell, value, what in cells:
        try:
            now = cell.cell_contents
        except ValueError:
            now = MISSING
        if not same(now, value):
            return what
    for variable, value, what in variables:
        if variable.get(MISSING) is not value:
            return what
    return None
