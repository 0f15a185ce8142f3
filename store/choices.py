"""What there is to choose from where a list is narrowed, and what is called how."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, select

from store.db import Tx
from store.filters import VisitFilter
from store.tables import Account, Contact, Rep

MOST = 300
"""More people or regions are typed, not chosen."""


def reps(tx: Tx, whose: Collection[int] | None) -> Sequence[tuple[int, str]] | None:
    """Ids and names of those who report, of ``whose`` or of all; None where they are too many to choose from."""
    statement = select(Rep.id, Rep.name).where(Rep.active).order_by(Rep.role != "rep", Rep.name)
    if whose is not None:
        if len(whose) > MOST:
            return None
        statement = statement.where(Rep.id.in_(whose))
    rows = [(rep_id, name) for rep_id, name in tx.execute(statement.limit(MOST + 1))]
    return rows if len(rows) <= MOST else None


def teams(tx: Tx) -> Sequence[str]:
    """The teams that there are."""
    return [one for one in tx.scalars(select(Rep.team).distinct().order_by(Rep.team).limit(MOST)) if one]


def regions(tx: Tx) -> Sequence[str]:
    """The accounts' regions."""
    return _different(tx, Account.region)


def grades(tx: Tx) -> Sequence[str]:
    """The accounts' classes."""
    return _different(tx, Account.grade)


def _different(tx: Tx, column: Any) -> Sequence[str]:
    """The values of a column that has an index, each once: the index is asked for the next one after each."""
    values = select(func.min(column).label("one")).cte("different", recursive=True)
    after = select(func.min(column)).where(column > values.c.one).scalar_subquery()
    values = values.union_all(select(after).where(values.c.one.is_not(None)))
    return [one for one in tx.scalars(select(values.c.one).limit(MOST)) if one]


def meant(tx: Tx, wanted: VisitFilter) -> dict[str, str]:
    """What the ids of a filter are called, by the parameter that has them."""
    asked = (
        ("account_id", Account.name, Account.id, wanted.account_id),
        ("contact_id", Contact.name, Contact.id, wanted.contact_id),
        ("manager", Rep.name, Rep.id, wanted.manager_id),
    )
    names = {name: tx.scalar(select(called).where(key == one)) for name, called, key, one in asked if one is not None}
    return {name: called or "nobody that is known" for name, called in names.items()}
