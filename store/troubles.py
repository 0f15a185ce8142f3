"""What keeps the house from its work: noticed once, ended once, however many workers look."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select

from store.db import Tx, insert_into
from store.tables import Rep, Trouble


def notice(tx: Tx, found: Mapping[str, str], at: datetime) -> list[int]:
    """Open what is not open yet (``what`` to what is said of it); the ids of those that are new."""
    rows = [{"what": what, "open": what, "says": says, "since": at} for what, says in found.items()]
    if not rows:
        return []
    statement = insert_into(tx, Trouble).on_conflict_do_nothing(index_elements=["open"])
    return list(tx.scalars(statement.returning(Trouble.id), rows))


def end(tx: Tx, lasting: Collection[str], at: datetime) -> list[int]:
    """Close those that last no longer; their ids."""
    over = tx.scalars(select(Trouble).where(Trouble.open.is_not(None), Trouble.open.not_in(lasting))).all()
    for one in over:
        one.open, one.ended_at = None, at
    return [one.id for one in over]


def lasting(tx: Tx) -> set[str]:
    """What is open now."""
    return set(tx.scalars(select(Trouble.what).where(Trouble.open.is_not(None))))


def administrators(tx: Tx) -> list[Rep]:
    """Who is told."""
    return list(tx.scalars(select(Rep).where(Rep.active, Rep.role == "administrator").order_by(Rep.id)))
