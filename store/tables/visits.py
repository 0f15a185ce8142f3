"""What was filed."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.tables.base import Row


class Visit(Row, kw_only=True):
    """A meeting that counts, as a rep reported it."""

    __tablename__ = "visits"
    __table_args__ = (
        UniqueConstraint("capture_id", "position"),
        sa.Index("ix_visits_rep_id_on", "rep_id", "on"),
        sa.Index("ix_visits_account_id_on", "account_id", "on"),
        sa.Index("ix_visits_on_id", "on", "id"),
        # Lists that are narrowed by one of these show the newest of a million without sorting them.
        *(sa.Index(f"ix_visits_{column}_on", column, "on") for column in ("type", "medium", "outcome")),
        # Counting what was held reads no visit.
        sa.Index("ix_visits_status_on_withdrawn_at_rep_id", "status", "on", "withdrawn_at", "rep_id"),
    )

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    """Readable: ``V-2026-00042``."""
    capture_id: Mapped[int] = mapped_column(ForeignKey("captures.id"))
    position: Mapped[int] = mapped_column(default=0)
    """Which of the message's visits this is, from 0."""
    rep_id: Mapped[int] = mapped_column(ForeignKey("reps.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), default=None)
    """None while the rep is asked which account is meant."""
    on: Mapped[date]
    """The day, in the rep's zone."""
    starts: Mapped[time | None] = mapped_column(default=None)
    ends: Mapped[time | None] = mapped_column(default=None)
    timezone: Mapped[str] = mapped_column(default="UTC")
    """The zone that ``on``, ``starts`` and ``ends`` are told in."""
    street: Mapped[str | None] = mapped_column(default=None)
    postcode: Mapped[str | None] = mapped_column(default=None)
    city: Mapped[str | None] = mapped_column(default=None)
    subject: Mapped[str | None] = mapped_column(default=None)
    type: Mapped[str | None] = mapped_column(default=None)
    medium: Mapped[str | None] = mapped_column(default=None)
    outcome: Mapped[str | None] = mapped_column(default=None)
    status: Mapped[str] = mapped_column(default="held")
    """``planned``, ``held``, ``missed`` or ``cancelled``."""
    report: Mapped[str] = mapped_column(default="")
    evidence: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    """Field to the words it was read from: ``[{start, end, part, confidence, why}]``."""
    candidates: Mapped[list[int]] = mapped_column(default_factory=list)
    """Ids of the accounts that fit while none is chosen, or that a new one is spelt much like."""
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
    extra: Mapped[dict[str, Any]] = mapped_column(default_factory=dict, server_default="{}")
    """Values of the house's own attributes, by key."""
    contacts: Mapped[list["VisitContact"]] = relationship(
        default_factory=list, cascade="all, delete-orphan", order_by="VisitContact.position", lazy="selectin"
    )
    keywords: Mapped[list["VisitKeyword"]] = relationship(
        default_factory=list, cascade="all, delete-orphan", order_by="VisitKeyword.position", lazy="selectin"
    )
    amounts: Mapped[list["Amount"]] = relationship(
        default_factory=list, cascade="all, delete-orphan", order_by="Amount.id", lazy="selectin"
    )
    actions: Mapped[list["Action"]] = relationship(
        default_factory=list, cascade="all, delete-orphan", order_by="Action.id", lazy="selectin"
    )


class VisitSource(Row, kw_only=True):
    """That another message told of a visit that was filed already."""

    __tablename__ = "visit_sources"
    __table_args__ = (UniqueConstraint("capture_id", "position"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), index=True)
    capture_id: Mapped[int] = mapped_column(ForeignKey("captures.id"))
    position: Mapped[int] = mapped_column(default=0)
    """Which of that message's visits this is, from 0."""
    rep_id: Mapped[int] = mapped_column(ForeignKey("reps.id"), index=True)
    note: Mapped[str] = mapped_column(default="")
    """That rep's own words."""
    added_at: Mapped[datetime]


class Proposal(Row, kw_only=True):
    """What a signature tells of a known contact who was met; it fills only what is empty, when a rep agrees."""

    __tablename__ = "proposals"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    field: Mapped[str]
    """``role`` (at the visit's account), ``phone`` or ``email``."""
    value: Mapped[str]
    accepted_at: Mapped[datetime | None] = mapped_column(default=None)


class VisitContact(Row, kw_only=True):
    """That a contact was met at a visit."""

    __tablename__ = "visit_contacts"

    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), init=False, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)


class VisitKeyword(Row, kw_only=True):
    """A term under which a visit is found again."""

    __tablename__ = "visit_keywords"

    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), init=False, primary_key=True)
    term: Mapped[str] = mapped_column(primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)


class Amount(Row, kw_only=True):
    """Money that was spoken of."""

    __tablename__ = "amounts"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), init=False, index=True)
    value: Mapped[Decimal] = mapped_column(sa.Numeric(16, 2))
    currency: Mapped[str]
    """ISO 4217."""


class Action(Row, kw_only=True):
    """What someone promised, perhaps with a day by which it is due."""

    __tablename__ = "actions"
    __table_args__ = (
        sa.Index("ix_actions_assignee_id_state_due", "assignee_id", "state", "due"),
        sa.Index("ix_actions_state_due_id", "state", "due", "id"),
    )

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), init=False, index=True)
    text: Mapped[str]
    due: Mapped[date | None] = mapped_column(default=None)
    assignee_id: Mapped[int] = mapped_column(ForeignKey("reps.id"))
    state: Mapped[str] = mapped_column(default="open")
    """``open``, ``done`` or ``dropped``."""


class VisitNumber(Row, kw_only=True):
    """The last number given to a visit in a year."""

    __tablename__ = "visit_numbers"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
