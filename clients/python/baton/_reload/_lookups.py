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
_READS = frozenset({"get", "values", "items", "pop", "copy"})


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
        #: Whether it takes something out of a collection.
        self.takes_out = False
        self._read(code)
        for each in children(code):
            inner = lookups_of(each)
            self.all += inner.all
            self.imports += inner.imports
            self.takes_out = self.takes_out or inner.takes_out
            self.operates = self.operates or inner.operates
        self.takes_out = self.takes_out or any(not _READS.isdisjoint(each.attributes) for each in self.all)

    def _read(self, code: CodeType) -> None:
        last: Lookup | None = None
        for each in dis.get_instructions(code):
            name = each.opname
            if name in _BETWEEN:
                continue
            self.operates = self.operates or name.startswith(_OPERATES)
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


_known: weakref.WeakKeyDictionary[CodeType, Lookups] = weakref.WeakKeyDictionary()


def lookups_of(code: CodeType) -> Lookups:
    found = _known.get(code)
    if found is None:
        found = _known[code] = Lookups(code)
    return found


def unknown_attributes(lookup: Lookup) -> list[str]:
    """Those of objects that are not known."""
    return lookup.attributes[1:] if lookup.is_constant else lookup.attributes
