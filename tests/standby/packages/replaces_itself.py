"""Puts something that is no module in its place; and beside it a module that knows no name but its own."""

import sys
import types


class Commands(types.ModuleType):
    __spec__ = None

    def __getattr__(self, name):
        return "command " + name

    def __setattr__(self, name, value):
        raise RuntimeError("It is told of " + name)


class Settings:
    __slots__ = ()

    def level(self):
        return 1


sys.modules["commands_of_a_shell"] = Commands("commands_of_a_shell")
sys.modules[__name__] = Settings()
