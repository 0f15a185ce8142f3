"""Which digests were begun: each once, however many look at once; and who leaves them unread."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from store.db import Tx, insert_into
from store.tables import Capture, Change, DigestDay, Preference, WebSession

UNREAD = 5
"""How many digests in a row are left unread before we ask whether they are wanted so often."""
ASKED_AGAIN = timedelta(days=180)
LOOKED_BACK = timedelta(days=60)


def begin(tx: Tx, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Keep these rows; the ids of those that were not there. Two workers in one moment meet at the unique key."""
    statement = insert_into(tx, DigestDay).on_conflict_do_nothing(index_elements=["rep_id", "day", "kind"])
    return list(tx.scalars(statement.returning(DigestDay.id), list(rows))) if rows else []


def of_letter(tx: Tx, letter_id: str) -> DigestDay | None:
    """The digest that a letter of this id is; None for another letter."""
    name, _, number = letter_id.partition("-")
    return tx.get(DigestDay, int(number)) if name == "digest" and number.isdecimal() else None


def latest_of(tx: Tx, rep_id: int, since: datetime) -> DigestDay | None:
    """The last digest that was sent to this person, if that was since then."""
    sent = select(DigestDay).where(DigestDay.rep_id == rep_id, DigestDay.sent_at >= since)
    return tx.scalar(sent.order_by(DigestDay.id.desc()).limit(1))


def to_ask(tx: Tx, rep_ids: Collection[int], now: datetime) -> set[int]:
    """Who of them left their last digests unread, and was not asked lately how often they want them."""
    newest = func.row_number().over(partition_by=DigestDay.rep_id, order_by=DigestDay.id.desc()).label("rank")
    ranked = select(DigestDay.rep_id, DigestDay.sent_at, newest)
    ranked = ranked.where(DigestDay.rep_id.in_(rep_ids), DigestDay.state == "sent")
    ranked = ranked.where(DigestDay.day >= now.date() - LOOKED_BACK)
    lately = ranked.subquery()
    first = func.min(lately.c.sent_at)
    counted = select(lately.c.rep_id, first).where(lately.c.rank <= UNREAD).group_by(lately.c.rep_id)
    since = dict(tx.execute(counted.having(func.count() == UNREAD)).all())
    if not since:
        return set()
    asked = select(Preference.rep_id).where(Preference.rhythm_asked_at > now - ASKED_AGAIN)
    alive = _alive(tx, since)
    return set(since) - alive - set(tx.scalars(asked.where(Preference.rep_id.in_(since))))


def _alive(tx: Tx, since: dict[int, datetime]) -> set[int]:
    """Who of these did anything here since their moment: wrote, pressed a button, looked at a page of ours.

    Whether a letter was opened nobody is told: that would take a picture that tells on its reader.
    """
    names = {f"rep:{rep_id}": rep_id for rep_id in since}
    first = min(since.values())
    wrote = select(Capture.rep_id, func.max(Capture.taken_at)).where(
        Capture.rep_id.in_(since), Capture.taken_at >= first
    )
    pressed = select(Change.by, func.max(Change.at)).where(Change.by.in_(names), Change.at >= first)
    looked = select(WebSession.rep_id, func.max(func.coalesce(WebSession.seen_at, WebSession.opened_at)))
    looked = looked.where(WebSession.rep_id.in_(since), or_(WebSession.seen_at >= first, WebSession.opened_at >= first))
    home = select(Preference.rep_id, Preference.home_opened_at).where(
        Preference.rep_id.in_(since), Preference.home_opened_at.is_not(None)
    )
    signs = [
        *tx.execute(wrote.group_by(Capture.rep_id)),
        *((names[by], at) for by, at in tx.execute(pressed.group_by(Change.by))),
        *tx.execute(looked.group_by(WebSession.rep_id)),
        *tx.execute(home),
    ]
    return {rep_id for rep_id, at in signs if at >= since[rep_id]}
