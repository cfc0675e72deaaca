"""What an import leaves in ``logging``: loggers by name, each below another, which is no name of a module."""

import sys


def _known():
    logging = sys.modules.get("logging")
    return None if logging is None else logging.Logger.manager.loggerDict


class Loggers:
    """Tells which loggers were made since it was asked last."""

    def __init__(self):
        self.names = dict(_known() or {})

    def change(self):
        known = _known()
        if known is None or (len(known) == len(self.names) and all(self.names.get(k) is v for k, v in known.items())):
            return None
        made = {name: logger for name, logger in known.items() if self.names.get(name) is not logger}
        before, self.names = self.names, dict(known)
        return Made(before, made)


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
            if there is not None:
                manager._fixupChildren(there, logger)
            manager._fixupParents(logger)
        return True
