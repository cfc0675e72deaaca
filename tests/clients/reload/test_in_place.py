"""What holds something of a hot module has the new one after a reload."""

import importlib
import os
import pickle
import sys
import unittest

from project import ProjectTest


class InPlace(ProjectTest):
    def test_an_imported_name_is_the_new_function(self):
        gui = self.load("gui", "def draw(): return 'old'")
        user = self.load("user", "from <gui> import draw as paint", hot=False)
        held = user.paint
        self.write("gui", "def draw(): return 'new'")
        self.takes()
        self.assertEqual(user.paint(), "new")
        self.assertIs(held, gui.draw)

    def test_an_imported_constant_is_the_new_one(self):
        self.load("gui", "SIZE = 3")
        user = self.load("user", "from <gui> import SIZE as size\ndef area(): return size * size", hot=False)
        self.write("gui", "SIZE = 4")
        self.takes()
        self.assertEqual(user.area(), 16)

    def test_bound_methods_and_instances_run_the_new_code(self):
        gui = self.load("gui", "class Window:\n    def draw(self): return 'old'")
        window = gui.Window()
        draw, kind = window.draw, gui.Window
        self.write("gui", "class Window:\n    title = 'a'\n    def draw(self): return 'new' + self.title")
        self.takes()
        self.assertEqual(draw(), "newa")
        self.assertIs(gui.Window, kind)
        self.assertIsInstance(window, gui.Window)

    def test_a_pickle_by_name_finds_the_same_class(self):
        gui = self.load("gui", "class Point:\n    x = 1\n    def at(self): return self.x")
        data = pickle.dumps(gui.Point())
        function = pickle.dumps(gui.Point.at)
        self.write("gui", "class Point:\n    x = 2\n    def at(self): return -self.x")
        self.takes()
        self.assertEqual(pickle.loads(data).at(), -2)
        self.assertIs(pickle.loads(function), gui.Point.at)
        self.assertIsInstance(pickle.loads(data), gui.Point)

    def test_names_that_were_removed_are_removed(self):
        gui = self.load("gui", "A = 1\ndef gone(): pass\nclass K:\n    def gone(self): pass\n    b = 2")
        self.write("gui", "class K:\n    pass")
        self.takes()
        self.assertFalse(hasattr(gui, "gone") or hasattr(gui, "A"))
        self.assertFalse(hasattr(gui.K, "gone") or hasattr(gui.K, "b"))

    def test_defaults_keywords_and_annotations_follow(self):
        gui = self.load("gui", "def draw(a=1, *, b=2): return a, b")
        draw = gui.draw
        self.write("gui", "def draw(a: int = 3, *, c=4):\n    'new'\n    return a, c")
        self.takes()
        self.assertEqual((draw(), draw.__doc__, draw.__annotations__), ((3, 4), "new", {"a": int}))

    def test_a_default_that_is_a_changed_constant_is_evaluated_anew(self):
        gui = self.load("gui", "SIZE = 1\ndef draw(a=SIZE): return a\nclass K:\n    twice = SIZE * 2")
        draw = gui.draw
        self.write("gui", "SIZE = 5\ndef draw(a=SIZE): return a\nclass K:\n    twice = SIZE * 2")
        self.takes()
        self.assertEqual((draw(), gui.K.twice), (5, 10))

    def test_new_functions_see_the_module_itself(self):
        gui = self.load("gui", "count = 0")
        self.write(
            "gui", "count = 0\ndef add():\n    global count\n    count += 1\n    return count"
        )
        self.takes()
        gui.add()
        self.assertEqual(gui.count, 1)
        self.assertIs(gui.add.__globals__, vars(gui))

    def test_state_of_the_module_goes_on_where_its_statement_is_the_same(self):
        gui = self.load("gui", "cache = {}\ndef draw(): return 1")
        gui.cache["a"] = 1
        held = gui.cache
        self.write("gui", "# moved\n\ncache = {}\ndef draw(): return 2")
        self.takes()
        self.assertIs(gui.cache, held)
        self.assertEqual(held, {"a": 1})

    def test_decorated_functions_and_their_wrappers_run_the_new_code(self):
        text = """
            import functools
            def twice(function):
                @functools.wraps(function)
                def wrapper(): return function() * 2
                return wrapper
            @twice
            def draw(): return 'old'
            class K:
                @property
                def p(self): return 1
                @p.setter
                def p(self, value): self.set = 1
                @staticmethod
                def s(): return 1
                @classmethod
                def c(cls): return 1
                @functools.cached_property
                def d(self): return 1
        """
        gui = self.load("gui", text)
        draw, k, s = gui.draw, gui.K(), gui.K.s
        self.write("gui", text.replace("'old'", "'new'").replace("return 1", "return 2").replace("set = 1", "set = 2"))
        self.takes()
        k.p = 0
        self.assertEqual((draw(), k.p, k.set, s(), k.c(), k.d), ("newnew", 2, 2, 2, 2, 2))

    def test_caches_of_what_changed_are_emptied(self):
        text = "import functools\ndef low(): return 1\n@functools.lru_cache\ndef high(): return low()"
        gui = self.load("gui", text)
        self.assertEqual(gui.high(), 1)
        self.write("gui", text.replace("return 1", "return 2"))
        self.takes()
        self.assertEqual(gui.high(), 2)

    def test_super_and_methods_of_derived_classes(self):
        self.load("base", "class Base:\n    def draw(self): return 'old'")
        gui = self.load("gui", "from <base> import Base\nclass Window(Base):\n    def draw(self): return super().draw()")
        window = gui.Window()
        self.write("base", "class Base:\n    def draw(self): return 'new' + self.more()\n    def more(self): return '!'")
        self.takes()
        self.assertEqual(window.draw(), "new!")

    def test_a_method_that_comes_to_need_super(self):
        gui = self.load("gui", "class B:\n    def f(self): return 1\nclass K(B):\n    def f(self): return 2")
        k = gui.K()
        self.write("gui", "class B:\n    def f(self): return 1\nclass K(B):\n    def f(self): return super().f() + 2")
        self.takes()
        self.assertEqual(k.f(), 3)

    def test_a_table_of_functions(self):
        gui = self.load("gui", "def a(): return 1\nTABLE = {'a': a, 'b': lambda: 1}")
        user = self.load("user", "from <gui> import TABLE", hot=False)
        self.write("gui", "def a(): return 2\ndef c(): return 3\nTABLE = {'a': a, 'b': lambda: 2, 'c': c}")
        self.takes()
        self.assertEqual([each() for each in user.TABLE.values()], [2, 2, 3])
        self.assertIs(user.TABLE["a"], gui.a)
        self.assertIs(user.TABLE["c"].__globals__, vars(gui))

    def test_moved_to_a_new_module(self):
        gui = self.load("gui", "def draw(): return 'old'\ndef all(): return draw()")
        self.write("extra", "def draw(): return 'new'")
        self.write("gui", "from <extra> import draw\ndef all(): return draw()")
        self.takes()
        self.assertEqual(gui.all(), "new")

    def test_lines_follow_where_nothing_else_changes(self):
        gui = self.load("gui", "def draw():\n    raise KeyError")
        self.write("gui", "\n\n\ndef draw():\n    raise KeyError")
        self.takes()
        self.assertEqual(gui.draw.__code__.co_firstlineno, 4)

    def test_a_name_that_comes_by_two_ways_one_of_them_longer(self):
        self.load("base", "KIND = 1\nSIZE = KIND + 1")
        self.load("part", "from <base> import SIZE\nOTHER = 1")
        user = self.load("user", "from <part> import OTHER\nfrom <part> import SIZE", hot=False)
        self.write("base", "KIND = 2\nSIZE = KIND + 1")
        self.write("part", "from <base> import SIZE\nOTHER = 2")
        self.takes()
        self.assertEqual((user.SIZE, user.OTHER), (3, 2))

    def test_what_was_executed_again_is_known_the_next_time(self):
        gui = self.load("gui", "import os\ndef draw(a=1): return os.getpid(), a")
        self.write("gui", "import os\ndef draw(a=2): return os.getpid(), a")
        self.takes()
        self.write("gui", "import os\ndef draw(a=2): return os.getpid(), -a")
        self.takes()
        self.assertEqual(gui.draw()[1], -2)

    def test_a_singleton_of_a_class_whose_call_changed(self):
        text = "class R:\n    def __init__(self): self.n = 1\n    def __call__(self): return self.n\nrender = R()"
        gui = self.load("gui", text)
        held = gui.render
        self.write("gui", text.replace("return self.n", "return self.n + 1\n    size = 3"))
        self.takes()
        self.assertEqual((held(), gui.render is held), (2, True))

    def test_overloads_that_come_and_go(self):
        gui = self.load("gui", "import typing as t\nclass K:\n    def f(self, a): return 1")
        self.write("gui", "import typing as t\nclass K:\n    @t.overload\n    def f(self, a: int): ...\n    @t.overload\n    def f(self, a: str): ...\n    def f(self, a): return 2")
        self.takes()
        self.assertEqual(gui.K().f(1), 2)

    def test_names_by_a_star(self):
        self.load("gui", "SIZE = 1\ndef draw(): return 'old'")
        user = self.load("user", "from <gui> import *", hot=False)
        self.write("gui", "SIZE = 2\ndef draw(): return 'new'\ndef more(): return 1")
        self.takes()
        self.assertEqual((user.SIZE, user.draw(), user.more()), (2, "new", 1))

    def test_a_library_that_looks_at_its_own_names(self):
        self.load("gui", "SIZE = 1\n")
        folder = os.path.join(self.folder, "site-packages")
        os.mkdir(folder)
        sys.path.insert(0, folder)
        self.addCleanup(sys.path.remove, folder)
        name = self.name("library")
        with open(os.path.join(folder, name + ".py"), "w") as file:
            file.write(f"NAMED = '{self.name('gui')}'\nALL = sorted(globals())\n")
        importlib.import_module(name)
        self.addCleanup(sys.modules.pop, name, None)
        self.write("gui", "SIZE = 2\n")
        self.takes()

    def test_a_package(self):
        self.load("base", "LIMIT = 1")
        middle = self.load("part", "from <base> import LIMIT\nfrom <base> import LIMIT as ALSO", hot=False)
        user = self.load("user", "import <part>\nfrom <part> import ALSO", hot=False)
        self.write("base", "LIMIT = 7")
        self.takes()
        self.assertEqual((middle.LIMIT, user.ALSO), (7, 7))


if __name__ == "__main__":
    unittest.main()
