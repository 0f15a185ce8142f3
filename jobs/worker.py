"""Doing the work: each job until it is done, again later when it may pass, on the shelf when it gave up."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import Engine

from jobs.parking import Parking
from jobs.queue import APPLICATION, STEPS_VERSION, WORKFLOW, Attempt, Jobs
from jobs.stepped import LONGEST_S, hasten
from jobs.upkeep import Upkeep, own_name
from letters import CourierError
from store.db import Db, open_jobs_engine

log = logging.getLogger("debrief.jobs")

POLL_S = 0.5
"""How often to look for work that no bell told of (jobs/bell.py): put there by another process, or become due."""
STOP_S = 5.0
"""How long work that is under way may take to end when the worker stops; what it leaves is taken up again later."""
WORKERS = 8
"""Jobs without a lane in hand at once; more of them only wait for their turn (jobs/turns.py)."""
LOST_S = 20.0
"""After so long a job that nobody does, and whose end was not noted, is done again."""
LANE_S = 1.0
"""Slack takes one message a second a channel (docs.slack.dev, rate limits); a mail server is not hurried either."""


class JobError(Exception):
    """A job could not be done. ``permanent`` says that trying again will not help; ``after_s`` when to, if known.

    ``away`` names a medium that takes nothing now: the job waits until it is back, however long that is.
    """

    def __init__(
        self, reason: str, *, permanent: bool = False, after_s: float | None = None, away: str | None = None
    ) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.after_s = after_s
        self.away = away

    @classmethod
    def of(cls, error: CourierError) -> "JobError":
        """That a letter could not be sent."""
        return cls(str(error), permanent=error.permanent, after_s=error.after_s, away=error.away)


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of work. ``run`` may be called twice for the same argument and must then do it once."""

    run: Callable[[str], None]
    attempts: int = 12
    """With the pauses of `pause_s`, 12 attempts outlast an outage of some four hours."""
    patient: bool = False
    """Nobody waits for it: what somebody waits for goes before."""


def pause_s(attempt: int) -> float:
    """Seconds to wait after an attempt: 1, 2, 4 … at most half an hour."""
    return min(2.0 ** (attempt - 1), LONGEST_S)


class Worker:
    """Runs the jobs of one house in this process. There is one at a time in a process: the engine is global."""

    def __init__(
        self, db: Db, jobs: Jobs, work: Mapping[str, Job], *, name: str = "worker-1",
        chores: Sequence[Callable[[], Any]] = (),
    ) -> None:  # fmt: skip
        self._db, self._jobs, self._work, self.name = db, jobs, dict(work), name
        self._parking = Parking(db, jobs)
        self._upkeep: Upkeep | None = None
        self._chores = chores
        self._engine: Engine | None = None
        self._dbos: Any = None
        self._lanes: dict[str, float] = {}
        self._lanes_lock = Lock()

    def start(self) -> None:
        """Take up what was left under way by the last process of this name, then whatever comes.

        Where a living worker bears the name already, this one gets a number to it.
        """
        from dbos import DBOS  # noqa: PLC0415  # a second of imports, only for those who work

        self.name, lease = own_name(self._db, self.name)
        self._engine = open_jobs_engine(self._db.url)
        self._register_queues()
        self._dbos = DBOS(
            config={
                "name": APPLICATION,
                "system_database_engine": self._engine,
                "system_database_url": self._db.url,
                "application_version": STEPS_VERSION,
                "executor_id": self.name,
                "log_level": "WARNING",
                "use_listen_notify": False,
                # Nothing here waits for such notes; their thread wakes this often, and is waited for at the end.
                "notification_listener_polling_interval_sec": 0.1,
            }
        )

        def job(*fields: Any) -> None:
            attempt = Attempt(*fields)
            try:
                self._run(attempt)
            finally:
                if attempt.lane is None:  # the next of a lane begins a second later at the soonest: it is polled for
                    self._jobs.bell.ring("work")  # there is room for another

        DBOS.workflow(name=WORKFLOW, max_recovery_attempts=20)(job)
        DBOS.launch()
        for stop in list(self._dbos.background_thread_stop_events):
            self._jobs.bell.hang(stop)
        recover = DBOS._recover_pending_workflows  # noqa: SLF001
        self._upkeep = Upkeep(
            self._db,
            self._jobs,
            self.name,
            lease,
            recover=recover,
            chores=self._chores,
            looks=(self.requeue_lost, self._parking.probe, lambda: hasten(self._jobs)),
        )
        self._upkeep.start()

    def _register_queues(self) -> None:
        # Before the launch: the engine looks for new queues only once a second.
        register = self._jobs.client.register_queue
        register("work", worker_concurrency=WORKERS, polling_interval_sec=POLL_S)
        # One job a lane at a time. The engine could pace them too, but would then ask for each lane by itself.
        register("send", partition_concurrency=1, polling_interval_sec=POLL_S)

    def stop(self) -> None:
        """Finish what is under way, start nothing new."""
        from dbos import DBOS  # noqa: PLC0415

        if self._dbos is not None:
            self._drain()
        if self._upkeep is not None:
            self._upkeep.stop()
            self._upkeep = None
        DBOS.destroy(destroy_registry=True)
        self._dbos = None
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def requeue_lost(self) -> int:
        """Queue again what counts as under way here and is not: its end could not be noted, on a disk that was full.

        Gives their number.
        """
        at_work, lost = set(self._dbos._active_workflows_set.activeList()), 0  # noqa: SLF001
        found = self._jobs.client.list_workflows(
            status="PENDING", name=WORKFLOW, executor_id=self.name, load_input=False, load_output=False
        )
        for one in found:
            silent_s = abs(time.time() - (one.updated_at or 0) / 1000)  # or the clock was set back since
            if one.workflow_id not in at_work and silent_s > LOST_S:
                # Through the queue, as the engine itself recovers: whoever takes it there does it alone.
                lost += self._dbos._sys_db.reenqueue_for_recovery(one.workflow_id, [self.name], "work")  # noqa: SLF001
        if lost:
            log.warning("%d jobs were lost sight of, and are queued again", lost)
            self._jobs.bell.ring_all()
        return lost

    def _drain(self) -> None:
        # The engine's own waiting looks once a second, and not before a second has passed.
        deadline = time.monotonic() + STOP_S
        for stop in list(self._dbos.background_thread_stop_events):
            stop.set()
        self._jobs.bell.ring_all()
        for thread in self._jobs.bell.threads():
            thread.join(timeout=STOP_S)
        while self._dbos._active_workflows_set.activeList() and time.monotonic() < deadline:  # noqa: SLF001
            time.sleep(0.01)

    def _pace(self, lane: str) -> None:
        """Wait until the last job of this lane began a second ago."""
        with self._lanes_lock:
            now = time.monotonic()
            self._lanes = {name: began for name, began in self._lanes.items() if now - began < LANE_S}
            begins = self._lanes[lane] = max(now, self._lanes.get(lane, -LANE_S) + LANE_S)
        time.sleep(begins - now)

    def wait_idle(self, timeout_s: float = 30.0) -> None:
        """Return when nothing is queued, delayed or under way; raise TimeoutError when that takes too long."""
        deadline = time.monotonic() + timeout_s
        while self._jobs.waiting():
            if time.monotonic() > deadline:
                raise TimeoutError(f"jobs were still waiting after {timeout_s} s")
            time.sleep(0.02)

    def _run(self, attempt: Attempt) -> None:
        job = self._work.get(attempt.name)
        if job is None:
            raise JobError(f"no worker here knows the job {attempt.name!r}", permanent=True)
        if attempt.lane:
            self._pace(attempt.lane)
        try:
            with self._jobs.turns.working(patient=job.patient):
                job.run(attempt.arg)
        except Exception as error:
            if not self._has_another_try(attempt, job, error):
                log.exception("job %s %s gave up", attempt.name, attempt.arg)
                raise
        else:
            self._parking.answered(attempt)

    def _has_another_try(self, attempt: Attempt, job: Job, error: Exception) -> bool:
        """Whether a job that failed is tried again: later, or when its medium is back."""
        known = error if isinstance(error, JobError) else JobError(str(error))
        if known.away and not known.permanent and self._parking.is_due(attempt, known.away):
            self._parking.park(attempt, known.away, known.after_s)
            return True
        if not known.away:
            self._parking.answered(attempt)
        if known.permanent:
            return False
        if attempt.number >= job.attempts:
            return False
        after_s = min(known.after_s, LONGEST_S) if known.after_s is not None else pause_s(attempt.number)
        reason = error if isinstance(error, JobError) else type(error).__name__
        log.warning("job %s %s failed (%s), again in %.0f s", attempt.name, attempt.arg, reason, after_s)
        with self._db.write() as tx:
            self._jobs.put(tx, attempt.next(), after_s)
        return True
