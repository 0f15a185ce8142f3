"""What was sent: looked at before anything is sent again."""

from sqlalchemy import select

from store.db import Tx
from store.tables import Delivery


def find(tx: Tx, letter_id: str) -> Delivery | None:
    """The delivery of this letter, if it was sent."""
    return tx.scalar(select(Delivery).where(Delivery.letter_id == letter_id))
