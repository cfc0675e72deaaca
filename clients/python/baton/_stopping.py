"""Stops the components: some are told first and waited for later, and what serves goes on until the end."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ._declared import Component, Stop

    # A call: whether the component begins to stop by it, and whether it has ended once that returns.
    Step = tuple[Component, Stop, bool, bool]

_SAVE_SHARE = 0.2  # of the whole time, kept for saving
_SAVE_S = 1.0  # but no more than this
_LATER_SHARE = 0.25  # of the rest, kept for the calls to come: one that hangs cannot take it
_OVERDUE_S = 0.2  # for one whose own time is over when its turn comes: it has ended, as a rule


def for_saving(within: float) -> float:
    """How much of the whole time is kept for the state, in seconds."""
    return min(within * _SAVE_SHARE, _SAVE_S)


def steps(components: Sequence[Component]) -> list[Step]:
    """What is called, in this order: the last added first, those that serve after all others."""
    planned: list[Step] = []
    for serves in (False, True):
        group = [each for each in reversed(components) if each.serves == serves]
        for each in group:
            if each.stop is not None and each.join is not None:
                planned.append((each, each.stop, True, False))
        for each in group:
            if each.join is not None:
                planned.append((each, each.join, each.stop is None, True))
            elif each.stop is not None:
                planned.append((each, each.stop, True, True))
    return planned


def stop(
    components: Sequence[Component],
    within: float,
    call: Callable[[Stop, float, str], str],
    tell: Callable[..., None],
) -> None:
    """Stops them within their own times, which count from when each is told, and ``within`` in all.

    ``call`` calls a function with its time, in seconds and in words, and returns what went wrong.
    """
    whole = within - for_saving(within)
    stop_by = time.monotonic() + whole
    planned = steps(components)
    began: dict[str, float] = {}
    failed: set[str] = set()
    for at, (component, function, begins, ends) in enumerate(planned):
        name, timeout = component.name, component.timeout
        if name in failed:
            continue
        now = time.monotonic()
        if begins:
            began[name] = now
            tell("stopping", component=name)
        own = max(began[name] + timeout - now, min(timeout, _OVERDUE_S))
        kept = whole * _LATER_SHARE * (len(planned) - at - 1) / len(planned)
        left = max(stop_by - now - kept, 0)
        in_words = f"{timeout * 1000:.0f} ms"
        if left < own:
            in_words = f"{left * 1000:.0f} of {in_words}: all have {within:g} s (--hook-timeout)"
        error = call(function, min(own, left), in_words)
        if error:
            failed.add(name)
            tell("failed", component=name, error=error)
        elif ends:
            elapsed = (time.monotonic() - began[name]) * 1000
            tell("stopped", component=name, elapsedMs=round(elapsed, 3))
