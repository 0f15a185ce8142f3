"""Mailings, and which of their addresses sent them back."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Row


class Sending(Row, kw_only=True):
    """One mailing: a list that was handed out here, or a newsletter that is known by what came back of it."""

    __tablename__ = "sendings"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    """``list:<n>`` of a list that was handed out; else the newsletter's own name and its subject."""
    name: Mapped[str]
    at: Mapped[datetime]
    """When the list was handed out, or the first mail came back."""
    size: Mapped[int | None] = mapped_column(default=None)
    """To how many addresses; None where only its bounces are known."""


class SendingAddress(Row, kw_only=True):
    """An address that a mailing went to, and whether it came back."""

    __tablename__ = "sending_addresses"
    __table_args__ = (UniqueConstraint("sending_id", "email"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    sending_id: Mapped[int] = mapped_column(ForeignKey("sendings.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str | None] = mapped_column(default=None)
    """Why it came back, as in `capture.liveliness.POINTS`."""
    bounced_on: Mapped[date | None] = mapped_column(default=None)


class LookedInto(Row, kw_only=True):
    """That an automatic mail was looked into; kept until all that were taken in before it are."""

    __tablename__ = "looked_into"

    capture_id: Mapped[int] = mapped_column(
        ForeignKey("captures.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
