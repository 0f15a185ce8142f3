"""Tokens that programs come in by, and the requests that they said are to be done once."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update

from store.db import Tx, insert_into
from store.tables import ApiRequest, ApiToken, Rep

BEGINNING = "dbf_"
"""What every token begins with, so that one that was published by mistake can be searched for."""
NOTED_AGAIN = timedelta(minutes=5)
"""How exactly it is kept when a token was last shown: noting each time would make every question a write."""
KEPT = timedelta(hours=24)
"""How long a request with a key is known."""


def hashed(token: str) -> str:
    """What is kept of a token. It is 256 random bits: there is nothing to guess, so no slow hash is needed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def make(
    tx: Tx, rep_id: int, name: str, scopes: Sequence[str], *, now: datetime, expires_at: datetime | None = None
) -> tuple[str, ApiToken]:
    """A new token, which nobody can be told again, and its row."""
    token = BEGINNING + secrets.token_urlsafe(32)
    row = ApiToken(
        rep_id=rep_id, name=name, token_sha256=hashed(token), ending=token[-4:], scopes=list(scopes), made_at=now,
        expires_at=expires_at,
    )  # fmt: skip
    tx.add(row)
    tx.flush()
    return token, row


def find(tx: Tx, token: str, now: datetime) -> tuple[ApiToken, Rep] | None:
    """The token and its person, while both hold."""
    statement = select(ApiToken, Rep).join(Rep, Rep.id == ApiToken.rep_id)
    row = tx.execute(statement.where(ApiToken.token_sha256 == hashed(token), Rep.active, *_holds(now))).first()
    return (row[0], row[1]) if row else None


def is_stale(token: ApiToken, now: datetime) -> bool:
    """Whether it is time to note again that the token was shown."""
    return token.used_at is None or now - token.used_at > NOTED_AGAIN


def note_use(tx: Tx, token_id: int, now: datetime) -> None:
    """Keep that the token was shown now."""
    tx.execute(update(ApiToken).where(ApiToken.id == token_id).values(used_at=now))


def of_rep(tx: Tx, rep_id: int, now: datetime) -> list[ApiToken]:
    """The tokens of this person that hold, the latest first."""
    statement = select(ApiToken).where(ApiToken.rep_id == rep_id, *_holds(now))
    return list(tx.scalars(statement.order_by(ApiToken.id.desc())))


def everyones(tx: Tx, now: datetime) -> list[tuple[ApiToken, Rep]]:
    """Every token that holds, with its person, in the order in which they were made."""
    statement = select(ApiToken, Rep).join(Rep, Rep.id == ApiToken.rep_id).where(*_holds(now))
    return [(token, rep) for token, rep in tx.execute(statement.order_by(ApiToken.id))]


def revoke(tx: Tx, token_id: int, now: datetime, rep_id: int | None = None) -> bool:
    """Let a token hold no more; with ``rep_id`` only one of that person. Whether there was one."""
    meant = (ApiToken.id == token_id) & ApiToken.revoked_at.is_(None)
    if rep_id is not None:
        meant &= ApiToken.rep_id == rep_id
    ended = update(ApiToken).where(meant).values(revoked_at=now).returning(ApiToken.id)
    return tx.scalar(ended) is not None


def begin_request(tx: Tx, token_id: int, key: str, fingerprint: str, now: datetime) -> ApiRequest | None:
    """Keep that a request of this key begins; None then, or the row of the one that bore the key before."""
    clear_away(tx, now)
    values = {"token_id": token_id, "key": key, "fingerprint": fingerprint, "begun_at": now, "answer": {}}
    statement = insert_into(tx, ApiRequest).values(**values)
    begun = statement.on_conflict_do_nothing(index_elements=["token_id", "key"]).returning(ApiRequest.id)
    if tx.scalar(begun) is not None:
        return None
    before: ApiRequest = tx.scalars(_request(token_id, key)).one()
    return before


def any_to_clear(tx: Tx, now: datetime) -> bool:
    """Whether there is something that `clear_away` would forget."""
    return tx.scalar(select(ApiRequest.id).where(ApiRequest.begun_at < now - KEPT).limit(1)) is not None


def clear_away(tx: Tx, now: datetime) -> None:
    """Forget requests that are no longer known by their keys, with what was answered."""
    tx.execute(delete(ApiRequest).where(ApiRequest.begun_at < now - KEPT))


def end_request(tx: Tx, token_id: int, key: str, answer: dict[str, object] | None) -> None:
    """Keep what was answered to it; None: nothing was done, and the key is free again."""
    row = tx.scalars(_request(token_id, key)).one_or_none()
    if row is None:
        return
    if answer is None:
        tx.delete(row)
    else:
        row.answer = answer


def _request(token_id: int, key: str) -> Any:
    return select(ApiRequest).where(ApiRequest.token_id == token_id, ApiRequest.key == key)


def _holds(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return ApiToken.revoked_at.is_(None), or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now)
