"""What was imported ahead, out of sight until the program imports it."""

import os
import sys
from _thread import get_ident


def _is_import():
    """Whether the import system asks, to load it; others only want to know where it is."""
    code = sys._getframe(3).f_code
    return code.co_name == "_find_and_load_unlocked" and "importlib._bootstrap" in code.co_filename


class _OnceLoaded:
    """Held by what the import system is given for a module. When it lets go of that, all it does is done, and nothing
    of the program has run yet."""

    __slots__ = ("call", "given")

    def __init__(self, call, *given):
        self.call, self.given = call, given

    def __del__(self):
        self.call(*self.given)


class Shelf:
    """Puts everything out of sight when it is made. ``over(why, root)`` has the process start over."""

    def __init__(self, warming, warm, faces, line, over):
        self.tools, self.cwd, self.faces, self.start_over = warming, warm.cwd, faces, over
        self.look, self.goes_by = warm.look, warm.process.goes_by
        self.asks, self.changed = warm.process.asks(warming.borrow), warm.load("reads").changed
        self.pid, self.thread = os.getpid(), get_ident()
        self.roots = warm.roots
        self.done = 0
        for root in self.roots:
            root.look = faces.look(root.seen)
        for before, root in zip(self.roots, self.roots[1:]):
            root.new_look = root.look.beyond(before.look)
        for root in self.roots:
            root.seen = ()
        self.of = {name: root for root in self.roots for name in root.modules}
        self.count = len(self.of)
        self.environs = {}
        self.line = line
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
        for root in self.roots:
            self._changed_variables(root.entry.env)
        for root in self.roots[:1]:
            self._difference(root)  # What is merely equal is known by then, and most of what this runs is made faster.
        line.end()

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
        from _frozen_importlib import ModuleSpec

        module = sys.modules.pop(name)  # The import system would take it, there, for one to be loaded again.
        was = self.look.spec_of(module)
        is_package = getattr(was, "submodule_search_locations", None) is not None
        loader = self.tools.Back(module)
        if not self._is_over() and not is_child:
            loader.then = _OnceLoaded(self._go_on, name)
        return ModuleSpec(name, loader, origin=getattr(was, "origin", None), is_package=is_package)

    def _is_over(self):
        if self.done < len(self.roots):
            return False
        if self.roots:
            sys.meta_path.remove(self)
            self.roots = self.of = ()
        return True

    def _go_on(self, name):
        """That module is where it belongs in ``sys.modules``: what is put back now comes after it."""
        frame = sys._getframe(2)
        try:
            why = self._put_back_all(self.line.waiting(frame, name))
            if why is None and self.line.is_at(frame):
                why = self._put_back_all(self.line.following())
        except Exception as error:
            why = "%s: %s" % (type(error).__name__, error)
        if why is not None:
            self.start_over(why, self.done)
        self._is_over()

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
        goes_on = self.line.goes_on(sys._getframe(2))
        changed = [] if goes_on and entry.env is self.env else self._changed_variables(entry.env)
        self.env = entry.env
        if changed:
            return "changes the environment (%s) before it imports %s" % (", ".join(changed), name)
        if os.getcwd() != self.cwd:
            return "goes to another folder before it imports %s" % name
        if sys.gettrace() is not None or sys.getprofile() is not None:
            return "is traced"
        return self._difference(root)

    def _difference(self, root):
        """What differs that the import could have looked at, but for what belongs to the whole process; None: nothing."""
        tools, name, before = self.tools, root.name, self.roots[self.done - 1]
        finders = [finder for finder in sys.meta_path if finder is not self]
        if not tools.same(finders, root.finders_before):
            return "changes sys.meta_path before it imports %s" % name
        if root.has_warned and not tools.same(tools.current_filters(), root.filters_before):
            return "changes the filters of warnings before it imports %s" % name
        locale = sys.modules.get("_locale")
        if root.locale is not None and locale is not None and locale.setlocale(locale.LC_ALL) != root.locale:
            return "changes the locale before it imports %s" % name
        if self._goes_by(root.goes_by) != root.goes_by:
            return "changes what %s goes by before it imports that" % name
        look = root.new_look if self.done > 0 and self.line.compared is before else root.look
        changed = self.faces.differs(look, root.modules.values())
        if changed is not None:
            return "changes %s before it imports %s" % (changed, name)
        read = self._read(root)
        if read is not None:
            return "changes %s before it imports %s" % (read, name)
        for one in root.modules:
            if one in sys.modules:
                return "has another %s in place before it imports %s" % (one, name)
        self.line.compared = root
        return None

    def _goes_by(self, names):
        if not names:
            return names
        return {**self.goes_by(names), **{name: self.asks[name]() for name in names if name in self.asks}}

    def _read(self, root):
        """What it has read by calls and attributes, or looked at on the disk, and is not as it was."""
        for path, stamp in root.disk.items():
            if self.tools.stamp(path, stamp == "folder") != stamp:
                return path
        keepers = root.modules.values()
        stands_in_front = lambda now, value: self.look.stands_in_front(now, value, keepers)  # noqa: E731
        return self.changed(root.reads, self.look.same_value, stands_in_front)

    def _put_back_all(self, names):
        """What is imported next, where nothing can come in between: nobody has to be asked for it. Returns why the
        process has to start over; None where it has not."""
        module = None
        for wanted, is_taken in names:
            if is_taken:
                if wanted not in module.__dict__:
                    return None
                continue
            parts = wanted.split(".")
            for count in range(1, len(parts) + 1):
                one = ".".join(parts[:count])
                if one not in sys.modules:
                    if not self._is_next(one):
                        self.line.is_ahead = True
                        return None
                    why = self._put_back(self.roots[self.done])
                    if why is not None:
                        return why
                module = sys.modules[one]
                if type(module) is not type(sys):
                    return None  # It may be asked, and then more is done.
        return None

    def _is_next(self, name):
        """Whether that can be put back for certain, where nothing has changed since the import before."""
        root = self.roots[self.done] if self.done < len(self.roots) else None
        if root is None or root.name != name:
            return False
        entry, known = root.entry, self.roots[self.done - 1].entry
        if entry.env is not known.env or entry.path != known.path or entry.argv != known.argv:
            return False
        return self._difference(root) is None

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
        for logger, asked, args, answer in root.asked:
            if getattr(logger, asked)(*args) != answer:
                return "changes what is to be logged before it imports %s" % root.name
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
        self.done += 1
        return None
