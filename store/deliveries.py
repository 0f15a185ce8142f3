"""What was sent: looked at before anything is sent again."""

from typing import Any

from sqlalchemy import select

from store.db import Tx, insert_into
from store.tables import Delivery

LATEST = 200
"""Letters to one person that may still be answered in their own thread."""


def find(tx: Tx, letter_id: str) -> Delivery | None:
    """The delivery of this letter, if it was sent."""
    return tx.scalar(select(Delivery).where(Delivery.letter_id == letter_id))


def keep(tx: Tx, values: dict[str, Any]) -> None:
    """Keep that a letter was sent, unless that is kept already."""
    tx.execute(insert_into(tx, Delivery).values(**values).on_conflict_do_nothing(index_elements=["letter_id"]))


def posted_as(tx: Tx, via: str, recipient: str, source_id: str) -> Delivery | None:
    """The letter to this person that its medium calls ``<team>:<channel>:<ts>``, of the latest ones."""
    latest = select(Delivery).where(Delivery.via == via, Delivery.recipient == recipient)
    place = source_id.partition(":")[2]
    found = tx.scalars(latest.order_by(Delivery.id.desc()).limit(LATEST))
    return next((one for one in found if place == f"{one.receipt.get('channel')}:{one.receipt.get('ts')}"), None)
