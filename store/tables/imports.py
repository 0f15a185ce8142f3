"""What was brought in from lists of other systems."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Row


class Import(Row, kw_only=True):
    """A list that somebody uploaded: to be looked at at first, then the protocol of what was done with it."""

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    rep_id: Mapped[int | None] = mapped_column(ForeignKey("reps.id", ondelete="SET NULL"), default=None, index=True)
    """Who uploaded it, who alone may look at it; None where nobody signs in."""
    by: Mapped[str]
    """As a change's ``by``."""
    what: Mapped[str]
    """``reps``, ``accounts`` or ``contacts``."""
    file_name: Mapped[str]
    uploaded_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    """When the list is forgotten where nobody confirmed it."""
    content: Mapped[bytes | None] = mapped_column(default=None)
    """The list as `capture.importing.uploads` packs it; None where it is done with."""
    columns: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    """Field to the column that tells it, as it was guessed or chosen."""
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    counts: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    """``new``, ``changed``, ``unchanged``, ``forgotten``, ``faults``: lines that came to it."""
