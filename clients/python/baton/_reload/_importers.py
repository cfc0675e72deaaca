"""Modules that hold something of others, and what their statements do with it."""

from __future__ import annotations

import ast
import os
import sys
from types import ModuleType

from ._binds import STAR
from ._version import Version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterator

#: The bytes of each module's source, by its name, as they were when they were first asked for.
_sources: dict[str, bytes] = {}
_versions: dict[str, Version | None] = {}
_LIBRARY = os.path.dirname(os.__file__)
#: The client's package, which imports nothing of a program.
_OWN = __name__.partition(".")[0]


def source_of(module: ModuleType) -> bytes:
    """Nothing, where it has no Python source."""
    name = module.__name__
    if name not in _sources:
        path = getattr(module, "__file__", None)
        _sources[name] = b""
        if path and path.endswith(".py"):
            try:
                with open(path, "rb") as file:
                    _sources[name] = file.read()
            except OSError:
                return b""  # Of an archive, or gone.
    return _sources[name]


def forget(module: ModuleType) -> None:
    _sources.pop(module.__name__, None)
    _versions.pop(module.__name__, None)


def version_of(module: ModuleType) -> Version | None:
    name = module.__name__
    if name not in _versions:
        source = source_of(module)
        try:
            _versions[name] = Version(source, module.__file__ or "") if source else None
        except (SyntaxError, ValueError):
            _versions[name] = None
    return _versions[name]


def holders(
    modules: dict[str, tuple[ModuleType, set[str]]], known: Container[str]
) -> list[ModuleType]:
    """Modules that may have imported others, given with the names that are these's own.

    But for those that are known. They hold one of them or what is theirs, or name them in their source, where it is not a library's.
    """
    wanted: set[int] = set()
    last_names = {name.rpartition(".")[2].encode() for name in modules}
    for module, names in modules.values():
        wanted.add(id(module))
        wanted.update(id(vars(module).get(name)) for name in names if not _is_common(vars(module).get(name)))
    found = []
    for name, other in list(sys.modules.items()):
        if not isinstance(other, ModuleType) or name in known or is_of_python(other) or name.partition(".")[0] == _OWN:
            continue
        if not wanted.isdisjoint(map(id, list(vars(other).values()))):
            found.append(other)
        else:
            source = source_of(other)
            if any(last in source for last in last_names):
                found.append(other)
    return found


def is_of_python(module: ModuleType) -> bool:
    """Which imports nothing of a program."""
    path = getattr(module, "__file__", None) or ""
    return not path.endswith(".py") or path.startswith(_LIBRARY) and "site-packages" not in path


def _is_common(value: object) -> bool:
    """Whether those may have it who have nothing to do with each other."""
    return value is None or value is Ellipsis or isinstance(value, (bool, int, float, str, bytes)) or type(value) is tuple and not value


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Those that stand for themselves: what is in a block counts, not the block."""
    for node in body:
        if isinstance(node, (ast.If, ast.Try)):
            yield from statements(node.body)
            for handler in getattr(node, "handlers", []):
                yield from statements(handler.body)
            yield from statements(node.orelse)
            yield from statements(getattr(node, "finalbody", []))
        else:
            yield node


def imported_from(node: ast.ImportFrom, module: ModuleType) -> str:
    if not node.level:
        return node.module or ""
    package = vars(module).get("__package__") or ""
    base = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
    return f"{base}.{node.module}" if node.module else base


def imported_by(node: ast.AST, module: ModuleType) -> list[str]:
    """Modules that a node of a source names."""
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    if isinstance(node, ast.ImportFrom):
        source = imported_from(node, module)
        return [source, *(f"{source}.{each.name}" for each in node.names)]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return []


def aliases(body: list[ast.stmt], module: ModuleType) -> dict[str, tuple[str, str]]:
    """Names that come from elsewhere: (of which module, its name there)."""
    found: dict[str, tuple[str, str]] = {}
    for node in statements(body):
        if isinstance(node, ast.ImportFrom):
            source = imported_from(node, module)
            for each in node.names:
                if each.name == STAR:
                    held = sys.modules.get(source)
                    for name in _public(held) if held else ():
                        found.setdefault(name, (source, name))
                else:
                    found[each.asname or each.name] = (source, each.name)
    return found


def _public(module: ModuleType) -> list[str]:
    named = vars(module).get("__all__")
    return list(named) if named is not None else [each for each in vars(module) if not each.startswith("_")]

