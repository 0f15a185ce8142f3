"""Changes of many rows that can be taken back whole: each is written down with what was there before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import lazyload

from store.db import Instant, Tx
from store.tables import Rep, Row, Step

Entry = dict[str, Any]
"""``table`` with ``key`` (its row), ``old`` and ``new`` values; or with the ``row`` that was taken out or put in."""


class Journal:
    """Does things to rows of any table and writes down how to undo them."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self.entries: list[Entry] = []

    def change(self, table: sa.Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Set columns of the row of this primary key; what is so already is left alone."""
        row = self._tx.execute(select(table).where(*_is(table, key))).mappings().one()
        old = {name: row[name] for name, value in values.items() if row[name] != value}
        if not old:
            return
        new = {name: values[name] for name in old}
        self._tx.execute(sa.update(table).where(*_is(table, key)).values(new))
        moved = {name: new.get(name, value) for name, value in key.items()}
        entry = {"table": table.name, "key": moved, "old": old, "new": new}
        self.entries.append({name: _plain(value) for name, value in entry.items()})

    def remove(self, table: sa.Table, key: Mapping[str, Any]) -> None:
        """Take the row of this primary key out."""
        row = dict(self._tx.execute(select(table).where(*_is(table, key))).mappings().one())
        self._tx.execute(sa.delete(table).where(*_is(table, key)))
        self.entries.append({"table": table.name, "removed": _plain(row)})

    def insert(self, table: sa.Table, values: Mapping[str, Any]) -> None:
        """Put a row in."""
        result = self._tx.execute(sa.insert(table).values(values).returning(*table.primary_key.columns))
        self.entries.append({"table": table.name, "inserted": _plain(dict(result.mappings().one()))})


def undo(tx: Tx, entries: Sequence[Entry]) -> int:
    """Put back what the entries tell, the last first; how many could not be, as the row is another one by now."""
    tx.flush()
    failed = 0
    for entry in reversed(entries):
        try:
            with tx.begin_nested():
                failed += not _undo(tx, entry)
        except IntegrityError:
            failed += 1  # something of the same key was entered since: it stays
    tx.expire_all()
    return failed


def _undo(tx: Tx, entry: Entry) -> bool:
    table = table_of(entry["table"])
    if "removed" in entry:
        tx.execute(sa.insert(table).values(_typed(table, entry["removed"])))
        return True
    if "inserted" in entry:
        tx.execute(sa.delete(table).where(*_is(table, _typed(table, entry["inserted"]))))
        return True
    key, new, old = (_typed(table, entry[part]) for part in ("key", "new", "old"))
    row = tx.execute(select(table).where(*_is(table, key))).mappings().first()
    if row is None or any(row[name] != value for name, value in new.items()):
        return False
    tx.execute(sa.update(table).where(*_is(table, key)).values(old))
    return True


def table_of(name: str) -> sa.Table:
    """The table of this name."""
    return Row.metadata.tables[name]


def referring(name: str) -> Iterator[tuple[sa.Table, sa.Column[Any]]]:
    """Every column of every table that holds the id of a row of the table of this name."""
    for table in Row.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column.table.name == name for key in column.foreign_keys):
                yield table, column


def key_of(table: sa.Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row's primary key."""
    return {column.name: row[column.name] for column in table.primary_key.columns}


def latest(tx: Tx, kind: str, to_id: int) -> list[Step]:
    """The steps by which this record took over something, the latest first, without those that were taken back."""
    query = select(Step).where(Step.kind == kind, Step.to_id == to_id, Step.undone_at.is_(None))
    return list(tx.scalars(query.order_by(Step.id.desc())))


@dataclass(frozen=True, slots=True)
class ListedStep:
    """A step with the names of those whom it is about, and of who took it; None for what has no name."""

    step: Step
    gone: str | None
    stays: str | None
    by: str | None


def handovers(tx: Tx, most: int = 20) -> list[ListedStep]:
    """The latest steps by which one of us took over another one's work, taken back or not, the latest first."""
    rows = list(tx.scalars(select(Step).where(Step.kind == "handover").order_by(Step.id.desc()).limit(most)))
    ids = {one for row in rows for one in (row.from_id, row.to_id)} | {
        int(row.by.removeprefix("rep:")) for row in rows if row.by.startswith("rep:")
    }
    names = {f"rep:{rep_id}": name for rep_id, name in tx.execute(select(Rep.id, Rep.name).where(Rep.id.in_(ids)))}
    return [
        ListedStep(row, names.get(f"rep:{row.from_id}"), names.get(f"rep:{row.to_id}"), names.get(row.by))
        for row in rows
    ]


def last_handover(tx: Tx, from_id: int, to_id: int) -> int | None:
    """The id of the latest step by which the one took over the other one's work; None where it was taken back."""
    query = select(Step.id).where(Step.kind == "handover", Step.from_id == from_id, Step.to_id == to_id)
    return tx.scalar(query.where(Step.undone_at.is_(None)).order_by(Step.id.desc()).limit(1))


def everybody(tx: Tx) -> list[Rep]:
    """All of us and those who were, by name, those who are first."""
    people = select(Rep).order_by(Rep.active.desc(), Rep.name, Rep.id)
    return list(tx.scalars(people.options(lazyload(Rep.emails))))


def into(tx: Tx, kind: str, from_id: int) -> int | None:
    """Which record has what this one had; None where it has it still."""
    query = select(Step.to_id).where(Step.kind == kind, Step.from_id == from_id, Step.undone_at.is_(None))
    return tx.scalar(query.order_by(Step.id.desc()).limit(1))


def _is(table: sa.Table, key: Mapping[str, Any]) -> list[sa.ColumnElement[bool]]:
    return [table.c[name] == value for name, value in key.items()]


def _plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _typed(table: sa.Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """As the table's columns have it."""
    return {name: _read(table.c[name].type, value) for name, value in values.items()}


def _read(kind: sa.types.TypeEngine[Any], value: Any) -> Any:
    if value is None or isinstance(kind, sa.JSON):
        return value
    wanted = datetime if isinstance(kind, Instant) else kind.python_type
    if wanted in {date, datetime, time}:
        return wanted.fromisoformat(value)
    return Decimal(value) if wanted is Decimal else value
