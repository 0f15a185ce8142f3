"""Jobs that wait for a medium that is away: one of them tries now and then, and when it gets through all follow."""

import logging
import time
from collections.abc import Sequence

from sqlalchemy import delete, func, select

from jobs.queue import Attempt, Jobs
from store.db import Db, Tx, insert_into
from store.tables import ParkedJob

log = logging.getLogger("debrief.jobs")

PROBE_S = 15.0
"""How often one job looks whether its medium is back; a server that asked for more patience gets it."""
PATIENT = 4
"""Attempts, within some ten seconds, after which a medium that failed counts as away."""
AT_ONCE = 200
PARKED = ":parked-"
"""In the series of an attempt that comes from here."""


class Parking:
    """The jobs that wait. An hour's outage costs a row a job, not a thousand tries."""

    def __init__(self, db: Db, jobs: Jobs) -> None:
        self._db, self._jobs = db, jobs
        self._probed: dict[str, float] = {}
        self._away: frozenset[str] = frozenset()
        self._began = time.time() - time.monotonic()  # a clock that is set back later names no moment twice

    def is_due(self, attempt: Attempt, medium: str) -> bool:
        """Whether to wait here rather than to try again soon: the medium is known to be away, or was not back soon."""
        return medium in self._away or attempt.number >= PATIENT

    def park(self, attempt: Attempt, medium: str, after_s: float | None) -> None:
        """Have this job wait for its medium; again is harmless."""
        with self._db.write() as tx:
            row = {"job": f"{attempt.name}:{attempt.arg}", "name": attempt.name, "arg": attempt.arg,
                   "lane": attempt.lane, "medium": medium}  # fmt: skip
            kept = insert_into(tx, ParkedJob).values(**row).on_conflict_do_nothing(index_elements=["job"])
            is_new = tx.scalar(kept.returning(ParkedJob.id)) is not None
            waiting = tx.scalar(select(func.count()).where(ParkedJob.medium == medium)) or 0
        self._away |= {medium}
        self._probed[medium] = time.monotonic() + max(0.0, (after_s or 0.0) - PROBE_S)
        if is_new and waiting == 1:
            log.warning("%s is away: what is to be said there waits", medium)

    def answered(self, attempt: Attempt) -> None:
        """A medium took a job or refused it, so it is there: where the job had waited, all that wait there follow."""
        if PARKED not in attempt.series:
            return
        with self._db.write() as tx:
            key = f"{attempt.name}:{attempt.arg}"
            medium = tx.scalar(delete(ParkedJob).where(ParkedJob.job == key).returning(ParkedJob.medium))
        if medium is not None:
            log.warning("%s is back: what waited is said now", medium)
            while self._follow(medium):
                pass

    def probe(self) -> None:
        """Have the oldest job of each medium try, if it is time."""
        with self._db.read() as tx:
            media = tx.scalars(select(ParkedJob.medium).distinct()).all()
        self._away = frozenset(media)
        for medium in media:
            if time.monotonic() - self._probed.get(medium, float("-inf")) >= PROBE_S:
                self._probed[medium] = time.monotonic()
                # Workers that look in the same moment name the same attempt, and so there is one.
                slot = int((self._began + time.monotonic()) // PROBE_S)
                with self._db.write() as tx:
                    self._enqueue(tx, _oldest(tx, medium, 1), f"-{slot}")

    def _follow(self, medium: str) -> int:
        with self._db.write() as tx:
            rows = _oldest(tx, medium, AT_ONCE)
            self._enqueue(tx, rows)
            for row in rows:
                tx.delete(row)
        return len(rows)

    def _enqueue(self, tx: Tx, rows: Sequence[ParkedJob], mark: str = "") -> None:
        for row in rows:
            self._jobs.put(tx, Attempt(f"{row.job}{PARKED}{row.id}{mark}", row.name, row.arg, row.lane))


def _oldest(tx: Tx, medium: str, most: int) -> Sequence[ParkedJob]:
    return tx.scalars(select(ParkedJob).where(ParkedJob.medium == medium).order_by(ParkedJob.id).limit(most)).all()
