"""What an import asks of that the program decides: who imports it, what is in ``__main__``, what is to be logged."""

import sys

_OF_MAIN = ("__file__", "__name__", "__class__", "__doc__")


class Spies:
    """``told(what)`` is called with what cannot be known before the program runs."""

    def __init__(self, told):
        self.importer = _Importer(told)
        self.loggers = _Loggers(told)
        self.main = sys.modules["__main__"]
        self.kind = type(self.main)
        self.spied = _main_of(self.kind, told)

    def begin(self):
        self.main.__class__ = self.spied
        self.loggers.begin()

    def end(self):
        """Gives what was asked of loggers: each with a level, for which it was not to log."""
        self.main.__class__ = self.kind
        return self.loggers.end()


def _main_of(kind, told):
    class Main(kind):
        def __getattribute__(self, name):
            if name not in _OF_MAIN:
                told("looks at %s of __main__" % name)
            return kind.__getattribute__(self, name)

    Main.__name__ = Main.__qualname__ = kind.__name__
    Main.__module__ = kind.__module__
    return Main


class _Importer(dict):
    """The names of the module that imports, which a function may see that goes up the stack."""

    def __init__(self, told):
        dict.__init__(self, __name__="__main__")
        self.told = told

    def _asked(name):
        def asked(self, *args):
            self.told("looks at who imports it")
            return getattr(dict, name)(self, *args)

        return asked

    __getitem__, get, __contains__, __iter__ = map(_asked, ("__getitem__", "get", "__contains__", "__iter__"))
    keys, values, items, copy = map(_asked, ("keys", "values", "items", "copy"))


class _Loggers:
    """What is to be logged is for the program to say, which may say so before."""

    def __init__(self, told):
        self.told, self.asked, self.replaced, self.kind, self.depth = told, {}, {}, None, 0

    def begin(self):
        """Also while an import is done that has loaded ``logging`` itself."""
        kind = getattr(sys.modules.get("logging"), "Logger", None)
        if self.replaced or not hasattr(kind, "hasHandlers"):
            return
        self.kind = kind
        for name in ("getEffectiveLevel", "hasHandlers", "isEnabledFor"):
            self.replaced[name] = kind.__dict__[name]
            setattr(kind, name, self._noting(name, kind.__dict__[name]))

    def _noting(self, name, function):
        def asked(logger, *args):
            self.depth += 1  # One of them asks another.
            try:
                answer = function(logger, *args)
            finally:
                self.depth -= 1
            if self.depth == 0:
                if name == "isEnabledFor" and answer:
                    self.told("logs")
                self.asked[name, id(logger), args] = logger, answer
            return answer

        return asked

    def end(self):
        for name, function in self.replaced.items():
            setattr(self.kind, name, function)
        asked, self.asked, self.replaced = self.asked, {}, {}
        return [(logger, name, args, answer) for (name, _, args), (logger, answer) in asked.items()]
