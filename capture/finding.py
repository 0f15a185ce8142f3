"""Keeping what is filed findable: the search index follows every change within a minute, or when somebody searches."""

import time
from dataclasses import dataclass

from store import search
from store.db import Db

AT_ONCE = 200
"""Changes that are taken in within one transaction: others who write wait no longer than that takes."""
TICK_S = 30.0
"""How long one round may last: it stands before other chores."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Brings the search index up to date."""

    db: Db

    def tick(self) -> int:
        """Take in what changed, in batches; return how many changes. A worker's chore, again and again."""
        settled, until = 0, time.monotonic() + TICK_S
        while time.monotonic() < until:
            some = self._some()
            if not some:
                break
            settled += some
        return settled

    def look(self) -> None:
        """Take in what changed just now, before somebody searches; of very much only the first."""
        with self.db.read() as tx:
            behind = search.behind(tx)
        if behind:
            self._some()

    def _some(self) -> int:
        with self.db.write() as tx:
            return search.catch_up(tx, AT_ONCE)
