"""What one of us keeps to themselves."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Row


class PrivateNote(Row, kw_only=True):
    """Words of one person for that person alone; never searched, exported, mailed or shown to anybody else."""

    __tablename__ = "private_notes"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    rep_id: Mapped[int | None] = mapped_column(ForeignKey("reps.id", ondelete="CASCADE"), default=None, index=True)
    """Whose; None where it came with a message: then it is whose message that is."""
    capture_id: Mapped[int | None] = mapped_column(ForeignKey("captures.id"), default=None, index=True)
    """The message that it stood in."""
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), default=None, index=True)
    """The visit that it was written under; None where the message's own visits are meant."""
    text: Mapped[str]
    written_at: Mapped[datetime]
