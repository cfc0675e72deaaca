"""What was imported ahead, out of sight until the program imports it."""

import os
import sys
from _thread import _count, get_ident


def _is_import():
    """Whether the import system asks, to load it; others only want to know where it is."""
    code = sys._getframe(3).f_code
    return code.co_name == "_find_and_load_unlocked" and "importlib._bootstrap" in code.co_filename


class _Line:
    """Imports that follow one another with nothing in between: what one has found is so for the next, too."""

    def __init__(self):
        names = ", ".join("a%d" % number for number in range(300))
        self.imports = set(compile("import %s\nimport a.b\n" % names, "", "exec").co_code[:-4:2])
        self.end()

    def end(self):
        """Something else was done."""
        self.frame, self.at, self.of, self.known = 0, 0, None, set()

    def goes_on(self):
        """Called by ``find_spec``. Whether the module that imports has done nothing else since its import before."""
        frame = sys._getframe(3)
        while frame is not None and "importlib._bootstrap" in frame.f_code.co_filename:
            frame = frame.f_back
        if frame is None:  # The interpreter itself imports.
            self.end()
            return False
        code, before, self.at = frame.f_code, self.at, frame.f_lasti
        if code is self.of and id(frame) == self.frame and before < self.at and _count() == 0:
            if self.imports.issuperset(self.code[before + 2 : self.at : 2]):
                return True
        self.known = set()
        # Elsewhere a name may be stored in what is no plain dictionary.
        is_of_module = code.co_name == "<module>" and frame.f_locals is frame.f_globals
        self.frame, self.of, self.code = id(frame), code if is_of_module else None, code.co_code
        return False


class Shelf:
    """Puts everything out of sight when it is made. ``over(why, root)`` has the process start over."""

    def __init__(self, warming, warm, differs, over):
        self.tools, self.cwd, self.differs, self.start_over = warming, warm.cwd, differs, over
        self.pid, self.thread = os.getpid(), get_ident()
        self.roots = warm.roots
        self.done = 0
        self.of = {name: root for root in self.roots for name in root.modules}
        self.count = len(self.of)
        self.environs = {}
        self.line = _Line()
        self.environ, self.env = warm.environ, None
        self.atexit = warm.atexit
        for root in reversed(self.roots):
            for change in reversed(root.changes):
                change.undo()
        for name in self.of:
            del sys.modules[name]
        warm.filters[:] = warm.first_filters
        warming.filters_mutated()
        sys.meta_path[:] = warm.first_finders

    def begin(self):
        if self.roots:
            sys.meta_path.insert(0, self)

    def find_spec(self, name, path=None, target=None):
        root = self.of.get(name)
        if root is None or not _is_import():
            self.line.end()
            return None
        is_child = os.getpid() != self.pid  # That cannot start over: it goes on as without a shelf.
        try:
            why = self._fault(root, name)
            if why is None:
                why = self._put_back(root)
        except Exception as error:
            why = "%s: %s" % (type(error).__name__, error)
        if why is not None:
            if is_child:
                return None
            self.start_over(why, self.done)
        self.done += 1
        if self.done == len(self.roots):
            sys.meta_path.remove(self)
            self.roots = self.of = ()
        from _frozen_importlib import ModuleSpec

        module = sys.modules.pop(name)  # The import system would take it, there, for one to be loaded again.
        was = module.__spec__
        is_package = was.submodule_search_locations is not None
        return ModuleSpec(name, self.tools.Back(module), origin=was.origin, is_package=is_package)

    def _fault(self, root, name):
        """Why the module that was loaded ahead may not be what would be loaded now; None where it is that."""
        entry, tools = root.entry, self.tools
        following = self.roots[self.done]
        if root is not following:
            return "imports %s before %s" % (name, following.name)
        if name != root.name:
            return "imports %s, which %s used to import" % (name, root.name)
        if get_ident() != self.thread:
            return "imports %s in another thread" % name
        if sys.path != entry.path or sys.argv != entry.argv:
            return "changes sys.path or sys.argv before it imports %s" % name
        goes_on = self.line.goes_on()
        changed = [] if goes_on and entry.env is self.env else self._changed_variables(entry.env)
        self.env = entry.env
        if changed:
            return "changes the environment (%s) before it imports %s" % (", ".join(changed), name)
        if os.getcwd() != self.cwd:
            return "goes to another folder before it imports %s" % name
        if sys.gettrace() is not None or sys.getprofile() is not None:
            return "is traced"
        finders = [finder for finder in sys.meta_path if finder is not self]
        if not tools.same(finders, root.finders_before):
            return "changes sys.meta_path before it imports %s" % name
        if root.has_warned and not tools.same(tools.current_filters(), root.filters_before):
            return "changes the filters of warnings before it imports %s" % name
        locale = sys.modules.get("_locale")
        if root.locale is not None and locale is not None and locale.setlocale(locale.LC_ALL) != root.locale:
            return "changes the locale before it imports %s" % name
        patched = self.differs(root.faces, root.modules.values(), self.line.known)
        if patched is not None:
            return "changes %s before it imports %s" % (patched, name)
        for one in root.modules:
            if one in sys.modules:
                return "has another %s in place before it imports %s" % (one, name)
        return None

    def _changed_variables(self, env):
        expected = self.environs.get(id(env))
        if expected is None:
            wanted = {**self.environ, **env}
            expected = {
                os.fsencode(key): os.fsencode(value)
                for key, value in wanted.items()
                if value is not None and key[:6] != "BATON_"
            }
            self.environs[id(env)] = expected
        now = {key: value for key, value in os.environ._data.items() if key[:6] != b"BATON_"}
        if now == expected:
            return []
        return sorted(os.fsdecode(key) for key in {*now, *expected} if now.get(key) != expected.get(key))

    def _put_back(self, root):
        sys.modules.update(root.modules)
        for change in root.changes:
            if not change.redo():
                return "changes %s before it imports %s" % (change.what, root.name)
        for function, args, kwargs in root.exits:
            self.atexit.register(function, *args, **kwargs)
        for inside, key, clock in root.moments:
            inside[key] = clock()
        front, back = root.filters
        if front or back:
            filters = self.tools.current_filters()
            filters[:] = [*front, *filters, *back]
            self.tools.filters_mutated()
        front, back = root.finders
        if front or back:
            sys.meta_path[:] = [*front, *sys.meta_path, *back]
        return None
