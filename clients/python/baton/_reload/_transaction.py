"""One reload of a set of modules, all or nothing."""

from __future__ import annotations

import abc
import ast
import contextvars
import functools
import gc
import os
import sys
import time
import weakref
from types import CodeType, FunctionType

from . import _workers
from ._binds import STAR, binds
from ._classes import ClassPatch
from ._codes import children
from ._decorated import calls
from ._decorators import looks_into
from ._difference import Difference
from ._holders import Holders
from ._gone import Gone
from ._functions import can_take, renew, set_code
from ._kept import Kept
from ._live import Live, derived, running
from ._made import Made
from ._makers import DECIDES, MAKERS
from ._outcome import Failed, Refused, place
from ._plan import Part, Plan
from ._stage import Stage
from ._substitutes import Substitutes
from ._undo import Undo
from ._version import FUNCTIONS, Version, first_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from types import ModuleType

    from ._hot_module import HotModule

#: How long threads may take to leave functions that change.
_LEAVE_S = 0.25


class Transaction:
    """Raises ``Refused`` and ``Failed``, and then has changed nothing."""

    def __init__(self, changed: list[HotModule], hot: dict[str, HotModule], gone: Sequence[HotModule] = ()) -> None:
        self._files_gone = gone
        self._undo = Undo()
        self._kept = [Kept(each.keep, each.of or vars(each.module)) for each in hot.values() if each.keep]
        self._kept_names = {
            each.name: set(each.keep) for each in hot.values() if each.of is None or each.of is each.module
        }
        self._is_executed = False
        #: Their bases list them until they are collected.
        self.has_removed_classes = False
        try:
            versions = {each.name: _compile(each) for each in changed}
            self._run(changed, hot, versions)
        except BaseException:
            self._undo.all()
            self._put_back()
            raise
        self._put_back()
        self._undo.forget()
        for each in changed:
            each.runs(versions[each.name])

    def _put_back(self) -> None:
        if self._is_executed:
            for each in self._kept:
                each.put_back()

    def _run(
        self, changed: list[HotModule], hot: dict[str, HotModule], versions: dict[str, Version]
    ) -> None:
        worker = _workers.find()
        if worker is not None:
            raise Refused(f"{worker} goes on with the old code")
        differences = {
            each.name: (each.module, Difference(each.version(), versions[each.name])) for each in changed
        }
        for module, difference in differences.values():
            _look_at_decorated(module, difference)
        sources = {name: (each.module, each.version()) for name, each in hot.items() if name in sys.modules}
        gone = {each.name: sources.pop(each.name) for each in self._files_gone}
        after = {name: (module, versions.get(name, version)) for name, (module, version) in sources.items()}
        self._gone = Gone(gone, after) if gone else None
        plan = self._plan = Plan(differences, sources)
        self._parts = {name: plan.parts[name] for name in _in_order(plan)}
        self._targets = [part.difference.targets for part in self._parts.values()]
        files = {path for part in self._parts.values() for path in _paths(part.version.path)}
        classes = frozenset(self._classes(plan))
        self._stage(plan)
        live = Live(files, classes)
        if not self._is_clear(live):
            gc.collect()  # What stands in the way may be garbage.
            live = Live(files, classes)
            self._check(live)
        caches = self._caches(plan, live)
        abstract_classes = list(live.abstract_classes) if self._patches or self._decides(plan, live) else []
        interval = sys.getswitchinterval()
        sys.setswitchinterval(10.0)  # No other thread sees half of it.
        try:
            self._commit(plan)
            for cache in caches:
                cache.cache_clear()
            for kind in abstract_classes:
                abc.ABCMeta._abc_caches_clear(kind)  # type: ignore[attr-defined]
            abstract_classes.clear()
            live.forget_classes()
        finally:
            sys.setswitchinterval(interval)
        self._check_frames(live, _LEAVE_S)
        if self._gone is not None:
            self._gone.commit(self._undo, {id(vars(each)) for each in self._stage_spaces.modules.values()})

    def _is_clear(self, live: Live) -> bool:
        try:
            self._check(live)
        except Refused:
            live.functions.clear()
            live.forget_classes()
            return False
        return True

    def _check(self, live: Live) -> None:
        self._check_functions(live)
        self._check_instances(live)
        self._check_made_classes(live)
        self._check_replaced()
        self._check_frames(live, _LEAVE_S)

    def _classes(self, plan: Plan) -> list[type]:
        """Those of which instances may have been made by old code, with what is derived from them."""
        found = list(plan.influence.classes)
        for part in self._parts.values():
            for code in part.difference.targets.changed():
                if code.co_name in DECIDES:
                    found += _owners(part, code)
        return derived(found)

    def _stage(self, plan: Plan) -> None:
        parts = self._parts
        self._new: dict[tuple[str, str], Any] = {}
        self._patches: list[ClassPatch] = []
        spaces: dict[int, dict[str, Any]] = {}
        self._substitutes = Substitutes(spaces)
        stage = Stage(parts, plan.influence, [version for _, version in plan.hot.values()])
        for name, staged in stage.modules.items():
            spaces[id(vars(staged))] = vars(parts[name].module)
            self._substitutes.put(staged, parts[name].module)
        self._stage_spaces = stage
        known = set(sys.modules)
        for part in parts.values():
            stage.check_removed(part)
        for part in parts.values():
            for module, name, source, original in plan.rebinds:
                if module is part.module and source in stage.modules:
                    fresh = stage.namespace(source)
                    if original in fresh:
                        stage.namespace(part.name)[name] = fresh[original]
            stage.take_over(part, parts)
            if part.changed or part.influenced:
                self._is_executed = True
                before = set(sys.modules)
                self._undo.add(lambda before=before: _forget(before))  # type: ignore[misc]
                stage.execute(part)
        if set(sys.modules) - known:
            plan.look_at_new()
        for part in parts.values():
            self._match(part, plan, stage.namespace(part.name))
        values = list(self._new.values()) + [value for each in self._patches for value in each.values()]
        values = [self._substitutes.of(value) for value in values]
        for old, new in self._substitutes.renewed:
            values += [self._substitutes.of(new.__defaults__), self._substitutes.of(new.__kwdefaults__)]
            values += [self._substitutes.of(dict(vars(new)))]
        left = self._substitutes.left_in(values)
        if left is not None:
            raise Refused(f"{_where(left, parts)} is held where it cannot be put in its place")

    def _match(self, part: Part, plan: Plan, fresh: dict[str, Any]) -> None:
        """Which objects of the program are to become which new ones."""
        space = vars(part.module)
        for node in part.version.tree.body:
            if not part.executed(node):
                continue
            before = part.changed.get(node, node)
            names = binds(node)
            if STAR in names:
                raise Refused(f"{place(part.version.path, node.lineno)} imports by a star, and has changed")
            for name in names & fresh.keys():
                if name in self._kept_names.get(part.name, ()) and name in space:
                    continue
                old, new = space.get(name), fresh[name]
                if old is new:
                    continue
                if isinstance(node, FUNCTIONS) and isinstance(before, FUNCTIONS):
                    self._check_not_replaced(part, node, old)
                if isinstance(old, type) and isinstance(new, type) and new.__module__ == part.name:
                    if not isinstance(node, ast.ClassDef) or not isinstance(before, ast.ClassDef):
                        raise Refused(f'{place(part.version.path, node.lineno)}: the class "{name}" has changed')
                    patch = ClassPatch(old, new, before, node, part)
                    patch.match(self._substitutes, plan.influence)
                    self._patches.append(patch)
                    continue
                made = Made(_binders(part, before, name), name, part.version.path)
                self._substitutes.match(old, new, made)
                self._new[part.name, name] = new

    def _check_not_replaced(self, part: Part, node: ast.stmt, old: object) -> None:
        """By the program, at run time: it would be lost."""
        if isinstance(old, FunctionType) and not node.decorator_list:  # type: ignore[attr-defined]
            if self._target(old.__code__) is None:
                where = place(part.version.path, node.lineno)
                raise Refused(f'{where}: "{old.__name__}" was put in the place of what the source says, at run time')

    def _target(self, code: CodeType) -> Any:
        return next(filter(None, (targets.get(code) for targets in self._targets)), None)

    def _check_functions(self, live: Live) -> None:
        """All that live are of the source that they should be of, and have a new code."""
        renewed = {id(old) for old, _ in self._substitutes.renewed}
        self._codes: list[tuple[FunctionType, CodeType]] = []
        replaced = set().union(set(), *(each.replaced for each in self._patches))
        without: list[int] = []
        detached: list[int] = []
        for index, function in enumerate(live.functions):
            if id(function) in renewed or self._substitutes.has_made(function):
                continue
            code = function.__code__
            target = self._target(code)
            where = place(code.co_filename, code.co_firstlineno)
            if target is None:
                raise Refused(f'{where}: "{function.__qualname__}" is not of the source that the module was imported from')
            if target.new is not None and target.maker is not None and _holds(function):
                raise Refused(
                    f'{where}: "{function.__qualname__}" was made by "{target.maker.co_name}", which has changed'
                )
            if target.new is None or not can_take(function, target.new):
                without.append(index)
                continue
            if id(function) in replaced:
                detached.append(index)
            self._codes.append((function, target.new))
        function = None  # type: ignore[assignment]  # It would count as a holder.
        self._check_held(live, without, "is still held, and has no new version", self._kept_values())
        self._check_held(live, detached, "is still held, and another one has its place", set())

    def _check_held(self, live: Live, indexes: list[int], why: str, kept: set[int]) -> None:
        """Functions that have to go with the names that they are bound to."""
        if not indexes:
            return
        own = {id(live.functions), id(live.caches), id(live.cached_properties), id(self._codes), *map(id, self._codes)}
        holders = Holders(self._given_up(), own)
        for index in indexes:
            is_held = holders.any_other(live.functions, index) or weakref.getweakrefcount(live.functions[index])
            if is_held or self._stays(live.functions[index], kept):
                code = live.functions[index].__code__
                where = place(code.co_filename, code.co_firstlineno)
                raise Refused(f'{where}: "{live.functions[index].__qualname__}" {why}')

    def _check_replaced(self) -> None:
        """Objects of hot classes that are made anew go with the names that they are bound to."""
        hot = self._plan.influence.modules
        names = [
            (part, name)
            for part, name in self._new
            if _has_state(vars(self._parts[part].module).get(name), hot)
        ]
        objects = [vars(self._parts[part].module)[name] for part, name in names]
        holders = Holders(self._given_up(), {id(objects)})
        for index, (part, name) in enumerate(names):
            if objects[index] is not self._substitutes.of(self._new[part, name]) and holders.any_other(objects, index):
                raise Refused(f'{place(self._parts[part].version.path, 1)}: "{name}" is made anew, and still held as it was')

    def _given_up(self) -> set[int]:
        """Namespaces, by their ``id``, from which names go."""
        given_up = {id(vars(self._stage_spaces.modules[name])) for name in self._parts}
        given_up |= {id(vars(part.module)) for part in self._parts.values()}
        given_up |= {id(vars(module)) for module, _, _, _ in self._plan.rebinds}
        for patch in self._patches:
            for kind in (patch.old, patch.new):
                given_up |= set(map(id, gc.get_referents(vars(kind))))
        return given_up

    def _kept_values(self) -> set[int]:
        """What stays bound in the namespaces that others are taken from."""
        kept: set[int] = set()
        for part in self._parts.values():
            for name, value in vars(part.module).items():
                if (part.name, name) not in self._new and name not in part.difference.removed_names:
                    kept.add(id(value))
        for patch in self._patches:
            kept |= patch.kept()
        return kept

    def _stays(self, value: Any, kept: set[int]) -> bool:
        return id(value) in kept

    def _check_instances(self, live: Live) -> None:
        made = {patch.old: patch.where() for patch in self._patches if patch.is_made_differently()}
        for part in self._parts.values():
            for code in part.difference.targets.changed():
                if code.co_name in DECIDES:
                    for owner in _owners(part, code):
                        made.setdefault(owner, place(part.version.path, code.co_firstlineno))
        for kind, count in live.instances.items():
            for each in kind.__mro__:
                if each in made:
                    raise Refused(f'{made[each]}: {count} of "{kind.__qualname__}" were made as it was before')

    def _check_made_classes(self, live: Live) -> None:
        """Classes that functions have made: their bodies are executed again by nobody."""
        changed = {
            code.co_name: code
            for part in self._parts.values()
            for code in part.difference.targets.changed()
            if not code.co_flags & 1 and not code.co_name.startswith("<")
        }
        for kind in live.classes:
            code = changed.get(kind.__name__)
            if code is not None and "<locals>" in kind.__qualname__ and kind.__module__ in self._parts:
                raise Refused(f'{place(code.co_filename, code.co_firstlineno)}: "{kind.__qualname__}" was made as it was before')

    def _check_frames(self, live: Live, within: float) -> None:
        """That nobody is, and stays, inside of what changes."""
        changed = {code for targets in self._targets for code in targets.changed()}
        changed = {code for code in changed if code.co_flags & 1}
        changed |= {old.__code__ for old, new in self._substitutes.renewed if self._target(old.__code__) is None}
        for _, code in live.suspended:
            if code in changed:
                raise Refused(f'{place(code.co_filename, code.co_firstlineno)}: "{code.co_name}" has not ended yet')
        deadline = time.monotonic() + within
        while changed:
            inside = next(
                ((who, frame) for who, frame in running(live.greenlets) if frame.f_code in changed), None
            )
            if inside is None:
                return
            who, frame = inside
            if who == "this thread" or time.monotonic() >= deadline:
                where = place(frame.f_code.co_filename, frame.f_lineno)
                raise Refused(f'{who} is inside "{frame.f_code.co_name}", {where}')
            del inside, frame
            time.sleep(0.001)

    def _commit(self, plan: Plan) -> None:
        undo, substitutes = self._undo, self._substitutes
        for function, code in self._codes:
            if function.__code__ is not code:
                set_code(undo, function, code)
        for old, new in substitutes.renewed:
            renew(undo, old, new)
            for one, other in zip(old.__closure__ or (), new.__closure__ or ()):
                _renew_cell(undo, one, substitutes, other)
        for patch in self._patches:
            patch.commit(undo, substitutes)
        for (module, name), value in self._new.items():
            undo.set_item(vars(self._parts[module].module), name, substitutes.of(value))
        for part in self._parts.values():
            fresh = self._stage_spaces.namespace(part.name)
            removed = {*part.difference.removed_names, *self._stage_spaces.deleted(part)}
            self.has_removed_classes |= any(isinstance(vars(part.module).get(name), type) for name in removed)
            if fresh.get("__annotations__") is not None and (part.changed or part.influenced):
                undo.set_item(vars(part.module), "__annotations__", substitutes.of(fresh["__annotations__"]))
            if part.difference.old is not part.difference.new:
                undo.set_item(vars(part.module), "__doc__", ast.get_docstring(part.version.tree, clean=False))
            for name in removed:
                undo.delete_item(vars(part.module), name)
        for module, name, source, original in plan.rebinds:
            held = vars(sys.modules[source])
            if original in held:
                undo.set_item(vars(module), name, held[original])
            else:
                undo.delete_item(vars(module), name)

    def _decides(self, plan: Plan, live: Live) -> bool:
        """Whether what `isinstance` says of an abstract class may have changed: that is remembered."""
        own = [each for each in live.abstract_classes if each.__module__ in plan.influence.modules]
        return any(plan.influence.would_call(vars(each).get("__subclasshook__")) for each in own)

    def _caches(self, plan: Plan, live: Live) -> list[Any]:
        """Those with results that old code has computed. Raises where they cannot be emptied."""

        def is_stale(function: Any) -> bool:
            if not isinstance(function, FunctionType):
                return False
            return function.__globals__.get("__name__") in plan.influence.modules and plan.influence.would_call(function)

        for each in live.cached_properties:
            if is_stale(each.func) and _has_values(each):
                code = each.func.__code__  # type: ignore[attr-defined]
                where = place(code.co_filename, code.co_firstlineno)
                raise Refused(f'{where}: values of "{code.co_name}" were computed as it was before')
        return [each for each in live.caches if is_stale(getattr(each, "__wrapped__", None))]


def _binders(part: Part, before: ast.stmt | None, name: str) -> list[ast.stmt]:
    """Statements of the old source that have made what a name is bound to: of several, the one that stands for the new one."""
    found = [each for each in part.difference.old.tree.body if name in binds(each)]
    if before is None:
        found = [each for each in found if each in part.difference.removed_statements]
    return found if len(found) == 1 else [each for each in found if each is before]


def _look_at_decorated(module: ModuleType, difference: Difference) -> None:
    for body in difference.bodies:
        if not body.before.decorator_list:  # type: ignore[attr-defined]
            continue
        value: Any = None
        scope: Any = vars(module)
        for name in body.path:
            value = scope.get(name)
            scope = vars(value) if isinstance(value, type) else {}
        codes = [each for each in _all_codes(difference.old.code) if each.co_name == body.path[-1]]
        codes = [each for each in codes if each.co_firstlineno == first_line(body.before)]
        decorators = body.before.decorator_list  # type: ignore[attr-defined]
        if not any(calls(value, each) for each in codes) or looks_into(decorators, vars(module)):
            difference.execute_again(body)


def _all_codes(code: CodeType) -> list[CodeType]:
    return [code] + [inner for each in children(code) for inner in _all_codes(each)]


def _compile(module: HotModule) -> Version:
    data = module.read()
    try:
        return Version(data, module.path)
    except SyntaxError as error:
        raise Failed(f"{place(module.path, error.lineno or 1)}: {type(error).__name__}: {error.msg}", True) from error
    except ValueError as error:
        raise Failed(f"{place(module.path, 1)}: {error}") from error


def _in_order(plan: Plan) -> list[str]:
    """Each after those that it imports from, as far as they do not go in a circle."""
    ordered: list[str] = []
    on_the_way: set[str] = set()

    def visit(name: str) -> None:
        if name in on_the_way:
            return
        on_the_way.add(name)
        part = plan.parts[name]
        held = {getattr(value, "__name__", None) for value in vars(part.module).values() if type(value) is type(sys)}
        for other in plan.parts:
            if other in held or any(source == other for source, _ in part.aliases.values()):
                visit(other)
        ordered.append(name)

    for name in plan.parts:
        visit(name)
    return ordered


def _paths(path: str) -> set[str]:
    return {path, os.path.relpath(path), os.path.realpath(path)}


def _owners(part: Part, code: CodeType) -> list[type]:
    """Classes of a module that have a function of this code in their body."""
    found: list[type] = []
    queue = [each for each in vars(part.module).values() if isinstance(each, type)]
    for kind in queue:
        if kind.__module__ != part.name or kind in found:
            continue
        for value in vars(kind).values():
            if isinstance(value, type):
                queue.append(value)
            elif getattr(getattr(value, "__func__", value), "__code__", None) == code:
                found.append(kind)
    return found


def _has_state(value: object, hot: set[str]) -> bool:
    """Whether what others have done with it would be lost."""
    return type(value).__module__ in hot or isinstance(value, contextvars.ContextVar)


def _holds(function: FunctionType) -> bool:
    return bool(function.__closure__ or function.__defaults__ or function.__kwdefaults__)


def _renew_cell(undo: Undo, old: Any, substitutes: Substitutes, new: Any) -> None:
    try:
        value = substitutes.of(new.cell_contents)
        before = old.cell_contents
    except ValueError:
        return
    if value is not before:
        old.cell_contents = value
        undo.add(lambda: setattr(old, "cell_contents", before))


def _has_values(cached: Any) -> bool:
    """Whether an object keeps what a cached property has computed."""
    name = cached.attrname
    for each in gc.get_objects():
        kind = type(each)
        if name in getattr(each, "__dict__", ()) and getattr(kind, name, None) is cached:
            return True
    return False


def _forget(before: set[str]) -> None:
    """Modules that a reload has imported, and that are Python alone."""
    for name in set(sys.modules) - before:
        if (getattr(sys.modules[name], "__file__", None) or "").endswith(".py"):
            module = sys.modules.pop(name)
            parent, _, last = name.rpartition(".")
            package = sys.modules.get(parent)
            if package is not None and vars(package).get(last) is module:
                delattr(package, last)


def _where(left: Any, parts: dict[str, Part]) -> str:
    code = getattr(left, "__code__", None)
    if code is not None:
        return f'{place(code.co_filename, code.co_firstlineno)}: "{left.__qualname__}"'
    name = getattr(left, "__qualname__", type(left).__qualname__)
    return f'"{next(iter(parts.values())).version.path}": "{name}"'

