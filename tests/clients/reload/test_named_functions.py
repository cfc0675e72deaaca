"""Functions that a statement only names: what it names next leaves them as they are."""

import unittest

from project import ProjectTest

BASE = """
def f(): return "f"
def g(): return "g"
def make(n):
    def inner(): return n
    return inner
one, two = make(1), make(2)
class K:
    def m(self): return "m"
    def n(self): return "n"
"""
OWN = "def f(): return 1\ndef g(): return 2\n"
METHODS = "class Z:\n    def m(self): return 1\n    def n(self): return 2\n"
#: What it was, what it becomes, and what the module has to answer then.
EDITS = {
    "imported": ("from <base> import f\n", "from <base> import g as f\n", "f()", "g"),
    "assigned": ("import <base>\nA = <base>.f\n", "import <base>\nA = <base>.g\n", "A()", "g"),
    "of a condition": ("import <base>\nA = <base>.f if 1 else 0\n", "import <base>\nA = <base>.g if 1 else 0\n", "A()", "g"),
    "a closure": ("import <base>\nA = <base>.one\n", "import <base>\nA = <base>.two\n", "A()", 2),
    "a method": ("import <base>\nA = <base>.K.m\n", "import <base>\nA = <base>.K.n\n", "A(0)", "n"),
    "an import becomes a definition": ("from <base> import f\n", "def f(): return 3\n", "f()", 3),
    "an assignment becomes a definition": ("import <base>\nA = <base>.f\n", "import <base>\ndef A(): return 3\n", "A()", 3),
    "of a class": ("import <base>\nclass Z:\n    a = <base>.f\n", "import <base>\nclass Z:\n    a = <base>.g\n", "Z.a()", "g"),
    "a static method": ("import <base>\nclass Z:\n    a = staticmethod(<base>.f)\n", "import <base>\nclass Z:\n    a = staticmethod(<base>.g)\n", "Z.a()", "g"),
    "a property": ("import <base>\nclass Z:\n    a = property(<base>.K.m)\n", "import <base>\nclass Z:\n    a = property(<base>.K.n)\n", "Z().a", "n"),
    "its own": (OWN + "A = f\n", OWN + "A = g\n", "(f(), g(), A())", (1, 2, 2)),
    "its own, which becomes another": ("def f(): return 1\ng = f\n", "def f(): return 1\ndef g(): return 5\n", "(f(), g())", (1, 5)),
    "another, which becomes its own": (OWN, "def f(): return 1\ng = f\n", "(f(), g())", (1, 1)),
    "a method of its own": (METHODS + "    o = m\n", METHODS + "    o = n\n", "(Z().m(), Z().n(), Z().o())", (1, 2, 2)),
    "a lambda, by two names": ("A = lambda: 1\nB = A\n", "A = lambda: 2\nB = A\n", "(A(), B())", (2, 2)),
}


class NamedFunctions(ProjectTest):
    def test_they_stay_as_they_are(self):
        for kind, (before, after, asked, answer) in EDITS.items():
            with self.subTest(kind):
                base = self.load("base", BASE, hot=False)
                gui = self.load("gui", before)
                self.write("gui", after)
                self.takes()
                self.assertEqual(eval(asked, vars(gui)), answer)
                seen = (base.f(), base.g(), base.one(), base.two(), base.K().m(), base.K().n())
                self.assertEqual(seen, ("f", "g", 1, 2, "m", "n"))
                self.doCleanups()
                self.setUp()


if __name__ == "__main__":
    unittest.main()
