"""What somebody has before them: open actions with a day, and planned visits."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from store.db import Tx
from store.tables import Account, Action, Visit


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on a day: ``kind`` is ``action`` or ``visit``, ``id`` that of its row. Times are in ``timezone``."""

    kind: str
    id: int
    on: date
    what: str | None
    account: str | None
    number: str
    visit_id: int
    made_at: datetime
    starts: time | None = None
    ends: time | None = None
    timezone: str = "UTC"


def of(tx: Tx, rep_id: int, since: date) -> list[Entry]:
    """The entries of this person from that day on, in the order of their days."""
    return sorted(
        [*_actions(tx, rep_id, since), *_visits(tx, rep_id, since)], key=lambda one: (one.on, one.kind, one.id)
    )


def _actions(tx: Tx, rep_id: int, since: date) -> list[Entry]:
    statement = (
        select(Action.id, Action.due, Action.text, Account.name, Visit.number, Visit.id, Visit.created_at)
        .join(Visit, Visit.id == Action.visit_id)
        .outerjoin(Account, Account.id == Visit.account_id)
        .where(Action.assignee_id == rep_id, Action.state == "open", Action.due >= since, Visit.withdrawn_at.is_(None))
    )
    rows: Any = tx.execute(statement)
    return [Entry("action", *row) for row in rows]


def _visits(tx: Tx, rep_id: int, since: date) -> list[Entry]:
    statement = (
        select(
            Visit.id, Visit.on, Visit.subject, Account.name, Visit.number, Visit.id, Visit.created_at, Visit.starts,
            Visit.ends, Visit.timezone,
        )
        .outerjoin(Account, Account.id == Visit.account_id)
        .where(
            Visit.rep_id == rep_id, Visit.status == "planned", Visit.on >= since, Visit.withdrawn_at.is_(None)
        )
    )  # fmt: skip
    rows: Any = tx.execute(statement)
    return [Entry("visit", *row) for row in rows]
