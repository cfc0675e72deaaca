"""What code looks up when it runs: global names, attributes of what those hold, and what it imports."""

from __future__ import annotations

import dis
import weakref
from types import CodeType

from ._codes import children

_BETWEEN = frozenset({"CACHE", "EXTENDED_ARG", "NOP", "PUSH_NULL", "PRECALL", "RESUME"})

_TAKES = frozenset({"BINARY_SUBSCR", "BINARY_SLICE", "GET_ITER", "CALL_FUNCTION_EX", "UNPACK_SEQUENCE"})
_OPERATES = (
    "BINARY", "INPLACE", "COMPARE", "CONTAINS", "FORMAT", "UNARY", "GET_ITER", "UNPACK", "CALL", "POP_JUMP", "TO_BOOL",
    "JUMP_IF", "BUILD_STRING", "CONVERT", "DICT", "LIST_EXTEND", "SET_UPDATE", "WITH", "SETUP_WITH", "BEFORE_WITH",
)
_COPIES = frozenset({"COPY", "DUP_TOP"})
_OF_ATTRIBUTES = ("LOAD_ATTR", "LOAD_METHOD", "STORE_ATTR", "DELETE_ATTR", "LOAD_SUPER")
_READS = frozenset({"get", "values", "items", "pop", "copy"})
#: What looks up an attribute by its name as text.
LOOKS_UP = frozenset({"getattr", "hasattr", "attrgetter", "methodcaller"})
#: What is asked for all names of what it is given.
ASKS = frozenset({"vars", "dir", "getmembers", "getmembers_static"})
#: Where a function says it, `vars` and `dir` are about an object as a rule.
_REFLECTS = frozenset({"globals", "__subclasses__"})
_NOT_WRITTEN = ASKS | {"getattr", "hasattr", "attrgetter", "import_module", "__dict__"}
#: What looks at a namespace as a whole, or finds modules by their names as text, where a statement says it.
REFLECTS = _REFLECTS | ASKS | {"locals", "eval", "exec", "__import__", "__dict__", "import_module", "modules", "get_type_hints"}


class Lookup:
    """Attributes one after the other, of a global name; of an object that is not known where ``root`` is None."""

    def __init__(self, root: str | None) -> None:
        self.root = root
        self.attributes: list[str] = []
        self.is_constant = False


class Lookups:
    def __init__(self, code: CodeType) -> None:
        self.all: list[Lookup] = []
        #: Modules, as they are written, and what is imported from them by name.
        self.imports: list[tuple[str, list[str]]] = []
        #: Whether it calls or operates on anything, and so perhaps on what it is given.
        self.operates = False
        #: Whether it does more than one call: with what a call of it returns, too.
        self.operates_on_results = False
        #: Whether it takes something out of a collection.
        self.takes_out = False
        self.reflects = not _REFLECTS.isdisjoint(code.co_names)
        #: Whether it looks up, or asks for, names that are not written there.
        self.asks = not _NOT_WRITTEN.isdisjoint(code.co_names)
        self._read(code)
        if not LOOKS_UP.isdisjoint(code.co_names):
            self._add(Lookup(None)).attributes += [each for each in code.co_consts if isinstance(each, str)]
        for each in children(code):
            inner = lookups_of(each)
            self.all += inner.all
            self.imports += inner.imports
            self.reflects = self.reflects or inner.reflects
            self.asks = self.asks or inner.asks
            self.takes_out = self.takes_out or inner.takes_out
            self.operates = self.operates or inner.operates
            self.operates_on_results = self.operates_on_results or inner.operates_on_results
        self.takes_out = self.takes_out or any(not _READS.isdisjoint(each.attributes) for each in self.all)

    def _read(self, code: CodeType) -> None:
        last: Lookup | None = None
        for each in dis.get_instructions(code):
            name = each.opname
            if name in _BETWEEN:
                continue
            if name.startswith(_OPERATES):
                self.operates_on_results = self.operates_on_results or self.operates or not name.startswith("CALL")
                self.operates = True
            self.takes_out = self.takes_out or name in _TAKES or each.argrepr == "[]"
            if name in ("LOAD_GLOBAL", "LOAD_NAME", "STORE_GLOBAL", "STORE_NAME"):
                last = self._add(Lookup(each.argval))
            elif name.startswith("LOAD_CONST"):
                last = self._add(Lookup(None))
                last.is_constant = True
            elif name in ("LOAD_ATTR", "LOAD_METHOD"):
                if last is None:
                    last = self._add(Lookup(None))
                last.attributes.append(each.argval)
            elif name == "IMPORT_NAME":
                self.imports.append((each.argval, []))
                last = None
            elif name == "IMPORT_FROM" and self.imports:
                self.imports[-1][1].append(each.argval)
                last = None
            elif isinstance(each.argval, str) and each.opname.endswith("_ATTR"):
                self._add(Lookup(None)).attributes.append(each.argval)
                last = None
            else:
                last = None

    def _add(self, lookup: Lookup) -> Lookup:
        self.all.append(lookup)
        return lookup


def gives_away(code: CodeType, name: str) -> bool:
    """Whether it does more with a local name than to look attributes up of it, and to set them."""
    steps = [each for each in dis.get_instructions(code) if each.opname not in _BETWEEN]
    for index, step in enumerate(steps):
        if not step.opname.startswith(("LOAD_FAST", "LOAD_DEREF", "LOAD_CLASSDEREF")):
            continue  # Of what a function captures it by, more is seen below.
        loaded = step.argval if isinstance(step.argval, tuple) else (step.argval,)
        after = next((each.opname for each in steps[index + 1 :] if each.opname not in _COPIES), "")
        is_captured = name in code.co_cellvars and after == "BUILD_TUPLE" and not step.opname.startswith("LOAD_DEREF")
        if name in loaded[:-1] or name == loaded[-1] and not after.startswith(_OF_ATTRIBUTES) and not is_captured:
            return True
    return any(name in each.co_freevars and gives_away(each, name) for each in children(code))


_known: weakref.WeakKeyDictionary[CodeType, Lookups] = weakref.WeakKeyDictionary()


def lookups_of(code: CodeType) -> Lookups:
    found = _known.get(code)
    if found is None:
        found = _known[code] = Lookups(code)
    return found


def unknown_attributes(lookup: Lookup) -> list[str]:
    """Those of objects that are not known."""
    return lookup.attributes[1:] if lookup.is_constant else lookup.attributes
