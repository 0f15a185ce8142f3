"""What was filed, is due, waits or seems gone, of many people at once: one statement each."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from digests.calendar import last_working_day
from letters.digest import Due, Gone, Happened
from store.db import Tx
from store.tables import Account, Action, Amount, Capture, Contact, Employment, Rep, Visit

NOTABLE = ("complaint", "order", "lost", "quote_requested", "no_show")
"""Outcomes that a manager hears of each, the most urgent first; of an A customer every visit."""
SILENT_DAYS = 3
"""Working days without a word after which a manager hears of it."""
LISTED = 20
"""Actions and contacts of one person that are looked at; more are counted by nobody in the morning."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A visit of the last days, as digests look at it."""

    id: int
    rep_id: int
    on: date
    account: str | None
    grade: str | None
    outcome: str | None
    status: str


def visits_of(tx: Tx, rep_ids: Collection[int], since: date, before: date) -> list[Seen]:
    """Their visits of these days, those that are planned or were missed too; ``before`` is not one of them."""
    statement = (
        select(Visit.id, Visit.rep_id, Visit.on, Account.name, Account.grade, Visit.outcome, Visit.status)
        .outerjoin(Account, Account.id == Visit.account_id)
        .where(Visit.rep_id.in_(rep_ids), Visit.on >= since, Visit.on < before, Visit.withdrawn_at.is_(None))
        .order_by(Visit.on, Visit.id)
    )
    return [Seen(*row) for row in tx.execute(statement)]


def by_rep(seen: Sequence[Seen]) -> defaultdict[int, list[Seen]]:
    """The visits by whose they are."""
    found: defaultdict[int, list[Seen]] = defaultdict(list)
    for one in seen:
        found[one.rep_id].append(one)
    return found


def due_of(tx: Tx, rep_ids: Collection[int], day: date) -> defaultdict[int, list[Due]]:
    """What is due today or was, the longest overdue first."""
    rank = func.row_number().over(partition_by=Action.assignee_id, order_by=(Action.due, Action.id)).label("rank")
    ranked = (
        select(Action.assignee_id, Action.id, Visit.id.label("visit_id"), Action.text, Action.due, Account.name, rank)
        .join(Visit, Visit.id == Action.visit_id)
        .outerjoin(Account, Account.id == Visit.account_id)
        .where(Action.assignee_id.in_(rep_ids), Action.state == "open", Action.due <= day)
        .where(Visit.withdrawn_at.is_(None))
        .subquery()
    )
    found: defaultdict[int, list[Due]] = defaultdict(list)
    columns = (ranked.c.assignee_id, ranked.c.id, ranked.c.visit_id, ranked.c.text, ranked.c.due, ranked.c.name)
    for rep_id, action_id, visit_id, text, due, account in tx.execute(
        select(*columns).where(ranked.c.rank <= LISTED).order_by(ranked.c.rank)
    ):
        found[rep_id].append(Due(id=action_id, visit_id=visit_id, text=text, due=due, account=account))
    return found


def asked_of(tx: Tx, rep_ids: Collection[int]) -> defaultdict[int, list[int]]:
    """Visits whose account their reps were asked for and have not told."""
    statement = select(Visit.rep_id, Visit.id).where(
        Visit.rep_id.in_(rep_ids), Visit.account_id.is_(None), Visit.withdrawn_at.is_(None)
    )
    found: defaultdict[int, list[int]] = defaultdict(list)
    for rep_id, visit_id in tx.execute(statement.order_by(Visit.id)):
        found[rep_id].append(visit_id)
    return found


def gone_of(tx: Tx, rep_ids: Collection[int]) -> defaultdict[int, list[Gone]]:
    """Contacts at the accounts of these people who seem to be gone, and nobody has said so yet."""
    statement = (
        select(Account.owner_id, Contact.name, Account.name, Account.id)
        .join(Employment, Employment.account_id == Account.id)
        .join(Contact, Contact.id == Employment.contact_id)
        .where(Account.owner_id.in_(rep_ids), Account.retired_at.is_(None), Contact.retired_at.is_(None))
        .where(Employment.stale_since.is_not(None), Employment.until.is_(None))
        .order_by(Employment.stale_since.desc(), Employment.id)
    )
    found: defaultdict[int, list[Gone]] = defaultdict(list)
    for owner_id, name, account, account_id in tx.execute(statement):
        found[owner_id or 0].append(Gone(name=name, account=account, account_id=account_id))
    return found


def teams_of(tx: Tx, manager_ids: Collection[int]) -> defaultdict[int, list[Rep]]:
    """The active reps of each manager, by name."""
    found: defaultdict[int, list[Rep]] = defaultdict(list)
    reports = select(Rep).where(Rep.manager_id.in_(manager_ids), Rep.active, Rep.role == "rep").order_by(Rep.name)
    for rep in tx.scalars(reports):
        if rep.manager_id is not None:
            found[rep.manager_id].append(rep)
    return found


def amounts_of(tx: Tx, visit_ids: Collection[int]) -> defaultdict[int, list[tuple[Decimal, str]]]:
    """The money that was spoken of, by visit."""
    found: defaultdict[int, list[tuple[Decimal, str]]] = defaultdict(list)
    statement = select(Amount.visit_id, Amount.value, Amount.currency).where(Amount.visit_id.in_(visit_ids))
    for visit_id, value, currency in tx.execute(statement.order_by(Amount.id)) if visit_ids else ():
        found[visit_id].append((value, currency))
    return found


def overdue_of(tx: Tx, rep_ids: Collection[int], day: date) -> dict[int, int]:
    """How many things each of them should have done before the day."""
    statement = (
        select(Action.assignee_id, func.count(Action.id))
        .join(Visit, Visit.id == Action.visit_id)
        .where(Action.assignee_id.in_(rep_ids), Action.state == "open", Action.due < day)
        .where(Visit.withdrawn_at.is_(None))
        .group_by(Action.assignee_id)
    )
    return dict(tx.execute(statement).all())


def last_heard(tx: Tx, rep_ids: Collection[int]) -> dict[int, datetime]:
    """When each of them wrote last; nothing of those who never did."""
    statement = select(Capture.rep_id, func.max(Capture.sent_at)).where(Capture.rep_id.in_(rep_ids))
    return {rep_id: at for rep_id, at in tx.execute(statement.group_by(Capture.rep_id)) if rep_id is not None}


def is_silent(rep: Rep, heard: datetime | None, day: date, off: Collection[date] = frozenset()) -> bool:
    """Whether the rep has told nothing in the last working days. One who never told anything has not begun yet."""
    if heard is None:
        return False
    first = day
    for _ in range(SILENT_DAYS):
        first = last_working_day(first, rep.working_days, rep.timezone, off)
    return heard < datetime.combine(first, time(), ZoneInfo(rep.timezone)) and heard > datetime.combine(
        day - timedelta(days=90), time(), ZoneInfo(rep.timezone)
    )


def happened_of(
    visits: Sequence[Seen], team: Sequence[Rep], amounts: Mapping[int, list[tuple[Decimal, str]]],
    labels: Mapping[tuple[str, str], str],
) -> tuple[Happened, ...]:  # fmt: skip
    """What a manager wants to know of each by itself, the most urgent first."""
    names = {rep.id: rep.name for rep in team}
    notable = [one for one in visits if one.outcome in NOTABLE or one.grade == "A"]
    notable.sort(key=lambda one: (NOTABLE.index(one.outcome) if one.outcome in NOTABLE else len(NOTABLE), one.id))
    return tuple(
        Happened(
            outcome=labels.get(("outcome", one.outcome or ""), one.outcome or "A"), account=one.account or "?",
            rep=names[one.rep_id], visit_id=one.id, amounts=tuple(amounts.get(one.id, ())),
        )
        for one in notable
    )  # fmt: skip
