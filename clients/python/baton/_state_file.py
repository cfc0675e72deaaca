"""Files that hold a state."""

from __future__ import annotations

import json
import os
import sys

from ._errors import BatonError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


_LARGE_BYTES = 64 * 1024
#: Python's own, for what is little. Loading ``hashlib`` takes 3 ms, as OpenSSL comes with it, and hashes much faster.
#: Loaded with this module: at a handoff it would take dark time.
_sha256_of_little: Callable[[bytes], Any]
try:
    _sha256_of_little = __import__("_sha2" if sys.version_info >= (3, 12) else "_sha256").sha256
except ImportError:  # Python can be built without it.
    _sha256_of_little = __import__("hashlib").sha256


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


def _sha256(data: bytes) -> str:
    if len(data) < _LARGE_BYTES:
        digest: str = _sha256_of_little(data).hexdigest()
        return digest
    import hashlib

    return hashlib.sha256(data, usedforsecurity=False).hexdigest()
