"""How often one token may ask."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

MINUTE_S = 60.0


@dataclass(slots=True)
class Bucket:
    """What is left of what a token may ask at once, at a moment."""

    left: float
    at: float


class Limits:
    """So many requests a minute for each token, as many of them at once (a token bucket).

    Kept in memory, of each process apart: a write for each question would cost more than what it protects.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute, self._clock = per_minute, clock
        self._buckets: dict[int, Bucket] = {}
        self._lock = Lock()

    def take(self, token_id: int) -> tuple[int, float]:
        """How many requests are left after this one, -1 where it is one too many; and in how many s there is one."""
        with self._lock:
            now = self._clock()
            bucket = self._buckets.setdefault(token_id, Bucket(self.per_minute, now))
            per_s = self.per_minute / MINUTE_S
            bucket.left = min(self.per_minute, bucket.left + (now - bucket.at) * per_s)
            bucket.at = now
            if bucket.left < 1:
                return -1, (1 - bucket.left) / per_s
            bucket.left -= 1
            return int(bucket.left), 0.0
