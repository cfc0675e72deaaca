from __future__ import annotations


class BatonError(Exception):
    """What the program asked for cannot be done; the text says what, where and the next step."""


BatonError.__module__ = "baton"


class Declined(BatonError):
    """A change cannot be taken without a restart; ``file`` and ``line`` say where, if that is known.

    ``broken`` says that a restart would fail as well.
    """

    def __init__(self, why: str, file: str | None = None, line: int | None = None, broken: bool = False) -> None:
        super().__init__(why)
        self.file = file
        self.line = line
        self.broken = broken
