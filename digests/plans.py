"""Visits that are planned for today, each with the last words on its customer."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select

from letters.digest import Plan
from store.db import Tx
from store.tables import Account, Action, Visit


def plans_of(tx: Tx, rep_ids: Collection[int], day: date) -> defaultdict[int, list[Plan]]:
    """What each of them means to do on the day, by the hour. In three statements."""
    planned = (
        select(Visit.rep_id, Visit.id, Visit.starts, Account.id, Account.name)
        .join(Account, Account.id == Visit.account_id)
        .where(Visit.rep_id.in_(rep_ids), Visit.on == day, Visit.status == "planned", Visit.withdrawn_at.is_(None))
        .order_by(Visit.starts.is_(None), Visit.starts, Visit.id)
    )
    rows = tx.execute(planned).all()
    told = _last_words(tx, {account_id for _, _, _, account_id, _ in rows}, day)
    todo = _todo(tx, {(rep_id, account_id) for rep_id, _, _, account_id, _ in rows})
    found: defaultdict[int, list[Plan]] = defaultdict(list)
    for rep_id, visit_id, starts, account_id, account in rows:
        on, words = told.get(account_id, (None, None))
        found[rep_id].append(
            Plan(
                visit_id=visit_id, account=account, account_id=account_id, starts=starts, last=on, words=words,
                todo=todo.get((rep_id, account_id), 0),
            )
        )  # fmt: skip
    return found


def _todo(tx: Tx, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """How much each of these people still has to do for the account beside them."""
    if not pairs:
        return {}
    counted = (
        select(Action.assignee_id, Visit.account_id, func.count(Action.id))
        .join(Visit, Visit.id == Action.visit_id)
        .where(Action.state == "open", Visit.withdrawn_at.is_(None))
        .where(Action.assignee_id.in_({one for one, _ in pairs}), Visit.account_id.in_({one for _, one in pairs}))
        .group_by(Action.assignee_id, Visit.account_id)
    )
    return {(rep_id, account_id): count for rep_id, account_id, count in tx.execute(counted) if account_id}


def _last_words(tx: Tx, account_ids: Collection[int], day: date) -> dict[int, tuple[date, str]]:
    """What the last visit at each of these accounts was about; a whole report may hold what is nobody else's."""
    newest = func.row_number().over(partition_by=Visit.account_id, order_by=(Visit.on.desc(), Visit.id.desc()))
    ranked = (
        select(Visit.account_id, Visit.on, Visit.subject, newest.label("rank"))
        .where(Visit.account_id.in_(account_ids), Visit.on < day, Visit.status == "held")
        .where(Visit.withdrawn_at.is_(None), Visit.subject.is_not(None))
        .subquery()
    )
    latest = select(ranked.c.account_id, ranked.c.on, ranked.c.subject).where(ranked.c.rank == 1)
    return {account_id: (on, subject) for account_id, on, subject in tx.execute(latest)} if account_ids else {}
