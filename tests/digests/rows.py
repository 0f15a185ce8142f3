"""Visits as rows, for tests that count them."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import select

from store.db import Tx
from store.tables import Account, Capture, Rep, RepEmail, Visit

_numbers = count(1)


def rep_of(tx: Tx, address: str) -> Rep:
    """The rep of a mail address."""
    return tx.scalars(select(Rep).join(RepEmail).where(RepEmail.email == address)).one()


def account_of(tx: Tx, external_id: str) -> Account:
    """The account of this id from outside."""
    return tx.scalars(select(Account).where(Account.external_id == external_id)).one()


def visited(tx: Tx, rep_id: int, account_id: int | None, on: date, **more: Any) -> Visit:
    """A visit that was held, and the message that told of it."""
    number = next(_numbers)
    at = datetime.combine(on, datetime.min.time(), UTC).replace(hour=15)
    capture = Capture(
        via="web", source_id=f"row-{number}", sender="somebody", rep_id=rep_id, sent_at=at, taken_at=at, text="",
        message={}, reply_to={}, state="filed",
    )  # fmt: skip
    tx.add(capture)
    tx.flush()
    made = Visit(
        number=f"V-{number}", capture_id=capture.id, rep_id=rep_id, account_id=account_id, on=on, created_at=at, **more
    )
    tx.add(made)
    tx.flush()
    return made
