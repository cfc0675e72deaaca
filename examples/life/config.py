"""How fast it lives."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass
class Config:
    tick_interval: float = 0.1
    """Seconds from one tick to the next."""

    snapshot_period: float = 5.0
    """Seconds between checkpoints: what a crash may cost. A change counts from the next start on."""

    def change(self, **durations: float) -> None:
        """Raises `ValueError` for what is not above 0, `TypeError` for what is not known."""
        changed = replace(self, **durations)
        if not (0 < changed.tick_interval < 3600 and 0 < changed.snapshot_period < 3600):
            raise ValueError("Durations must be above 0 and below an hour")
        vars(self).update(vars(changed))

    def save(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def resume(cls, saved: dict[str, Any]) -> Config:
        return cls(**saved)
