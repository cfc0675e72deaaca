"""What a glob in .gitignore syntax names, of paths as baton tells them."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"\*\*/|/\*\*$|\*+|\?|\[[!^]?\]?[^\]]*\]|\\.", re.DOTALL)


def pattern(glob: str) -> re.Pattern[str]:
    """One without a slash names by name, others from the working directory; a folder, all that is in it."""
    text = re.sub(r"^\.?/|/$", "", glob)
    anchored = "/" in glob[:-1] if glob.endswith("/") else "/" in glob
    found = "" if anchored else "(?:.*/)?"
    at = 0
    for special in _SPECIAL.finditer(text):
        found += re.escape(text[at : special.start()]) + _translated(special.group())
        at = special.end()
    found += re.escape(text[at:])
    return re.compile(found + ("/.*" if glob.endswith("/") else "(?:/.*)?") + r"\Z", re.DOTALL)


def _translated(special: str) -> str:
    if special == "**/":
        return "(?:.*/)?"
    if special == "/**":
        return "/.*"
    if special[0] == "*":
        return "[^/]*"
    if special == "?":
        return "[^/]"
    if special[0] == "\\":
        return re.escape(special[1])
    inside = special[1:-1].replace("\\", "\\\\")
    return f"[^{inside[1:]}]" if inside[:1] in ("!", "^") else f"[{inside}]"
