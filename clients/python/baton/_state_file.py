"""Files that hold a state."""

from __future__ import annotations

import json
import os

from ._errors import BatonError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def read(path: str) -> Any:
    try:
        with open(path, "rb") as file:
            return json.load(file)
    except (OSError, ValueError) as error:
        raise BatonError(
            f'Cannot read the state "{path}": {error}; baton keeps it, --fresh starts without it'
        ) from error


def write(path: str, data: bytes, *, sync: bool) -> dict[str, object]:
    """Writes beside ``path`` and renames; returns what ``saved`` says of it."""
    beside = f"{path}.{os.getpid()}.tmp"
    try:
        with open(
            os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb", buffering=0
        ) as file:
            view = memoryview(data)
            while view:
                view = view[file.write(view) :]
            if sync:
                os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError:
        if os.path.exists(beside):
            os.unlink(beside)
        raise
    return {"bytes": len(data), "sha256": _sha256(data)}


def warm_up() -> None:
    """Loads what saving needs, at the barrier: there it costs no dark time."""
    import hashlib  # noqa: F401


def _sha256(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data, usedforsecurity=False).hexdigest()
