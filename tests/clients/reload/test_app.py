"""What a program sees of it: what it declares, what is kept, and what is said."""

import os
import subprocess
import sys
import types
import unittest

from project import ProjectTest


class App(ProjectTest):
    def test_what_is_named_is_kept(self):
        state = types.SimpleNamespace(scroll=3, windows=["a"])
        gui = self.load("gui", "count = 0\ndef draw(): return 'old'", keep=["scroll", "windows"], of=state)
        windows = state.windows
        self.write("gui", "count = 5\ndef draw(): return 'new'")
        self.takes()
        self.assertEqual((state.scroll, state.windows, gui.count), (3, ["a"], 5))
        self.assertIs(state.windows, windows)

    def test_of_the_module_itself(self):
        gui = self.load("gui", "count = 0\nitems = []", keep=["count", "items"])
        gui.count, items = 7, gui.items
        items.append(1)
        self.write("gui", "count = 1\nitems = [2]\nother = 1")
        self.takes()
        self.assertEqual((gui.count, gui.items, gui.other), (7, [1], 1))
        self.assertIs(gui.items, items)

    def test_it_is_put_back_after_a_failure(self):
        gui = self.load("gui", "items = [1]", keep=["items"])
        self.write("gui", "items = [1]\ndef spoil(): items.clear()\nspoil()\nundefined")
        self.assertFalse(self.app.reload())
        self.assertIn("NameError", self.app.reload_error)
        self.assertEqual((gui.items, hasattr(gui, "spoil")), ([1], False))

    def test_it_tells_what_became_of_a_reload(self):
        told = []
        self.app.on_reload(told.append)
        gui = self.load("gui", "def draw(): return 'old'")
        self.write("gui", "def draw(:")
        self.assertFalse(self.app.reload())
        self.write("gui", "def draw(): return 'new'")
        self.assertTrue(self.app.reload(self.name("gui")))
        self.assertEqual(gui.draw(), "new")
        self.assertIn("SyntaxError", told[0])
        self.assertEqual(told[1:], [None])
        self.assertIsNone(self.app.reload_error)

    def test_by_a_decorator(self):
        self.load("base", "app = None", hot=False)
        sys.modules[self.name("base")].app = self.app
        text = "from <base> import app\n@app.hot_module(keep=['n'])\ndef draw(): return {}\nn = 1"
        gui = self.load("gui", text.format(1), hot=False)
        gui.n = 3
        self.write("gui", text.format(2))
        self.takes()
        self.assertEqual((gui.draw(), gui.n), (2, 3))

    def test_what_baton_asks_for_is_in_effect_or_declined_with_the_place(self):
        from baton._errors import Declined

        gui = self.load("gui", "def draw(): return 'old'")
        take = self.app._participant.declared.reload
        path = self.write("gui", "def draw(): return 'new'")
        take([path])
        self.assertEqual(gui.draw(), "new")
        with self.assertRaisesRegex(Declined, '"other.py" is not a hot module'):
            take([path, "other.py"])
        self.write("gui", "\n\ndef draw(:")
        with self.assertRaises(Declined) as caught:
            take([path])
        self.assertEqual((os.path.realpath(caught.exception.file), caught.exception.line), (path, 3))

    def test_a_future_of_the_language_and_a_file_that_is_gone(self):
        gui = self.load("gui", "def draw(): return 'old'")
        path = self.write("gui", "from __future__ import annotations\ndef draw(a: undefined = 1): return 'new'")
        self.takes()
        self.assertEqual((gui.draw(), gui.draw.__annotations__), ("new", {"a": "undefined"}))
        os.unlink(path)
        held = gui.draw
        self.assertFalse(self.app.reload())
        self.assertEqual(held(), "new")
        self.assertIn("restart the program", self.app.reload_error)

    def test_nothing_has_changed(self):
        self.load("gui", "x = 1")
        self.takes()

    def test_what_was_saved_while_the_program_started_is_not_certain(self):
        import os

        path = self.write("gui", "x = 1")
        os.utime(path)
        import importlib

        importlib.import_module(self.name("gui"))
        self.app.hot(self.name("gui"))
        self.assertFalse(self.app.reload())
        self.assertIn("saved while the program started", self.app.reload_error)

    def test_what_was_saved_while_the_process_was_parked_is_certain(self):
        import importlib
        import os
        import time
        from unittest import mock

        for started, done in ((time.time() + 1, True), (time.time() - 60, False)):
            path = self.write("gui", "x = 1")
            os.utime(path)
            with mock.patch.dict(os.environ, {"BATON_STARTED": str(int(started * 1000))}):
                gui = importlib.import_module(self.name("gui"))
                self.app.hot(self.name("gui"))
            self.write("gui", "x = 2")
            self.assertEqual((self.app.reload(), gui.x), (done, 2 if done else 1))
            del sys.modules[self.name("gui")]
            self.app = type(self.app)(self.app._participant)

    def test_bytecode_of_the_same_second_is_seen_through(self):
        import importlib
        import os
        import py_compile

        path = self.write("gui", "x = 1\ndef draw(): return 1")
        py_compile.compile(path)
        self.write("gui", "x = 2\ndef draw(): return 1")
        gui = importlib.import_module(self.name("gui"))
        self.assertEqual(gui.x, 1)  # So Python is fooled.
        self.app.hot(self.name("gui"))
        self.write("gui", "x = 2\ndef draw(): return 2")
        self.assertFalse(self.app.reload())
        self.assertIn("bytecode of another version", self.app.reload_error)
        self.assertTrue(os.path.exists(path))

    def test_whoever_imports_it_next_gets_the_new_source(self):
        import os
        import py_compile

        gui = self.load("gui", "def draw(): return 1")
        path = self.write("gui", "def draw(): return 1")
        py_compile.compile(path)
        self.write("gui", "def draw(): return 2")
        self.takes()
        self.assertEqual(gui.draw(), 2)
        script = f"import {self.name('gui')} as gui; print(gui.draw())"
        out = subprocess.check_output([sys.executable, "-c", script], cwd=self.folder, text=True)
        self.assertEqual(out, "2\n")
        self.assertTrue(os.path.exists(path))

    def test_the_client_imports_none_of_it_until_it_is_asked_to(self):
        script = "import sys, baton; baton.join(); print([each for each in sys.modules if '_reload' in each or each == 'ast'])"
        out = subprocess.check_output(
            [sys.executable, "-c", script], env={"PYTHONPATH": sys.path[1], "PATH": ""}, text=True
        )
        self.assertEqual(out, "[]\n")

    def test_the_main_module(self):
        self.write(
            "gui",
            """
            import os, sys
            import baton
            app = baton.join()
            app.hot("__main__")
            SIZE = 1
            def draw(): return SIZE, "old"
            if __name__ == "__main__":
                text = open(__file__).read()
                with open(__file__, "w") as file:
                    file.write(text.replace("SIZE = " + "1", "SIZE = 2").replace('"o' + 'ld"', '"new"'))
                print(app.reload(), app.reload_error, draw())
            """,
        )
        out = subprocess.check_output(
            [sys.executable, f"{self.name('gui')}.py"],
            cwd=self.folder,
            env={"PYTHONPATH": sys.path[1], "PATH": ""},
            text=True,
        )
        self.assertEqual(out, "True None (2, 'new')\n")


if __name__ == "__main__":
    unittest.main()
