"""Questions about what went on between us and one account: who goes there, what for, and how it changed by month."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, case, extract, func, or_, select

from store.db import Tx
from store.sight import Sight
from store.tables import Account, Amount, Rep, Visit, VisitInterval, VisitKeyword

Month = tuple[int, int]
"""Year and month."""


@dataclass(frozen=True, slots=True)
class Going:
    """One of us who goes there: how many visits were held, and when the last one was."""

    rep_id: int
    name: str
    active: bool
    visits: int
    last: date


@dataclass(slots=True)
class Worth:
    """Money of one month in one currency: what was ordered, and what else was spoken of."""

    ordered: Decimal = Decimal(0)
    spoken: Decimal = Decimal(0)


@dataclass(slots=True)
class Term:
    """A keyword of the account's visits: how many visits of each month have it."""

    term: str
    months: dict[Month, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many visits have it."""
        return sum(self.months.values())


def goers(tx: Tx, account_id: int) -> tuple[Going, ...]:
    """Who of us goes there, the latest first.

    That a colleague comes there too is told to everybody, what was said there only to those who may read it.
    """
    last = func.max(Visit.on)
    statement = (
        select(Rep.id, Rep.name, Rep.active, func.count(Visit.id), last)
        .join(Visit, Visit.rep_id == Rep.id)
        .where(Visit.account_id == account_id, Visit.withdrawn_at.is_(None), Visit.status == "held")
        .group_by(Rep.id, Rep.name, Rep.active)
        .order_by(last.desc(), Rep.name)
    )
    return tuple(Going(*row) for row in tx.execute(statement))


@dataclass(frozen=True, slots=True)
class Turn:
    """How often an account is to be visited, and by when the next visit is owed."""

    days: int
    due: date


def turn(tx: Tx, account: Account) -> Turn | None:
    """Whose turn it is by the account's own interval, else by that of its class; None where neither asks for any.

    As `store.intervals.due_accounts` counts it: from the last time that somebody was there, and a call is no visit.
    """
    meant = (VisitInterval.account_id == account.id) | (VisitInterval.grade == (account.grade or "").upper())
    found = tx.scalars(select(VisitInterval).where(meant)).all()
    days = next((one.days for one in sorted(found, key=lambda one: one.account_id is None)), None)
    if not days:
        return None
    there = or_(Visit.medium.is_(None), Visit.medium != "phone")
    held = (Visit.account_id == account.id, Visit.withdrawn_at.is_(None), Visit.status == "held", there)
    last = tx.scalar(select(func.max(Visit.on)).where(*held)) or account.created_at.date()
    return Turn(days, last + timedelta(days=days))


def worth_by_month(tx: Tx, account_id: int, since: date, sight: Sight | None) -> dict[str, dict[Month, Worth]]:
    """Currency to month to money, of the visits from ``since`` on."""
    year, month = extract("year", Visit.on), extract("month", Visit.on)
    ordered = case((Visit.outcome == "order", 1), else_=0)
    statement = (
        select(Amount.currency, year, month, ordered, func.sum(Amount.value))
        .join(Visit, Visit.id == Amount.visit_id)
        .where(*_standing(account_id, since, sight))
        .group_by(Amount.currency, year, month, ordered)
        .order_by(Amount.currency, year, month)
    )
    found: defaultdict[str, dict[Month, Worth]] = defaultdict(dict)
    for currency, in_year, in_month, is_order, value in tx.execute(statement):
        worth = found[currency].setdefault((int(in_year), int(in_month)), Worth())
        if is_order:
            worth.ordered += Decimal(value)
        else:
            worth.spoken += Decimal(value)
    return dict(found)


def terms_by_month(tx: Tx, account_id: int, since: date, sight: Sight | None, most: int = 12) -> tuple[Term, ...]:
    """The keywords of the visits from ``since`` on, the most frequent first."""
    year, month = extract("year", Visit.on), extract("month", Visit.on)
    statement = (
        select(VisitKeyword.term, year, month, func.count(Visit.id))
        .join(Visit, Visit.id == VisitKeyword.visit_id)
        .where(*_standing(account_id, since, sight))
        .group_by(VisitKeyword.term, year, month)
        .order_by(VisitKeyword.term, year, month)
    )
    found: dict[str, Term] = {}
    for term, in_year, in_month, count in tx.execute(statement):
        one = found.setdefault(term.casefold(), Term(term))
        at = (int(in_year), int(in_month))
        one.months[at] = one.months.get(at, 0) + count
    return tuple(sorted(found.values(), key=lambda one: (-one.total, one.term.casefold()))[:most])


def _standing(account_id: int, since: date, sight: Sight | None) -> tuple[ColumnElement[bool], ...]:
    held = (Visit.account_id == account_id, Visit.withdrawn_at.is_(None), Visit.status == "held", Visit.on >= since)
    return (*held, sight.of_visits()) if sight else held
