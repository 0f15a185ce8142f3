"""Links to sign in by, and browsers that are signed in. Of what lets somebody in, only a hash is kept."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update

from store.db import Tx
from store.tables import Rep, SignInLink, WebSession

LINK_HOLDS = timedelta(minutes=15)
SESSION_HOLDS = timedelta(days=30)
LINKS_AT_ONCE = 5
"""How many links one person may ask for within `LINK_HOLDS`: nobody floods a colleague's inbox."""


def _hash(token: str) -> str:
    # The token is 256 random bits: there is nothing to guess, so no slow hash is needed.
    return hashlib.sha256(token.encode()).hexdigest()


def ask_link(tx: Tx, rep_id: int, place: str, now: datetime) -> int | None:
    """Note that a link is wanted; its id, or None where there were too many."""
    lately = select(func.count(SignInLink.id)).where(
        SignInLink.rep_id == rep_id, SignInLink.asked_at > now - LINK_HOLDS
    )
    if (tx.scalar(lately) or 0) >= LINKS_AT_ONCE:
        return None
    link = SignInLink(rep_id=rep_id, place=place, asked_at=now)
    tx.add(link)
    tx.flush()
    return link.id


def make_link(tx: Tx, link_id: int, now: datetime) -> tuple[str, SignInLink] | None:
    """A new token for the link, which replaces one that was made before; None once it was used."""
    link = tx.get(SignInLink, link_id)
    if link is None or link.used_at:
        return None
    token = secrets.token_urlsafe(32)
    link.token_sha256, link.expires_at = _hash(token), now + LINK_HOLDS
    return token, link


def find_link(tx: Tx, token: str, now: datetime) -> SignInLink | None:
    """The link of this token while it can be used."""
    return tx.scalar(select(SignInLink).where(*_good(token, now)))


def use_link(tx: Tx, token: str, now: datetime) -> SignInLink | None:
    """The link, once: None where it was used, is too old or was never made."""
    used = update(SignInLink).where(*_good(token, now)).values(used_at=now).returning(SignInLink.id)
    link_id = tx.scalar(used)
    return tx.get(SignInLink, link_id, populate_existing=True) if link_id else None


def open_session(tx: Tx, rep_id: int, browser: str, now: datetime) -> str:
    """Sign a browser in; the token that it shows from now on."""
    token = secrets.token_urlsafe(32)
    tx.add(
        WebSession(
            rep_id=rep_id, token_sha256=_hash(token), browser=browser[:200], opened_at=now,
            expires_at=now + SESSION_HOLDS,
        )
    )  # fmt: skip
    return token


def signed_in(tx: Tx, token: str, now: datetime) -> tuple[WebSession, Rep] | None:
    """Who shows this token, where they are still signed in and still one of us."""
    statement = select(WebSession, Rep).join(Rep, Rep.id == WebSession.rep_id)
    row = tx.execute(statement.where(WebSession.token_sha256 == _hash(token), Rep.active, *_holds(now))).first()
    return (row[0], row[1]) if row else None


def note_seen(tx: Tx, session_id: int, now: datetime) -> None:
    """Keep that a page was looked at in this browser."""
    tx.execute(update(WebSession).where(WebSession.id == session_id).values(seen_at=now))


def sessions_of(tx: Tx, rep_id: int, now: datetime) -> Sequence[WebSession]:
    """The browsers that are signed in as this person, the latest first."""
    statement = select(WebSession).where(WebSession.rep_id == rep_id, *_holds(now))
    return tx.scalars(statement.order_by(WebSession.id.desc())).all()


def end_sessions(tx: Tx, rep_id: int, now: datetime, session_id: int | None = None) -> int:
    """Sign one of the person's browsers out, or all; how many it were."""
    meant = (WebSession.rep_id == rep_id) & WebSession.ended_at.is_(None)
    if session_id is not None:
        meant &= WebSession.id == session_id
    ended = tx.scalars(update(WebSession).where(meant).values(ended_at=now).returning(WebSession.id))
    return len(ended.all())


def _holds(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return WebSession.ended_at.is_(None), WebSession.expires_at > now


def _good(token: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return SignInLink.token_sha256 == _hash(token), SignInLink.used_at.is_(None), SignInLink.expires_at > now
