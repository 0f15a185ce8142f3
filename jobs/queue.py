"""Putting work on the queue: with the rows that call for it, or not at all."""

import logging
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, Select, Table, event, func, or_, select

from jobs.bell import Bell
from jobs.turns import Turns
from store.db import Db, Tx, open_jobs_engine

APPLICATION = "debrief"
STEPS_VERSION = "1"
"""Raised only when work that is under way could no longer be finished by the new code."""
WORKFLOW = "job"
WAITING = ("ENQUEUED", "DELAYED", "PENDING")
SHELVED = ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a job. Those of one ``series`` follow each other; trying a shelved job again begins a new one."""

    series: str
    name: str
    arg: str
    lane: str | None = None
    number: int = 1

    @property
    def id(self) -> str:
        """The key under which this attempt exists once."""
        return self.series if self.number == 1 else f"{self.series}:{self.number}"

    def next(self) -> "Attempt":
        """The attempt after this one."""
        return replace(self, number=self.number + 1)


@dataclass(frozen=True, slots=True)
class ShelvedJob:
    """A job that gave up, for a person to look at."""

    id: str
    name: str
    arg: str
    lane: str | None
    attempts: int
    reason: str
    at: datetime


class Jobs:
    """The queue of work, kept in the house's own database by DBOS (docs/decisions/0001-durable-jobs-dbos.md)."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self.turns = Turns()
        self.bell = Bell(("work", "send"), lambda: self.turns.crowded)
        self._client: Any = None
        self._engine: Engine | None = None

    @property
    def client(self) -> Any:
        """The job engine's client, made at first use: importing the engine takes about a second."""
        if self._client is None:
            from dbos import DBOSClient  # noqa: PLC0415  # see above

            logging.getLogger("dbos").setLevel(logging.WARNING)
            self._engine = open_jobs_engine(self._db.url)
            self._client = DBOSClient(system_database_engine=self._engine, application_name=APPLICATION, lazy=True)
        return self._client

    def prepare(self) -> None:
        """Bring the engine's own tables, in the same database, to the shape it needs; again is harmless."""
        # DBOS.migrate() opens the database by itself, with Python's own SQLite, which may be too old for it.
        self.client._sys_db.run_migrations()  # noqa: SLF001

    def enqueue(self, tx: Tx, name: str, arg: str, *, lane: str | None = None) -> None:
        """Have job ``name`` run for ``arg`` after ``tx`` is committed; the same pair again changes nothing.

        Jobs of one ``lane`` (a Slack channel, a mailbox) run one after the other and at most one a second.
        """
        self.put(tx, Attempt(f"{name}:{arg}", name, arg, lane))

    def put(self, tx: Tx, attempt: "Attempt", delay_s: float = 0.0) -> None:
        """Queue one attempt at a job; the same attempt again changes nothing."""
        options: dict[str, Any] = {
            "workflow_name": WORKFLOW,
            "queue_name": "send" if attempt.lane else "work",
            "workflow_id": attempt.id,
            "app_version": STEPS_VERSION,
        }
        if attempt.lane:
            options["queue_partition_key"] = attempt.lane
        if delay_s > 0:
            options["delay_seconds"] = delay_s
        self.client.enqueue_in_transaction(tx, options, *astuple(attempt))
        queue = options["queue_name"]
        event.listen(tx, "after_commit", lambda _: self.bell.ring(queue), once=True)

    def shelf(self) -> list[ShelvedJob]:
        """The jobs that gave up and were not tried again since, oldest first."""
        found = self.client.list_workflows(status=list(SHELVED), name=WORKFLOW, load_input=True, load_output=True)
        return [_shelved(status) for status in found]

    def shelved(self) -> int:
        """How many jobs gave up."""
        return self._count(SHELVED)

    def replay(self, shelved: ShelvedJob) -> None:
        """Try a shelved job again from the start of its attempts; it leaves the shelf."""
        series = f"{shelved.name}:{shelved.arg}:again-{uuid4().hex[:12]}"
        with self._db.write() as tx:
            self.put(tx, Attempt(series, shelved.name, shelved.arg, shelved.lane))
        self.client.delete_workflow(shelved.id)

    def drop(self, shelved: ShelvedJob) -> None:
        """Give a shelved job up for good."""
        self.client.delete_workflow(shelved.id)

    def waiting(self) -> int:
        """How many jobs are queued, delayed or under way."""
        return self._count(WAITING)

    def _count(self, statuses: Sequence[str]) -> int:
        rows = self._rows()
        return int(self._asked(select(func.count()).where(rows.c.status.in_(statuses), rows.c.name == WORKFLOW))[0])

    def delayed_beyond(self, until: float, queued: float) -> list[str]:
        """Ids of jobs that are put off until after ``until``, or were queued after ``queued``: seconds since 1970."""
        rows = self._rows()
        late = or_(rows.c.delay_until_epoch_ms > until * 1000, rows.c.created_at > queued * 1000)
        asked = select(rows.c.workflow_uuid).where(rows.c.status == "DELAYED", rows.c.name == WORKFLOW, late)
        return [str(one) for one in self._asked(asked)]

    def _rows(self) -> Table:
        """The engine only lists, with all there is of each job: what is asked for all day is asked of its table."""
        from dbos._schemas.system_database import SystemSchema  # noqa: PLC0415  # see `client`

        return SystemSchema.workflow_status

    def _asked(self, statement: Select[Any]) -> Sequence[Any]:
        with self.client._sys_db.engine.connect() as connection:  # noqa: SLF001
            return list(connection.scalars(statement))

    def oldest_due_s(self, now: datetime) -> float:
        """How long the oldest job waits that is due, in seconds; 0 where none does."""
        found = self.client.list_workflows(
            status=["ENQUEUED", "PENDING"], name=WORKFLOW, limit=1, load_input=False, load_output=False
        )
        return max(0.0, now.timestamp() - found[0].created_at / 1000) if found else 0.0

    def close(self) -> None:
        """Give the client's connections back."""
        if self._client is not None:
            self._client.destroy()
            self._client = None
        if self._engine is not None:
            self._engine.dispose()  # the client leaves an engine that it was given open
            self._engine = None


def _shelved(status: Any) -> ShelvedJob:
    attempt = Attempt(*status.input["args"])
    at = datetime.fromtimestamp((status.updated_at or status.created_at) / 1000, UTC)
    reason = str(status.error or status.status)
    return ShelvedJob(status.workflow_id, attempt.name, attempt.arg, attempt.lane, attempt.number, reason, at)
