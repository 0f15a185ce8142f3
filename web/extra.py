"""The house's own attributes on pages: values for people, fields of forms, columns of lists."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from capture.attributes import field_of, label_of, shown, values
from store import attributes
from store.db import Tx
from store.tables import HouseAttribute
from web.fields import Field
from web.lists.columns import Cell, Column

Row = TypeVar("Row")


def told(tx: Tx, record: str, extra: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Labels and values of a record, for its page."""
    return [(label, str(value)) for label, value in values(attributes.of(tx, record), extra)]


def fields(tx: Tx, record: str, extra: Mapping[str, Any]) -> Iterator[Field]:
    """The fields of its form."""
    for one in attributes.of(tx, record):
        kept = str(extra.get(one.key) or "")
        names = dict.fromkeys(["", *map(str, one.choices), kept]) if one.kind == "choice" else {}
        options = [(name, name or "not told") for name in names]
        kind = "date" if one.kind == "date" else "text"
        yield Field(field_of(one), label_of(one, "en"), kept, options, kind=kind)


def columns(
    known: Sequence[HouseAttribute], of: Callable[[Row], Mapping[str, Any]], *, usual: bool = True
) -> tuple[Column[Row], ...]:
    """The columns of a list; ``of`` gives what is kept of a row's record."""

    def column(one: HouseAttribute) -> Column[Row]:
        def value(row: Row) -> Cell:
            return shown(one, of(row).get(one.key))

        return Column(field_of(one), label_of(one, "en"), value, usual=usual)

    return tuple(column(one) for one in known)
