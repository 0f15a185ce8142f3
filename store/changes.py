"""The history: every change of a record, with who made it and from which words."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import event, func, select, update
from sqlalchemy.orm import object_session

from store.db import Tx
from store.tables import Change

GATHERED = "changes"


def note(
    tx: Tx, *, at: datetime, by: str, record: tuple[str, int], field: str,
    old: Any = None, new: Any = None, words: str | None = None,
) -> None:  # fmt: skip
    """Keep that ``field`` of ``record`` (its table's name and its id) went from ``old`` to ``new`` (JSON values)."""
    kind, record_id = record
    tx.add(Change(at=at, by=by, record=kind, record_id=record_id, field=field, old=old, new=new, words=words))


def by(tx: Tx, who: str, *, at: datetime | None = None) -> list[Change]:
    """What one message, person or rule changed, in order; with ``at`` only at that moment."""
    statement = select(Change).where(Change.by == who)
    if at is not None:
        statement = statement.where(Change.at == at)
    return list(tx.scalars(statement.order_by(Change.id)))


def last_id(tx: Tx) -> int:
    """The last change that is kept; 0 where there is none."""
    return tx.scalar(select(func.max(Change.id))) or 0


def sign(tx: Tx, after: int, was: str, by: str) -> None:
    """Say of the changes after that one which ``was`` made that ``by`` made them: in the other's stead."""
    tx.execute(update(Change).where(Change.id > after, Change.by == was).values(by=by))


def of(tx: Tx, record: str, record_id: int) -> list[Change]:
    """The history of one record, in order."""
    query = select(Change).where(Change.record == record, Change.record_id == record_id).order_by(Change.id)
    return list(tx.scalars(query))


def gathered(tx: Tx) -> list[Change]:
    """What this transaction has noted so far."""
    return list(tx.info.get(GATHERED, ()))


@event.listens_for(Change, "after_insert")
def _gather(_mapper: Any, _connection: Any, change: Change) -> None:
    tx = object_session(change)
    if tx is not None:
        tx.info.setdefault(GATHERED, []).append(change)


def about(tx: Tx, visit_ids: Collection[int], makers: Collection[str]) -> list[Change]:
    """The history of these visits, and whatever else these makers changed, in order; one statement."""
    theirs = Change.by.in_(makers) | ((Change.record == "visit") & Change.record_id.in_(visit_ids))
    return list(tx.scalars(select(Change).where(theirs).order_by(Change.id)))
