"""Ports that are taken before the program listens there."""

from __future__ import annotations

import os
import socket
import stat


def holds_port() -> bool:
    """Whether a TCP socket is bound that nobody listens on yet.

    Servers with workers (uvicorn, hypercorn) bind first, and import the program then. Baton sees what
    a program listens on, and not this; a next version beside it could not bind the same.
    """
    folder = "/proc/self/fd" if os.path.isdir("/proc/self/fd") else "/dev/fd"
    try:
        return any(_is_bound(int(name)) for name in os.listdir(folder))
    except OSError:
        return False


def _is_bound(descriptor: int) -> bool:
    try:
        if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            return False
        each = socket.socket(fileno=descriptor)
    except OSError:
        return False  # Closed meanwhile, as that of the folder is.
    try:
        if each.family not in (socket.AF_INET, socket.AF_INET6) or each.type != socket.SOCK_STREAM:
            return False
        if not each.getsockname()[1] or _has(each, "SO_REUSEPORT") or _has(each, "SO_ACCEPTCONN"):
            return False
        return not _is_connected(each)
    except OSError:
        return False
    finally:
        each.detach()


def _has(each: socket.socket, option: str) -> bool:
    return hasattr(socket, option) and each.getsockopt(socket.SOL_SOCKET, getattr(socket, option)) != 0


def _is_connected(each: socket.socket) -> bool:
    try:
        each.getpeername()
    except OSError:
        return False
    return True
