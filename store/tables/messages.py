"""What was said: messages taken in, and letters sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.tables.base import Row


class Capture(Row, kw_only=True):
    """The kept fact that a message was taken in, and how far it got."""

    __tablename__ = "captures"
    __table_args__ = (
        UniqueConstraint("via", "source_id"),
        Index("ix_captures_rep_id_sent_at", "rep_id", "sent_at"),
        Index(
            "ix_captures_raw_kept", "taken_at", "id",
            sqlite_where=text("raw IS NOT NULL"), postgresql_where=text("raw IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    via: Mapped[str]
    source_id: Mapped[str]
    sender: Mapped[str]
    """Who sent it, as the medium names them: a mail address or a Slack user id."""
    rep_id: Mapped[int | None] = mapped_column(ForeignKey("reps.id"))
    """None where nobody here goes by that sender."""
    sent_at: Mapped[datetime]
    taken_at: Mapped[datetime] = mapped_column(index=True)
    text: Mapped[str]
    """The rep's own words, as the reader saw them."""
    raw: Mapped[bytes | None] = mapped_column(default=None, deferred=True)
    """The whole mail, or the medium's own event as JSON."""
    message: Mapped[dict[str, Any]]
    """The `Message` as it went to the parser."""
    reply_to: Mapped[dict[str, Any]]
    """What the courier needs to answer in the same place."""
    state: Mapped[str] = mapped_column(default="taken", index=True)
    """``taken``, ``filed``, ``asked``, ``answer`` (to a question of ours), ``nothing`` (no visit), ``refused``
    (nobody here goes by that sender), ``failed`` (could not be taken; ``problem`` says why), ``forged`` (not proved
    to be from its sender, likewise), ``held`` (one too many at once), ``withdrawn``."""
    problem: Mapped[str | None] = mapped_column(default=None)
    language: Mapped[str | None] = mapped_column(default=None)
    not_a_report: Mapped[str | None] = mapped_column(default=None)
    attachments: Mapped[list["Attachment"]] = relationship(
        default_factory=list, cascade="all, delete-orphan", order_by="Attachment.id"
    )
    origins: Mapped[list["Origin"]] = relationship(
        default_factory=list, cascade="all, delete-orphan", order_by="Origin.id"
    )


class Origin(Row, kw_only=True):
    """What a message hands on, by a name that anybody else's forward of the same has too."""

    __tablename__ = "origins"
    __table_args__ = (UniqueConstraint("capture_id", "key"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    capture_id: Mapped[int] = mapped_column(ForeignKey("captures.id", ondelete="CASCADE"), init=False)
    key: Mapped[str] = mapped_column(index=True)
    """A Message-ID, or a hash of the content, with the kind before it."""


class Blob(Row, kw_only=True):
    """Bytes, kept once whoever sent them, under their SHA-256."""

    __tablename__ = "blobs"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[bytes] = mapped_column(deferred=True)


class Attachment(Row, kw_only=True):
    """A file that came with a message."""

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    capture_id: Mapped[int] = mapped_column(ForeignKey("captures.id", ondelete="CASCADE"), init=False, index=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"), index=True)
    name: Mapped[str]
    content_type: Mapped[str]
    size_bytes: Mapped[int]


class Delivery(Row, kw_only=True):
    """The kept fact that a letter was sent; looked at before it is sent again."""

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    letter_id: Mapped[str] = mapped_column(unique=True)
    capture_id: Mapped[int | None] = mapped_column(ForeignKey("captures.id"), default=None, index=True)
    via: Mapped[str]
    recipient: Mapped[str] = mapped_column(index=True)
    sent_at: Mapped[datetime]
    receipt: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    """What the medium calls the letter: Slack's channel and ts, a mail's Message-ID."""
    letter: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    """Subject and text as sent."""


class UsedLink(Row, kw_only=True):
    """That a link of a mail was used; looked at as long as it would be good."""

    __tablename__ = "used_links"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
