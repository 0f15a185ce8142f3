"""The house's own handbook: how things are written here, what has to be told, and why."""

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Row


class HouseRule(Row, kw_only=True):
    """One convention, with the reason for it in the house's own words."""

    __tablename__ = "house_rules"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    about: Mapped[str]
    """``mandatory``, ``spelling``, ``title``, ``phone`` or ``other``: what only people go by."""
    record: Mapped[str] = mapped_column(default="visit")
    """Of what a field is mandatory: ``visit``, ``contact`` or ``account``."""
    field: Mapped[str] = mapped_column(default="")
    when: Mapped[str] = mapped_column(default="")
    """At which visits it is mandatory: ``outcome:order``, ``keyword:pump``, ``class:A``…; empty: at all."""
    written: Mapped[str] = mapped_column(default="")
    """How it is written; of phone numbers ``international``, ``national`` or ``digits``; else what people go by."""
    instead: Mapped[list[Any]] = mapped_column(default_factory=list, server_default="[]")
    """Spellings that are put right."""
    reasons: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    """Language to the reason."""
    active: Mapped[bool] = mapped_column(default=True)
