"""How often somebody may ask: so many times a minute, as many of them at once (a token bucket)."""

import time
from collections.abc import Callable, Hashable
from threading import Lock

MINUTE_S = 60.0
MOST_KEPT = 10_000
"""Askers; more of them at once are none of ours, and those who waited longest begin anew."""


class Limits:
    """One limit for each asker.

    Kept in memory, of each process apart: a write for each question would cost more than what it protects.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute, self._clock = per_minute, clock
        self._left: dict[Hashable, tuple[float, float]] = {}
        """What is left of what an asker may ask at once, at a moment."""
        self._lock = Lock()

    def take(self, asker: Hashable) -> tuple[int, float]:
        """How many requests are left after this one, -1 where it is one too many; and in how many s there is one."""
        most, per_s = float(self.per_minute), self.per_minute / MINUTE_S
        with self._lock:
            now = self._clock()
            left, at = self._left.pop(asker, (most, now))
            left = min(most, left + (now - at) * per_s)
            allowed = left >= 1
            self._left[asker] = (left - 1 if allowed else left, now)
            while len(self._left) > MOST_KEPT:
                del self._left[next(iter(self._left))]
        return (int(left - 1), 0.0) if allowed else (-1, (1 - left) / per_s)
