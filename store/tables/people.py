"""Who we are, and who is signed in."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.tables.base import Row


class Rep(Row, kw_only=True):
    """One who reports, or whom reports are for: rep, manager, operator, marketing or administrator."""

    __tablename__ = "reps"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(default="rep")
    team: Mapped[str | None] = mapped_column(default=None)
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("reps.id"), default=None)
    slack_id: Mapped[str | None] = mapped_column(default=None, unique=True)
    language: Mapped[str] = mapped_column(default="en")
    timezone: Mapped[str] = mapped_column(default="UTC")
    working_days: Mapped[list[int]] = mapped_column(default_factory=lambda: [0, 1, 2, 3, 4])
    """Weekdays at work, Monday = 0."""
    active: Mapped[bool] = mapped_column(default=True)
    emails: Mapped[list["RepEmail"]] = relationship(
        default_factory=list, cascade="all, delete-orphan", order_by="RepEmail.id", lazy="selectin"
    )

    @property
    def email(self) -> str:
        """The address that names this person."""
        return self.emails[0].email


class RepEmail(Row, kw_only=True):
    """An address that a rep writes from; lower-case. The first is the one that names the rep."""

    __tablename__ = "rep_emails"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("reps.id", ondelete="CASCADE"), init=False, index=True)
    email: Mapped[str] = mapped_column(unique=True)


class Preference(Row, kw_only=True):
    """What one of us chose for themselves; None where the house's own ways are fine."""

    __tablename__ = "preferences"

    rep_id: Mapped[int] = mapped_column(ForeignKey("reps.id", ondelete="CASCADE"), primary_key=True)
    digest_hour: Mapped[int | None] = mapped_column(default=None)
    """The hour, 0 to 23 in their zone, at which the digest comes."""
    digest_rhythm: Mapped[str | None] = mapped_column(default=None)
    """How often it comes: ``daily`` (so too where nothing was chosen), ``weekly`` or ``never``."""
    rhythm_asked_at: Mapped[datetime | None] = mapped_column(default=None)
    """When they were asked whether once a week is enough, having left some unread."""
    brief_when: Mapped[str | None] = mapped_column(default=None)
    """``hour``: the brief for a planned visit comes an hour before it too; None: with the morning's digest alone."""
    quiet_from: Mapped[int | None] = mapped_column(default=None)
    """From this hour until ``quiet_until``, past midnight too, nothing comes that was not asked for."""
    quiet_until: Mapped[int | None] = mapped_column(default=None)
    own: Mapped[list[Any]] = mapped_column(default_factory=list)
    """Columns of their row in ``reps`` that they set themselves, which an import leaves alone; and ``profile`` where
    their profile in the chat was looked at."""
    home_opened_at: Mapped[datetime | None] = mapped_column(default=None)
    """When they last looked at their page in the chat."""


class SignInLink(Row, kw_only=True):
    """That somebody asked for a link to sign in by. The link itself is made when it is sent, and kept only hashed."""

    __tablename__ = "sign_in_links"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("reps.id", ondelete="CASCADE"), index=True)
    place: Mapped[str] = mapped_column(default="/")
    """Where on our pages they meant to go."""
    asked_at: Mapped[datetime]
    token_sha256: Mapped[str | None] = mapped_column(default=None, unique=True)
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class WebSession(Row, kw_only=True):
    """That a browser is signed in as one of us."""

    __tablename__ = "web_sessions"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("reps.id", ondelete="CASCADE"), index=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    browser: Mapped[str] = mapped_column(default="")
    """What it calls itself, for the person to know it by."""
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime | None] = mapped_column(default=None)
    """When a page was looked at last, to the day."""
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
