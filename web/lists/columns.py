"""The columns that a list can have: one description for the page and for what is taken out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Generic, TypeVar

Row = TypeVar("Row")
Cell = str | int | Decimal | date | time | None


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column: ``key`` names it in addresses, ``title`` for people, ``value`` is what a row has there."""

    key: str
    title: str
    value: Callable[[Row], Cell]
    usual: bool = True
    """Whether it is there unless somebody chose."""


def chosen(columns: Sequence[Column[Row]], keys: str) -> tuple[Column[Row], ...]:
    """The columns whose keys stand in ``keys``, with commas between, in that order; the usual ones where none does."""
    by_key: Mapping[str, Column[Row]] = {column.key: column for column in columns}
    wanted = dict.fromkeys(key for key in keys.split(",") if key in by_key)
    return tuple(by_key[key] for key in wanted) or tuple(column for column in columns if column.usual)
