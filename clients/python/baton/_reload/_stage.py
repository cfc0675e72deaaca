"""Executes statements into namespaces of their own, so that the program sees nothing of it."""

from __future__ import annotations

import ast
import builtins
from types import ModuleType

from ._audit import Audit
from ._effects import Effects
from ._outcome import Failed, Refused, place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._plan import Part


class Stage:
    """One for all modules of a reload: what one of them imports from another is staged as well."""

    def __init__(self, parts: dict[str, Part], hot: set[str]) -> None:
        self._hot = hot
        self.modules: dict[str, ModuleType] = {}
        self._executed: set[str] = set()
        for name, part in parts.items():
            staged = self.modules[name] = ModuleType(name)
            vars(staged).update(vars(part.module))
        real = {id(part.module): name for name, part in parts.items()}
        for staged in self.modules.values():
            space = vars(staged)
            for name, value in space.items():
                if id(value) in real:
                    space[name] = self.modules[real[id(value)]]
            space["__builtins__"] = {**vars(builtins), "__import__": self._import}
            if "__annotations__" in space:
                space["__annotations__"] = dict(space["__annotations__"])

    def namespace(self, name: str) -> dict[str, Any]:
        return vars(self.modules[name])

    def _import(
        self, name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
    ) -> Any:
        found = builtins.__import__(name, globals, locals, fromlist, level)
        return self.modules.get(found.__name__, found)

    def execute(self, part: Part) -> None:
        space = self.namespace(part.name)
        effects = Effects(space, self._hot)
        body = part.version.tree.body
        last = max((index for index, node in enumerate(body) if part.executed(node)), default=-1)
        for index, node in enumerate(body[: last + 1]):
            if not part.executed(node):
                continue
            self._check(part, node, effects, body[index + 1 :])
            try:
                code = part.version.compile_statement(node)
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    exec(code, space)
                    continue
                with Audit() as audit:
                    exec(code, space)
            except Exception as error:
                where = place(part.version.path, _line(error, part.version.path) or node.lineno)
                raise Failed(f"{where}: {type(error).__name__}: {error}") from error
            if audit.seen:
                where = place(part.version.path, node.lineno)
                raise Refused(f"{where} {audit.seen[0]} when it was executed")

    def _check(self, part: Part, node: ast.stmt, effects: Effects, rest: list[ast.stmt]) -> None:
        effect = effects.of(node)
        if effect is None:
            return
        path = part.version.path
        where = place(path, getattr(effect, "lineno", node.lineno))
        before = part.changed.get(node, node)
        if before is not None:
            why = part.influenced.get(node)
            what = f'used "{why}", which has changed' if why else "has changed"
            raise Refused(f"{where} {what}, and what it does when it is executed cannot be undone")
        for later in rest:
            if not part.executed(later) and effects.of(later) is not None:
                raise Refused(f"{where} is new, and what it does comes before what line {later.lineno} has done")

    def check_removed(self, part: Part) -> None:
        effects = Effects(vars(part.module), self._hot)
        for node in part.difference.removed_statements:
            if effects.of(node) is not None:
                where = place(part.version.path, node.lineno)
                raise Refused(f"{where} (of the old source) is gone, and what it has done cannot be undone")


def _line(error: Exception, path: str) -> int | None:
    """The innermost one in this file."""
    found = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            found = trace.tb_lineno
        trace = trace.tb_next
    return found
