"""Which statements would have had another outcome, had what has changed been so from the start."""

from __future__ import annotations

import __future__
import ast
import sys
from types import CodeType, FunctionType, ModuleType

from ._effects import makes_plainly
from ._importers import is_of_python
from ._lookups import lookups_of
from ._makers import MAKERS
from ._reach import CONTAINERS, Reach

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ._operands import Operands
    from ._uses import Uses


#: Whose metaclasses make nothing of what annotations name.
_LEAVES_ANNOTATIONS = frozenset({"typing", "typing_extensions", "enum", "abc"})


class Influence:
    """What has changed so far, and whether a statement that was executed before used it."""

    def __init__(self) -> None:
        #: Names that are bound anew, with their module's.
        self.values: set[tuple[str, str]] = set()
        self.codes: set[CodeType] = set()
        #: Names of changed methods: what they are called on is not known.
        self.methods: set[str] = set()
        #: Classes whose statement is executed again, and attributes of them that change by that.
        self.classes: set[type] = set()
        self.attributes: set[tuple[type, str]] = set()
        #: Modules whose functions are looked into.
        self.modules: set[str] = set()
        #: Those of them that are hot.
        self.hot: set[str] = set()

    def reaches(self, uses: Uses, module: ModuleType, aliases: dict[str, tuple[str, str]]) -> str | None:
        """Names what was used."""
        space, name = vars(module), module.__name__
        for each in uses.names | {base for base, _ in uses.bases}:
            if (name, each) in self.values or aliases.get(each) in self.values:
                return each
        for chain in uses.chains:
            if self._changes_along(chain, space):
                return ".".join(chain)
        for function, text in uses.texts:
            held = space.get(function)
            is_asking = isinstance(held, FunctionType) and lookups_of(held.__code__).asks
            if is_asking and self.has_changed(sys.modules.get(text)):
                return text  # It may import a module of that name.
        if self.looks_into(uses, space):
            return "what is in a namespace"
        is_asked = False
        for base, more in uses.bases:
            held = resolve(base.split("."), space)
            if isinstance(held, type):
                is_asked = is_asked or not makes_plainly(type(held)) and type(held).__module__ not in _LEAVES_ANNOTATIONS
                if more and held in self.classes and not makes_plainly(space.get(uses.metaclass or "")):
                    return base
                if Reach(self).calls(getattr(held, "__init_subclass__", None), False):
                    return f"{base}.__init_subclass__"
                if Reach(self).calls(type(held), True):
                    return type(held).__name__
        annotated = self._annotated(uses, space, name, aliases, is_asked)
        if annotated is not None:
            return annotated
        for root, attribute in self.through_packages(uses, space):
            held = space.get(root, sys.modules.get(root))
            if isinstance(held, ModuleType) and attribute in vars(held) and (held.__name__, attribute) in self.values:
                return f"{root}.{attribute}"
            kind = held if isinstance(held, type) or not uses.looks_into_objects else type(held)
            if isinstance(kind, type) and any((each, attribute) in self.attributes for each in kind.__mro__):
                return f"{root}.{attribute}"
        return self._runs_change(uses, space) if uses.calls or uses.looked_up else None

    def _changes_along(self, chain: Sequence[str], space: dict[str, Any]) -> bool:
        """Whether an attribute has changed that is looked up of a module, a class or a function, one after the other."""
        value = space.get(chain[0], sys.modules.get(chain[0]))
        for attribute in chain[1:]:
            if isinstance(value, ModuleType):
                if (value.__name__, attribute) in self.values:
                    return True
                if attribute not in vars(value):
                    return self.would_call(vars(value).get("__getattr__"))
                value = vars(value)[attribute]
            elif isinstance(value, type):
                if any((each, attribute) in self.attributes for each in value.__mro__):
                    return True
                value = next((vars(each)[attribute] for each in value.__mro__ if attribute in vars(each)), None)
            else:
                # What a function says of itself.
                return isinstance(value, FunctionType) and attribute.startswith("__") and value.__code__ in self.codes
        return False

    def looks_into(self, uses: Uses, space: dict[str, Any]) -> bool:
        return any(self._is_looked_into(target, space) for target in uses.reflects)

    def _is_looked_into(self, target: str, space: dict[str, Any]) -> bool:
        """Whether what a statement looks at as a whole may have changed."""
        held = space.get(target, sys.modules.get(target))
        if target and held is not None:
            owner = held.__name__ if isinstance(held, ModuleType) else getattr(held, "__module__", None) or type(held).__module__
            module = sys.modules.get(owner)
            if module is not None and is_of_python(module) and not isinstance(held, CONTAINERS):
                return False
        return bool(self.values or self.classes)

    def _annotated(
        self, uses: Uses, space: dict[str, Any], name: str, aliases: dict[str, tuple[str, str]], is_asked: bool
    ) -> str | None:
        """An annotation that has changed; or what it names has, and is looked into where it stands."""
        is_evaluated = space.get("annotations") is not __future__.annotations
        asked = uses.asked_annotations | (uses.field_annotations if is_asked else set())
        for chain in uses.annotations if is_evaluated else asked:
            if (name, chain[0]) in self.values or aliases.get(chain[0]) in self.values or self._changes_along(chain, space):
                return ".".join(chain)
        for chain in asked:
            if resolve(chain, space) in self.classes:
                return ".".join(chain)
        return None

    def _runs_change(self, uses: Uses, space: dict[str, Any]) -> str | None:
        """What a statement called, operated on, or looked up of an object."""
        reach, operands = Reach(self), uses.operands
        for each in operands.operated if uses.calls else ():
            held = space.get(each)
            if isinstance(held, type) and (reach.calls(getattr(held, "__class_getitem__", None), False) or reach.calls(type(held), True)):
                return each
        if uses.looks_into_objects:
            reach.looks_up(uses.looked_up)
            for each in uses.names:
                reach.looks_at(space.get(each))
        for each in sorted(operands.names) if uses.calls else ():
            if self.is_asked(operands, each, space):
                return each
            if self.is_only_bound(operands, each, space):
                continue
            if each in space and reach.calls(space[each], self.is_operated_on(operands, each, space)):
                return each
        for root, attribute in self.through_packages(uses, space):
            held = space.get(root, sys.modules.get(root))
            if isinstance(held, ModuleType) and uses.looks_into_objects:
                reach.looks_at(vars(held).get(attribute))
        for root, attribute in self.through_packages(operands, space) if uses.calls else ():
            held = space.get(root, sys.modules.get(root))
            if isinstance(held, (ModuleType, type)):
                by_operators = self.is_operated_on(operands, root, space)
                if reach.calls(getattr(held, attribute, None), by_operators):
                    return f"{root}.{attribute}"
            elif self.is_hot(type(held)):
                reach.looks_at(held)
                reach.looks_up([attribute])
                if attribute in self.methods:
                    return f"{root}.{attribute}"
        if reach.comes_to_change():
            return next(iter(sorted(operands.names or uses.names)), "")
        return None

    def has_changed(self, held: Any) -> bool:
        """Of a module or a class: whether any of its names has."""
        if isinstance(held, ModuleType):
            return any(name == held.__name__ for name, _ in self.values)
        return isinstance(held, type) and held in self.classes

    def is_asked(self, operands: Operands, name: str, space: dict[str, Any]) -> bool:
        """Whether a module or a class that has changed is given to a function that looks up what is not written."""
        if not self.has_changed(space.get(name)):
            return False
        functions = [space.get(each.id) for each in operands.given.get(name, ()) if isinstance(each, ast.Name)]
        return any(isinstance(each, FunctionType) and lookups_of(each.__code__).asks for each in functions)

    def is_only_bound(self, operands: Operands, name: str, space: dict[str, Any]) -> bool:
        """Whether nothing of it is called: an item is taken out of it, or it is named as a type."""
        if isinstance(space.get(name), CONTAINERS) and name not in operands.deep:
            return True
        return all(receiver is not None and _is_of_typing(receiver, space) for receiver in operands.given[name])

    def is_operated_on(self, operands: Operands, name: str, space: dict[str, Any]) -> bool:
        """Whether what a name's call returns is given at once to an operator, or to what may operate on it."""
        if name in operands.operated and not isinstance(space.get(name), type):
            return True
        return any(receiver is None or self._operates(receiver, space) for receiver in operands.handed.get(name, ()))

    def _operates(self, receiver: ast.expr, space: dict[str, Any]) -> bool:
        held = space.get(receiver.id) if isinstance(receiver, ast.Name) else None
        if isinstance(held, FunctionType) and held.__globals__.get("__name__") in self.modules:
            return lookups_of(held.__code__).operates
        if isinstance(held, type) and type(held) is type and held.__module__ in self.modules:
            made = [vars(each).get(name) for each in held.__mro__ for name in MAKERS if each.__module__ != "builtins"]
            functions = [each for each in made if each is not None]
            return not all(isinstance(each, FunctionType) and not lookups_of(each.__code__).operates for each in functions)
        return True

    def through_packages(self, uses: Uses | Operands, space: dict[str, Any]) -> list[tuple[str, str]]:
        """Of `package.module.name`, `package.module` is a root as well, by its full name."""
        found = list(uses.attributes)
        for root, attribute in uses.attributes:
            held = getattr(space.get(root), attribute, None) if isinstance(space.get(root), ModuleType) else None
            if isinstance(held, ModuleType) and held.__name__ in self.modules:
                found += [(held.__name__, other) for name, other in uses.attributes if name == root and other != attribute]
        return found

    def would_call(self, held: Any, by_operators: bool = False) -> bool:
        """Whether a call of it may come to what has changed, or an operator on what that returns."""
        reach = Reach(self)
        return reach.calls(held, by_operators) or reach.comes_to_change()

    def is_hot(self, kind: type) -> bool:
        return any(each.__module__ in self.modules for each in kind.__mro__)


def resolve(chain: Sequence[str], space: dict[str, Any]) -> Any:
    """What is named so, as far as modules and classes tell."""
    value = space.get(chain[0], sys.modules.get(chain[0]))
    for attribute in chain[1:]:
        value = vars(value).get(attribute) if isinstance(value, (ModuleType, type)) else None
    return value


def _is_of_typing(receiver: ast.expr, space: dict[str, Any]) -> bool:
    if isinstance(receiver, ast.Attribute) and isinstance(receiver.value, ast.Name):
        held = getattr(space.get(receiver.value.id), receiver.attr, None)
    else:
        held = space.get(receiver.id) if isinstance(receiver, ast.Name) else None
    return getattr(held, "__module__", None) in ("typing", "typing_extensions")
