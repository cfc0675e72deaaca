class BatonError(Exception):
    """What the program asked for cannot be done; the text says what, where and the next step."""


BatonError.__module__ = "baton"
