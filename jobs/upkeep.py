"""What workers do for each other: take over what a dead one left, and clear away what was done long ago."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from jobs.queue import WORKFLOW, Jobs
from store.db import Db
from store.lease import Lease

log = logging.getLogger("debrief.jobs")

LOOK_S = 5.0
"""How often to look for workers that died."""
KEPT = timedelta(days=14)
"""A job that is done is known for so long: enqueued again, it is not done again."""
CLEARED_AT_ONCE = 1_000
CLEAR_S = 3600.0
CHORES_S = 60.0
"""How often to look whether something is due by the clock."""
STOP_S = 10.0
"""How long the end of a worker waits for what its upkeep is at."""


def lease_of(db: Db, worker: str) -> Lease:
    """What a worker of this name holds as long as it lives."""
    return Lease(db, f"worker {worker}")


def own_name(db: Db, wanted: str) -> tuple[str, Lease]:
    """``wanted``, or the first of ``wanted-2``, ``wanted-3`` … that no living worker bears, with its lease.

    A worker that starts again after a crash gets its old name, and so takes up at once what it had under way.
    """
    for number in count(1):
        name = wanted if number == 1 else f"{wanted}-{number}"
        lease = lease_of(db, name)
        if lease.take():
            return name, lease
    raise AssertionError


class Upkeep:
    """Threads beside a worker. ``recover(names)`` has the engine queue again what those workers had under way.

    ``chores`` are called every minute, in a thread of their own as one may take long; they must stand being called by
    several workers at once. What one of them raises keeps neither the others nor the upkeep from going on. ``looks``
    are called every few seconds.
    """

    def __init__(
        self, db: Db, jobs: Jobs, name: str, lease: Lease, *, recover: Callable[[list[str]], Any],
        chores: Sequence[Callable[[], Any]] = (), looks: Sequence[Callable[[], Any]] = (),
    ) -> None:  # fmt: skip
        self._looks = looks
        self._db, self._jobs, self._name, self._lease, self._recover = db, jobs, name, lease, recover
        self._chores = chores
        self._stop = threading.Event()
        runs = {"upkeep": self._run, "chores": self._do_chores}
        self._threads = [threading.Thread(target=run, name=name, daemon=True) for name, run in runs.items()]
        self._cleared = time.monotonic()

    def start(self) -> None:
        """Look now and every few seconds."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End it; the lease is given back. A chore that takes longer than `STOP_S` ends with the process."""
        self._stop.set()
        end = time.monotonic() + STOP_S
        for thread in self._threads:
            thread.join(timeout=max(0.0, end - time.monotonic()))
        self._lease.free()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._keep_lease()
                self.take_over()
                for look in self._looks:
                    look()
                if time.monotonic() - self._cleared > CLEAR_S:
                    self.clear_away()
                    self._db.keep_statistics()
            except SQLAlchemyError as error:
                log.warning("upkeep: the database cannot be asked (%s)", type(error).__name__)
            except Exception:  # a thread that ended would take over nobody's work any more, and nobody would see it
                log.exception("upkeep failed; again in %.0f s", LOOK_S)
            self._stop.wait(LOOK_S)

    def _do_chores(self) -> None:
        while not self._stop.is_set():
            for chore in self._chores:
                if self._stop.is_set():
                    return
                try:
                    chore()
                except SQLAlchemyError as error:
                    log.warning("a chore: the database cannot be asked (%s)", type(error).__name__)
                except Exception:  # as above: the others go on
                    log.exception("a chore failed; again in %.0f s", CHORES_S)
            self._stop.wait(CHORES_S)

    def _keep_lease(self) -> None:
        """Get it back after the connection was lost; until then others may do again what is under way here.

        That is why a job may run twice (`jobs.worker.Job`).
        """
        if not self._lease.held() and not self._lease.take():
            log.error("another worker took the name %s while the database was away", self._name)

    def take_over(self) -> list[str]:
        """Queue again what dead workers had under way; give their names."""
        under_way = self._jobs.client.list_workflows(
            status="PENDING", name=WORKFLOW, load_input=False, load_output=False
        )
        return [name for name in {one.executor_id for one in under_way} - {self._name} if self._took_over(name)]

    def _took_over(self, name: str) -> bool:
        lease = lease_of(self._db, name)
        if not lease.take():
            return False
        try:
            self._recover([name])
        finally:
            lease.free()
        log.warning("took over from %s, which is gone", name)
        return True

    def clear_away(self, before: datetime | None = None) -> int:
        """Forget jobs that were done before then, `KEPT` ago unless given; give their number. The shelf stays."""
        self._cleared = time.monotonic()
        end = (before or datetime.now(UTC) - KEPT).isoformat()
        client, cleared = self._jobs.client, 0
        while done := client.list_workflows(
            status="SUCCESS", name=WORKFLOW, end_time=end, limit=CLEARED_AT_ONCE, load_input=False, load_output=False
        ):
            client.delete_workflows([one.workflow_id for one in done])
            cleared += len(done)
        return cleared
