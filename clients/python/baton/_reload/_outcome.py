"""How a reload ends, other than well. In both cases the program is as it was before."""

from __future__ import annotations

import os
import re


class Refused(Exception):
    """It cannot be shown that the program would run as a start of the new source would."""


class Failed(Exception):
    """The new source is broken: it would not start, either. That is certain where it does not compile."""

    def __init__(self, text: str, is_syntax: bool = False) -> None:
        super().__init__(text)
        self.is_syntax = is_syntax


def place(path: str, line: int) -> str:
    relative = os.path.relpath(path)
    return f'"{path if relative.startswith("..") else relative}", line {line}'


def place_in(text: str) -> tuple[str, int] | None:
    """The first that is named in it."""
    found = re.search(r'"([^"]+)", line (\d+)', text)
    return (os.path.relpath(found[1]), int(found[2])) if found else None
