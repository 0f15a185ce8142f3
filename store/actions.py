"""Questions about what is still to be done."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from store.db import Tx
from store.tables import Account, Action, Visit


@dataclass(frozen=True, slots=True)
class Todo:
    """An action with where it was promised."""

    action: Action
    visit: Visit
    account: str | None


def open_of(tx: Tx, rep_id: int, most: int) -> list[Todo]:
    """What this person has to do, the soonest due first, without a day last; nothing of visits that were taken back."""
    statement = (
        select(Action, Visit, Account.name)
        .join(Visit, Visit.id == Action.visit_id)
        .outerjoin(Account, Account.id == Visit.account_id)
        .where(*_mine(rep_id))
        .order_by(Action.due.is_(None), Action.due, Action.id)
        .limit(most)
    )
    return [Todo(*row) for row in tx.execute(statement)]


def count_open(tx: Tx, rep_id: int) -> int:
    """How many things this person has to do."""
    query = select(func.count(Action.id)).join(Visit, Visit.id == Action.visit_id).where(*_mine(rep_id))
    return tx.scalar(query) or 0


def _mine(rep_id: int) -> tuple[ColumnElement[bool], ...]:
    return (Action.assignee_id == rep_id, Action.state == "open", Visit.withdrawn_at.is_(None))
