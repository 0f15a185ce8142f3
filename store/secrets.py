"""What only this house knows: the key that its links are signed with, and which of them were used."""

import hashlib
from datetime import datetime

from sqlalchemy import delete, select

from store.db import Tx
from store.tables import Secret, UsedLink

LINKS = "links"


def link_key(tx: Tx) -> bytes:
    """The key that links are signed with; made when the table was."""
    return tx.get_one(Secret, LINKS).value.encode("ascii")


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
