"""Keeps what it is set to in every way there is."""

import contextvars
import threading


class Plain:
    pass


class WithSlots:
    __slots__ = ("mode",)


class Config:
    mode = "plain"


settings, deep, slots, local = Plain(), Plain(), WithSlots(), threading.local()
settings.mode = slots.mode = local.mode = "plain"
deep.inner = Plain()
deep.inner.mode = "plain"
nested = {"inner": {"mode": "plain"}}
variable = contextvars.ContextVar("variable", default="plain")
_mode = "plain"
_modes = []


def use(mode):
    global _mode
    _mode = mode


def add(mode):
    _modes.append(mode)


def used():
    return _mode, list(_modes)


def _closed():
    held = ["plain"]

    def close(mode):
        held[0] = mode

    def closed():
        return held[0]

    return close, closed


close, closed = _closed()
