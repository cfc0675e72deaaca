"""Which modules of the project itself may be imported ahead: those that have no part in what was edited lately,
and whose own code does nothing but define.

A module that registers itself somewhere, reads or computes something, or is imported by another that may not, is
imported when the program does. What is not known to be harmless counts as not harmless.
"""

import os
import sys

_BUILTIN_CALLS = frozenset(
    "bool bytes classmethod complex dict enumerate float frozenset int len list max min object property range "
    "reversed round set slice sorted staticmethod str sum super tuple zip Exception ValueError TypeError".split()
)
#: Functions that make something and leave everything else as it is; of a whole module with a star.
_LIBRARY_CALLS = frozenset(
    "re.compile re.escape logging.getLogger collections.* dataclasses.* typing.* typing_extensions.* enum.auto "
    "enum.unique functools.lru_cache functools.cache functools.partial functools.wraps functools.cached_property "
    "functools.total_ordering functools.singledispatch abc.abstractmethod contextlib.contextmanager "
    "contextlib.asynccontextmanager pathlib.Path pathlib.PurePath pathlib.PurePosixPath os.path.join os.path.dirname "
    "os.path.abspath os.path.basename os.environ.get os.getenv decimal.Decimal fractions.Fraction "
    "datetime.timedelta datetime.date datetime.timezone operator.itemgetter operator.attrgetter "
    "operator.methodcaller types.MappingProxyType types.SimpleNamespace string.Template textwrap.dedent "
    "struct.Struct itertools.count itertools.chain weakref.WeakKeyDictionary weakref.WeakValueDictionary "
    "threading.Lock threading.RLock threading.local contextvars.ContextVar".split()
)
_OPERATORS = frozenset("Add Sub Mult Div FloorDiv Mod Pow BitOr BitAnd BitXor".split())
_METACLASSES = (("builtins", "type"), ("abc", "ABCMeta"), ("enum", "EnumMeta"), ("enum", "EnumType"))
_STANDARD = frozenset(
    "builtins abc enum typing typing_extensions collections collections.abc dataclasses contextlib threading "
    "json.encoder json.decoder logging string argparse unittest.case html.parser http.server socketserver "
    "configparser queue io numbers decimal datetime pathlib uuid ipaddress".split()
)


def kind_of(node):
    return type(node).__name__


class Source:
    """The code of one module, as far as it runs when the module is imported."""

    def __init__(self, tree, name, is_package):
        self.package = name if is_package else name.rpartition(".")[0]
        self.imports, self.names, self.why = [], {}, None
        self.used, self.lazy = set(), False
        self.statements(tree.body)

    def refuse(self, node, what):
        if self.why is None:
            self.why = "line %d %s" % (getattr(node, "lineno", 0), what)

    def statements(self, nodes):
        for node in nodes:
            handle = getattr(self, "on_" + kind_of(node), None)
            if handle is None:
                self.refuse(node, "does more than define")
            else:
                handle(node)
            if self.why is not None:
                return

    def on_Pass(self, node):
        pass

    def on_Global(self, node):
        pass

    def on_Import(self, node):
        for alias in node.names:
            top = alias.name.partition(".")[0]
            self.names[alias.asname or top] = alias.name if alias.asname else top
            self.imports.append((alias.name, ()))

    def on_ImportFrom(self, node):
        if node.module == "__future__":
            self.lazy = self.lazy or any(alias.name == "annotations" for alias in node.names)
            return
        module = node.module or ""
        if node.level:
            parts = self.package.split(".") if self.package else []
            if node.level - 1 >= len(parts):
                return self.refuse(node, "imports from beyond its package")
            base = ".".join(parts[: len(parts) - (node.level - 1)])
            module = base + "." + module if module else base
        for alias in node.names:
            self.names[alias.asname or alias.name] = module + "." + alias.name
        self.imports.append((module, tuple(alias.name for alias in node.names)))

    def on_Expr(self, node):
        if kind_of(node.value) != "Constant":
            self.refuse(node, "calls something")

    def on_FunctionDef(self, node):
        given = node.args
        self.decorators(node)
        self.names[node.name] = None
        self.expressions(node, given.defaults, given.kw_defaults)
        if not self.lazy:
            every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
            self.expressions(node, [one.annotation for one in every if one is not None], [node.returns])

    on_AsyncFunctionDef = on_FunctionDef

    def decorators(self, node):
        """Each is called with what it stands above."""
        for one in node.decorator_list:
            called = one.func if kind_of(one) == "Call" else one
            if not (self.is_of_property(called) or self.is_harmless(called)):
                return self.refuse(one, "is decorated by something that may do more")
            if called is not one:
                self.expressions(one, one.args, [each.value for each in one.keywords])

    def is_of_property(self, node):
        """Whether it is ``name.setter``, say, of a property above."""
        return (
            kind_of(node) == "Attribute" and node.attr in ("setter", "getter", "deleter")
            and kind_of(node.value) == "Name" and node.value.id in self.names and self.names[node.value.id] is None
        )

    def on_ClassDef(self, node):
        self.decorators(node)
        self.names[node.name] = None
        self.expressions(node, node.bases)
        if node.keywords:
            metaclass = [self.name_of(one.value) for one in node.keywords]
            if metaclass != ["abc.ABCMeta"] or node.keywords[0].arg != "metaclass":
                self.refuse(node, "gives its class to another")
        if self.why is None:
            self.statements(node.body)

    def on_Assign(self, node):
        for target in node.targets:
            self.target(target)
        self.expressions(node, [node.value])

    def on_AugAssign(self, node):
        self.target(node.target)
        self.expressions(node, [node.value])

    def on_AnnAssign(self, node):
        self.target(node.target)
        self.expressions(node, [node.value], [] if self.lazy else [node.annotation])

    def target(self, node):
        kind = kind_of(node)
        if kind == "Name":
            self.names[node.id] = None
        elif kind in ("Tuple", "List"):
            for one in node.elts:
                self.target(one)
        elif kind == "Starred":
            self.target(node.value)
        else:
            self.refuse(node, "changes something else")

    def on_TypeAlias(self, node):  # Python 3.12; nothing of it runs.
        self.target(node.name)

    def on_If(self, node):
        self.expressions(node, [node.test])
        self.statements(node.body)
        self.statements(node.orelse)

    def on_Try(self, node):
        self.statements(node.body)
        for handler in node.handlers:
            self.expressions(handler, [handler.type])
            self.statements(handler.body)
        self.statements(node.orelse)
        self.statements(node.finalbody)

    def expressions(self, at, *lists):
        for nodes in lists:
            for node in nodes:
                if node is not None and self.why is None:
                    self.expression(node)

    def expression(self, node):
        kind = kind_of(node)
        if kind == "Constant":
            return
        if kind == "Lambda":
            return self.expressions(node, node.args.defaults, node.args.kw_defaults)
        if kind in ("Name", "Attribute") and self.name_of(node) in ("os.environ", "os.environb"):
            return self.refuse(node, "reads the environment")
        if kind == "Name":
            return
        if kind == "Call":
            if not self.is_harmless(node.func):
                return self.refuse(node, "calls something")
            if self.name_of(node.func) in ("os.environ.get", "os.getenv") and not _is_of_user(node.args[:1]):
                return self.refuse(node, "reads the environment")
            return self.expressions(node, node.args, [one.value for one in node.keywords])
        if kind == "Subscript" and self.name_of(node.value) == "os.environ" and _is_of_user([node.slice]):
            return
        if kind == "BinOp" and kind_of(node.op) not in _OPERATORS:
            return self.refuse(node, "has an operator that may do more")
        if kind not in (
            "Attribute Subscript Slice Index ExtSlice Tuple List Set Dict BinOp BoolOp UnaryOp Compare IfExp JoinedStr "
            "FormattedValue Starred ListComp SetComp DictComp GeneratorExp comprehension NamedExpr"
        ).split():
            return self.refuse(node, "does more than define")
        if kind == "comprehension":
            self.target(node.target)
        for field in node._fields:
            value = getattr(node, field, None)
            values = value if isinstance(value, list) else [value]
            self.expressions(node, [one for one in values if hasattr(one, "_fields") and field not in ("ctx", "op", "ops", "target")])

    def is_harmless(self, node):
        name = self.name_of(node)
        if name is None:
            return False
        module, _, last = name.rpartition(".")
        self.used.add(name.partition(".")[0])
        if module == "builtins":
            return last in _BUILTIN_CALLS
        return name in _LIBRARY_CALLS or module + ".*" in _LIBRARY_CALLS

    def name_of(self, node):
        """The full name of something, by what was imported; None where that is not seen."""
        tail = []
        while kind_of(node) == "Attribute":
            tail.append(node.attr)
            node = node.value
        if kind_of(node) != "Name":
            return None
        if node.id in self.names:
            first = self.names[node.id]
        else:
            first = None if tail else "builtins." + node.id
        return None if first is None else ".".join([first, *reversed(tail)])


def _is_of_user(keys):
    """Whether this is a variable that baton does not set anew for each start."""
    values = [getattr(getattr(key, "value", key), "value", getattr(key, "value", None)) for key in keys]
    return bool(values) and all(isinstance(value, str) and value[:6] != "BATON_" for value in values)


class OwnModules:
    """``find(name, path)`` finds the spec of a module, ``parsed(text, path)`` gives the syntax tree of its source;
    ``left`` are files that are imported by the program alone."""

    def __init__(self, find, is_watched, parsed, left):
        self.find, self.is_watched, self.parsed = find, is_watched, parsed
        self.left = {os.path.realpath(path) for path in left}
        self.files, self.answers, self.specs = set(), {}, {}

    def may(self, spec):
        """Whether a watched module may be imported ahead, with all of the project's that it imports."""
        if spec.name not in self.answers:
            before = set(self.answers)
            self.answers[spec.name] = True  # Those that import one another.
            if not self._may(spec):
                # What was found to be fine meanwhile may import this one.
                self.answers = {name: fine for name, fine in self.answers.items() if name in before or not fine}
                self.answers[spec.name] = False
        return self.answers[spec.name]

    def _may(self, spec):
        kind = type(spec.loader).__name__
        if kind != "SourceFileLoader" or not spec.has_location or os.path.realpath(spec.origin) in self.left:
            return False
        source = self._source(spec)
        if source is None or source.why is not None:
            return False
        if any(map(self._is_own, source.used - {"builtins"})):
            return False  # It has the name of a library's module.
        for module, names in source.imports:
            parts = module.split(".")
            every = [".".join(parts[: count + 1]) for count in range(len(parts))]
            every += [module + "." + name for name in names if name != "*"]
            if module == "__main__" or not all(map(self._is_fine, every)):
                return False
        parent = spec.name.rpartition(".")[0]
        return not parent or self._is_fine(parent)

    def _source(self, spec):
        try:
            with open(spec.origin, "rb") as file:
                tree = self.parsed(file.read(), spec.origin)
        except OSError:
            return None
        return tree and Source(tree, spec.name, spec.submodule_search_locations is not None)

    def _is_fine(self, name):
        """Whether it is not the project's, or may be imported ahead."""
        return not self._is_own(name) or self.may(self._spec(name))

    def _is_own(self, name):
        spec = self._spec(name)
        return spec is not None and spec.has_location and self.is_watched(spec)

    def _spec(self, name):
        if name not in self.specs:
            parent = name.rpartition(".")[0]
            place = self._spec(parent) if parent else None
            inside = place.submodule_search_locations if place is not None else None
            self.specs[name] = None if parent and inside is None else self.find(name, inside)
        return self.specs[name]

    def fault(self, module):
        """Why a module that was imported is not one that only defines; None where it is."""
        for key, value in list(module.__dict__.items()):
            if not isinstance(value, type) or value.__dict__.get("__module__") != module.__name__:
                continue
            meta = type(value)
            if (meta.__module__, meta.__name__) not in _METACLASSES and meta.__module__ not in _STANDARD:
                return "the class of %s is told of it" % key
            for base in value.__mro__[1:]:
                if base.__module__ not in _STANDARD and "__init_subclass__" in base.__dict__:
                    return "%s is told of %s" % (base.__name__, key)
            for name, held in list(value.__dict__.items()):
                told = getattr(type(held), "__set_name__", None)
                if told is not None and type(held).__module__ not in (*_STANDARD, "functools"):
                    return "%s.%s is told of its class" % (key, name)
        return None
