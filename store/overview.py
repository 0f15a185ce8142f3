"""Questions about a whole team or house for its dashboard: how visits went, who is covered, what is overdue."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from store.db import Tx
from store.filters import VisitFilter
from store.tables import Account, Action, Rep, Visit, VisitInterval

QUARTER = 91
"""Days within which a customer counts as covered where no interval was set for its class."""

MOST_LATE = 1_000
"""So much that is overdue is counted."""


@dataclass(frozen=True, slots=True)
class DayCount:
    """The visits of one day, and those of them that brought an order or a complaint."""

    on: date
    visits: int
    orders: int
    complaints: int


@dataclass(frozen=True, slots=True)
class Covered:
    """The customers of one region and class: how many there are, and how many were visited in time."""

    region: str | None
    grade: str | None
    accounts: int
    visited: int


@dataclass(frozen=True, slots=True)
class Late:
    """Something that should have been done by now."""

    action: Action
    who: str
    account: str | None
    account_id: int | None
    visit_id: int
    number: str


def by_day(tx: Tx, wanted: VisitFilter) -> list[DayCount]:
    """How many visits each day has, of those that are asked for; days without any are left out."""
    brought = (func.sum(case((Visit.outcome == one, 1), else_=0)) for one in ("order", "complaint"))
    statement = (
        select(Visit.on, func.count(Visit.id), *brought)
        .outerjoin(Account, Account.id == Visit.account_id)
        .where(*wanted.conditions())
        .group_by(Visit.on)
        .order_by(Visit.on)
    )
    return [DayCount(*row) for row in tx.execute(statement)]


def coverage(tx: Tx, day: date, owner_ids: Collection[int] | None = None) -> list[Covered]:
    """Of each region and class how many customers were visited within their interval, else within a quarter.

    The region is the account's, else its country. ``owner_ids``: only the customers of these people. Two statements.
    """
    spans = {one for one in tx.scalars(select(VisitInterval.days).distinct()) if one} | {QUARTER}
    own, usual = aliased(VisitInterval), aliased(VisitInterval)
    days = func.coalesce(own.days, usual.days, QUARTER)
    last = _last_visits(day - timedelta(days=max(spans)), day, owner_ids)
    in_time = or_(*[and_(days == span, last.c.last >= day - timedelta(days=span)) for span in sorted(spans)])
    region, grade = func.coalesce(Account.region, Account.country), func.upper(Account.grade)
    statement = (
        select(region, grade, func.count(Account.id), func.sum(case((in_time, 1), else_=0)))
        .outerjoin(last, last.c.account_id == Account.id)
        .outerjoin(own, own.account_id == Account.id)
        .outerjoin(usual, usual.grade == grade)
        .where(Account.retired_at.is_(None), Account.status == "customer")
        .group_by(region, grade)
        .order_by(region, grade)
    )
    if owner_ids is not None:
        statement = statement.where(Account.owner_id.in_(owner_ids))
    return [Covered(*row) for row in tx.execute(statement)]


def _last_visits(since: date, until: date, owner_ids: Collection[int] | None) -> Subquery:
    """For each account the last day on which somebody was there; a call is no visit."""
    there = or_(Visit.medium.is_(None), Visit.medium != "phone")
    held = (Visit.account_id.is_not(None), Visit.withdrawn_at.is_(None), Visit.status == "held", there)
    latest = select(Visit.account_id, func.max(Visit.on).label("last")).where(
        Visit.on >= since, Visit.on <= until, *held
    )
    if owner_ids is not None:  # said here too, the databases read a few accounts' visits by their index
        latest = latest.where(Visit.account_id.in_(select(Account.id).where(Account.owner_id.in_(owner_ids))))
    return latest.group_by(Visit.account_id).subquery()


def late_actions(tx: Tx, day: date, rep_ids: Collection[int] | None, most: int) -> tuple[list[Late], int]:
    """What these people should have done before ``day``, the longest overdue first, and how much it is in all.

    More than `MOST_LATE` are not counted: one more than that stands for them.
    """
    late = [Action.state == "open", Action.due < day, Visit.withdrawn_at.is_(None)]
    if rep_ids is not None:
        late.append(Action.assignee_id.in_(rep_ids))
    joined = select(Action, Rep.name, Account.name, Account.id, Visit.id, Visit.number)
    statement = (
        joined.join(Rep, Rep.id == Action.assignee_id)
        .join(Visit, Visit.id == Action.visit_id)
        .outerjoin(Account, Account.id == Visit.account_id)
        .where(*late)
        .order_by(Action.due, Action.id)
        .limit(most)
    )
    some = select(Action.id).join(Visit, Visit.id == Action.visit_id).where(*late)
    # In this order they are read by an index, so many and no further.
    some = some.order_by(Action.due, Action.id).limit(MOST_LATE + 1)
    total = select(func.count()).select_from(some.subquery())
    return [Late(*row) for row in tx.execute(statement)], tx.scalar(total) or 0


def how_many_report(tx: Tx, among: Collection[int] | None, team: str | None) -> int:
    """How many people `who_report` finds."""
    return tx.scalar(select(func.count(Rep.id)).where(*_reporting(among, team))) or 0


def who_report(tx: Tx, among: Collection[int] | None, team: str | None, most: int | None = None) -> list[int]:
    """The active people who report, by name: of these, and of this team; None for all. No more than ``most``."""
    wanted = select(Rep.id).where(*_reporting(among, team)).order_by(Rep.name, Rep.id)
    return list(tx.scalars(wanted.limit(most)))


def _reporting(among: Collection[int] | None, team: str | None) -> list[ColumnElement[bool]]:
    found = [Rep.active.is_(True), Rep.role == "rep"]
    if among is not None:
        found.append(Rep.id.in_(among))
    if team is not None:
        found.append(Rep.team == team)
    return found
