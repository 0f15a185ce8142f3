"""What holds for the whole house: values that a manager edits, what was taught, what only it knows."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Row


class Kind(Row, kw_only=True):
    """A value that a manager edits: a visit's type, medium, outcome or status."""

    __tablename__ = "kinds"
    __table_args__ = (UniqueConstraint("family", "key"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    family: Mapped[str]
    """``type``, ``medium``, ``outcome`` or ``status``."""
    key: Mapped[str]
    labels: Mapped[dict[str, Any]]
    """Language to label."""
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
    """Whether it may be chosen and is read; one that is not stays on the visits that have it."""
    words: Mapped[list[Any]] = mapped_column(default_factory=list, server_default="[]")
    """Words by which the house knows it, beside those that are known anyway."""


class HouseKeyword(Row, kw_only=True):
    """A term of the organisation's own list: it is looked for in every report."""

    __tablename__ = "house_keywords"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    term: Mapped[str] = mapped_column(unique=True)
    active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    """Whether it is looked for; a term that is not stays at the visits that have it."""


class HouseSynonym(Row, kw_only=True):
    """Another word for a term of the house's list: who says it, or looks for it, means the term."""

    __tablename__ = "house_synonyms"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    keyword_id: Mapped[int] = mapped_column(ForeignKey("house_keywords.id", ondelete="CASCADE"), index=True)
    said: Mapped[str] = mapped_column(unique=True)


class Revision(Row, kw_only=True):
    """A count that rises with each change of what it names, so that what was computed from it can be kept."""

    __tablename__ = "revisions"

    name: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class Secret(Row, kw_only=True):
    """Something that only this house knows."""

    __tablename__ = "secrets"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class Lesson(Row, kw_only=True):
    """What a correction taught: these words mean this, for one rep or for the whole house."""

    __tablename__ = "lessons"
    __table_args__ = (sa.Index("ix_lessons_kind_phrase", "kind", "phrase"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    rep_id: Mapped[int | None] = mapped_column(ForeignKey("reps.id"), index=True)
    """Whose words these are; None where two reps taught the same and it holds for all."""
    kind: Mapped[str]
    """``account``, ``contact``, ``keyword`` or ``not_keyword`` (a term that is not wanted)."""
    phrase: Mapped[str]
    """The words folded as names are compared: what the lesson is found by."""
    said: Mapped[str]
    """The words as they were said, for people."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), default=None)
    """The account that is meant; for a contact the account within which the words mean that person."""
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), default=None)
    term: Mapped[str | None] = mapped_column(default=None)
    """The keyword as it is shown."""
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"), index=True)
    """The visit whose correction taught it."""
    taught_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=0)
    """How many values of filed visits rest on it."""
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_by: Mapped[str | None] = mapped_column(default=None)
    """As a change's ``by``: ``rep:<id>``, ``rule:<name>``, or ``web`` or ``command`` where somebody forgot it there."""
