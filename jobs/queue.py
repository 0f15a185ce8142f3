"""Putting work on the queue: with the rows that call for it, or not at all."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from store.db import Db, Tx, open_jobs_engine

APPLICATION = "debrief"
STEPS_VERSION = "1"
"""Raised only when work that is under way could no longer be finished by the new code."""
WORKFLOW = "job"
SHELVED = ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")


@dataclass(frozen=True, slots=True)
class ShelvedJob:
    """A job that gave up, for a person to look at."""

    id: str
    name: str
    arg: str
    attempts: int
    reason: str
    at: datetime


class Jobs:
    """The queue of work, kept in the house's own database by DBOS (docs/decisions/0001-durable-jobs-dbos.md)."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._client: Any = None

    @property
    def client(self) -> Any:
        """The job engine's client, made at first use: importing the engine takes about a second."""
        if self._client is None:
            from dbos import DBOSClient  # noqa: PLC0415  # see above

            logging.getLogger("dbos").setLevel(logging.WARNING)
            self._client = DBOSClient(
                system_database_engine=open_jobs_engine(self._db.url), application_name=APPLICATION, lazy=True
            )
        return self._client

    def prepare(self) -> None:
        """Bring the engine's own tables, in the same database, to the shape it needs; again is harmless."""
        # DBOS.migrate() opens the database by itself, with Python's own SQLite, which may be too old for it.
        self.client._sys_db.run_migrations()  # noqa: SLF001

    def enqueue(
        self, tx: Tx, name: str, arg: str, *, lane: str | None = None, attempt: int = 1, delay_s: float = 0.0
    ) -> None:
        """Have job ``name`` run for ``arg`` after ``tx`` is committed; the same pair again changes nothing.

        Jobs of one ``lane`` (a Slack channel, a mailbox) run one after the other and at most one a second.
        """
        options: dict[str, Any] = {
            "workflow_name": WORKFLOW,
            "queue_name": "send" if lane else "work",
            "workflow_id": job_id(name, arg, attempt),
            "app_version": STEPS_VERSION,
        }
        if lane:
            options["queue_partition_key"] = lane
        if delay_s > 0:
            options["delay_seconds"] = delay_s
        self.client.enqueue_in_transaction(tx, options, name, arg, attempt, lane)

    def shelf(self) -> list[ShelvedJob]:
        """The jobs that gave up and were not tried again since, oldest first."""
        found = self.client.list_workflows(status=list(SHELVED), name=WORKFLOW, load_input=True, load_output=True)
        return [_shelved(status) for status in found]

    def replay(self, shelved: ShelvedJob) -> None:
        """Try a shelved job again from the start of its attempts; it leaves the shelf."""
        self.client.resume_workflow(shelved.id)

    def waiting(self) -> int:
        """How many jobs are queued, delayed or under way."""
        return len(
            self.client.list_workflows(
                status=["ENQUEUED", "DELAYED", "PENDING"], name=WORKFLOW, load_input=False, load_output=False
            )
        )

    def close(self) -> None:
        """Give the client's connections back."""
        if self._client is not None:
            self._client.destroy()
            self._client = None


def job_id(name: str, arg: str, attempt: int) -> str:
    """The key under which an attempt at a job exists once."""
    return f"{name}:{arg}" if attempt == 1 else f"{name}:{arg}:{attempt}"


def _shelved(status: Any) -> ShelvedJob:
    name, arg, attempt, *_ = status.input["args"] if status.input else (status.workflow_id, "", 1)
    at = datetime.fromtimestamp((status.updated_at or status.created_at) / 1000, UTC)
    return ShelvedJob(status.workflow_id, name, arg, attempt, str(status.error or status.status), at)
