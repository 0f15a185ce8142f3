"""The days on which somebody is off."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta

from sqlalchemy import select

from store.db import Tx
from store.tables import DayOff

TO, AND = "/", ","
"""Between the first and the last of days off in a text, and between two such."""


def of(tx: Tx, rep_ids: Collection[int], first: date, last: date) -> Mapping[int, frozenset[date]]:
    """Each of these people's days off from ``first`` to ``last``; those of nobody are an empty set."""
    near = (DayOff.rep_id.in_(rep_ids), DayOff.last >= first, DayOff.first <= last)
    found: defaultdict[int, set[date]] = defaultdict(set)
    for rep_id, begins, ends in tx.execute(select(DayOff.rep_id, DayOff.first, DayOff.last).where(*near)):
        found[rep_id].update(_days(max(begins, first), min(ends, last)))
    return defaultdict(frozenset, {rep_id: frozenset(days) for rep_id, days in found.items()})


def listed(tx: Tx, rep_id: int, since: date) -> list[DayOff]:
    """What somebody told of days off that are not over on ``since``, the next first."""
    rows = select(DayOff).where(DayOff.rep_id == rep_id, DayOff.last >= since).order_by(DayOff.first, DayOff.id)
    return list(tx.scalars(rows))


def read(text: str | None) -> frozenset[date]:
    """The days of a text such as ``2026-07-01/2026-07-14,2026-08-03/2026-08-03``."""
    spans = (span.split(TO) for span in (text or "").split(AND) if span)
    return frozenset(day for first, last in spans for day in _days(date.fromisoformat(first), date.fromisoformat(last)))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
