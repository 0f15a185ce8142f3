"""What other programs are given: tokens to come in by, and webhooks that tell them what happened."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Row


class ApiToken(Row, kw_only=True):
    """That a program may act as one of us, as far as its scopes go. Of the token itself only a hash is kept."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("reps.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    """What its person calls it."""
    token_sha256: Mapped[str] = mapped_column(unique=True)
    ending: Mapped[str]
    """Its last four characters, for the person to know it by."""
    scopes: Mapped[list[Any]]
    """As in `capture.tokens.SCOPES`."""
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    """When it was last shown, give or take some minutes."""
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)


class ApiRequest(Row, kw_only=True):
    """That a request with an Idempotency-Key was made, and what was answered; kept for a day."""

    __tablename__ = "api_requests"
    __table_args__ = (UniqueConstraint("token_id", "key"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("api_tokens.id", ondelete="CASCADE"))
    key: Mapped[str]
    fingerprint: Mapped[str]
    """A hash of the method, the address and the body."""
    begun_at: Mapped[datetime] = mapped_column(index=True)
    answer: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    """``status``, ``headers`` and ``body``; empty while it is being worked on."""


class Webhook(Row, kw_only=True):
    """An address that is told what happened."""

    __tablename__ = "webhooks"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    url: Mapped[str]
    events: Mapped[list[Any]]
    """As in `capture.webhook_events.EVENTS`."""
    secret: Mapped[str]
    """What its messages are signed with, ``whsec_…``."""
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    """As a change's ``by``."""
    active: Mapped[bool] = mapped_column(default=True)
    problem: Mapped[str | None] = mapped_column(default=None)
    """Why it was switched off, where that was not somebody's wish."""
    failing_since: Mapped[datetime | None] = mapped_column(default=None)
    """The first failure since something was taken; None while all is well."""


class WebhookDelivery(Row, kw_only=True):
    """One message to one webhook, and how far it got."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (Index("ix_webhook_deliveries_webhook_id_id", "webhook_id", "id"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    message_id: Mapped[str]
    """The same for every webhook that is told, and whenever it is sent again: receivers know it by this."""
    event: Mapped[str]
    body: Mapped[str]
    """The JSON text that is signed."""
    at: Mapped[datetime] = mapped_column(index=True)
    """When it happened."""
    state: Mapped[str] = mapped_column(default="waiting")
    """``waiting``, ``delivered`` or ``failed``."""
    attempts: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None] = mapped_column(default=None)
    status: Mapped[int | None] = mapped_column(default=None)
    """The HTTP status of the last answer."""
    problem: Mapped[str | None] = mapped_column(default=None)
    """Why the last attempt failed."""
