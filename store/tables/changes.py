"""What changed, by whom."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Row


class Change(Row, kw_only=True):
    """One field of one record changed: from what to what, by whom, from which words."""

    __tablename__ = "changes"
    __table_args__ = (sa.Index("ix_changes_record_record_id", "record", "record_id"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    at: Mapped[datetime]
    record: Mapped[str]
    """``visit``, ``account``, ``contact``, ``employment``, ``target``, ``interval``, ``capture`` (a
    message), or of the house's lists ``kind``, ``keyword``, ``rule`` or ``attribute``."""
    record_id: Mapped[int]
    field: Mapped[str]
    old: Mapped[Any] = mapped_column(sa.JSON, default=None)
    new: Mapped[Any] = mapped_column(sa.JSON, default=None)
    by: Mapped[str] = mapped_column(index=True)
    """``message:<capture id>``, ``rep:<rep id>``, ``import`` or ``rule:<name>``."""
    words: Mapped[str | None] = mapped_column(default=None)
