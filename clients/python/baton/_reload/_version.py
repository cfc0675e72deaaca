"""One version of a module's source, compiled."""

from __future__ import annotations

import ast
import importlib.util
import __future__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType

_FUTURES = 0
for _name in __future__.all_feature_names:
    _FUTURES |= getattr(__future__, _name).compiler_flag

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def first_line(node: ast.AST) -> int:
    """Of its decorators, where it has any; so Python counts, too."""
    decorators = getattr(node, "decorator_list", None)
    line: int = node.lineno  # type: ignore[attr-defined]
    return min(line, decorators[0].lineno) if decorators else line


class Version:
    """Raises ``SyntaxError`` and ``ValueError`` as ``compile`` does."""

    def __init__(self, data: bytes, path: str) -> None:
        self.data = data
        self.path = path
        self.tree = ast.parse(data, path)
        self.code: CodeType = compile(self.tree, path, "exec", dont_inherit=True)
        self._lines: list[str] | None = None
        self._imports: list[ast.stmt] | None = None

    def text_of(self, node: ast.AST) -> str:
        if self._lines is None:
            self._lines = importlib.util.decode_source(self.data).split("\n")
        end: int = node.end_lineno  # type: ignore[attr-defined]
        return "\n".join(self._lines[first_line(node) - 1 : end])

    def compile_statement(self, node: ast.stmt) -> CodeType:
        """As the whole would: how a name is looked up depends on whether the module has imported it."""
        if self._imports is None:
            found = [each for each in _of_module(self.tree.body) if not _is_future(each)]
            self._imports = [ast.If(ast.Constant(False), found, [])] if found else []
            for each in self._imports:
                ast.fix_missing_locations(ast.copy_location(each, found[0]))
        module = ast.Module([node] if _is_future(node) else [*self._imports, node], [])
        flags = self.code.co_flags & _FUTURES
        return compile(module, self.path, "exec", flags=flags, dont_inherit=True)


_GUARD = ast.dump(ast.parse('__name__ == "__main__"', mode="eval").body)


def is_guard(node: ast.AST) -> bool:
    """`if __name__ == "__main__":`, which a module that is imported does not enter."""
    return isinstance(node, ast.If) and ast.dump(node.test) == _GUARD and not node.orelse


def _of_module(body: list[ast.stmt]) -> list[ast.stmt]:
    """Imports in the scope of a module, in its blocks as well."""
    found: list[ast.stmt] = []
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found.append(node)
        elif not isinstance(node, DEFINITIONS):
            for name in ("body", "handlers", "orelse", "finalbody"):
                inner = getattr(node, name, [])
                found += _of_module(inner) if isinstance(inner, list) else []
    return found


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def same_node(old: ast.AST, new: ast.AST) -> bool:
    """Whether they say the same, wherever they stand."""
    if type(old) is not type(new):
        return False
    for name in old._fields:
        if not _same(getattr(old, name, None), getattr(new, name, None)):
            return False
    return True


def _same(old: object, new: object) -> bool:
    if isinstance(old, ast.AST):
        return isinstance(new, ast.AST) and same_node(old, new)
    if isinstance(old, list):
        return (
            isinstance(new, list)
            and len(old) == len(new)
            and all(_same(one, other) for one, other in zip(old, new))
        )
    return type(old) is type(new) and repr(old) == repr(new)
