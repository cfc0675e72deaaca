"""Executes statements into namespaces of their own, so that the program sees nothing of it."""

from __future__ import annotations

import ast
import builtins
from types import FunctionType, ModuleType

from ._audit import Audit
from ._class_body import KEPT, ClassBody
from ._effects import Effects
from ._outcome import Failed, Refused, place
from ._plain import Plain
from ._stale import Stale
from ._uses import Uses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._influence import Influence
    from ._plan import Part
    from ._version import Version


class Stage:
    """One for all modules of a reload: what one of them imports from another is staged as well."""

    def __init__(self, parts: dict[str, Part], influence: Influence, unchanged: list[Version]) -> None:
        versions = [each for part in parts.values() for each in (part.difference.old, part.version)] + unchanged
        self._plain = Plain(versions, lambda space, local: Effects(space, self._plain, local))
        self._influence = influence
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
        for name, part in parts.items():
            if part.difference.old is not part.difference.new:
                self.namespace(name)["__doc__"] = ast.get_docstring(part.version.tree, clean=False)
        self._stale = Stale(influence, {id(vars(staged)) for staged in self.modules.values()})

    def namespace(self, name: str) -> dict[str, Any]:
        return vars(self.modules[name])

    def deleted(self, part: Part) -> set[str]:
        """Names that statements have deleted when they were executed."""
        space = self.namespace(part.name)
        return {name for name in vars(part.module) if name not in space}

    def _import(
        self, name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
    ) -> Any:
        found = builtins.__import__(name, globals, locals, fromlist, level)
        return self.modules.get(found.__name__, found)

    def take_over(self, part: Part, parts: dict[str, Part]) -> None:
        """What a module has imported of others that are staged: their new definitions."""
        space = self.namespace(part.name)
        for name, (source, original) in part.aliases.items():
            if source in parts and source != part.name:
                held = vars(parts[source].module).get(original)
                fresh = self.namespace(source).get(original)
                if fresh is not None and isinstance(held, (FunctionType, type)) and space.get(name) is held:
                    space[name] = fresh
        for name, held in list(space.items()):  # Also what came by way of a module that has nothing else to do with it.
            source = getattr(held, "__module__", None) if isinstance(held, (FunctionType, type)) else None
            if source in parts and source != part.name and vars(parts[source].module).get(held.__name__) is held:
                space[name] = self.namespace(source).get(held.__name__, held)

    def execute(self, part: Part) -> None:
        space = self.namespace(part.name)
        influenced, changed = Effects(space), Effects(space, self._plain)
        body = part.version.tree.body
        last = max((index for index, node in enumerate(body) if part.executed(node)), default=-1)
        for index, node in enumerate(body[: last + 1]):
            if not part.executed(node):
                continue
            node = self._without_kept(part, node)
            self._check(part, body[index], node, influenced if body[index] in part.influenced else changed, body[index + 1 :])
            uses = Uses(node)
            if self._influence.looks_into(uses, space):
                raise Refused(f"{place(part.version.path, node.lineno)} looks at a namespace as a whole, and has changed or that has")
            stale = self._stale.used_by(uses, space)
            if stale is not None:
                raise Refused(f'{place(part.version.path, node.lineno)} uses "{stale}", which is as it was until all is in place')
            try:
                code = part.version.compile_statement(node)
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    exec(code, space)
                    continue
                with Audit() as audit:
                    exec(code, space)
            except ImportError as error:
                # Of what has changed as well, a new module may have been given what it was.
                raise Refused(f"{place(part.version.path, node.lineno)}: {type(error).__name__}: {error}") from error
            except Exception as error:
                where = place(part.version.path, _line(error, part.version.path) or node.lineno)
                raise Failed(f"{where}: {type(error).__name__}: {error}") from error
            if audit.seen:
                where = place(part.version.path, node.lineno)
                raise Refused(f"{where} {audit.seen[0]} when it was executed")

    def _without_kept(self, part: Part, node: ast.stmt) -> ast.stmt:
        """Of a class that is in use: attributes that stay as they are need not be made again."""
        held = vars(part.module).get(getattr(node, "name", ""))
        before = part.changed.get(node, node)
        if not isinstance(node, ast.ClassDef) or not isinstance(before, ast.ClassDef) or not isinstance(held, type):
            return node
        body = ClassBody(before, node, part, self._influence)
        kept: dict[str, Any] = {}
        node = body.without_kept(held, Effects(self.namespace(part.name)), kept)
        self.namespace(part.name).setdefault(KEPT, {}).update(kept)
        return node

    def _check_old(self, part: Part, node: ast.stmt, before: ast.stmt) -> None:
        """What it did when it was executed stays."""
        if isinstance(before, ast.ClassDef) and isinstance(node, ast.ClassDef):
            before = ClassBody(before, node, part, self._influence).changed_before()
        effect = before if isinstance(before, ast.Delete) else Effects(vars(part.module), self._plain, is_now=False).of(before)
        if effect is not None:
            where = place(part.version.path, getattr(effect, "lineno", before.lineno))
            raise Refused(f"{where} (of the old source) has changed, and what it has done cannot be undone")

    def _check(self, part: Part, key: ast.stmt, node: ast.stmt, effects: Effects, rest: list[ast.stmt]) -> None:
        was = part.changed.get(key)
        if was is not None and key not in part.influenced:
            self._check_old(part, key, was)
        effect = effects.of(node)
        if effect is None:
            return
        path = part.version.path
        where = place(path, getattr(effect, "lineno", node.lineno))
        node = key
        before = part.changed.get(node, node)
        if before is not None:
            why = part.influenced.get(node)
            what = f'used "{why}", which has changed' if why else "has changed"
            raise Refused(f"{where} {what}, and what it does when it is executed cannot be undone")
        for later in rest:
            if not part.executed(later) and effects.of(later) is not None:
                raise Refused(f"{where} is new, and what it does comes before what line {later.lineno} has done")

    def check_removed(self, part: Part) -> None:
        effects = Effects(vars(part.module), self._plain, is_now=False)
        for node in part.difference.removed_statements:
            if isinstance(node, ast.Delete) or effects.of(node) is not None:
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
