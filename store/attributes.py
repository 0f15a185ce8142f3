"""The attributes that a house added to its records."""

from collections.abc import Sequence

from sqlalchemy import select

from store.db import Tx
from store.tables import HouseAttribute


def of(tx: Tx, record: str) -> Sequence[HouseAttribute]:
    """Those of a kind of record that are in use, in the order in which they were added."""
    wanted = select(HouseAttribute).where(HouseAttribute.record == record, HouseAttribute.active)
    return tx.scalars(wanted.order_by(HouseAttribute.id)).all()


def every(tx: Tx) -> Sequence[HouseAttribute]:
    """All of them, those out of use too."""
    return tx.scalars(select(HouseAttribute).order_by(HouseAttribute.record, HouseAttribute.id)).all()
