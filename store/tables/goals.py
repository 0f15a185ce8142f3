"""The digests that tell where everyone stands."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Row


class DigestDay(Row, kw_only=True):
    """That somebody's digest of a day was begun: there is one such row, so it is sent once, however often one looks."""

    __tablename__ = "digest_days"
    __table_args__ = (UniqueConstraint("rep_id", "day", "kind"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("reps.id", ondelete="CASCADE"))
    day: Mapped[date]
    """In the reader's zone."""
    kind: Mapped[str]
    """``morning`` or ``team``; ``week`` or ``team_week``, which say it of a week."""
    batch: Mapped[str] = mapped_column(index=True)
    """Those that are composed together."""
    state: Mapped[str] = mapped_column(default="begun")
    """``begun``, ``empty`` (nothing to say), ``made``, ``sent`` or ``late`` (made, and no news any more)."""
    begun_at: Mapped[datetime]
    until: Mapped[datetime | None] = mapped_column(default=None)
    """From then on it is no news any more, and is not sent; None where somebody asked for it by hand."""
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    letter: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    numbers: Mapped[list[Any]] = mapped_column(default_factory=list, server_default="[]")
    """What the numbers 1, 2, 3 … of the letter stand for, as in `letters.digest.Numbered`."""
