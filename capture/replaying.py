"""Messages are read again after the parser has learnt more; what persons set stays, nothing is asked twice."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from capture import revising
from capture.again import is_wanted
from capture.filing import Filing
from capture.messages import from_json, to_json
from jobs import Jobs
from parsing import parse
from parsing.asking import read_question
from store import captures, changes, crm
from store.db import Db, Tx
from store.tables import Capture, Change, Rep, Visit


@dataclass(frozen=True, slots=True)
class Differs:
    """One field of one record that is read differently now."""

    capture_id: int
    record: str
    """``visit V-2026-00042``, or what else a report changes: ``employment 7``."""
    field: str
    old: Any
    new: Any


class _NotKeptError(Exception):
    """Ends a transaction that was only to see what would change."""


class Replay:
    """The use case. Nothing is said but what cards in Slack show, which change in place without a sound."""

    def __init__(self, *, db: Db, jobs: Jobs, clock: Callable[[], datetime]) -> None:
        self._db, self._jobs, self._clock = db, jobs, clock

    def run(
        self, *, keep: bool, rep_id: int | None = None, since: datetime | None = None
    ) -> Iterator[tuple[int, list[Differs]]]:
        """Each report, oldest first, with what is read differently; that is kept where ``keep`` says so."""
        last = 0
        while batch := self._next(rep_id, since, last):
            for capture_id in batch:
                yield capture_id, self.one(capture_id, keep=keep)
            last = batch[-1]

    def one(self, capture_id: int, *, keep: bool) -> list[Differs]:
        """What is read differently in one report."""
        with self._db.read() as tx:
            capture, known = captures.of(tx, capture_id), crm.snapshot(tx)
        message = from_json(capture.message)
        wanted = is_wanted(capture)
        if not wanted and read_question(message, known) is not None:
            return []
        extraction = parse(message, known, wanted=wanted)
        differs: list[Differs] = []
        with suppress(_NotKeptError), self._db.write() as tx:
            capture = tx.get_one(Capture, capture_id, with_for_update=True)
            if capture.state not in revising.REVISABLE or capture.message != to_json(message):
                return []
            before = changes.last_id(tx)
            road = Filing(tx, capture, message, tx.get_one(Rep, capture.rep_id), self._clock())
            revising.reread(road, extraction, settled=True)
            tx.flush()
            differs = [_differs(tx, capture_id, one) for one in changes.by(tx, road.by) if one.id > before]
            if not keep:
                raise _NotKeptError
            if differs and capture.via == "slack":
                place = capture.reply_to.get("channel") or capture.sender
                self._jobs.enqueue(tx, "renew", f"{capture_id}:replay-{before}", lane=f"slack:{place}")
        return differs

    def _next(self, rep_id: int | None, since: datetime | None, last: int) -> list[int]:
        with self._db.read() as tx:
            return captures.ids_in_states(tx, revising.REVISABLE, rep_id=rep_id, since=since, after=last)


def _differs(tx: Tx, capture_id: int, change: Change) -> Differs:
    number = tx.get_one(Visit, change.record_id).number if change.record == "visit" else str(change.record_id)
    return Differs(capture_id, f"{change.record} {number}", change.field, change.old, change.new)
