"""How often customers are to be visited, by class and for single ones, and whose turn it is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Date, and_, case, false, func, or_, select
from sqlalchemy.orm import aliased

from store.db import Tx
from store.tables import Account, Rep, Visit, VisitInterval

AHEAD = timedelta(days=7)
"""So long before its day a visit is told as due."""


@dataclass(frozen=True, slots=True)
class DueAccount:
    """A customer whom it is time to visit."""

    account_id: int
    name: str
    grade: str | None
    owner_id: int | None
    owner: str | None
    last: date | None
    """When somebody of us was there; a call is no visit. None: never."""
    due: date
    """The day by which the next is owed; where nobody was there yet, counted from when the account was entered."""
    planned: date | None
    """The next visit that is planned."""

    def is_overdue(self, day: date) -> bool:
        """Whether the day has passed."""
        return self.due < day


@dataclass(frozen=True, slots=True)
class ListedInterval:
    """An interval, with the name of the account where it is of one."""

    interval: VisitInterval
    account: str | None


def listed(tx: Tx) -> list[ListedInterval]:
    """All that were set: those of classes, then those of single accounts by name."""
    rows = select(VisitInterval, Account.name).outerjoin(Account, Account.id == VisitInterval.account_id)
    found = [ListedInterval(*row) for row in tx.execute(rows)]
    return sorted(found, key=lambda one: (one.account is not None, one.interval.grade or "", one.account or ""))


def find(tx: Tx, grade: str | None, account_id: int | None) -> VisitInterval | None:
    """The interval of a class, or that of one account."""
    what = VisitInterval.grade == grade if account_id is None else VisitInterval.account_id == account_id
    return tx.scalar(select(VisitInterval).where(what))


def due_accounts(tx: Tx, day: date, owner_ids: Collection[int] | None = None) -> list[DueAccount]:
    """The customers who are due for a visit by `AHEAD` after ``day``, the longest overdue first; in two statements.

    ``owner_ids``: only the customers of these people.
    """
    spans = set(tx.scalars(select(VisitInterval.days).where(VisitInterval.days.is_not(None)).distinct()))
    if not spans:
        return []
    own, usual = aliased(VisitInterval), aliased(VisitInterval)
    days = case((own.id.is_not(None), own.days), else_=usual.days)
    moves = (Visit.account_id == Account.id, Visit.withdrawn_at.is_(None))
    there = or_(Visit.medium.is_(None), Visit.medium != "phone")
    last = select(func.max(Visit.on)).where(*moves, Visit.status == "held", there).scalar_subquery()
    planned = select(func.min(Visit.on)).where(*moves, Visit.status == "planned", Visit.on >= day).scalar_subquery()
    begins = func.coalesce(last, func.date(Account.created_at, type_=Date))
    # The databases add days to a date each in its own way: the few days by which somebody is due are said instead.
    waits = or_(false(), *[and_(days == span, begins <= day + AHEAD - timedelta(days=span)) for span in spans if span])
    statement = (
        select(Account.id, Account.name, Account.grade, Account.owner_id, Rep.name, last, begins, days, planned)
        .outerjoin(own, own.account_id == Account.id)
        .outerjoin(usual, usual.grade == func.upper(Account.grade))
        .outerjoin(Rep, Rep.id == Account.owner_id)
        .where(Account.retired_at.is_(None), waits)
    )
    if owner_ids is not None:
        statement = statement.where(Account.owner_id.in_(owner_ids))
    found = [
        DueAccount(account_id, name, grade, owner_id, owner, met, since + timedelta(days=span), next_on)
        for account_id, name, grade, owner_id, owner, met, since, span, next_on in tx.execute(statement)
    ]
    return sorted(found, key=lambda one: (one.due, one.name, one.account_id))


def overdue_count(due: Sequence[DueAccount], day: date) -> int:
    """How many of them are overdue and not planned."""
    return sum(one.is_overdue(day) and one.planned is None for one in due)


def account_named(tx: Tx, text: str) -> int | None:
    """The id of the account of this id from outside, or of exactly this name; None where it is none or several."""
    named = (Account.external_id == text) | (Account.name == text)
    found = tx.scalars(select(Account.id).where(named, Account.retired_at.is_(None)).limit(2)).all()
    return found[0] if len(found) == 1 else None
