"""The imports of a module that follow one another with nothing else in between.

What one of them has found is so for the next, too; and the next can be done with it.
"""

import sys
from _thread import _count

_COUNT = 300  # More than a byte can number.


class _Operations:
    """The numbers of what this Python does to import something."""

    def __init__(self):
        names = ", ".join("a%d" % number for number in range(_COUNT))
        code = compile("import %s\nfrom b import c\nfrom b import c\nimport a.b\n" % names, "", "exec").co_code
        units = list(zip(code[::2], code[1::2]))
        last = _COUNT - 1 & 0xFF
        at = [argument for _, argument in units].index(last)
        # LOAD 0, LOAD None, EXTENDED_ARG, IMPORT_NAME, EXTENDED_ARG, STORE_NAME; then the same for b with IMPORT_FROM.
        while units[at - 1][1] != 1 or units[at + 2][1] != last:
            at += 1
        (self.extended, _), (self.import_name, _), _, (self.store, _) = units[at - 1 : at + 3]
        (self.level, _), (self.constant, _), _, _, _, (self.import_from, _), _, _, (self.pop, _) = units[at + 3 : at + 12]
        self.plain = {self.extended, self.import_name, self.store, self.level, self.constant}


def _is_of_imports(frame):
    return frame is not None and "importlib._bootstrap" in frame.f_code.co_filename


def _importer(frame):
    """The first that is not the import system's; None where the interpreter itself imports."""
    while _is_of_imports(frame):
        frame = frame.f_back
    return frame


class ImportLine:
    def __init__(self):
        self.operations = _Operations()
        self.end()

    def end(self):
        """Something else was done."""
        self.frame, self.at, self.of = 0, 0, None
        #: Whether what comes next is known to be the import there.
        self.is_ahead = False
        #: Of the imports that were done ahead, the one that was compared last.
        self.compared = None

    def goes_on(self, frame):
        """Whether the module that imports, somewhere above this frame, has done nothing else since its import before."""
        frame = _importer(frame)
        if frame is None:
            self.end()
            return False
        code, before, self.at = frame.f_code, self.at, frame.f_lasti
        is_ahead, self.is_ahead = self.is_ahead, False
        if code is self.of and id(frame) == self.frame and before < self.at + is_ahead and _count() == 0:
            if self.operations.plain.issuperset(self.code[before + 2 : self.at : 2]):
                return True
        self.compared = None
        # Elsewhere a name may be stored in what is no plain dictionary.
        is_of_module = code.co_name == "<module>" and frame.f_locals is frame.f_globals
        self.frame, self.of, self.code = id(frame), code if is_of_module else None, code.co_code
        return False

    def is_at(self, frame):
        """Whether it is still that import which is done, somewhere above this frame."""
        frame = _importer(frame)
        return frame is not None and id(frame) == self.frame and frame.f_code is self.of and frame.f_lasti == self.at

    def waiting(self, frame, name):
        """Gives the modules, as ``following`` does, that are imported above this frame, where one of this name has just
        been loaded, as soon as their package is: first the one in this package, then one in that, and so on."""
        if frame.f_locals.get("name") != name:
            return  # What tells that it is loaded was kept by somebody.
        while _is_of_imports(frame) and _count() == 0:
            if frame.f_code.co_name == "_find_and_load_unlocked":
                inner = frame.f_locals["name"]
                if inner.rpartition(".")[0] == name:
                    name = inner
                    yield inner, False
            frame = frame.f_back

    def following(self):
        """Gives what this import and those after it do, in turn: the name of a module, or of what is taken from the
        one before with ``from``, and False or True for that. Up to where something else is done."""
        if self.of is None or _count() != 0:
            return
        does, code, names, constants = self.operations, self.code, self.of.co_names, self.of.co_consts
        argument, loaded = 0, [0]
        for at in range(self.at, len(code), 2):
            operation, argument = code[at], argument << 8 | code[at + 1]
            if operation == does.extended:
                continue
            if operation == does.import_name:
                if loaded[0] != 0:
                    return  # From its own package.
                self.at, loaded = at, []
                yield names[argument], False
            elif operation == does.import_from:
                yield names[argument], True
            elif operation == does.constant:
                loaded.append(constants[argument])
            elif operation == does.level:
                loaded.append(argument)
            elif operation not in (does.store, does.pop):
                return
            argument = 0
