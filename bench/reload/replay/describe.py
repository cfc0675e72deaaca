"""What a package's modules are, as data that two processes can compare."""

import dis
import enum
import functools
import hashlib
import importlib
import pkgutil
import re
import sys
import types

DEPTH = 6
LEFT = {
    "__dict__", "__weakref__", "__doc__", "__module__", "_abc_impl", "__static_attributes__", "__firstlineno__",
    "__annotations__", "__annotate__", "__annotate_func__", "__annotations_cache__", "__slots__", "__abstractmethods__",
}
SKIPPED = {"CACHE", "RESUME", "NOP", "COPY_FREE_VARS", "MAKE_CELL", "PRECALL", "EXTENDED_ARG", "PUSH_NULL"}


def modules_of(package, root):
    """Every module of a package that can be imported, imported."""
    names = [package]
    importlib.import_module(package)
    for found in pkgutil.walk_packages(sys.modules[package].__path__, package + ".", onerror=lambda name: None):
        if found.name.rpartition(".")[2] == "__main__":
            continue
        try:
            importlib.import_module(found.name)
        except Exception:
            continue  # It needs what is not installed.
        names.append(found.name)
    return [name for name in names if (getattr(sys.modules[name], "__file__", None) or "").startswith(root)]


def describe_module(name, package):
    names = {}
    for key, value in vars(sys.modules[name]).items():
        if not key.startswith("__") or key == "__all__":
            names[key] = describe(value, package)
    return names


def describe(value, package, depth=0, seen=()):
    kind = type(value)
    if kind in (str, int, float, bool, bytes, type(None), complex, type(Ellipsis)):
        return f"{kind.__name__} {value!r}"
    if id(value) in seen or depth > DEPTH:
        return "…"
    seen = (*seen, id(value))

    def inner(each):
        return describe(each, package, depth + 1, seen)

    if isinstance(value, types.ModuleType):
        return f"module {value.__name__}"
    if kind is types.FunctionType:
        if not is_of(value, package):
            return f"function {value.__module__}.{value.__qualname__}"
        cells = [inner(content(cell)) for cell in value.__closure__ or ()]
        wrapped = getattr(value, "__wrapped__", None)
        return [
            "function", code_of(value.__code__), inner(value.__defaults__),
            inner(value.__kwdefaults__), cells, inner(wrapped) if wrapped else None,
        ]
    if isinstance(value, type):
        if not is_of(value, package) or depth > 2:
            return f"class {value.__module__}.{value.__qualname__}"
        held = {key: inner(each) for key, each in vars(value).items() if key not in LEFT}
        return ["class", value.__qualname__, [base.__qualname__ for base in value.__bases__], held]
    if kind in (staticmethod, classmethod):
        return [kind.__name__, inner(value.__func__)]
    if kind is property:
        return ["property", inner(value.fget), inner(value.fset), inner(value.fdel)]
    if isinstance(value, functools.cached_property):
        return ["cached_property", inner(value.func)]
    if isinstance(value, enum.Enum):
        return f"enum {kind.__qualname__}.{value.name}"
    if kind is re.Pattern:
        return f"pattern {value.pattern!r} {value.flags}"
    if kind in (list, tuple) or isinstance(value, tuple):
        return [kind.__name__, *map(inner, value)]
    if kind in (set, frozenset):
        return [kind.__name__, *sorted(map(repr, map(inner, value)))]
    if isinstance(value, dict):
        return [kind.__name__, [[inner(key), inner(each)] for key, each in value.items()]]
    if kind is functools.partial:
        return ["partial", inner(value.func), inner(value.args), inner(value.keywords)]
    wrapped = getattr(value, "__wrapped__", None)
    if wrapped is not None and kind.__module__ == "functools":
        return ["cache", inner(wrapped)]
    if is_of(kind, package):
        held = getattr(value, "__dict__", None)
        return ["object", kind.__qualname__, inner(held) if held else None]
    return f"object {kind.__module__}.{kind.__qualname__}"


def is_of(value, package):
    module = getattr(value, "__module__", None) or ""
    return module == package or module.startswith(package + ".")


def content(cell):
    try:
        return cell.cell_contents
    except ValueError:
        return "empty"


def code_of(code):
    """By its instructions: tools compile functions one by one, which orders constants anew and means the same."""
    return hashlib.sha256(repr(instructions(code)).encode()).hexdigest()[:16]


def instructions(code):
    found = []
    labels = {}
    steps = [each for each in dis.get_instructions(code) if each.opname not in SKIPPED]
    for index, each in enumerate(steps):
        labels[each.offset] = index
    offsets = sorted(labels)
    for each in steps:
        value = each.argval
        if isinstance(value, types.CodeType):
            value = ("code", value.co_name, instructions(value))
        elif each.opcode in dis.hasjrel or each.opcode in dis.hasjabs:
            value = next((labels[offset] for offset in offsets if offset >= value), -1)
        elif isinstance(value, frozenset):
            value = sorted(map(repr, value))
        elif each.opcode in dis.hasconst and isinstance(value, str) and not found:
            value = repr(value)
        else:
            value = repr(value)
        # How a method is looked up depends on what else is compiled with it, and means the same.
        found.append((each.opname.replace("LOAD_METHOD", "LOAD_ATTR").replace("CALL_METHOD", "CALL_FUNCTION"), value))
    return (code.co_varnames[: code.co_argcount + code.co_kwonlyargcount], code.co_argcount, tuple(found))


if __name__ == "__main__":
    import json

    package, root = sys.argv[1:]
    sys.path.insert(0, root)
    print(json.dumps({name: describe_module(name, package) for name in modules_of(package, root)}))
