"""What was sent: looked at before anything is sent again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from store.db import Tx, insert_into
from store.tables import Delivery

AT_ONCE = 500
LATEST = 200
"""Letters to one person that may still be answered in their own thread."""


def find(tx: Tx, letter_id: str) -> Delivery | None:
    """The delivery of this letter, if it was sent."""
    return tx.scalar(select(Delivery).where(Delivery.letter_id == letter_id))


def find_all(tx: Tx, letter_ids: Sequence[str]) -> dict[str, Delivery]:
    """The deliveries of those of these letters that were sent, by letter, `AT_ONCE` a statement."""
    parts = (letter_ids[start : start + AT_ONCE] for start in range(0, len(letter_ids), AT_ONCE))
    rows = (one for part in parts for one in tx.scalars(select(Delivery).where(Delivery.letter_id.in_(part))))
    return {one.letter_id: one for one in rows}


def keep(tx: Tx, values: dict[str, Any]) -> None:
    """Keep that a letter was sent, unless that is kept already."""
    tx.execute(insert_into(tx, Delivery).values(**values).on_conflict_do_nothing(index_elements=["letter_id"]))


def posted_as(tx: Tx, via: str, recipient: str, source_id: str) -> Delivery | None:
    """The letter to this person that its medium calls ``<team>:<channel>:<ts>``, of the latest ones."""
    latest = select(Delivery).where(Delivery.via == via, Delivery.recipient == recipient)
    place = source_id.partition(":")[2]
    found = tx.scalars(latest.order_by(Delivery.id.desc()).limit(LATEST))
    return next((one for one in found if place == f"{one.receipt.get('channel')}:{one.receipt.get('ts')}"), None)
