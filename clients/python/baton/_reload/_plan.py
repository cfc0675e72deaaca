"""What a reload is going to do: which statements are executed, of which modules."""

from __future__ import annotations

import ast
import enum
import sys
from types import FunctionType, ModuleType

from ._binds import STAR, binds
from ._codes import child_for
from ._class_body import ClassBody, bound_in, mangled
from ._definitions import Definitions
from ._difference import Difference
from ._importers import aliases, holders, imported_by, imported_from, is_of_python, statements, version_of
from ._influence import Influence
from ._outcome import Refused, place
from ._uses import Uses
from ._version import FUNCTIONS, Version, is_guard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Part:
    """One module's."""

    def __init__(self, module: ModuleType, difference: Difference) -> None:
        self.module = module
        self.name = module.__name__
        self.difference = difference
        self.version = difference.new
        self.changed = difference.changed
        #: Unchanged ones, by what they have used.
        self.influenced: dict[ast.stmt, str] = {}
        self.rebound: set[str] = set()
        self.uses: dict[ast.stmt, Uses] = {}
        #: Those that its own statements bind.
        own = [node for node in statements(difference.old.tree.body) if not isinstance(node, (ast.Import, ast.ImportFrom))]
        self.names = set().union(set(), *map(binds, own))
        self.aliases = aliases(self.version.tree.body, module)

    def executed(self, node: ast.stmt) -> bool:
        return node in self.changed or node in self.influenced


class _Other:
    """A module that is not hot."""

    def __init__(self, module: ModuleType, version: Version) -> None:
        self.path = version.path
        body = version.tree.body
        self.aliases = aliases(body, module)
        runs = module.__name__ == "__main__"
        nodes = list(statements([each for each in body if runs or not is_guard(each)]))
        self.imports = [node for node in nodes if isinstance(node, ast.ImportFrom)]
        self.modules = set().union(set(), *(imported_by(node, module) for node in ast.walk(version.tree)))
        self.uses = [(node, Uses(node, runs)) for node in nodes]
        if "site-packages" in version.path:
            for _, uses in self.uses:
                uses.reflects.clear()  # Of a library: it is about its own names.


class Plan:
    """``hot`` has all hot modules with the source that they run."""

    def __init__(
        self, differences: Mapping[str, tuple[ModuleType, Difference]], hot: Mapping[str, tuple[ModuleType, Version]]
    ) -> None:
        self.influence = Influence()
        self.parts: dict[str, Part] = {}
        #: Names in other modules that are bound to what the changed module binds.
        self.rebinds: list[tuple[ModuleType, str, str, str]] = []
        self.hot = hot
        self._unchanged: dict[str, Part] = {}
        self._others: dict[str, _Other | None] = {}
        for name, (module, difference) in differences.items():
            self.parts[name] = Part(module, difference)
        self.influence.modules.update(hot)
        self.influence.hot.update(hot)
        for part in self.parts.values():
            self._note(part)
        self._spread()
        self._execute_what_is_called()

    def _note(self, part: Part) -> None:
        """What changes by the difference itself."""
        difference, influence = part.difference, self.influence
        changed = difference.targets.changed()
        influence.codes.update(changed)
        if ast.get_docstring(difference.old.tree, clean=False) != ast.get_docstring(difference.new.tree, clean=False):
            influence.values.add((part.name, "__doc__"))
        top = {each.co_name for each in difference.old.code.co_consts if hasattr(each, "co_name")}
        for code in changed:
            if code.co_flags & 1 and code.co_name not in top and not code.co_name.startswith("__"):
                influence.methods.add(code.co_name)
        for node, before in difference.changed.items():
            self._note_statement(part, node, before)
        for name in difference.removed_names:
            influence.values.add((part.name, name))

    def _note_statement(self, part: Part, node: ast.stmt, before: ast.stmt | None) -> None:
        influence, space = self.influence, vars(part.module)
        if isinstance(node, FUNCTIONS) and isinstance(before, FUNCTIONS):
            code = child_for(part.difference.old.code, before)
            if code is not None:
                influence.codes.add(code)
            if not node.decorator_list and not before.decorator_list:
                return
        if isinstance(node, ast.ClassDef) and isinstance(before, ast.ClassDef):
            held = space.get(node.name)
            if isinstance(held, type):
                influence.classes.add(held)
                body = ClassBody(before, node, part, influence)
                for name in bound_in(node) ^ bound_in(before) | body.changed - _functions_in(node):
                    influence.attributes.add((held, name))
                    if isinstance(held, enum.EnumMeta) and name not in _functions_in(node) | _functions_in(before):
                        influence.values.add((part.name, node.name))  # As a collection of its members.
                return
        names = binds(node)
        if isinstance(node, ast.ImportFrom):
            source = sys.modules.get(imported_from(node, part.module))
            if source is not None and is_of_python(source):
                names = names - part.difference.imported_alike
        for name in names:
            influence.values.add((part.name, name))

    def _spread(self) -> None:
        """Until nothing more is influenced."""
        passed_on: dict[str, tuple[ModuleType, set[str]]] = {}
        while True:
            before = (len(self.influence.values), len(self.influence.classes), len(self.influence.codes), len(self.influence.attributes), len(passed_on))
            modules = {name: (part.module, part.names) for name, part in self.parts.items()}
            for module, name, _, _ in self.rebinds:
                modules.setdefault(module.__name__, (module, set()))[1].add(name)
            for name, (module, names) in passed_on.items():
                modules.setdefault(name, (module, set()))[1].update(names)
            for part in list(self.parts.values()):
                self._look_at(part)
            for other in holders(modules, self.parts):
                self._look_into(other)
                names = self._passes_on(other, modules)
                if names:
                    passed_on[other.__name__] = (other, names)
            after = (len(self.influence.values), len(self.influence.classes), len(self.influence.codes), len(self.influence.attributes), len(passed_on))
            if before == after:
                return

    def look_at_new(self) -> None:
        """Modules that the reload itself has imported: they were given what was there before. Raises ``Refused``."""
        before = self._size()
        self._spread()
        if self._size() != before:
            raise Refused(f'{place(next(iter(self.parts.values())).version.path, 1)}: a module that is new uses what has changed')

    def _size(self) -> int:
        return sum(len(part.changed) + len(part.influenced) for part in self.parts.values())

    def _look_at(self, part: Part) -> None:
        for node in part.version.tree.body:
            if part.executed(node):
                if isinstance(node, ast.ClassDef):
                    self._note_statement(part, node, part.changed.get(node, node))
                continue
            if is_guard(node) and part.name != "__main__":
                continue
            for each in statements([node]):
                if isinstance(each, ast.ImportFrom):
                    self._rebind(part.module, each)
            uses = part.uses.get(node)
            if uses is None:
                uses = part.uses[node] = Uses(node, part.name == "__main__")
            used = self.influence.reaches(uses, part.module, part.aliases)
            if used is not None:
                part.influenced[node] = used
                self._note_statement(part, node, node)

    def _passes_on(self, other: ModuleType, modules: dict[str, tuple[ModuleType, set[str]]]) -> set[str]:
        """What of an unchanged module calls what has changed: others may have called that."""
        name = other.__name__
        if name not in self.influence.modules:
            return set()
        wanted = {id(module) for module, _ in modules.values()}
        wanted |= {id(vars(module).get(each)) for module, names in modules.values() for each in names}
        if name not in self.hot and wanted.isdisjoint(map(id, list(vars(other).values()))):
            return set()
        own = [(each, held) for each, held in list(vars(other).items()) if isinstance(held, (FunctionType, type))]
        return {each for each, held in own if held.__module__ == name and self.influence.would_call(held, True)}

    def _look_into(self, other: ModuleType) -> None:
        """A module that has not changed."""
        name = other.__name__
        if name in self.hot:
            part = self._part_of(name)
            assert part is not None
            self._look_at(part)
            if part.influenced:
                self.parts[name] = part
            return
        if name not in self._others:
            version = version_of(other)
            self._others[name] = _Other(other, version) if version is not None else None
        held = self._others[name]
        if held is None or not self._is_importer(other, held):
            return
        self.influence.modules.add(name)
        for node in held.imports:
            self._rebind(other, node)
        for each, uses in held.uses:
            used = self.influence.reaches(uses, other, held.aliases)
            if used is not None:
                where = place(held.path, each.lineno)
                raise Refused(f'{where} used "{used}", which has changed, when it was imported, and "{name}" is not hot')

    def _is_importer(self, other: ModuleType, held: _Other) -> bool:
        """Whether it may have called what is hot when it was imported: it has something of that, or names it."""
        if not held.modules.isdisjoint(self.influence.modules):
            return True
        own = {id(value) for module, _ in self.hot.values() for value in _own_values(module)}
        return not own.isdisjoint(map(id, list(vars(other).values())))

    def _execute_what_is_called(self) -> None:
        """A statement that is executed is to call what is new, all the way."""
        definitions = Definitions(self._part_of)
        queue: list[tuple[Part, ast.stmt]] = []
        found = [
            each
            for part in list(self.parts.values())
            for node in part.version.tree.body
            if part.executed(node)
            for each in definitions.used_by(part, Uses(node))
        ]
        while found:
            part, definition, held = found.pop()
            if (part, definition) in queue or not self.influence.would_call(held, True):
                continue
            queue.append((part, definition))
            if not part.executed(definition):
                self._execute(part, definition)
            found += definitions.called_by(part, definition)

    def _execute(self, part: Part, definition: ast.stmt) -> None:
        self.parts[part.name] = part
        body = next((each for each in part.difference.bodies if each.statement is definition), None)
        if body is not None:
            part.difference.execute_again(body)
        else:
            part.influenced[definition] = definition.name  # type: ignore[attr-defined]

    def _part_of(self, name: str) -> Part | None:
        if name in self.parts or name not in self.hot:
            return self.parts.get(name)
        if name not in self._unchanged:
            module, version = self.hot[name]
            self._unchanged[name] = Part(module, Difference(version, version))
        return self._unchanged[name]

    def _rebind(self, module: ModuleType, node: ast.ImportFrom) -> None:
        source = imported_from(node, module)
        part = self.parts.get(source)
        for each in node.names:
            if each.name == STAR:
                self._rebind_all(module, source)
                continue
            name = each.asname or each.name
            self._check_made_by_call(module, node, source, each.name)
            if (source, each.name) not in self.influence.values or name not in vars(module):
                continue
            if part is not None and each.name in part.difference.removed_names:
                raise Refused(
                    f'{place(getattr(module, "__file__", ""), node.lineno)} imports "{each.name}", which "{source}" has no more'
                )
            self._add_rebind(module, name, source, each.name)

    def _check_made_by_call(self, module: ModuleType, node: ast.ImportFrom, source: str, name: str) -> None:
        """A name that `__getattr__` of a module has given when it was asked for."""
        space = vars(sys.modules[source]) if source in self.parts and source in sys.modules else {}
        if "__getattr__" in space and name not in space and self.influence.would_call(space["__getattr__"], True):
            where = place(getattr(module, "__file__", ""), node.lineno)
            raise Refused(f'{where} imports "{name}", which "__getattr__" of "{source}" has given as it was')

    def _rebind_all(self, module: ModuleType, source: str) -> None:
        if (source, "__all__") in self.influence.values:
            raise Refused(f'{place(getattr(module, "__file__", ""), 1)} imports all of "{source}", of which "__all__" has changed')
        for origin, name in list(self.influence.values):
            if origin == source and (not name.startswith("_") or name in vars(module)):
                self._add_rebind(module, name, source, name)

    def _add_rebind(self, module: ModuleType, name: str, source: str, original: str) -> None:
        if (module.__name__, name) not in self.influence.values:
            self.influence.values.add((module.__name__, name))
            self.rebinds.append((module, name, source, original))


def _own_values(module: ModuleType) -> list[object]:
    """Itself, and functions and classes that are its own."""
    name = module.__name__
    return [module, *(each for each in list(vars(module).values()) if getattr(each, "__module__", None) == name)]


def _functions_in(node: ast.ClassDef) -> set[str]:
    """Which stay the same objects."""
    functions = [each for each in node.body if isinstance(each, FUNCTIONS) and not each.decorator_list]
    return {mangled(node.name, each.name) for each in functions}
