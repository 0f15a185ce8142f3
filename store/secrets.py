"""What only this house knows: the key that its links are signed with, and which of them were used."""

import hashlib
from datetime import datetime

from sqlalchemy import delete, select

from store.db import Tx, insert_into
from store.tables import Secret, UsedLink

LINKS, HOUSE = "links", "house"


def link_key(tx: Tx) -> bytes:
    """The key that links are signed with; made when the table was."""
    return tx.get_one(Secret, LINKS).value.encode("ascii")


def house(tx: Tx) -> str | None:
    """The seal of the house that the database belongs to; None before anything was sent from it."""
    kept = tx.get(Secret, HOUSE)
    return kept.value if kept else None


def seal(tx: Tx, value: str, *, only_new: bool = False) -> None:
    """Let the database belong to the house of this seal; where it belongs to none yet, if ``only_new``."""
    row = insert_into(tx, Secret).values(name=HOUSE, value=value)
    if only_new:
        tx.execute(row.on_conflict_do_nothing(index_elements=["name"]))
    else:
        tx.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def is_used(tx: Tx, token: str) -> bool:
    """Whether the link of this token was used."""
    return tx.scalar(select(UsedLink.id).where(UsedLink.token_sha256 == _digest(token))) is not None


def use(tx: Tx, token: str, at: datetime, expires_at: datetime) -> None:
    """Keep that a link was used, as long as it would be good; again is harmless."""
    tx.execute(delete(UsedLink).where(UsedLink.expires_at < at))
    if not is_used(tx, token):
        tx.add(UsedLink(token_sha256=_digest(token), expires_at=expires_at))
        tx.flush()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
