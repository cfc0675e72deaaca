"""Files that hold a state."""

from __future__ import annotations

import json
import os
import sys

from ._errors import BatonError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


_LARGE_BYTES = 64 * 1024
#: The module of Python's own that hashes by SHA-256.
_OF_LITTLE = "_sha2" if sys.version_info >= (3, 12) else "_sha256"


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
    _sha256(b"")


def _sha256(data: bytes) -> str:
    # Loading ``hashlib`` takes 3 ms, as OpenSSL comes with it. By that a large state is hashed faster.
    if len(data) < _LARGE_BYTES:
        try:
            digest: str = __import__(_OF_LITTLE).sha256(data).hexdigest()
            return digest
        except ImportError:
            pass  # Python can be built without it.
    import hashlib

    return hashlib.sha256(data, usedforsecurity=False).hexdigest()
