"""Steps that change many rows at once and can be taken back whole."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Row


class Step(Row, kw_only=True):
    """That one record took over what another one had: two contacts that were one person, or a rep's work."""

    __tablename__ = "steps"
    __table_args__ = (Index("ix_steps_kind_from_id", "kind", "from_id"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    kind: Mapped[str]
    """``merge`` (contacts) or ``handover`` (reps)."""
    from_id: Mapped[int]
    """Who had it; no foreign key, as what was erased since keeps its line."""
    to_id: Mapped[int] = mapped_column(index=True)
    at: Mapped[datetime]
    by: Mapped[str]
    """As a change's ``by``: ``rep:<id>``, ``web`` or ``command``."""
    journal: Mapped[list[Any]]
    """What was done to which row, in order, as in `store.steps.Journal`: enough to put it back."""
    undone_at: Mapped[datetime | None] = mapped_column(default=None)
    undone_by: Mapped[str | None] = mapped_column(default=None)


class ContactPair(Row, kw_only=True):
    """That two contacts may be one person, and what somebody said of it."""

    __tablename__ = "contact_pairs"
    __table_args__ = (UniqueConstraint("low_id", "high_id"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    low_id: Mapped[int]
    """The contact of the lower id; both without foreign key, as they come and go by themselves."""
    high_id: Mapped[int] = mapped_column(index=True)
    reason: Mapped[str]
    """``address``, ``phone`` or ``name``: what they have in common."""
    found_at: Mapped[datetime]
    different_at: Mapped[datetime | None] = mapped_column(default=None)
    """When somebody said that they are two people."""
    different_by: Mapped[str | None] = mapped_column(default=None)
