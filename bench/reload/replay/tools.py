"""The ways to reload, each as its documentation has it used. `reload` returns what it told, or None."""

import importlib
import logging
import os
import sys


class Plain:
    """importlib.reload of the files that have changed."""

    def before(self, root):
        sys.dont_write_bytecode = True

    def load(self, function):
        return function()

    def ready(self, names):
        self.names = names

    def _changed(self, changed):
        files = {os.path.realpath(each) for each in changed}
        return [each for each in self.names if os.path.realpath(sys.modules[each].__file__) in files]

    def reload(self, changed):
        return self._reload(self._changed(changed))

    def _reload(self, names):
        for name in names:
            try:
                importlib.reload(sys.modules[name])
            except Exception as error:
                return f"{type(error).__name__}: {error}"
        return None


class Topological(Plain):
    """importlib.reload of them and of all that import them, in the order in which those were imported."""

    def reload(self, changed):
        first = self._changed(changed)
        order = [each for each in sys.modules if each in set(self.names)]
        dirty = set(first)
        for _ in order:
            for name in order:
                held = {getattr(v, "__module__", None) or getattr(v, "__name__", None) for v in list(vars(sys.modules[name]).values())}
                if held & dirty - {name}:
                    dirty.add(name)
        return self._reload([each for each in order if each in dirty])


class Autoreload(Plain):
    """IPython's %autoreload 2."""

    def before(self, root):
        super().before(root)
        from IPython.core.interactiveshell import InteractiveShell

        self.shell = InteractiveShell.instance()
        self.said = []
        self.shell.run_line_magic("load_ext", "autoreload")
        self.shell.run_line_magic("autoreload", "2 -p")
        self.shell.run_cell("pass")
        import builtins

        original = builtins.print

        def heard(*arguments, **keywords):
            text = " ".join(map(str, arguments))
            if "autoreload" in text:
                self.said.append(text)
            else:
                original(*arguments, **keywords)

        builtins.print = heard

    def load(self, function):
        found = {}
        self.shell.user_ns.update(_function=function, _found=found)
        self.shell.run_cell("_found['value'] = _function()")
        return found["value"]

    def ready(self, names):
        super().ready(names)
        self.shell.run_cell("pass")

    def reload(self, changed):
        from io import StringIO

        sys.stderr, err = StringIO(), sys.stderr
        try:
            self.shell.run_cell("pass")
            text = sys.stderr.getvalue()
        finally:
            sys.stderr = err
        said = [each for each in [*self.said, text] if "failed" in each or "Error" in each]
        return said[0].strip()[:300] if said else None


class Jurigged(Plain):
    def before(self, root):
        super().before(root)
        import jurigged
        from jurigged import live, registry

        self.told = []
        self.registry = registry
        logging.disable(logging.NOTSET)

        def log(event):
            if isinstance(event, Exception):
                self.told.append(f"{type(event).__name__}: {event}")

        self.watcher = jurigged.watch(pattern=os.path.join(root, "*.py"), logger=log, autostart=False)
        self.live = live

    def reload(self, changed):
        for path in changed:
            try:
                self.watcher.refresh(path)
            except Exception as error:
                self.told.append(f"{type(error).__name__}: {error}")
        return self.told[0][:300] if self.told else None


class Baton(Plain):
    """`app.reload()` of baton's client, with every module of the package hot."""

    def before(self, root):
        super().before(root)
        clients = os.path.join(os.path.dirname(os.path.abspath(__file__)), *[".."] * 3, "clients", "python")
        sys.path.append(clients)
        import baton

        self.app = baton.join()

    def ready(self, names):
        super().ready(names)
        for name in names:
            self.app.hot(name)

    def reload(self, changed):
        return None if self.app.reload() else self.app.reload_error
