"""What is owed, and the digests that tell of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Row


class Target(Row, kw_only=True):
    """Visits owed by a rep in each period from ``since`` on."""

    __tablename__ = "targets"
    __table_args__ = (UniqueConstraint("rep_id", "period", "since"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("reps.id"))
    period: Mapped[str] = mapped_column(default="week")
    """``week`` or ``month``."""
    visits: Mapped[int]
    since: Mapped[date]


class DigestDay(Row, kw_only=True):
    """That somebody's digest of a day was begun: there is one such row, so it is sent once, however often one looks."""

    __tablename__ = "digest_days"
    __table_args__ = (UniqueConstraint("rep_id", "day", "kind"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("reps.id", ondelete="CASCADE"))
    day: Mapped[date]
    """In the reader's zone."""
    kind: Mapped[str]
    """``morning`` or ``team``."""
    batch: Mapped[str] = mapped_column(index=True)
    """Those that are composed together."""
    state: Mapped[str] = mapped_column(default="begun")
    """``begun``, ``empty`` (nothing to say), ``made`` or ``sent``."""
    begun_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    letter: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
