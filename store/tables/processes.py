"""The processes of the house, and what troubles them."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Row


class Heartbeat(Row, kw_only=True):
    """That a process lives, and what it knows of its mailboxes and media; written anew every few seconds."""

    __tablename__ = "heartbeats"

    process: Mapped[str] = mapped_column(primary_key=True)
    """Kind, machine and number: ``ingest mail-1 4711``."""
    kind: Mapped[str]
    """``run``, ``serve``, ``worker`` or ``ingest``."""
    at: Mapped[datetime]
    facts: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    """``mailboxes`` and ``media``, as in `store.heartbeats`."""


class Trouble(Row, kw_only=True):
    """Something outside that keeps the house from its work, from when it was noticed until it passed."""

    __tablename__ = "troubles"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    what: Mapped[str]
    """``mailbox:<which>``, ``slack``, ``email`` or ``jobs``."""
    says: Mapped[str]
    since: Mapped[datetime]
    open: Mapped[str | None] = mapped_column(default=None, unique=True)
    """``what`` as long as it lasts: there is one of a kind at a time, however many workers notice."""
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class ParkedJob(Row, kw_only=True):
    """A job that waits for a medium that is away (jobs/parking.py)."""

    __tablename__ = "parked_jobs"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    job: Mapped[str] = mapped_column(unique=True)
    """Name and argument: a job waits once."""
    name: Mapped[str]
    arg: Mapped[str]
    lane: Mapped[str | None] = mapped_column(default=None)
    medium: Mapped[str] = mapped_column(index=True)
