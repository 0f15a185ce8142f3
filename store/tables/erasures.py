"""What was erased at somebody's wish."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Row


class Erasure(Row, kw_only=True):
    """That a person was erased: when, by whom, what of it; nothing of the person."""

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str]
    """As a change's ``by``."""
    contact_id: Mapped[int]
    """The number that the contact had."""
    reference: Mapped[str] = mapped_column(default="")
    """The house's own mark of the request, such as the number of a letter."""
    counts: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    """How many rows of what were changed or taken out."""
    marks: Mapped[list[Any]] = mapped_column(default_factory=list)
    """Keyed hashes of what the outside calls the person: by these an import knows whom it must not bring back."""
