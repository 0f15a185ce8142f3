"""Slack's time: what Slack waits for may pass faster than it says, and a test may jump ahead."""

import asyncio
import threading
import time
from datetime import UTC, datetime

TICK_S = 0.01


class Clock:
    """Real time plus what a test skipped.

    ``scale`` is how many real seconds one second of Slack's waits (retries, rate limits) takes.
    """

    def __init__(self, scale: float = 1.0) -> None:
        self.scale = scale
        self.skipped_s = 0.0
        self.waiting = 0
        """How many waits are under way: what ``advance`` may end."""

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` of Slack's time pass at once: triggers and response URLs grow old, waits end."""
        self.skipped_s += seconds

    def now(self) -> float:
        """Seconds since 1970, skipped time included: what triggers, response URLs and tokens expire by."""
        return time.time() + self.skipped_s

    def elapsed(self) -> float:
        """Slack's seconds since some fixed moment, by ``scale``: what rate limits and retries count by."""
        return time.monotonic() / self.scale + self.skipped_s

    async def sleep(self, seconds: float) -> None:
        """Wait ``seconds`` of Slack's time, or until a test has skipped them."""
        until = self.elapsed() + seconds
        self.waiting += 1
        try:
            while (left := until - self.elapsed()) > 0:  # noqa: ASYNC110 - advance() is called from another thread
                await asyncio.sleep(min(TICK_S, left * self.scale))
        finally:
            self.waiting -= 1


class Stamps:
    """The ``ts`` of messages: seconds and microseconds since 1970, no two alike, in the order they were given."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._given: set[int] = set()

    def next(self, at: datetime | None = None) -> str:
        """The next free ``ts``; ``at`` asks for that instant instead of now."""
        with self._lock:
            wanted = round((at or datetime.now(UTC)).timestamp() * 1_000_000)
            if at is None:
                wanted = max(wanted, self._last + 1)
                self._last = wanted
            while wanted in self._given:
                wanted += 1
            self._given.add(wanted)
        return f"{wanted // 1_000_000}.{wanted % 1_000_000:06d}"
