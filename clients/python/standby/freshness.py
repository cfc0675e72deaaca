"""Whether what was imported ahead is still what is on the disk, and the program still imports it."""

import os
import sys

#: What a line has where it may have to do with an import, or have those after it read in another way.
_TELLING = (b"import", b'"""', b"'''", b"\\", b"coding")


def _stems(folder):
    try:
        return {name.partition(".")[0] for name in os.listdir(folder or ".")}
    except OSError:
        return set()


def _text(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def _shebang(text):
    return text.partition(b"\n")[0] if text is not None and text[:2] == b"#!" else b""


class _Source:
    """The imports that are written in a file."""

    def __init__(self, path, parsed):
        self.path, self.parsed, self.text = path, parsed, _text(path)
        self.spans = []
        self.imports = self._imports(self.text, self.spans)
        if self.text is not None and b"\r" in self.text.replace(b"\r\n", b""):
            self.spans.append((0, len(self.text)))  # Python counts its lines in another way.

    def fault(self):
        """What it brings by now that another process was to be parked for; None where nothing does."""
        now = _text(self.path)
        if not self._starts_the_same(now):
            return "the first line of %s may start another interpreter"
        return None if self._imports_the_same(now) else "the imports of %s are others"

    def _starts_the_same(self, now):
        """Whether the system starts the same by its first line, and no shell that has read more of the file."""
        before, after = _shebang(self.text), _shebang(now)
        return before == after and (not after or b"python" in after)

    def _imports_the_same(self, now):
        """Whether it does still, in the same order."""
        if self.imports is None or now is None:
            return False
        return self._differs_elsewhere(now) or self._imports(now, []) == self.imports

    def _differs_elsewhere(self, now):
        """Whether that can be told without reading all of it anew, which takes its time: by the lines that differ."""
        before, after = self.text.split(b"\n"), now.split(b"\n")
        shorter = min(len(before), len(after))
        first = 0
        while first < shorter and before[first] == after[first]:
            first += 1
        same = 0
        while same < shorter - first and before[-1 - same] == after[-1 - same]:
            same += 1
        last = len(before) - same
        lines = before[first:last] + after[first : len(after) - same]
        if any(word in line for line in lines for word in _TELLING):
            return False
        # Lines are counted from 1; what comes between two of a statement's is in it.
        return not any(begins <= last and first < ends for begins, ends in self.spans)

    def _imports(self, text, spans):
        """In their order, and the lines that they are on; None where it cannot be read."""
        tree = None if text is None else self.parsed(text, self.path)
        if tree is None:
            return None
        found, waiting = [], [tree]
        while waiting:
            node = waiting.pop()
            kind = type(node).__name__
            if kind == "Import":
                found.append([(name.name, name.asname) for name in node.names])
            elif kind == "ImportFrom":
                found.append((node.module, node.level, [(name.name, name.asname) for name in node.names]))
            if kind in ("Import", "ImportFrom"):
                spans.append((node.lineno, node.end_lineno))
            below = []
            for field in node._fields:
                value = getattr(node, field, None)
                below += value if isinstance(value, list) else [value]
            waiting += [one for one in reversed(below) if hasattr(one, "_fields")]
        return found


class Freshness:
    def __init__(self, warm, places, parsed, stamp, began_ns):
        self.stamp, self.day, self.today = stamp, warm.day, warm.moments.day
        files, folders, self.tops = {sys.executable, sys.prefix + "/pyvenv.cfg", *warm.read}, set(), set()
        for root in warm.roots:
            for name, module in root.modules.items():
                self.tops.add(name.partition(".")[0])
                spec = warm.look.spec_of(module)
                if spec is None:
                    continue
                if spec.has_location and spec.origin:
                    files.add(spec.origin)
                folders.update(spec.submodule_search_locations or ())
        own = warm.modules.files if warm.modules is not None else set()
        # Where the project's own modules are, every save changes the folder: there only a new module counts.
        packages = {folder for folder in folders if own and places.is_watched(folder + "/")}
        folders -= packages
        entries = {os.path.abspath(entry or warm.cwd) for root in warm.roots for entry in root.entry.path}
        watched = {entry for entry in entries if places.is_watched(entry + "/")}
        for entry in entries - watched:
            files.update(entry + "/" + name for name in _names(entry) if name.endswith(".pth"))
        self.stamps = {path: stamp(path, False) for path in {*files, *folders, *(entries - watched)}}
        self.looked = {path: stamp(path, True) for path in warm.looked}
        # Also what was looked for in vain.
        self.tops.update(name.partition(".")[0] for name in warm.tried)
        self.stems = {entry: _stems(entry) for entry in watched}
        self.beside = {folder: set(_names(folder)) for folder in {warm.cwd, *watched}}
        self.own = {path: self.stamps[path] for path in files if os.path.abspath(path) in own}
        self.own_names = {folder: _modules(folder) for folder in ({*watched, *packages} if own else ())}
        self.sources = {path: _Source(path, parsed) for path in warm.own}
        self.first_fault = None
        for path in files:
            if (self.stamps[path] or (0, 0))[1] >= began_ns:
                self.first_fault = "%s was changed while it was loaded" % path

    def fault(self):
        """What is not as it was, on the disk; None where all is."""
        if self.first_fault is not None:
            return self.first_fault
        if self.day is not None and self.day != self.today():
            return "it is another day"
        for stamps, is_looked_at in ((self.stamps, False), (self.looked, True)):
            for path, stamp in stamps.items():
                if self.stamp(path, is_looked_at) != stamp:
                    return "%s was changed" % path
        return None

    def source_fault(self, changed):
        """What the changed files bring that takes another module, or no longer that one; None where nothing does."""
        for path, stamp in self.own.items():
            if self.stamp(path, False) != stamp:
                return "%s was changed" % path
        for folder, names in self.own_names.items():
            for name in _modules(folder) - names:
                return "%s in %s is new" % (name, folder)
        for entry, stems in self.stems.items():
            for stem in (_stems(entry) - stems) & self.tops:
                return "%s in %s comes before the one that is loaded" % (stem, entry)
        for path in changed:
            for folder, names in self.beside.items():
                # An import that asks whether it is there tells nobody.
                name = path[len(folder) + 1 :].partition("/")[0] if path.startswith(folder + "/") else ".py"
                if name[-3:] != ".py" and (name in names) != os.path.lexists(folder + "/" + name):
                    return "%s is new, or gone" % path
            source = self.sources.get(path) or self.sources.get(os.path.realpath(path))
            fault = None if source is None else source.fault()
            if fault is not None:
                return fault % path
        return None


def _modules(folder):
    """The names of what may be a module there."""
    try:
        with os.scandir(folder or ".") as entries:
            return {one.name for one in entries if one.name[-3:] == ".py" or _is_package(one)}
    except OSError:
        return set()


def _is_package(entry):
    return entry.name.isidentifier() and entry.name != "__pycache__" and entry.is_dir()


def _names(folder):
    try:
        return os.listdir(folder)
    except OSError:
        return []
