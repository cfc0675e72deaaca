"""A project of hot modules in a folder of its own, for tests of reload in place."""

import importlib
import itertools
import os
import shutil
import sys
import tempfile
import textwrap
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), *[".."] * 3, "clients", "python"))

import baton  # noqa: E402

_numbers = itertools.count()


class ProjectTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="baton-reload-")
        self.addCleanup(shutil.rmtree, self.folder)
        sys.path.insert(0, self.folder)
        self.addCleanup(sys.path.remove, self.folder)
        self.renumber()
        self.app = baton.App(baton.join()._participant)

    def renumber(self):
        """For modules that nothing has seen before."""
        self.number = next(_numbers)

    def name(self, short):
        return f"m{self.number}_{short}"

    def write(self, short, text):
        """In it, names of modules are written `<short>`. It is long ago that it was saved."""
        text = textwrap.dedent(text)
        for other in ("gui", "user", "base", "part", "extra"):
            text = text.replace(f"<{other}>", self.name(other))
        path = os.path.join(self.folder, self.name(short) + ".py")
        with open(path, "w") as file:
            file.write(text)
        os.utime(path, (1, 1))
        importlib.invalidate_caches()
        return path

    def load(self, short, text, hot=True, **options):
        self.write(short, text)
        name = self.name(short)
        module = importlib.import_module(name)
        self.addCleanup(sys.modules.pop, name, None)
        if hot:
            self.app.hot(name, **options)
        return module

    def takes(self, *names):
        done = self.app.reload(*names)
        self.assertIsNone(self.app.reload_error)
        self.assertTrue(done)

    def refuses(self, *words):
        """The reason has all these words, and a file with a line."""
        self.assertFalse(self.app.reload())
        error = self.app.reload_error
        for word in words:
            self.assertIn(word, error)
        self.assertRegex(error, r'\.py", line \d+')
