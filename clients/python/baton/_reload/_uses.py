"""What a statement uses while it is executed, as against what its functions use when they are called."""

from __future__ import annotations

import ast

from ._lookups import ASKS, LOOKS_UP, REFLECTS
from ._operands import Operands, root as root_of
from ._version import DEFINITIONS, FUNCTIONS


#: Decorators that leave annotations alone.
_ASKS_NOTHING = frozenset(
    "staticmethod classmethod property setter getter deleter overload override final abstractmethod wraps cache lru_cache "
    "cached_property contextmanager asynccontextmanager dataclass total_ordering runtime_checkable unique define frozen mutable".split()
)


class Uses:
    """``runs`` says that a statement is of the program's entry: what that calls is the program's run, and its state."""

    def __init__(self, node: ast.AST, runs: bool = False) -> None:
        self.names: set[str] = set()
        #: With the name that they are looked up in, over several dots as well.
        self.attributes: set[tuple[str, str]] = set()
        #: Attributes that are looked up, of whatever it may be.
        self.looked_up: set[str] = set()
        #: Attributes one after the other, with the name that the first is looked up in.
        self.chains: set[tuple[str, ...]] = set()
        #: Classes that others are derived from, written with dots; with whether the class statement does more with them.
        self.bases: set[tuple[str, bool]] = set()
        #: Where that is all that a class statement does with them.
        self.metaclass: str | None = None
        #: Whether any code may run: a call, a decorator, an iteration.
        self.calls = False
        self.operands = Operands()
        #: What it names in annotations; where a decorator may look at what that is, and where the metaclass of a class may.
        self.annotations: set[tuple[str, ...]] = set()
        self.asked_annotations: set[tuple[str, ...]] = set()
        self.field_annotations: set[tuple[str, ...]] = set()
        #: Text that it gives to a function, with the function's name.
        self.texts: set[tuple[str, str]] = set()
        #: Names of what it looks at as a whole, or by a name that is not written there; "" for what is not known.
        self.reflects: set[str] = set()
        #: Whether what it looks up may be a method of an object.
        self.looks_into_objects = not runs
        if runs and not isinstance(node, (*DEFINITIONS, ast.Assign, ast.AnnAssign)):
            return
        self._visit(node)
        if runs and not isinstance(node, DEFINITIONS):
            self.calls = False

    def _visit(self, node: ast.AST, is_inner: bool = False) -> None:
        if isinstance(node, (ast.expr, ast.stmt)) and not isinstance(node, (*DEFINITIONS, ast.Lambda)) and not is_inner:
            self.operands.read(node)
        if isinstance(node, FUNCTIONS):
            self.calls = self.calls or bool(node.decorator_list)
            self._decorated(node.decorator_list)
            self._each([*node.decorator_list, *node.args.defaults, *node.args.kw_defaults])
            self._annotated(node)
        elif isinstance(node, ast.Lambda):
            self._each([*node.args.defaults, *node.args.kw_defaults])
        elif isinstance(node, ast.ClassDef):
            self._class(node)
        elif isinstance(node, ast.AnnAssign):
            self._each([node.value])
            self._annotation(node.annotation, self.field_annotations)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            return
        else:
            if isinstance(node, (ast.Call, ast.For, ast.With, ast.comprehension, ast.Starred)):
                self.calls = True
            elif isinstance(node, (ast.Tuple, ast.List)) and isinstance(node.ctx, ast.Store):
                self.calls = True
            elif isinstance(node, (ast.BinOp, ast.Compare, ast.UnaryOp, ast.JoinedStr, ast.Subscript, ast.Set, ast.Dict)):
                self.calls = True  # of methods with two underscores
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store):
                self.names.add(node.id)
                if node.id in REFLECTS and node.id not in ASKS:
                    self.reflects.add("")
            if isinstance(node, ast.Call):
                self._by_name(node)
                given = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
                self.texts |= {(node.func.id, each) for each in given} if isinstance(node.func, ast.Name) else set()
                for each in [*node.args, *(keyword.value for keyword in node.keywords)]:
                    if isinstance(each, ast.Lambda):
                        self._visit(each.body)  # It may be called at once.
                self.looked_up |= named_attributes(node)
            if isinstance(node, ast.Attribute):
                self.looked_up.add(node.attr)
                if node.attr in REFLECTS:
                    self.reflects.add((root_of(node.value) or "") if node.attr.startswith("__") else "")
                chain = chain_of(node)
                if chain is not None:
                    self.chains.add(chain)
                root: ast.AST = node
                while isinstance(root, (ast.Attribute, ast.Call, ast.Subscript)):
                    root = root.func if isinstance(root, ast.Call) else root.value
                if isinstance(root, ast.Name):
                    self.attributes.add((root.id, node.attr))
            for child in ast.iter_child_nodes(node):
                self._visit(child, not isinstance(child, ast.stmt))

    def _class(self, node: ast.ClassDef) -> None:
        more = bool(node.decorator_list or node.keywords)
        self.calls = self.calls or more
        self._decorated([*node.decorator_list, *(each.value for each in node.keywords)])
        if not node.decorator_list and [each.arg for each in node.keywords] == ["metaclass"]:
            self.metaclass = ast.unparse(node.keywords[0].value)
        self._each([*node.decorator_list, *(each.value for each in node.keywords)])
        for base in node.bases:
            chain = chain_of(base.value if isinstance(base, ast.Subscript) else base)  # Generic[T]
            if chain is not None:
                self.bases.add((".".join(chain), more))
            if not isinstance(base, ast.Name):
                self._visit(base)
        self._each(node.body)
        if not all(_last_name(each) in _ASKS_NOTHING for each in node.decorator_list):
            self.asked_annotations |= self.field_annotations

    def _annotated(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """A function keeps what its annotations were."""
        args = node.args
        every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
        is_asked = not all(_last_name(each) in _ASKS_NOTHING for each in node.decorator_list)
        for each in [*(one.annotation for one in every if one is not None), node.returns]:
            self._annotation(each, self.asked_annotations if is_asked else set())

    def _annotation(self, node: ast.expr | None, asked: set[tuple[str, ...]]) -> None:
        for each in ast.walk(node) if node is not None else ():
            chain = chain_of(each)
            if chain is not None:
                self.annotations.add(chain)
                asked.add(chain)
            elif isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value.isidentifier():
                asked.add((each.value,))

    def _by_name(self, call: ast.Call) -> None:
        """`getattr(module, "name")`"""
        function = _last_name(call)
        if function in ASKS:
            self.reflects.add((root_of(call.args[0]) or "") if call.args else "")
        if function not in ("getattr", "hasattr", "setattr", "delattr") or len(call.args) < 2:
            return
        owner, name = call.args[0], call.args[1]
        if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
            self.reflects.add(root_of(owner) or "")
            return
        chain = chain_of(owner)
        if chain is not None:
            self.chains.add((*chain, name.value))

    def _decorated(self, decorators: list[ast.expr]) -> None:
        for each in decorators:
            self.operands.decorate(each)

    def _each(self, nodes: list[ast.expr | None] | list[ast.stmt] | list[ast.expr]) -> None:
        for node in nodes:
            if node is not None:
                self._visit(node)


def _last_name(node: ast.expr) -> str:
    node = node.func if isinstance(node, ast.Call) else node
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def chain_of(node: ast.AST) -> tuple[str, ...] | None:
    """Of `name`, or `name.one.other`."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return (node.id, *reversed(names)) if isinstance(node, ast.Name) else None


def named_attributes(call: ast.Call) -> set[str]:
    """Attributes that it looks up by a name that is written there."""
    if _last_name(call) not in LOOKS_UP:
        return set()
    texts = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return {name for each in texts for name in each.split(".")}  # attrgetter("one.other")
