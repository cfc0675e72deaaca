"""Whether a statement can be executed again: whether it does more than to bind names.

Calls are looked up in the namespace that they are about to be made in: what is known of the standard
library and of hot modules' own data classes has no effect, and nothing else is known.
"""

from __future__ import annotations

import abc
import ast
import builtins
import dataclasses
import enum
import inspect
import sys
from types import BuiltinFunctionType, FunctionType, MappingProxyType, MethodType, ModuleType

from ._version import FUNCTIONS, is_guard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._plain import Plain

_MODULES = frozenset(
    "re typing typing_extensions collections functools dataclasses enum contextlib pathlib operator itertools abc "
    "types attr attr._make attr._next_gen attrs decimal fractions datetime string textwrap math struct copy weakref "
    "uuid posixpath ntpath genericpath contextvars _contextvars _operator _functools _collections _struct "
    "_abc collections.abc inspect stat errno statistics colorsys fnmatch shlex html base64 _decimal".split()
)
_BUILTINS = frozenset(
    "list dict set frozenset tuple str int float bool bytes bytearray complex len sorted min max sum range zip map "
    "filter enumerate object type isinstance issubclass hasattr getattr callable property staticmethod classmethod "
    "super repr abs round divmod pow ord chr hash all any reversed slice memoryview hex oct bin format ascii id".split()
)
_NAMED = {
    "logging": {"getLogger", "NullHandler"},
    "os": {"getenv"},
    "sys": {"getdefaultencoding", "intern", "getfilesystemencoding"},
    "warnings": {"deprecated"},
    "threading": {"Lock", "RLock", "Event", "local", "Condition"},
    "_thread": {"allocate_lock", "RLock", "lock", "_local"},
    "queue": {"Queue", "SimpleQueue", "LifoQueue"},
    "_queue": {"SimpleQueue"},
    "importlib.util": {"find_spec"},
    "importlib.metadata": {"version"},
    "platform": {"system", "python_implementation"},
}
_DATA = (str, bytes, int, float, complex, tuple, frozenset, bool, list, dict, set, MappingProxyType)
_READS = frozenset(
    "items keys values get copy index count union intersection difference symmetric_difference".split()
)
_STATEMENTS = (ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom, ast.Pass, ast.If, ast.Try, ast.Assert)

_OF_METACLASSES = ("__new__", "__init__", "__call__", "__prepare__", "__setattr__", "__getattribute__", "mro")

_MAKES_MEMBERS = frozenset({"__new__", "__init__", "_generate_next_value_", "__init_subclass__", "__set_name__"})
#: Of the standard library: they put names into the module that is running.
_BINDS_ELSEWHERE = frozenset({"global_enum", "_simple_enum", "_convert_"})
#: Of the standard library: they make a function or a class known to what lives on.
_REGISTERS = frozenset({"register", "finalize"})


class Effects:
    """``plain`` judges functions of hot modules: without it they are not known. ``local`` names are not known, either."""

    def __init__(
        self,
        namespace: dict[str, Any],
        plain: Plain | None = None,
        local: frozenset[str] = frozenset(),
        is_now: bool = True,
        is_class: bool = False,
    ) -> None:
        self._namespace = namespace
        self._plain = plain
        self._local = local
        #: Whether the names are as they are where the statement stands.
        self._is_now = is_now
        self._is_class = is_class

    def of(self, node: ast.stmt) -> ast.AST | None:
        """What may have an effect, in a statement."""
        if isinstance(node, FUNCTIONS):
            return self._decorated(node) or self._first(
                [*node.args.defaults, *(each for each in node.args.kw_defaults if each)]
            )
        if isinstance(node, ast.ClassDef):
            return self._class(node)
        if isinstance(node, ast.Expr):
            return None if isinstance(node.value, ast.Constant) else self._expression(node.value, top=True)
        if isinstance(node, ast.Delete):
            return next((each for each in node.targets if not isinstance(each, ast.Name)), None)
        if not isinstance(node, _STATEMENTS):
            return node
        if isinstance(node, ast.Assign):
            for target in node.targets:
                for part in ast.walk(target):
                    if isinstance(part, (ast.Attribute, ast.Subscript)):
                        return part
            return self._expression(node.value)
        if isinstance(node, ast.AnnAssign):
            if not isinstance(node.target, ast.Name):
                return node.target
            return self._expression(node.value) if node.value else None
        if isinstance(node, ast.If):
            return self._if(node)
        if isinstance(node, ast.Try):
            handlers = [each for handler in node.handlers for each in handler.body]
            return self._later().body([*node.body, *handlers, *node.orelse, *node.finalbody])
        if isinstance(node, ast.Assert):
            return self._expression(node.test)
        return None

    def _if(self, node: ast.If) -> ast.AST | None:
        found = self._expression(node.test)
        if found is not None:
            return found
        if (not self._is_now or self._local) and not is_guard(node):
            return self.body([*node.body, *node.orelse])
        try:
            code = compile(ast.Expression(node.test), "<test>", "eval")
            is_true = bool(eval(code, dict(self._namespace)))
        except Exception:
            return self.body([*node.body, *node.orelse])
        if is_true or not node.orelse:
            return self._later().body(node.body) if is_true else None
        if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
            return self._if(node.orelse[0])
        return self._later().body(node.orelse)

    def _later(self) -> Effects:
        return Effects(self._namespace, self._plain, self._local, False, self._is_class)

    def in_class(self) -> Effects:
        """For the statements of a class: objects may be told of it."""
        return Effects(self._namespace, None, self._local, False, True)

    def body(self, nodes: list[ast.stmt]) -> ast.AST | None:
        for node in nodes:
            found = self.of(node)
            if found is not None:
                return found
        return None

    def _class(self, node: ast.ClassDef) -> ast.AST | None:
        found = self._decorated(node) or self._first(node.bases)
        for keyword in node.keywords:
            if keyword.arg == "metaclass" and not makes_plainly(self._value(keyword.value)):
                return keyword.value
            found = found or self._expression(keyword.value)
        for base in node.bases:
            held = self._value(base)
            if isinstance(held, type) and not _derives_plainly(held):
                return base
            if isinstance(held, enum.EnumMeta):
                made = next((each for each in node.body if isinstance(each, FUNCTIONS) and each.name in _MAKES_MEMBERS), None)
                if made is not None:
                    return made  # It is called for each member, at once.
        return found or self.in_class().body(node.body)

    def _decorated(self, node: Any) -> ast.AST | None:
        for decorator in node.decorator_list:
            target = decorator.func if isinstance(decorator, ast.Call) else decorator
            if isinstance(target, ast.Attribute) and target.attr in ("setter", "getter", "deleter"):
                continue
            if not self._is_known(target):
                return target
            if isinstance(decorator, ast.Call):
                found = self._arguments(decorator)
                if found is not None:
                    return found
        return None

    def _first(self, nodes: list[ast.expr]) -> ast.AST | None:
        for node in nodes:
            found = self._expression(node)
            if found is not None:
                return found
        return None

    def expression(self, node: ast.expr) -> ast.AST | None:
        return self._expression(node)

    def _expression(self, node: ast.AST, top: bool = False) -> ast.AST | None:
        if isinstance(node, (ast.Lambda, ast.Constant)):
            return None
        if isinstance(node, (ast.Await, ast.Yield, ast.YieldFrom)) or top:
            return node
        if isinstance(node, ast.Call) and not self._is_known(node.func):
            return node
        for child in ast.iter_child_nodes(node):
            found = self._expression(child)
            if found is not None:
                return found
        return None

    def _arguments(self, call: ast.Call) -> ast.AST | None:
        return self._first([*call.args, *(each.value for each in call.keywords)])

    def _is_known(self, function: ast.AST) -> bool:
        if isinstance(function, ast.Attribute):
            if isinstance(function.value, (ast.Constant, ast.JoinedStr)):
                return True  # "…".join(…)
            owner = self._value(function.value)
            if isinstance(owner, _DATA) and type(owner).__module__ == "builtins":
                return isinstance(owner, (str, bytes, tuple)) or function.attr in _READS
            if isinstance(function.value, ast.Call):
                # A method of what a known call returns: `re.compile(…).match`, `Path(…).parent.joinpath`
                made = self._value(function.value.func)
                if isinstance(made, FunctionType) and not self._is_of_library(made):
                    return False
                if isinstance(made, type) and not self._is_of_library(made):
                    held = getattr(made, function.attr, None)
                    return self._is_known(function.value.func) and self._computes(held)
                return self._is_known(function.value.func) and not function.attr.startswith("write")
        held = self._value(function)
        if held is None:
            return False
        module = getattr(held, "__module__", None)
        name = getattr(held, "__name__", "")
        if name in _BINDS_ELSEWHERE or name in _REGISTERS:
            return False
        if isinstance(held, (type, BuiltinFunctionType)) and getattr(builtins, name, None) is held:
            return name in _BUILTINS or isinstance(held, type) and issubclass(held, BaseException)
        if isinstance(held, (BuiltinFunctionType, MethodType)):
            owner = held.__self__
            if isinstance(owner, type) and getattr(owner, "__module__", None) in _MODULES:
                return True  # Path.cwd, datetime.now
            if type(held).__name__ == "method" and name == "hot_module":
                return True
            if type(owner).__module__ == "os" and name in _READS:
                return True  # os.environ.get
        if module in _MODULES or name in _NAMED.get(module or "", ()):
            return True
        if isinstance(held, type):
            if self._is_class and hasattr(held, "__set_name__"):
                return False
            return self._is_data(held) or self._plain is not None and self._plain.constructor(held)
        return self._computes(held)

    def _computes(self, held: Any) -> bool:
        return self._plain is not None and isinstance(held, FunctionType) and self._plain.function(held)

    def _is_of_library(self, held: Any) -> bool:
        module = getattr(held, "__module__", None)
        return module in _MODULES or module == "builtins" or held.__name__ in _NAMED.get(module or "", ())

    def _is_data(self, kind: type) -> bool:
        """Whether making one only sets its fields."""
        if issubclass(kind, BaseException):
            return kind.__init__ in [each.__init__ for each in kind.__mro__ if each.__module__ == "builtins"]
        if kind.__init__ is object.__init__ and kind.__new__ is object.__new__ and type(kind) is type:
            return True
        if hasattr(kind, "_fields") and issubclass(kind, tuple):
            return True
        if type(kind) is not type or hasattr(kind, "__post_init__") or kind.__new__ is not object.__new__:
            return False
        return dataclasses.is_dataclass(kind) and kind.__init__.__code__.co_filename.startswith("<")  # type: ignore[misc]

    def _value(self, node: ast.AST) -> Any:
        if isinstance(node, ast.Name):
            if node.id in self._local:
                return None
            found = self._namespace.get(node.id)
            return getattr(builtins, node.id, None) if found is None else found
        if isinstance(node, ast.Attribute):
            owner = self._value(node.value)
            if isinstance(owner, (ModuleType, type)) or owner is sys.modules["os"].environ:
                return getattr(owner, node.attr, None)
        if isinstance(node, ast.Subscript):
            return self._value(node.value)  # Generic[T]
        return None


def makes_plainly(metaclass: Any) -> bool:
    """Whether it makes classes as `type` does: none of its functions is called in that."""
    if not isinstance(metaclass, type) or not issubclass(metaclass, type):
        return False
    own = [each for each in metaclass.__mro__ if each not in (type, abc.ABCMeta, object)]
    return not any(name in vars(each) for each in own for name in _OF_METACLASSES)


def _is_of_enum(value: object) -> bool:
    """Python puts some of its own into every enum."""
    function = getattr(value, "__func__", value)
    return not isinstance(function, FunctionType) or function.__module__ == "enum"


def _derives_plainly(base: type) -> bool:
    """Whether a class that derives from it does so without a word of its own."""
    if not makes_plainly(type(base)) and type(base).__module__ not in ("typing", "typing_extensions", "enum"):
        return False
    if isinstance(base, enum.EnumMeta):
        own = [each for each in base.__mro__ if each.__module__ not in ("enum", "builtins")]
        if any(name in vars(each) and not _is_of_enum(vars(each)[name]) for each in own for name in _MAKES_MEMBERS):
            return False
    for each in base.__mro__:
        hook = vars(each).get("__init_subclass__")
        if hook is not None and each is not object and each.__module__ not in ("typing", "abc", "typing_extensions", "enum"):
            function = inspect.unwrap(getattr(hook, "__func__", hook))
            if isinstance(function, FunctionType):
                return False
    return True
