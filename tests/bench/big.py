"""``python -m tests.bench.big URL``: fill a new database with a large invented house; the same one for the same seed.

SQLite by ``executemany``, PostgreSQL by ``COPY``: a million visits take a few minutes.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime
from time import perf_counter
from typing import Any, Protocol

import psycopg
from sqlalchemy import JSON
from sqlalchemy.engine import make_url

from store import kinds
from store.db import Db, sqlite_module
from store.migrate import migrate
from store.tables import Row
from tests.bench.big_house import COLUMNS, Size, rows
from tests.bench.tables import say

CHUNK = 20_000
"""Rows that go to the database together."""


class Sink(Protocol):
    """Where rows go."""

    def put(self, table: str, columns: Sequence[str], some: Sequence[Sequence[Any]]) -> None:
        """Take rows of one table."""

    def end(self) -> None:
        """Keep what was taken, and have the planner know of it."""


class SqliteSink:
    """An SQLite file, written without the guards that a house has: it is thrown away when this breaks."""

    def __init__(self, file: str) -> None:
        self._to = sqlite_module().connect(file, isolation_level=None)
        for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-200000"):
            self._to.execute(f"PRAGMA {pragma}")
        self._to.execute("BEGIN")

    def put(self, table: str, columns: Sequence[str], some: Sequence[Sequence[Any]]) -> None:
        names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
        self._to.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", some)

    def end(self) -> None:
        self._to.execute("COMMIT")
        self._to.execute("ANALYZE")
        self._to.close()


class PostgresSink:
    """A PostgreSQL database, by COPY; foreign keys are not looked at, so it takes a superuser."""

    def __init__(self, url: str) -> None:
        self._to = psycopg.connect(url)
        self._to.execute("SET session_replication_role = replica")
        self._to.execute("SET synchronous_commit = off")
        self._to.execute("SET timezone = 'UTC'")
        self._tables: set[str] = set()

    def put(self, table: str, columns: Sequence[str], some: Sequence[Sequence[Any]]) -> None:
        names = ", ".join(f'"{name}"' for name in columns)
        lines = "".join("\t".join([r"\N" if cell is None else str(cell) for cell in row]) + "\n" for row in some)
        with self._to.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            copy.write(lines)
        if "id" in columns:
            self._tables.add(table)

    def end(self) -> None:
        for table in sorted(self._tables):
            self._to.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        self._to.commit()
        self._to.autocommit = True
        self._to.execute("VACUUM ANALYZE")
        self._to.close()


@contextmanager
def sink_of(url: str) -> Iterator[Sink]:
    """Where rows for the database at ``url`` go; kept at the end of the block."""
    plain = make_url(url)
    sink: Sink = (
        SqliteSink(plain.database or "")
        if plain.drivername.startswith("sqlite")
        else PostgresSink(plain.set(drivername="postgresql").render_as_string(hide_password=False))
    )
    yield sink
    sink.end()


def fill(url: str, size: Size, until: date, seed: int = 1) -> int:
    """Bring a new database to the newest shape and fill it; how many rows. The same arguments give the same rows."""
    db = Db(url)
    try:
        migrate(db)
        with db.write() as tx:
            kinds.add_defaults(tx)
    finally:
        db.close()
    waiting: dict[str, list[Sequence[Any]]] = {table: [] for table in COLUMNS}
    more = {table: _more(table) for table in COLUMNS}
    count = 0

    def put(table: str) -> int:
        some, (names, values) = waiting[table], more[table]
        sink.put(table, (*COLUMNS[table], *names), [(*row, *values) for row in some] if values else some)
        waiting[table] = []
        return len(some)

    with sink_of(url) as sink:
        for table, row in rows(size, until, seed):
            waiting[table].append(row)
            if len(waiting[table]) >= CHUNK:
                count += put(table)
        return count + sum(put(table) for table, some in waiting.items() if some)


def _more(table: str) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """The columns that must be filled and that nothing is invented for, with what a new row has there."""
    mapper = next(one for one in Row.registry.mappers if one.local_table is Row.metadata.tables[table])
    usual = {one.name: one for one in fields(mapper.class_)}
    found: dict[str, Any] = {}
    for column in Row.metadata.tables[table].columns:
        if column.name in COLUMNS[table] or column.nullable or column.server_default is not None:
            continue
        one = usual[mapper.get_property_by_column(column).key]
        value = one.default_factory() if one.default_factory is not MISSING else one.default
        found[column.name] = json.dumps(value) if isinstance(column.type, JSON) else value
    return tuple(found), tuple(found.values())


def main() -> None:
    """Fill one database."""
    arguments = argparse.ArgumentParser(prog="python -m tests.bench.big", description=__doc__)
    arguments.add_argument("url", help="a new database: sqlite:///FILE or postgresql://…")
    for name, usual in (("visits", 1_000_000), ("accounts", 50_000), ("contacts", 200_000), ("reps", 5_000)):
        arguments.add_argument(f"--{name}", type=int, default=usual)
    arguments.add_argument("--managers", type=int, default=400)
    arguments.add_argument("--days", type=int, default=365, help="over how many days the visits are spread")
    arguments.add_argument(
        "--until", type=date.fromisoformat, default=datetime.now(UTC).date(), help="the last of them"
    )
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    size = Size(given.visits, given.accounts, given.contacts, given.reps, given.managers, given.days)
    began = perf_counter()
    count = fill(given.url, size, given.until, given.seed)
    say(f"{count:,} rows in {perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
