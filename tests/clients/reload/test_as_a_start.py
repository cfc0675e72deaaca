"""Edits of many kinds: what is taken is as a start would have it, and what cannot be is refused."""

import contextlib
import importlib
import sys
import unittest

from project import ProjectTest

ABSTRACT = "import abc\nclass Base(abc.ABC):\n    @classmethod\n    def __subclasshook__(cls, other): return hasattr(other, '{}')\n"
DISPATCH = "import functools\n@functools.singledispatch\ndef kind(value): return 'any'\n@kind.register\ndef _(value: int): return 'int'\n"
PROTOCOL = (
    "from typing import Protocol\nclass P(Protocol):\n    def m(self): return [self]\n"
    "class A(P):\n    def k(self): return '{}'\na = A()\nVALUE = len(a.m())\n"
)
CALLED = "T = {{}}\ndef d(f):\n    T[f.__name__] = f()\n    return f\n@d\ndef f(): return '{}'\n"
LATER = "def d(n):\n    def inner(f):\n        def call(): return n, f()\n        return call\n    return inner\n@d(1)\ndef f(): return '{}'\n"
GIVEN = "class A:\n    x = '{}'\ndef get(kind, name): return getattr(kind, name)\nVALUE = get(A, 'x')\n"
#: The module as it was and as it is, what another one holds of it (which is not hot), and what is asked there.
CASES = {
    "a base that is told of a class elsewhere": (
        "class Base:\n    def __init_subclass__(cls): cls.tag = 'old'\n",
        "class Base:\n    def __init_subclass__(cls): cls.tag = 'new'\n",
        "class Own(<gui>.Base): pass\n", "Own.tag", False,
    ),
    "a field of a base of a data class elsewhere": (
        "from dataclasses import dataclass\n@dataclass\nclass Base:\n    x: int = 1\n",
        "from dataclasses import dataclass\n@dataclass\nclass Base:\n    x: int = 2\n",
        "import dataclasses\n@dataclasses.dataclass\nclass Own(<gui>.Base):\n    y: int = 1\n", "Own()", False,
    ),
    "an attribute of a class, by its module": ("class A:\n    X = 1\n", "class A:\n    X = 2\n", "VALUE = <gui>.A.X\n", "VALUE", False),
    "an alias in an annotation": ("A = int\ndef f(x: A): pass\n", "A = str\ndef f(x: A): pass\n", "from <gui> import f\n", "f.__annotations__", True),
    "a static method that becomes a class method": (
        "class A:\n    @staticmethod\n    def f(*args): return len(args)\n",
        "class A:\n    @classmethod\n    def f(*args): return len(args)\n",
        "held = <gui>.A.f\n", "held()", False,
    ),
    "a method that is only weakly held": (
        "class A:\n    def f(*args): return len(args)\n",
        "class A:\n    @classmethod\n    def f(*args): return len(args)\n",
        "import weakref\na = <gui>.A()\nheld = weakref.WeakMethod(a.f)\n", "held()()", False,
    ),
    "another name of a method": (
        "class A:\n    def f(self): return 'f'\n    def k(self): return 'k'\n    g = f\n",
        "class A:\n    def f(self): return 'f'\n    def k(self): return 'k'\n    g = k\n",
        "held = <gui>.A().g\n", "held()", False,
    ),
    "what isinstance remembers": (
        ABSTRACT.format("x"), ABSTRACT.format("y"),
        "class X: x = 1\nclass Y: y = 1\ndef ask(): return isinstance(X(), <gui>.Base), isinstance(Y(), <gui>.Base)\n", "ask()", True,
    ),
    "a class that is registered no more": (
        "import abc\nclass Base(abc.ABC): pass\n@Base.register\nclass A: pass\n", "import abc\nclass Base(abc.ABC): pass\nclass A: pass\n",
        "", "isinstance(<gui>.A(), <gui>.Base)", False,
    ),
    "one more of a name that is bound again and again": (
        DISPATCH, DISPATCH + "@kind.register\ndef _(value: str): return 'str'\n",
        "from <gui> import kind\nkind('')\n", "[kind(1), kind('')]", True,
    ),
    "a private attribute": (
        "class A:\n    __x = 'old'\n    def f(self): return self.__x\n", "class A:\n    __x = 'new'\n    def f(self): return self.__x\n",
        "a = <gui>.A()\n", "a.f()", True,
    ),
    "a private method that is gone": (
        "class A:\n    def __f(self): pass\n    def __g(self): pass\n", "class A:\n    def __g(self): pass\n", "", "hasattr(<gui>.A, '_A__f')", True,
    ),
    "a private method that an import has called": (
        "class A:\n    def __f(self): return 'old'\n    def g(self): return self.__f()\nVALUE = A().g()\n",
        "class A:\n    def __f(self): return 'new'\n    def g(self): return self.__f()\nVALUE = A().g()\n",
        "", "<gui>.VALUE", False,
    ),
    "a descriptor that is told of its class": (
        "class D:\n    def __set_name__(self, owner, name): self.name = 'old'\nclass A:\n    d = D()\n",
        "class D:\n    def __set_name__(self, owner, name): self.name = 'new'\nclass A:\n    d = D()\n", "", "<gui>.A.d.name", False,
    ),
    "the namespace that a class begins with": (
        "class M(type):\n    @classmethod\n    def __prepare__(m, name, bases): return {'tag': 'old'}\nclass A(metaclass=M): pass\n",
        "class M(type):\n    @classmethod\n    def __prepare__(m, name, bases): return {'tag': 'new'}\nclass A(metaclass=M): pass\n",
        "", "<gui>.A.tag", False,
    ),
    "an attribute that a metaclass gives": (
        "class M(type):\n    def __getattr__(cls, name): return 'old'\nclass A(metaclass=M): pass\nVALUE = A.anything\n",
        "class M(type):\n    def __getattr__(cls, name): return 'new'\nclass A(metaclass=M): pass\nVALUE = A.anything\n", "", "<gui>.VALUE", False,
    ),
    "an item of a class": (
        "class A:\n    def __class_getitem__(cls, key): return 'old'\nVALUE = A[1]\n",
        "class A:\n    def __class_getitem__(cls, key): return 'new'\nVALUE = A[1]\n", "", "<gui>.VALUE", True,
    ),
    "a base that is written with an item": (
        "class Base:\n    def __class_getitem__(cls, key): return cls\n    def __repr__(self): return 'old'\nclass A(Base[int]): pass\n",
        "class Base:\n    def __class_getitem__(cls, key): return cls\n    def __repr__(self): return 'new'\nclass A(Base[int]): pass\n",
        "a = <gui>.A()\n", "a", True,
    ),
    "a protocol that answers no isinstance": (
        PROTOCOL.format("old"), PROTOCOL.format("new"), "held = <gui>.a\n", "held.k()", True,
    ),
    "an attribute that a module gives": (
        "def __getattr__(name):\n    if name == 'x': return 'old'\n    raise AttributeError(name)\n",
        "def __getattr__(name):\n    if name == 'x': return 'new'\n    raise AttributeError(name)\n", "VALUE = <gui>.x\n", "VALUE", False,
    ),
    "a hash by which a set has it": (
        "class A:\n    def __hash__(self): return 1\n    def __eq__(self, other): return True\n",
        "class A:\n    def __hash__(self): return 2\n    def __eq__(self, other): return True\n", "held = {<gui>.A()}\n", "<gui>.A() in held", False,
    ),
    "a hash that comes back": ("class A:\n    def __eq__(self, other): return True\n", "class A: pass\n", "a = <gui>.A()\n", "hash(a) is None", True),
    "a class that a function has made": (
        "def make():\n    class A:\n        x = 'old'\n    return A\n", "def make():\n    class A:\n        x = 'new'\n    return A\n",
        "held = <gui>.make()\n", "held.x", False,
    ),
    "a variable of a context": (
        "import contextvars\nV = contextvars.ContextVar('V', default=1)\n", "import contextvars\nV = contextvars.ContextVar('V', default=2)\n",
        "<gui>.V.set(7)\n", "<gui>.V.get()", False,
    ),
    "a name that is deleted": ("A = 1\nB = A\ndel A\n", "A = 2\nB = A\ndel A\n", "", "<gui>.B, hasattr(<gui>, 'A')", True),
    "a name that comes to be deleted": ("A = 1\nB = A\n", "A = 1\nB = A\ndel A\n", "", "<gui>.B, hasattr(<gui>, 'A')", True),
    "what a module says of itself": ("'old'\nVALUE = __doc__\n", "'new'\nVALUE = __doc__\n", "", "<gui>.VALUE", True),
    "what a function says of itself": ("def f():\n    'old'\nVALUE = f.__doc__\n", "def f():\n    'new'\nVALUE = f.__doc__\n", "", "<gui>.VALUE", False),
    "its text in another module": ("def f():\n    'old'\n", "def f():\n    'new'\n", "VALUE = <gui>.f.__doc__\n", "VALUE", False),
    "a module that is found by its name": ("C = 1\n", "C = 2\n", "import sys\nVALUE = sys.modules['<gui>'].C\n", "VALUE", False),
    "one that is imported by its name": ("C = 1\n", "C = 2\n", "import importlib\nVALUE = importlib.import_module('<gui>').C\n", "VALUE", False),
    "a name that is not written there": ("C = 1\n", "C = 2\n", "NAME = 'C'\nVALUE = getattr(<gui>, NAME)\n", "VALUE", False),
    "a name that is asked for": ("C = 1\n", "C = 1\nD = 2\n", "VALUE = hasattr(<gui>, 'D')\n", "VALUE", False),
    "all of a module": ("C = 1\n", "C = 2\n", "VALUE = dict(vars(<gui>))['C']\n", "VALUE", False),
    "all names of its own": ("A = 1\nALL = [each for each in list(globals()) if len(each) == 1]\n", "A = 1\nB = 2\nALL = [each for each in list(globals()) if len(each) == 1]\n", "", "<gui>.ALL", False),
    "all names, by a function": ("def names(): return sorted(each for each in globals() if len(each) == 1)\nA = 1\nALL = names()\n", "def names(): return sorted(each for each in globals() if len(each) == 1)\nA = 1\nB = 1\nALL = names()\n", "", "<gui>.ALL", False),
    "all of a class": ("class A:\n    def x(self): pass\nALL = [each for each in dir(A) if len(each) == 1]\n", "class A:\n    def x(self): pass\n    def y(self): pass\nALL = [each for each in dir(A) if len(each) == 1]\n", "", "<gui>.ALL", False),
    "a class that is gone": ("class A: pass\nclass B(A): pass\n", "class A: pass\n", "", "<gui>.A.__subclasses__()", True),
    "a function that its decorator has called": (CALLED.format("old"), CALLED.format("new"), "", "<gui>.T", False),
    "one that a decorator of an argument calls later": (LATER.format("old"), LATER.format("new"), "", "<gui>.f()", True),
    "a name of a class that a function is given": (GIVEN.format("old"), GIVEN.format("new"), "", "<gui>.VALUE", False),
    "a module that a function imports by its name": (
        "C = 1\n", "C = 2\n", "import importlib\ndef load(name): return importlib.import_module(name)\nVALUE = load('<gui>').C\n", "VALUE", False,
    ),
    "attributes by a text with dots": (
        "import operator\nclass A:\n    class B:\n        x = 'old'\nVALUE = operator.attrgetter('B.x')(A)\n",
        "import operator\nclass A:\n    class B:\n        x = 'new'\nVALUE = operator.attrgetter('B.x')(A)\n", "", "<gui>.VALUE", None,
    ),
    "all that is derived": ("class A: pass\nclass B(A): pass\nALL = [each.__name__ for each in A.__subclasses__()]\n", "class A: pass\nclass B(A): pass\nclass C(A): pass\nALL = [each.__name__ for each in A.__subclasses__()]\n", "", "<gui>.ALL", False),
}


class AsAStart(ProjectTest):
    def test_each_is_taken_so_or_refused(self):
        for what, (old, new, user, asked, is_taken) in CASES.items():
            with self.subTest(what):
                self._compare(old, new, user, asked, is_taken)

    def _compare(self, old, new, user, asked, is_taken):
        self.renumber()
        names = [self.name("gui"), self.name("user")]
        asked = asked.replace("<gui>", names[0])
        self.load("gui", old)
        held = self.load("user", f"import <gui>\n{user}", hot=False)
        try:
            with contextlib.suppress(Exception):
                eval(asked, vars(held))  # What is remembered of it.
            self.write("gui", new)
            is_done = self.app.reload()
            self.assertEqual(is_done, is_done if is_taken is None else is_taken, self.app.reload_error)
            if is_done:
                answer = eval(asked, vars(held))
                for name in names:
                    del sys.modules[name]
                self.assertEqual(repr(answer), repr(eval(asked, vars(importlib.import_module(names[1])))))
        finally:
            for name in names:
                sys.modules.pop(name, None)
            self.app = type(self.app)(self.app._participant)


if __name__ == "__main__":
    unittest.main()
