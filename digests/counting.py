"""What was done of everything that is owed: one statement for each level and unit, however many owe."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select

from digests.calendar import bounds
from store.db import Tx
from store.measures import Measure
from store.tables import Account, Amount, Rep, Visit, VisitContact

COLUMNS = 200
"""Sums of one statement; a house that counts more different things takes another for each so many."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owes: a level as in `Target`, and the rep's id or the team's name; None for the house."""

    level: str
    key: int | str | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """What is to be counted, of all who owe it at a level."""

    level: str
    measure: Measure
    period: str
    currency: str | None = None


def done(
    tx: Tx, asks: Iterable[Ask], owners: Mapping[str, Collection[Any]], day: date
) -> dict[tuple[Ask, Any], Decimal]:
    """What was done of each, by it and the owner's key; of whom nothing is told, nothing was done.

    ``owners`` gives for each level the keys of those who owe.
    """
    groups: dict[tuple[str, str], list[Ask]] = {}
    for ask in asks:
        groups.setdefault((ask.level, ask.measure.unit), []).append(ask)
    found: dict[tuple[Ask, Any], Decimal] = {}
    for (level, unit), together in groups.items():
        for first in range(0, len(together), COLUMNS):
            some = together[first : first + COLUMNS]
            for key, *values in tx.execute(_counting(level, unit, some, owners[level], day)):
                found |= {(ask, key): Decimal(value or 0) for ask, value in zip(some, values, strict=True)}
    return found


def _counting(level: str, unit: str, asks: Sequence[Ask], keys: Collection[Any], day: date) -> Select[Any]:
    """Of each owner of a level what was done of each that is asked for."""
    spans = [bounds(one.period, day) for one in asks]
    key: ColumnElement[Any] = {"rep": Visit.rep_id, "team": Rep.team}.get(level, literal(None))  # type: ignore[assignment]
    # The day narrows the records and each ask within them: several periods are counted in one pass.
    widest = Visit.on.between(min(first for first, _ in spans), max(last for _, last in spans))
    counted = [_sum(unit, ask, *span) for ask, span in zip(asks, spans, strict=True)]
    statement = select(key, *counted).select_from(Visit).outerjoin(Account, Account.id == Visit.account_id)
    statement = statement.where(widest, Visit.status == "held", Visit.withdrawn_at.is_(None))
    if unit == "money":
        statement = statement.join(Amount, Amount.visit_id == Visit.id)
    if unit == "contacts":
        statement = statement.join(VisitContact, VisitContact.visit_id == Visit.id)
    if level == "rep":
        return statement.where(Visit.rep_id.in_(keys)).group_by(Visit.rep_id)
    if level == "team":
        return statement.join(Rep, Rep.id == Visit.rep_id).where(Rep.team.in_(keys)).group_by(Rep.team)
    return statement


def _sum(unit: str, ask: Ask, first: date, last: date) -> ColumnElement[Any]:
    counts = and_(*ask.measure.visits.conditions(), Visit.on.between(first, last))
    if unit == "money":
        return func.sum(case((counts & (Amount.currency == ask.currency), Amount.value), else_=0))
    if unit == "contacts":
        return func.count(case((counts, VisitContact.contact_id)).distinct())
    return func.sum(case((counts, 1), else_=0))
