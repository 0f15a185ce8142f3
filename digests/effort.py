"""How well reports are filled in, and what they cost those who write them: told beside every counter."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, String, case, cast, func, select

from store.db import Tx
from store.filters import VisitFilter
from store.tables import Change, Delivery, Visit
from store.worth import MINIMUM, is_complete, tells

AT_ONCE = timedelta(minutes=15)
"""A correction within so long after the card is part of the same work; of a later one nobody knows what it took."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How many of somebody's visits tell the minimum: the day, names, contact data, the subject and the result."""

    visits: int
    complete: int
    told: dict[str, int]
    """For each of `store.worth.MINIMUM` how many visits tell it."""
    records: VisitFilter
    """The visits that are counted."""

    @property
    def share(self) -> float | None:
        """The complete among them, 0 to 1; None of none."""
        return self.complete / self.visits if self.visits else None

    @property
    def lacking(self) -> VisitFilter:
        """Those that do not tell all of it."""
        return replace(self.records, complete="no")


@dataclass(frozen=True, slots=True)
class Spent:
    """What somebody's visits took after the card: times that they were touched, and seconds of that as far as known.

    What writing the message took is not known to us. The seconds are those from the card to the last correction
    within `AT_ONCE`; later ones are only counted as touches.
    """

    visits: int = 0
    touches: int = 0
    seconds: int = 0


def quality(tx: Tx, first: date, last: date, rep_ids: Collection[int]) -> dict[int, Quality]:
    """Of each of these people the visits of these days, in one statement; of whoever held none nothing."""
    parts = tells()
    counted = [
        func.sum(case((is_complete(), 1), else_=0)),
        *(func.sum(case((one, 1), else_=0)) for one in parts.values()),
    ]
    statement = select(Visit.rep_id, func.count(Visit.id), *counted).where(*_held(first, last, rep_ids))
    return {
        rep_id: Quality(
            visits=visits, complete=complete, told=dict(zip(MINIMUM, told, strict=True)),
            records=VisitFilter(rep_id=rep_id, status="held", since=first, until=last),
        )
        for rep_id, visits, complete, *told in tx.execute(statement.group_by(Visit.rep_id))
    }  # fmt: skip


def spent(tx: Tx, first: date, last: date, rep_ids: Collection[int]) -> dict[int, Spent]:
    """What the visits of these days took each of these people, in two statements; of whoever held none nothing."""
    counts = select(Visit.rep_id, func.count(Visit.id)).where(*_held(first, last, rep_ids)).group_by(Visit.rep_id)
    touched = (
        select(Visit.rep_id, Visit.capture_id, Change.at, Delivery.sent_at)
        .join(Change, (Change.record == "visit") & (Change.record_id == Visit.id))
        .outerjoin(Delivery, Delivery.letter_id == "reply-" + cast(Visit.capture_id, String))
        .where(*_held(first, last, rep_ids), Change.by == "rep:" + cast(Visit.rep_id, String))
        .distinct()  # a form that changes five fields is one touch
    )
    touches: defaultdict[int, int] = defaultdict(int)
    seconds: defaultdict[int, dict[int, float]] = defaultdict(dict)
    for rep_id, capture_id, at, card_at in tx.execute(touched):
        touches[rep_id] += 1
        seconds[rep_id][capture_id] = max(seconds[rep_id].get(capture_id, 0.0), _seconds(card_at, at))
    return {
        rep_id: Spent(visits, touches[rep_id], round(sum(seconds[rep_id].values())))
        for rep_id, visits in tx.execute(counts)
    }


def _held(first: date, last: date, rep_ids: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    return (
        Visit.rep_id.in_(rep_ids), Visit.on.between(first, last), Visit.status == "held", Visit.withdrawn_at.is_(None),
    )  # fmt: skip


def _seconds(card_at: datetime | None, at: datetime) -> float:
    if card_at is None or not timedelta() <= at - card_at <= AT_ONCE:
        return 0.0
    return (at - card_at).total_seconds()
