"""The sockets that baton holds, and the program inherits (``--listen``)."""

from __future__ import annotations

import os
import socket

from ._errors import BatonError

_FIRST = 3  # as sd_listen_fds(3) has it

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Union

    Address = Union[int, "tuple[str, int]", str]


def find(name: str | None, default: Address | None) -> socket.socket:
    """The held socket of that name, or the first; where none is held, one that listens at ``default``."""
    names = _names()
    if name is None and names:
        return _adopt(_FIRST)
    if name in names:
        return _adopt(_FIRST + names.index(name))
    if names:
        raise BatonError(f'Cannot find socket "{name}": baton holds "{", ".join(names)}"')
    if default is None:
        raise BatonError(
            "Cannot find a socket: start baton with --listen PORT, or name a default to bind"
        )
    return _bind(default)


def _names() -> list[str]:
    """Of the sockets, in their order."""
    count = int(os.environ.get("LISTEN_FDS") or 0)
    # Baton's may go through a shell or another launcher, which has another pid.
    if "BATON_VERSION" not in os.environ and os.environ.get("LISTEN_PID") != str(os.getpid()):
        return []
    names = os.environ.get("LISTEN_FDNAMES", "").split(":")
    return [names[at] if at < len(names) else "" for at in range(count)]


def _adopt(descriptor: int) -> socket.socket:
    """As a copy, so that who closes it can get it again; no child of the program inherits it."""
    try:
        os.set_inheritable(descriptor, False)
        adopted = socket.socket(fileno=os.dup(descriptor))
        listens = adopted.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    except OSError as error:
        raise BatonError(
            f"Cannot use descriptor {descriptor}, where a socket should be: {error}. "
            "It was closed, or whoever started this program has not passed it on"
        ) from error
    if not listens:
        adopted.close()
        raise BatonError(f"Cannot use descriptor {descriptor}: it is no socket that listens")
    return adopted


def _bind(address: Address) -> socket.socket:
    if isinstance(address, str):
        bound = socket.socket(socket.AF_UNIX)
        bound.bind(address)
        bound.listen()
        return bound
    host, port = ("127.0.0.1", address) if isinstance(address, int) else address
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    return socket.create_server((host, port), family=family)
