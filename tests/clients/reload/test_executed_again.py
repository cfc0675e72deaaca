"""Which statements are executed again, with what is new, and which are refused."""

import os
import sys
import unittest

from project import ProjectTest

COUNTED = "class Counted:\n    def __init__(self, start): self.start = start\n"
REGISTRY = "done = []\ndef register(value):\n    done.append(value)\n    return value"


class ExecutedAgain(ProjectTest):
    def edits(self, before, after, **others):
        """A module with one text in the place of another."""
        for name, text in others.items():
            self.load(name, text, hot=False)
        gui = self.load("gui", before)
        self.write("gui", after)
        return gui

    def test_with_a_function_that_has_changed(self):
        text = "def key(v): return v\nORDER = sorted([1, 2], key=key)"
        gui = self.edits(text, text.replace("return v", "return -v"))
        self.takes()
        self.assertEqual(gui.ORDER, [2, 1])

    def test_with_a_function_that_calls_one_that_has_changed(self):
        self.load("base", "def low(v): return v")
        part = self.load("part", "import <base>\ndef high(v): return <base>.low(v)")
        gui = self.load("gui", "from <part> import high\nORDER = sorted([1, 2], key=high)")
        held = part.high
        self.write("base", "def low(v): return -v")
        self.takes()
        self.assertEqual((gui.ORDER, gui.high is held, held.__globals__ is vars(part)), ([2, 1], True, True))

    def test_not_with_a_name_that_another_import_statement_has_brought_as_well(self):
        text = "from os import getenv, sep\nfrom posixpath import join\nSEEN = []\nSEEN.append(getenv('A'))"
        gui = self.edits(text, text.replace("getenv, sep", "getenv, curdir"))
        seen = gui.SEEN
        self.takes()
        self.assertEqual((gui.SEEN is seen, gui.curdir, hasattr(gui, "sep")), (True, ".", False))

    def test_with_a_name_that_another_import_statement_brings_of_a_hot_module(self):
        self.load("base", "A = 1\nx = y = 0")
        self.load("part", "from <base> import A, x")
        user = self.load("user", "import <part>\nfrom <part> import A\nB = A + 1\nC = <part>.A + 2")
        self.write("base", "A = 5\nx = y = 0")
        self.write("part", "from <base> import A, y")
        self.takes()
        self.assertEqual((user.A, user.B, user.C), (5, 6, 7))

    def test_with_a_name_that_comes_from_elsewhere_or_is_bound_twice(self):
        text = "from posixpath import sep, join\nPATH = sep + 'a'"
        gui = self.edits(text, text.replace("posixpath import sep, join", "ntpath import join, sep"))
        self.takes()
        self.assertEqual(gui.PATH, "\\a")
        before = "from posixpath import sep, join\nif join:\n    sep = ':'\nPATH = sep + 'a'"
        self.load("part", before)
        self.write("part", before.replace("sep, join", "join, sep").replace("':'", "';'"))
        self.takes()
        self.assertEqual(sys.modules[self.name("part")].PATH, ";a")

    def test_with_a_method_that_an_operator_calls(self):
        text = "class Q:\n    def __str__(self): return 'a'\nNAME = str(Q())"
        gui = self.edits(text, text.replace("'a'", "'b'"))
        kind = gui.Q
        self.takes()
        self.assertEqual((gui.NAME, gui.Q is kind), ("b", True))

    def test_with_what_a_display_or_an_unpacking_calls(self):
        text = "class V:\n    def __eq__(self, other): return True\n    def __hash__(self): return 1\n    def __iter__(self): return iter([1])\nA = len({V(), V()})\n(B,) = V()"
        gui = self.edits(text, text.replace("True", "False").replace("[1]", "[2]"))
        self.takes()
        self.assertEqual((gui.A, gui.B), (2, 2))

    def test_with_an_attribute_of_a_class_that_used_what_has_changed(self):
        text = "A = 1\nclass K:\n    B = A + 1\nclass L(K):\n    C = K.B\nD = L.C"
        gui = self.edits(text, text.replace("A = 1", "A = 2"))
        self.takes()
        self.assertEqual((gui.K.B, gui.L.C, gui.D), (3, 3, 3))

    def test_what_abstract_classes_and_protocols_remember(self):
        text = "from typing import Protocol, runtime_checkable\nfrom collections.abc import Sized\n@runtime_checkable\nclass P(Protocol):\n    def a(self): ...\nclass K:\n    def a(self): pass\ndef f(): return isinstance(K(), P), isinstance(K(), Sized)"
        gui = self.edits(text, text.replace("...", "...\n    def b(self): ...").replace("pass", "pass\n    def __len__(self): return 1"))
        self.assertEqual(gui.f(), (True, False))
        self.takes()
        self.assertEqual(gui.f(), (False, True))

    def test_names_that_a_module_gives_by_all_and_by_getattr(self):
        self.load("gui", "__all__ = ['a']\na = b = 1")
        self.load("user", "from <gui> import *", hot=False)
        self.write("gui", "__all__ = ['a', 'b']\na = b = 1")
        self.refuses("__all__", "line 1")
        self.load("base", "def __getattr__(name):\n    if name == 'x': return 1\n    raise AttributeError(name)")
        self.load("part", "from <base> import x", hot=False)
        self.write("gui", "__all__ = ['a']\na = b = 1")
        self.write("base", "def __getattr__(name):\n    if name == 'x': return 2\n    raise AttributeError(name)")
        self.refuses("__getattr__", "line 1")

    def test_a_new_module_has_what_is_new_or_is_refused(self):
        self.load("base", "SIZE = 1\ndef f(): return 1")
        gui = self.load("gui", "def draw(): return 1")
        self.write("base", "SIZE = 2\ndef f(): return 2")
        self.write("gui", "import <extra>\ndef draw(): return <extra>.SIZE, <extra>.f()")
        self.write("extra", "from <base> import SIZE, f")
        self.takes()
        self.assertEqual(gui.draw(), (2, 2))
        self.write("base", "SIZE = 3\ndef f(): return 2")
        self.write("gui", "import <part>\ndef draw(): return <part>.TWICE")
        self.write("part", "from <base> import SIZE\nTWICE = 2 * SIZE")
        self.refuses('"SIZE"', "line 2")
        self.assertNotIn(self.name("part"), sys.modules)
        self.write("base", "SIZE = 3\ndef f(): return 2\nmore = 1")
        self.write("part", "from <base> import more")
        self.refuses("ImportError", "line 1")

    def test_not_what_only_the_entry_does(self):
        self.load("base", "def draw(): return 1")
        guard = "if __name__ == '__main__':\n    main()"
        self.load("user", "import <base>\ndef main(): return <base>.draw()\n" + guard, hot=False)
        gui = self.load("gui", "import <base>\ndef main(): return <base>.draw()\n" + guard)
        self.write("base", "def draw(): return 2")
        self.takes()
        self.write("gui", "import <base>\ndef main(): return <base>.draw()\n" + guard.replace("main()", "print(main())"))
        self.takes()
        self.assertEqual(gui.main(), 2)

    def test_not_with_an_object_that_is_still_as_it_was(self):
        text = "class Q:\n    def __str__(self): return 'a'\nQ1 = Q()\nNAME = str(Q1)"
        self.edits(text, text.replace("'a'", "'b'"))
        self.refuses('"Q1"', "line 4")

    def test_not_with_a_table_of_functions(self):
        text = "def key(v): return v\nTABLE = [key]\nORDER = sorted([1, 2], key=TABLE[0])"
        self.edits(text, text.replace("return v", "return -v"))
        self.refuses('"TABLE"', "line 3")

    def test_what_a_constructor_calls_by_another_method(self):
        text = "def low(): return 1\nclass K:\n    def __init__(self): self.set()\n    def set(self): self.v = low()\nk = K()"
        self.edits(text, text.replace("return 1", "return 2"))
        self.refuses("line 5")

    def test_what_a_function_imports_by_itself(self):
        self.load("base", "SIZE = 1")
        self.load("gui", "def size():\n    from <base> import SIZE\n    return SIZE\nNOW = size()")
        self.write("base", "SIZE = 2")
        self.refuses('"size"', "line 4")

    def test_a_name_that_only_sounds_like_a_changed_method(self):
        text = "TEXT = 'a {}'\nclass F:\n    def format(self): return 1\nclass K:\n    def __init__(self): self.v = TEXT.format(1)\nk = K()"
        gui = self.edits(text, text.replace("return 1", "return 2"))
        held = gui.k
        self.takes()
        self.assertEqual((gui.F().format(), gui.k is held), (2, True))

    def test_what_the_old_statement_did_is_not_undone(self):
        for before, after in [
            ("VALUE = register(1)", "VALUE = 2"),
            ("@register\ndef draw(): return 1", "def draw(): return 2"),
            ("class K:\n    x = register(1)", "class K:\n    x = 2"),
            ("if True:\n    register(1)", "if True:\n    pass"),
        ]:
            with self.subTest(before):
                head = "from <base> import register\n"
                self.edits(head + before, head + after, base=REGISTRY)
                self.refuses("line ", "cannot be undone")
                self.app._hot = None
                for short in ("gui", "base"):
                    sys.modules.pop(self.name(short))

    def test_what_a_class_keeps_is_not_made_again(self):
        text = "from <base> import register\nclass Window:\n    made = register(1)\n    __hidden = register(2)\n    class Inner:\n        made = register(3)\n    def draw(self): return 1\n"
        gui = self.edits(text, text + "    def more(self): return self.__hidden\n", base=REGISTRY)
        gui.Window.made = 5
        self.takes()
        self.assertEqual((gui.Window().more(), gui.Window.made, gui.Window.Inner.made), (2, 5, 3))
        self.assertEqual(sys.modules[self.name("base")].done, [1, 2, 3])

    def test_a_registered_method_is_not_registered_again(self):
        text = "from <base> import register\nclass Window:\n    @register\n    def draw(self): return 1\n    def other(self): return 1\n"
        gui = self.edits(text, text.replace("other(self): return 1", "other(self, a=2): return a"), base=REGISTRY)
        self.takes()
        self.assertEqual((gui.Window().other(), len(sys.modules[self.name("base")].done)), (2, 1))

    def test_what_a_class_makes_of_what_has_changed_is_refused(self):
        text = "from <base> import register\nSIZE = 1\nclass Window:\n    made = register(SIZE)\n    def draw(self): return 1\n"
        self.edits(text, text.replace("SIZE = 1", "SIZE = 2"), base=REGISTRY)
        self.refuses("line 4", "cannot be undone")

    def test_a_descriptor_is_not_told_of_another_class(self):
        base = "class Field:\n    def __set_name__(self, owner, name): self.owner = owner"
        text = "from <base> import Field\nclass Window:\n    made = Field()\n    def draw(self): return 1\n"
        gui = self.edits(text, text + "    def more(self): return 2\n", base=base)
        held = gui.Window.made
        self.takes()
        self.assertEqual((gui.Window().more(), gui.Window.made is held, held.owner), (2, True, gui.Window))
        self.write("gui", text + "    other = made\n    def more(self): return 2\n")
        self.refuses("line 3")
        self.write("gui", text + "    more = Field()\n")
        self.refuses("line 5")

    def test_a_block_of_which_another_branch_has_an_effect(self):
        text = "from <base> import register\nif register is None:\n    register(1)\n    KIND = 1\nelse:\n    KIND = 2"
        gui = self.edits(text, text.replace("KIND = 2", "KIND = 3"), base=REGISTRY)
        self.refuses("old source")  # What the name was then is not certain.
        text = text.replace("    register(1)\n", "")
        gui = self.edits(text, text.replace("KIND = 2", "KIND = 3").replace("KIND = 1", "KIND = register(4)"))
        sys.modules[self.name("gui")] = gui

    def test_an_object_whose_constructor_only_sets_it(self):
        gui = self.edits(COUNTED + "one = Counted(1)", COUNTED + "one = Counted(start=2)\ntwo = Counted(3)")
        user = self.load("user", "from <gui> import one", hot=False)
        self.takes()
        self.assertEqual((gui.one.start, user.one is gui.one, gui.two.start), (2, True, 3))
        self.assertIs(type(gui.one), gui.Counted)

    def test_one_that_is_still_held_elsewhere(self):
        gui = self.edits(COUNTED + "one = Counted(1)", COUNTED + "one = Counted(2)")
        held = [gui.one]
        self.refuses('"one"', "held")
        held.clear()
        self.takes()

    def test_one_whose_constructor_does_more(self):
        for body in (
            "done.append(self)",
            "global count; count = 1",
            "self.done = done; self.done.append(1)",
            "Counted.count = 1",
            "start.append(1)",
            "super().__init__(); self.__dict__.update({})",
            "[print(each) for each in start]",
            "self.title = start",
            "print(start)",
        ):
            with self.subTest(body):
                text = f"done = []\nclass Counted:\n    def __init__(self, start): {body}\n    @property\n    def title(self): return 1\n    @title.setter\n    def title(self, value): done.append(value)\none = Counted([1])"
                self.edits(text, text.replace("[1])", "[2])"))
                self.refuses("cannot be undone")
                self.app._hot = None
                sys.modules.pop(self.name("gui"))

    def test_one_with_a_base_that_only_sets_it(self):
        text = "class Base:\n    def __init__(self):\n        self.items = {}\nclass Window(Base):\n    def __init__(self, size):\n        super().__init__()\n        self.size = size if size else None\none = Window(1)"
        gui = self.edits(text, text.replace("Window(1)", "Window(2)"))
        self.takes()
        self.assertEqual((gui.one.size, gui.one.items), (2, {}))

    def test_one_that_was_made_of_what_has_changed_keeps_its_state_and_is_refused(self):
        text = "SIZE = 1\n" + COUNTED + "one = Counted(SIZE)"
        self.edits(text, text.replace("SIZE = 1", "SIZE = 2"))
        self.refuses('"SIZE"', "line 4")

    def test_a_class_of_a_metaclass_that_makes_nothing_of_it(self):
        text = "class Meta(type):\n    def __instancecheck__(cls, other): return True\nclass Base:\n    def f(self): return 1\nclass Old(Base, metaclass=Meta):\n    pass"
        gui = self.edits(text, text.replace("return 1", "return 2\n    size = 3"))
        self.takes()
        self.assertEqual((gui.Old().f(), gui.Old.size), (2, 3))


class Gone(ProjectTest):
    """A hot module whose file is deleted."""

    def deletes(self, short):
        os.remove(os.path.join(self.folder, self.name(short) + ".py"))

    def test_one_that_nobody_has_any_more(self):
        part = self.load("part", "SIZE = 1\nclass K:\n    def f(self): return super().f()\ndef draw(): return K")
        gui = self.load("gui", "from <part> import draw\ndef all(): return draw()")
        del part
        self.write("gui", "def all(): return 2")
        self.deletes("part")
        self.takes()
        self.assertEqual((gui.all(), self.name("part") in sys.modules), (2, False))
        self.write("gui", "def all(): return 3")
        self.takes()

    def test_one_that_is_imported(self):
        self.load("part", "def draw(): return 1")
        self.load("gui", "def all():\n    from <part> import draw\n    return draw()")
        self.deletes("part")
        self.refuses("line 2 imports", "file is gone")

    def test_one_that_a_module_imports_that_is_not_hot(self):
        self.load("part", "SIZE = 1")
        self.load("user", "from <part> import SIZE", hot=False)
        self.deletes("part")
        self.refuses("line 1 imports", "file is gone")

    def test_one_of_which_something_is_held(self):
        part = self.load("part", "class K: pass\ndef draw(): return 1")
        self.deletes("part")
        for held in ([part.draw], [part.K], [part.K()], {"a": (part.draw,)}):
            self.refuses("file is gone")
            self.assertIs(sys.modules[self.name("part")], part)
            del held
        draw = part.draw
        self.refuses("holds something of it")
        self.assertEqual(draw(), 1)

    def test_one_that_has_done_something(self):
        self.write("extra", "done = []")
        self.load("part", "import <extra>\n<extra>.done.append(1)")
        self.deletes("part")
        self.refuses("line 2", "cannot be undone")


if __name__ == "__main__":
    unittest.main()
