"""Who looked at what is somebody's own."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Row


class Access(Row, kw_only=True):
    """That somebody read personal data which are not in their own care; once a day for the same thing in one way."""

    __tablename__ = "access_log"
    __table_args__ = (
        sa.UniqueConstraint("by", "day", "thing", "thing_id", "how"),
        sa.Index("ix_access_log_thing_thing_id", "thing", "thing_id"),
    )

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    at: Mapped[datetime]
    """When first on that day."""
    day: Mapped[date] = mapped_column(index=True)
    """In UTC."""
    by: Mapped[str]
    """As a change's ``by``: ``rep:<id>``, or ``web`` or ``command`` where nobody signs in."""
    thing: Mapped[str]
    """``contact``, ``message``, ``attachment`` or ``export``."""
    thing_id: Mapped[int]
    """Its row's id; 0 for an export. What was erased since keeps its line."""
    how: Mapped[str]
    """Where it was read, in a few words: ``page of the account``; of an export, what it held."""
