"""Processes that were made from this one, and hold the old code."""

from __future__ import annotations

import os
import sys

_TRACKERS = (b"resource_tracker", b"semaphore_tracker")


def find() -> str | None:
    """Names one: a worker of a pool, or a fork."""
    multiprocessing = sys.modules.get("multiprocessing.process")
    if multiprocessing is not None:
        for child in multiprocessing.active_children():
            return f'worker process "{child.name}" ({child.pid})'
    return _forked()


def _forked() -> str | None:
    """On Linux: any child that runs the same Python; a fork has the memory, too."""
    try:
        mine = os.stat("/proc/self/exe")
        for task in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{task}/children", "rb") as file:
                for pid in file.read().split():
                    if _runs_this_python(int(pid), mine):
                        return f"child process {int(pid)} of the same Python"
    except FileNotFoundError:
        return None  # Another system, or a process that has ended meanwhile.
    return None


def _runs_this_python(pid: int, mine: os.stat_result) -> bool:
    try:
        theirs = os.stat(f"/proc/{pid}/exe")
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            command = file.read()
    except OSError:
        return False  # It has ended.
    same = (theirs.st_dev, theirs.st_ino) == (mine.st_dev, mine.st_ino)
    return same and not any(tracker in command for tracker in _TRACKERS)
