"""What an import leaves in ``logging``, and what is no name of a module: loggers by name, each below another, and what
they are set to."""

import sys


def _known():
    logging = sys.modules.get("logging")
    return None if logging is None else logging.Logger.manager.loggerDict


def _settings(logger):
    return logger.level, logger.propagate, logger.disabled, tuple(logger.handlers), tuple(logger.filters)


def _clear_caches():
    clear = getattr(sys.modules["logging"].Logger.manager, "_clear_cache", None)
    if clear is not None:
        clear()


class Loggers:
    """Tells which loggers were made, or set to something else, since it was asked last."""

    def __init__(self):
        self.names, self.set = dict(_known() or {}), {}
        self._look()

    def _look(self):
        """What has changed of those that were there; and all of them as they are now."""
        if "logging" not in sys.modules:
            return []
        logging = sys.modules["logging"]
        every = [logging.root, *(one for one in _known().values() if isinstance(one, logging.Logger))]
        now = {id(one): (one, _settings(one)) for one in every}
        before, self.set = self.set, now
        return [
            Configured(one, before[key][1], settings)
            for key, (one, settings) in now.items()
            if key in before and before[key][1] != settings
        ]

    def changes(self):
        """In the order in which they are to be done again."""
        configured, known = self._look(), _known()
        if known is None or (len(known) == len(self.names) and all(self.names.get(k) is v for k, v in known.items())):
            return configured
        made = {name: logger for name, logger in known.items() if self.names.get(name) is not logger}
        before, self.names = self.names, dict(known)
        return [Made(before, made), *configured]


class Configured:
    """A logger that was there is set to something else."""

    what = "the loggers"
    fault = None

    def __init__(self, logger, before, after):
        self.logger, self.before, self.after = logger, before, after

    def _set(self, settings):
        logger = self.logger
        logger.level, logger.propagate, logger.disabled, logger.handlers[:], logger.filters[:] = settings
        _clear_caches()

    def undo(self):
        self._set(self.before)

    def redo(self):
        if _settings(self.logger) != self.before:
            return False
        self._set(self.after)
        return True


class Made:
    """Loggers that an import has made, in their order."""

    what = "the loggers"
    fault = None

    def __init__(self, before, made):
        logging = sys.modules["logging"]
        self.before = before
        self.made = {name: logger for name, logger in made.items() if isinstance(logger, logging.Logger)}
        self.places = [name for name in made if name not in self.made]

    def undo(self):
        logging = sys.modules["logging"]
        known = _known()
        mine = set(map(id, self.made.values()))
        for name in [*self.made, *self.places]:
            known.pop(name, None)
            if name in self.before:
                known[name] = self.before[name]
        for logger in known.values():
            if isinstance(logger, logging.PlaceHolder):
                for one in list(logger.loggerMap):
                    if id(one) in mine:
                        del logger.loggerMap[one]
            else:
                while id(logger.parent) in mine:
                    logger.parent = logger.parent.parent

    def redo(self):
        """As ``logging.getLogger`` does it, with the loggers that are there already."""
        manager = sys.modules["logging"].Logger.manager
        known = manager.loggerDict
        holder = sys.modules["logging"].PlaceHolder
        for name, logger in self.made.items():
            there = known.get(name)
            if there is not None and not isinstance(there, holder):
                return False
            known[name] = logger
            getattr(logger, "_cache", {}).clear()  # What it was to log has changed since, perhaps.
            if there is not None:
                manager._fixupChildren(there, logger)
            manager._fixupParents(logger)
        return True
