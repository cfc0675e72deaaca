"""How a reload ends, other than well. In both cases the program is as it was before."""

from __future__ import annotations

import os


class Refused(Exception):
    """It cannot be shown that the program would run as a start of the new source would."""


class Failed(Exception):
    """The new source is broken: it would not start, either."""


def place(path: str, line: int) -> str:
    relative = os.path.relpath(path)
    return f'"{path if relative.startswith("..") else relative}", line {line}'
