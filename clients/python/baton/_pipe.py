"""One connection to baton."""

from __future__ import annotations

import json
import select
import socket
import threading

from ._errors import BatonError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

_MAX_LINE_BYTES = 1_048_576
_MAX_TEXT = 4_000


class BadLine(Exception):
    """Baton said something that does not fit the protocol."""


class Pipe:
    """A JSON object a line, both ways."""

    def __init__(self, address: str) -> None:
        self._sending = threading.Lock()
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            self._socket.connect(address)
        except OSError as error:
            self._socket.close()
            raise BatonError(
                f'Cannot reach baton at "{address}" (BATON_PIPE): {error.strerror or error}; '
                "start the program under baton, or unset BATON_PIPE to run it alone"
            ) from error

    def send(self, kind: str, /, **fields: object) -> None:
        """A lost pipe is no error here: ``messages`` ends, and that is acted on."""
        line = json.dumps({"type": kind, **fields}, separators=(",", ":")) + "\n"
        with self._sending:
            try:
                self._socket.sendall(line.encode())
            except OSError:
                self.hang_up()

    def messages(self, rest: Callable[[], object] = lambda: None) -> Iterator[dict[str, Any]]:
        """Ends where the pipe does. Raises ``BadLine``. Calls ``rest`` before it waits."""
        buffer = bytearray()
        while True:
            end = buffer.find(b"\n")
            if max(end, len(buffer) if end < 0 else 0) >= _MAX_LINE_BYTES:
                raise BadLine(f"Line is longer than {_MAX_LINE_BYTES} bytes")
            if end >= 0:
                line = bytes(buffer[:end])
                del buffer[: end + 1]
                yield _decode(line)
                continue
            rest()
            try:
                chunk = self._socket.recv(65_536)
            except ConnectionError:
                return
            if not chunk:
                return
            buffer += chunk

    def is_quiet(self, seconds: float) -> bool:
        """Whether baton says nothing for so long."""
        if not hasattr(select, "poll"):
            return False  # Where eventlet has patched it.
        poll = select.poll()
        try:
            poll.register(self._socket, select.POLLIN)
            return not poll.poll(seconds * 1000)
        except (OSError, ValueError):
            return False  # It was closed meanwhile.

    def is_gone(self) -> bool:
        """Whether baton is."""
        return is_lost(self._socket.fileno(), 0)

    def hang_up(self) -> None:
        """Ends ``messages``; sending goes on. Takes no lock: signal handlers call it."""
        try:
            self._socket.shutdown(socket.SHUT_RD)
        except OSError:
            return  # Not connected any more, so `messages` has ended.

    def close(self) -> None:
        self._socket.close()


def is_lost(descriptor: int, within: float) -> bool:
    """Whether its other side is closed; waits for that for ``within`` seconds."""
    if not hasattr(select, "poll"):
        return False  # Where eventlet has patched it.
    poll = select.poll()
    poll.register(descriptor, 0)  # That is told unasked.
    return any(event != select.POLLNVAL for _, event in poll.poll(within * 1000))


def field(message: dict[str, Any], key: str, *kinds: type) -> Any:
    value = message.get(key)
    if not isinstance(value, kinds):
        raise BadLine(f'"{message["type"]}" has no valid "{key}"')
    return value


def cut(text: str) -> str:
    """As much of a text as a message should hold."""
    return text[:_MAX_TEXT]


def _decode(line: bytes) -> dict[str, Any]:
    try:
        message = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadLine(f"Line is not JSON in UTF-8: {error}") from error
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise BadLine('Line is not an object with a "type"')
    return message
