"""What is owed: targets, how often customers are to be visited, and the days on which somebody is off."""

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Row


class Target(Row, kw_only=True):
    """So much of something owed in each period from ``since`` on, by a rep, a team or the whole house.

    The newest that has begun is the one that holds: it goes on from period to period until another begins.
    """

    __tablename__ = "targets"
    __table_args__ = (sa.Index("ix_targets_measure_since", "measure", "since"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    level: Mapped[str] = mapped_column(default="rep")
    """``rep``, ``team`` or ``house``."""
    rep_id: Mapped[int | None] = mapped_column(ForeignKey("reps.id"), default=None, index=True)
    """Whose it is, at the level ``rep``."""
    team: Mapped[str | None] = mapped_column(default=None)
    """Whose it is, at the level ``team``: as in ``reps.team``. It is owed by all of the team together."""
    measure: Mapped[str] = mapped_column(default="visits")
    """What is counted, as `store.measures.read` has it."""
    period: Mapped[str] = mapped_column(default="week")
    """``day``, ``week``, ``month`` or ``quarter``."""
    value: Mapped[Decimal] = mapped_column(sa.Numeric(16, 2))
    currency: Mapped[str | None] = mapped_column(default=None)
    """ISO 4217, where money is owed."""
    since: Mapped[date]
    until: Mapped[date | None] = mapped_column(default=None)
    """The last day on which it holds; None: until another begins."""
    reason: Mapped[str | None] = mapped_column(default=None)
    """Why it takes the place of one that was signed off."""
    set_at: Mapped[datetime | None] = mapped_column(default=None)
    set_by: Mapped[str | None] = mapped_column(default=None)
    """As a change's ``by``."""
    signed_at: Mapped[datetime | None] = mapped_column(default=None)
    """When it was signed off, as what commission is paid by: from then on it stays as it is."""
    signed_by: Mapped[str | None] = mapped_column(default=None)


class VisitInterval(Row, kw_only=True):
    """How long it may be at most from one visit to the next: at customers of a class, or at one of them."""

    __tablename__ = "visit_intervals"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    grade: Mapped[str | None] = mapped_column(default=None, unique=True)
    """A class of customers; None where it is of one account."""
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), default=None, unique=True
    )
    """The account that has its own, whatever its class."""
    days: Mapped[int | None] = mapped_column(default=None)
    """None: none is asked for, although the class has one."""
    set_at: Mapped[datetime]
    set_by: Mapped[str]


class DayOff(Row, kw_only=True):
    """Days on which somebody does not work, holidays or ill: from ``first`` to ``last``."""

    __tablename__ = "days_off"
    __table_args__ = (UniqueConstraint("rep_id", "first", "last"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("reps.id", ondelete="CASCADE"))
    first: Mapped[date]
    last: Mapped[date]
