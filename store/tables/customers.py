"""Customers and the people who work there."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.tables.base import Row


class Account(Row, kw_only=True):
    """A customer organisation, or one that may become a customer."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    external_id: Mapped[str | None] = mapped_column(default=None, unique=True)
    name: Mapped[str] = mapped_column(index=True)
    street: Mapped[str | None] = mapped_column(default=None)
    postcode: Mapped[str | None] = mapped_column(default=None)
    city: Mapped[str | None] = mapped_column(default=None)
    country: Mapped[str | None] = mapped_column(default=None)
    """ISO 3166 alpha-2."""
    region: Mapped[str | None] = mapped_column(default=None, index=True)
    industry: Mapped[str | None] = mapped_column(default=None)
    grade: Mapped[str | None] = mapped_column(default=None, index=True)
    """The organisation's class of customer, A to E."""
    status: Mapped[str] = mapped_column(default="customer")
    """``customer`` or ``prospect``."""
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("reps.id"), default=None, index=True)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None] = mapped_column(default=None)
    """Since when it is no longer a name that a report can mean; what was filed stays."""
    extra: Mapped[dict[str, Any]] = mapped_column(default_factory=dict, server_default="{}")
    """Values of the house's own attributes, by key."""
    aliases: Mapped[list["AccountAlias"]] = relationship(
        default_factory=list, cascade="all, delete-orphan", order_by="AccountAlias.id"
    )


class AccountAlias(Row, kw_only=True):
    """Another name by which an account goes."""

    __tablename__ = "account_aliases"
    __table_args__ = (UniqueConstraint("account_id", "alias"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), init=False)
    alias: Mapped[str]


class Contact(Row, kw_only=True):
    """One person, wherever they work."""

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    external_id: Mapped[str | None] = mapped_column(default=None, unique=True)
    name: Mapped[str] = mapped_column(index=True)
    language: Mapped[str | None] = mapped_column(default=None)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None] = mapped_column(default=None)
    """Since when it is no longer a name that a report can mean; what was filed stays."""
    extra: Mapped[dict[str, Any]] = mapped_column(default_factory=dict, server_default="{}")
    """Values of the house's own attributes, by key."""
    emails: Mapped[list["ContactEmail"]] = relationship(
        default_factory=list, cascade="all, delete-orphan", order_by="ContactEmail.id"
    )
    phones: Mapped[list["ContactPhone"]] = relationship(
        default_factory=list, cascade="all, delete-orphan", order_by="ContactPhone.id"
    )
    employments: Mapped[list["Employment"]] = relationship(
        default_factory=list,
        cascade="all, delete-orphan",
        order_by="Employment.id",
        lazy="selectin",
        back_populates="contact",
        foreign_keys="Employment.contact_id",
    )


class ContactEmail(Row, kw_only=True):
    """An address of a contact; lower-case. Two people may share one (info@)."""

    __tablename__ = "contact_emails"
    __table_args__ = (UniqueConstraint("contact_id", "email"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), init=False)
    email: Mapped[str] = mapped_column(index=True)


class ContactPhone(Row, kw_only=True):
    """A phone number of a contact, as it was written."""

    __tablename__ = "contact_phones"
    __table_args__ = (UniqueConstraint("contact_id", "phone"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), init=False)
    phone: Mapped[str]


class Employment(Row, kw_only=True):
    """That a contact works, or worked, at an account. Leaving ends the employment, not the person."""

    __tablename__ = "employments"
    __table_args__ = (UniqueConstraint("contact_id", "account_id"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), init=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    role: Mapped[str | None] = mapped_column(default=None)
    since: Mapped[date | None] = mapped_column(default=None)
    until: Mapped[date | None] = mapped_column(default=None)
    stale_since: Mapped[date | None] = mapped_column(default=None)
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), default=None)
    contact: Mapped[Contact] = relationship(
        init=False, back_populates="employments", foreign_keys="Employment.contact_id"
    )


class ContactSign(Row, kw_only=True):
    """One thing that speaks for or against it that a contact is still reached at an address: a bounce, an answer."""

    __tablename__ = "contact_signs"
    __table_args__ = (UniqueConstraint("capture_id", "contact_id", "address"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    address: Mapped[str]
    """The mail address that it is about; empty where it is about the person."""
    kind: Mapped[str]
    """As in `capture.vitality.POINTS`."""
    on: Mapped[date]
    capture_id: Mapped[int | None] = mapped_column(ForeignKey("captures.id"), default=None)
    """The mail that said so; None where one of us did."""
    words: Mapped[str] = mapped_column(default="")
    """What the other mail system, or the person, said."""
    proved: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    """Whether it answers a mail of ours, or its own sender is proved."""
    successor: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    """``name``, ``email``, ``phone`` of who follows, as far as it was said."""
