"""Readable numbers of visits."""

from store.db import Tx, insert_into
from store.tables import VisitNumber


def next_visit_number(tx: Tx, year: int) -> str:
    """The next number of a year, ``V-2026-00042``; given back when the transaction is rolled back."""
    counted = insert_into(tx, VisitNumber).values(year=year, last=1)
    counted = counted.on_conflict_do_update(index_elements=["year"], set_={"last": VisitNumber.last + 1})
    last = tx.scalar(counted.returning(VisitNumber.last))
    return f"V-{year}-{last:05d}"
