"""What changed since a caller last asked, without missing what was being written just then.

Ids are given when a row is written, not when its transaction is kept: on PostgreSQL a lower one may become visible
later. So a place in the feed also names the ids that were not there yet, and they are asked for again for a while.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from store.db import Tx
from store.sight import Sight
from store.tables import Change, Employment, Visit

WINDOW = 500
"""Changes that are looked at in one go."""
LATE = timedelta(minutes=10)
"""An id that is not there after so long never will be: its transaction was given up."""
MOST_GAPS = 1_000


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the feed: everything up to ``to`` was told, without ``gaps``, which were missing ``at`` that time."""

    to: int
    at: datetime
    gaps: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """That some fields of a record changed, for the last time at a moment."""

    record: str
    id: int
    fields: tuple[str, ...]
    at: datetime


def newest(tx: Tx, now: datetime) -> Mark:
    """The place from which on only what is still to come is told."""
    last = tx.scalar(select(func.max(Change.id))) or 0
    return _moved(tx, Mark(max(0, last - WINDOW), now), last, now)


def since(tx: Tx, mark: Mark, now: datetime) -> tuple[list[Change], Mark, bool]:
    """The changes after that place in their order, the place after them, and whether there are more."""
    late = list(tx.scalars(select(Change).where(Change.id.in_(mark.gaps)))) if mark.gaps else []
    rows = tx.scalars(select(Change).where(Change.id > mark.to).order_by(Change.id).limit(WINDOW)).all()
    last = rows[-1].id if rows else mark.to
    return sorted([*late, *rows], key=lambda one: one.id), _moved(tx, mark, last, now), len(rows) == WINDOW


def _moved(tx: Tx, mark: Mark, last: int, now: datetime) -> Mark:
    """The place at ``last``, with the ids below it that may still come."""
    waited = now - mark.at > LATE
    wanted = {*(() if waited else mark.gaps), *range(max(mark.to + 1, last - MOST_GAPS), last + 1)}
    there = set(tx.scalars(select(Change.id).where(Change.id.in_(wanted)))) if wanted else set()
    gaps = tuple(sorted(wanted - there)[-MOST_GAPS:])
    return Mark(last, now if waited or not mark.gaps else mark.at, gaps)


def told(tx: Tx, rows: Sequence[Change], sight: Sight | None) -> list[Told]:
    """Which visits, accounts and contacts these changes are about, of those that may be seen; each once."""
    jobs = {one.record_id for one in rows if one.record == "employment"}
    people = dict(tx.execute(select(Employment.id, Employment.contact_id).where(Employment.id.in_(jobs))).all())
    visits = {one.record_id for one in rows if one.record == "visit"}
    if sight is not None:
        visits = set(tx.scalars(select(Visit.id).where(Visit.id.in_(visits), sight.of_visits())))
    found: dict[tuple[str, int], Told] = {}
    for row in rows:
        key = _record(row, people)
        if key is None or (key[0] == "visit" and key[1] not in visits):
            continue
        field = "employments" if row.record == "employment" else row.field
        fields = found[key].fields if key in found else ()
        found[key] = Told(*key, tuple(dict.fromkeys((*fields, field))), row.at)
    return list(found.values())


def _record(row: Change, people: dict[int, int]) -> tuple[str, int] | None:
    if row.record == "employment":
        return ("contact", people[row.record_id]) if row.record_id in people else None
    return (row.record, row.record_id) if row.record in {"visit", "account", "contact"} else None
