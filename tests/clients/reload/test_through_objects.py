"""What a statement has used by way of objects: it is taken as a start would have it, or refused."""

import importlib
import sys
import unittest

from project import ProjectTest

#: By what changes in it: nothing else of it does.
PARTS = {
    "__str__": "    def __str__(self): return {}\n",
    "__call__": "    def __call__(self): return {}\n",
    "__init__": "    def __init__(self): self.made = {}\n",
    "method": "    def method(self): return {}\n",
    "asked": "    @property\n    def asked(self): return {}\n",
    "KIND": "    KIND = {}\n",
    "class_method": "    @classmethod\n    def class_method(cls): return {}\n",
}
HOLDERS = """
import functools
class Holder:
    OF_CLASS = Part()
    def __init__(self, part):
        self.part = part
        self.parts = [part]
    def text(self): return str(self.part)
    def number(self): return self.part.method()
    @property
    def own(self): return str(self)
    def __str__(self): return f"{self.part}"
class Other:
    __slots__ = ("part",)
    def __getattr__(self, name): return getattr(self.part, "asked")
part = Part()
holder = Holder(part)
other = Other()
other.part = part
TABLE = {"one": holder}
def make(): return Part()
def text_of(value=part): return str(value)
def text_of_new(): return str(Part())
def closing():
    held = part
    return lambda: held.asked
closed = closing()
bound = part.method
bound_holder = holder.text
partial = functools.partial(text_of, part)
"""
#: An expression, and what it comes to of the part.
USES = {
    "part.asked": "asked",
    "[part.asked]": "asked",
    "(it := part).asked": "asked",
    "getattr(part, 'asked')": "asked",
    "part()": "__call__",
    "holder.part()": "__call__",
    "f'{holder.part}'": "__str__",
    "str(holder)": "__str__",
    "holder.text()": "__str__",
    "holder.number()": "method",
    "holder.own": "__str__",
    "holder.OF_CLASS.asked": "asked",
    "str(Holder.OF_CLASS)": "__str__",
    "holder.part.KIND": "KIND",
    "[each.method() for each in holder.parts]": "method",
    "[each.asked for each in holder.parts]": "asked",
    "sorted([part], key=lambda each: each.asked)[0].KIND + str(len([part]))": "KIND",
    "[(lambda each: each.asked)(part)]": "asked",
    "list(map(lambda each: each.asked, [part]))": "asked",
    "TABLE['one'].part.asked": "asked",
    "other.anything": "asked",
    "make().asked": "asked",
    "make().made": "__init__",
    "str(make())": "__str__",
    "text_of()": "__str__",
    "text_of_new()": "__str__",
    "closed()": "asked",
    "partial()": "__str__",
    "bound()": "method",
    "bound_holder()": "__str__",
    "Part.class_method()": "class_method",
    "<gui>.part.asked": "asked",
    "<gui>.holder.number()": "method",
}
FORMS = ["RESULT = {}\n", "def use():\n    return {}\nRESULT = use()\n", "class Of:\n    result = {}\nRESULT = Of.result\n", "def use(result={}):\n    return result\nRESULT = use()\n"]


def part_with(changed, value):
    made = (text.format(value if name == changed else "'same'") for name, text in PARTS.items())
    return "class Part:\n" + "".join(made) + HOLDERS


class ThroughObjects(ProjectTest):
    def test_each_is_as_a_start_would_have_it(self):
        for index, (use, changed) in enumerate(USES.items()):
            form = FORMS[index % len(FORMS)]
            with self.subTest(f"{form.format(use)} where {changed} changes"):
                self._compare(f"import <gui>\nfrom <gui> import *\n{form.format(use)}", changed)

    def _compare(self, text, changed):
        self.renumber()  # Else the one before has left bytecode of the same time and size.
        self.load("gui", part_with(changed, "'old'"))
        user = self.load("user", text)
        names = [self.name("gui"), self.name("user")]
        try:
            self.write("gui", part_with(changed, "'new'"))
            if self.app.reload():
                for name in names:
                    del sys.modules[name]
                self.assertEqual(user.RESULT, importlib.import_module(names[1]).RESULT)
            else:
                self.assertRegex(self.app.reload_error, r'\.py", line \d+')
        finally:
            for name in names:
                sys.modules.pop(name, None)
            self.app = type(self.app)(self.app._participant)

    def test_what_is_held_and_not_asked_for_anything_is_in_nobodys_way(self):
        text = "class Part:\n    def __str__(self): return 'old'\npart = Part()\n"
        self.load("gui", text)
        user = self.load("user", "from <gui> import *\nPARTS = [part, Part]\nother = part\ndef show():\n    return str(part)\n")
        self.write("gui", text.replace("'old'", "'new'"))
        self.takes()
        self.assertEqual(user.show(), "new")


if __name__ == "__main__":
    unittest.main()
