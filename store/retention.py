"""Forgetting what was kept long enough, a batch at a time, so that nobody else waits for it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update

from store import access, persons
from store.db import Tx, insert_into
from store.tables import Attachment, Capture, Delivery, DigestDay, Revision

AT_ONCE = 500
NO_LETTER: dict[str, Any] = {"subject": "", "text": "", "html": "", "blocks": []}
NO_WORDS = ("left",)
"""What is kept with a letter and is none of its words: by it one sees whether it is still right."""


def may_be_due(tx: Tx, today: date) -> bool:
    """Whether it seems that nobody has begun to forget today; a question that holds nobody up."""
    return _last(tx, "retention") < today.toordinal()


def is_due(tx: Tx, today: date) -> bool:
    """Whether nobody has begun to forget today; asked by several at once, one is told so."""
    tx.execute(
        insert_into(tx, Revision).values(name="retention", count=0).on_conflict_do_nothing(index_elements=["name"])
    )
    begun = update(Revision).where(Revision.name == "retention", Revision.count < today.toordinal())
    return tx.scalar(begun.values(count=today.toordinal()).returning(Revision.count)) is not None


def raw(tx: Tx, before: datetime) -> int:
    """Messages as they came."""
    old = select(Capture.id).where(Capture.taken_at < before, Capture.raw.is_not(None))
    return persons.drop_raw(tx, set(tx.scalars(old.order_by(Capture.taken_at, Capture.id).limit(AT_ONCE))))


def files(tx: Tx, before: datetime) -> int:
    """Files that came with messages."""
    old = select(Attachment.id).join(Capture, Capture.id == Attachment.capture_id)
    return persons.drop_files(tx, set(tx.scalars(old.where(Capture.taken_at < before).limit(AT_ONCE))))


def letters(tx: Tx, before: datetime) -> int:
    """What our letters said; that they were sent stays, so that none is sent again."""
    return _cards(tx, before) + _digests(tx, before)


def accesses(tx: Tx, before: datetime) -> int:
    """Who read what."""
    return access.forget(tx, before.date(), AT_ONCE)


def is_forgotten(letter: Mapping[str, Any]) -> bool:
    """Whether what a letter said was forgotten."""
    return letter.items() >= NO_LETTER.items()


def _cards(tx: Tx, before: datetime) -> int:
    last = _last(tx, "letters forgotten")
    old = select(Delivery).where(Delivery.id > last, Delivery.sent_at < before).order_by(Delivery.id).limit(AT_ONCE)
    rows = tx.scalars(old).all()
    for row in rows:
        row.letter = NO_LETTER | {name: row.letter[name] for name in NO_WORDS if name in row.letter}
    if rows:
        _note(tx, "letters forgotten", rows[-1].id)
    return len(rows)


def _digests(tx: Tx, before: datetime) -> int:
    last = _last(tx, "digests forgotten")
    old = select(DigestDay.id).where(DigestDay.id > last, DigestDay.begun_at < before)
    ids = list(tx.scalars(old.order_by(DigestDay.id).limit(AT_ONCE)))
    if ids:
        tx.execute(update(DigestDay).where(DigestDay.id.in_(ids)).values(letter={}, numbers=[]))
        _note(tx, "digests forgotten", ids[-1])
    return len(ids)


def _last(tx: Tx, name: str) -> int:
    return tx.scalar(select(func.max(Revision.count)).where(Revision.name == name)) or 0


def _note(tx: Tx, name: str, row_id: int) -> None:
    kept = insert_into(tx, Revision).values(name=name, count=row_id)
    tx.execute(kept.on_conflict_do_update(index_elements=["name"], set_={"count": row_id}))
