"""What is kept is kept as long as the house wants, and no longer: once a night what is older is forgotten."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from store import retention
from store.db import Db, Tx

log = logging.getLogger("debrief.retention")

HOUR = 2
"""Of the day in UTC from which on the night's work is done."""
WAYS: dict[str, Callable[[Tx, datetime], int]] = {
    "raw": retention.raw, "files": retention.files, "letters": retention.letters, "access": retention.accesses,
}  # fmt: skip
"""What can be forgotten, each a batch at a time until none is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """Days that each is kept; None: for ever."""

    raw: int | None = None
    files: int | None = None
    letters: int | None = None
    access: int | None = 365


@dataclass(frozen=True, slots=True)
class Retention:
    """The nightly chore."""

    db: Db
    periods: Periods
    clock: Callable[[], datetime]

    def tick(self) -> int:
        """Forget what is old where it is night and nobody has begun to today; how many rows it were."""
        now = self.clock()
        if now.hour < HOUR:
            return 0
        with self.db.read() as tx:
            if not retention.may_be_due(tx, now.date()):
                return 0
        with self.db.write() as tx:
            if not retention.is_due(tx, now.date()):
                return 0
        return self.forget(now)

    def forget(self, now: datetime) -> int:
        """Forget what is old now, in batches of a transaction each."""
        forgotten = 0
        for name, way in WAYS.items():
            days = getattr(self.periods, name)
            if days is None:
                continue
            while some := self._some(way, now - timedelta(days=days)):
                forgotten += some
        if forgotten:
            log.info("%s rows were kept long enough and are forgotten", forgotten)
        return forgotten

    def _some(self, way: Callable[[Tx, datetime], int], before: datetime) -> int:
        with self.db.write() as tx:
            return way(tx, before)
