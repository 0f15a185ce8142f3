"""What a house keeps of its records beside what everybody does."""

from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Row


class HouseAttribute(Row, kw_only=True):
    """One more thing to know of each account, contact or visit; its values stand in ``extra`` of these, by its key."""

    __tablename__ = "house_attributes"
    __table_args__ = (UniqueConstraint("record", "key"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    record: Mapped[str]
    """``account``, ``contact`` or ``visit``."""
    key: Mapped[str]
    kind: Mapped[str]
    """``text``, ``number``, ``date`` or ``choice``."""
    labels: Mapped[dict[str, Any]]
    """Language to label."""
    choices: Mapped[list[Any]] = mapped_column(default_factory=list, server_default="[]")
    """What it may be, of a choice."""
    active: Mapped[bool] = mapped_column(default=True)
    """Whether it is shown and asked for; values of one that is not stay."""
