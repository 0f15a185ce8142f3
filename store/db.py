"""One database, SQLite or PostgreSQL, and the two ways to open a transaction. All that differs between them is here."""

import json
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock
from types import ModuleType
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

Tx = Session
"""An open transaction: questions take one and never commit it."""

BUSY_TIMEOUT_MS = 15_000
SQLITE_NEEDED = (3, 42)
"""The job engine's statements need it (RETURNING inside CTEs keeps order from 3.42 on)."""


class Instant(TypeDecorator[datetime]):
    """A moment in UTC: aware in Python on both databases, although SQLite keeps no zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def sqlite_module() -> ModuleType:
    """The DB-API module for SQLite: Python's own where its library is new enough, else the packaged one."""
    import sqlite3  # noqa: PLC0415  # only where SQLite is used at all

    if sqlite3.sqlite_version_info >= SQLITE_NEEDED:
        return sqlite3
    import pysqlite3.dbapi2  # noqa: PLC0415  # Debian 12 brings SQLite 3.40

    module: ModuleType = pysqlite3.dbapi2
    return module


def normal_url(url: str) -> str:
    """The URL as SQLAlchemy wants it: plain ``postgresql://`` means psycopg 3 here."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1) if url.startswith("postgresql://") else url


def open_engine(url: str) -> sa.Engine:
    """An engine whose every transaction on SQLite begins IMMEDIATE, so that two writers wait instead of failing."""
    url = normal_url(url)
    if not url.startswith("sqlite"):
        return _postgresql_engine(url)
    engine = _sqlite_engine(url)
    event.listen(engine, "connect", _manual_transactions)
    event.listen(engine, "begin", _begin)
    return engine


def open_jobs_engine(url: str) -> sa.Engine:
    """An engine as the job engine expects it: its reads take no write lock, its writes begin IMMEDIATE."""
    url = normal_url(url)
    if not url.startswith("sqlite"):
        return _postgresql_engine(url)
    engine = _sqlite_engine(url)

    def immediate(connection: Any, _record: Any) -> None:
        # What is queued is written by the house's own connections. Who took a job and how it ended may be forgotten
        # when the power fails, not when a process dies: the job is then done again, which is harmless.
        _pragmas(connection, "NORMAL")
        connection.isolation_level = "IMMEDIATE"

    def gated(connection: sa.Connection, _cursor: Any, statement: str, *_: Any) -> None:
        # These are what the driver itself begins a transaction before.
        if statement.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE", "REPLAC"}:
            _raw(connection).take_turn()

    event.listen(engine, "connect", immediate)
    event.listen(engine, "before_cursor_execute", gated)
    return engine


def _postgresql_engine(url: str) -> sa.Engine:
    # A server that is gone without a word is noticed within half a minute; by default it would be a quarter of an hour.
    noticing = {"connect_timeout": 10, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3,
                "tcp_user_timeout": 30_000}  # fmt: skip
    # hide_parameters: what somebody wrote is in no error's text, and so in no log.
    engine = sa.create_engine(url, pool_pre_ping=True, pool_size=10, connect_args=noticing, hide_parameters=True)
    event.listen(engine, "connect", _without_compiling)
    event.listen(engine, "handle_error", _without_detail)
    return engine


def _without_compiling(connection: Any, _record: Any) -> None:
    # PostgreSQL 32.2: compiling a plan pays where a statement takes seconds; ours take less than the compiling.
    connection.execute("SET jit = off")
    connection.commit()


def _without_detail(context: Any) -> None:
    """Take the failing row out of an error's text: PostgreSQL shows it whole as the DETAIL of a broken constraint."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args and isinstance(error.args[0], str):
            error.args = (error.args[0].partition("\nDETAIL:")[0], *error.args[1:])


def _sqlite_engine(url: str) -> sa.Engine:
    module = sqlite_module()
    connect = {"check_same_thread": False, "factory": _taking_turns(module, make_url(url).database or "")}
    return sa.create_engine(url, module=module, connect_args=connect, pool_size=10, hide_parameters=True)


_turns: dict[str, Lock] = {}


def _taking_turns(module: ModuleType, file: str) -> type[Any]:
    """The class of connections to ``file`` whose writers wait for each other in line, within this process.

    SQLite's own waiting is a sleep of up to 100 ms between tries (sqliteDefaultBusyCallback in main.c): of many threads
    that write at once some would wait for seconds although the lock is free most of the time.
    """
    turn = _turns.setdefault(file or uuid4().hex, Lock())

    class InTurn(module.Connection):  # type: ignore[name-defined, misc]
        _has_turn = False

        def take_turn(self) -> None:
            """Wait for the turn to write; it ends with the transaction."""
            if not self._has_turn:
                if not turn.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
                    raise module.OperationalError("database is locked")
                self._has_turn = True

        def commit(self) -> None:
            try:
                super().commit()
            finally:
                self._end_turn()

        def rollback(self) -> None:
            try:
                super().rollback()
            finally:
                self._end_turn()

        def close(self) -> None:
            try:
                super().close()
            finally:
                self._end_turn(closed=True)

        def _end_turn(self, *, closed: bool = False) -> None:
            if self._has_turn and (closed or not self.in_transaction):
                self._has_turn = False
                turn.release()

    return InTurn


def _raw(connection: sa.Connection) -> Any:
    return connection.connection.dbapi_connection


def _pragmas(connection: Any, synchronous: str = "FULL") -> None:
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode=WAL")
    # FULL: what was answered with 200 is on the disk, also after the power failed (sqlite.org/pragma.html#synchronous).
    connection.execute(f"PRAGMA synchronous={synchronous}")
    connection.execute("PRAGMA foreign_keys=ON")


def _manual_transactions(connection: Any, _record: Any) -> None:
    # Without this the driver begins transactions by itself, and only before a write: two readers that both
    # mean to write then lose an update or fail as locked.
    connection.isolation_level = None
    _pragmas(connection)


def _begin(connection: sa.Connection) -> None:
    deferred = connection.get_execution_options().get("debrief_read", False)
    if not deferred:
        _raw(connection).take_turn()
    connection.exec_driver_sql("BEGIN" if deferred else "BEGIN IMMEDIATE")


class Db:
    """The way to the database: ``read()`` for questions, ``write()`` for one whole use case."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = open_engine(url)
        self._reading = self.engine.execution_options(debrief_read=True)
        self._at_end: list[Callable[[Tx], None]] = []

    def at_end(self, do: Callable[[Tx], None]) -> None:
        """Have ``do`` called at the end of every writing transaction: what it writes is kept with the rest."""
        self._at_end.append(do)

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """A transaction that is kept whole at the end of the block, or not at all when it raises."""
        with Session(self.engine, expire_on_commit=False) as tx, tx.begin():
            yield tx
            if self._at_end:
                tx.flush()
            for do in self._at_end:
                do(tx)

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction for questions alone: it sees one moment, blocks no writer, and is never committed."""
        with Session(self._reading, expire_on_commit=False, autoflush=False) as tx:
            yield tx

    def keep_statistics(self) -> None:
        """Have SQLite count what it plans by, where that is older than what is there; PostgreSQL does it by itself.

        Without it a list of fifty contacts is found by going through every visit. About a second at 100,000 visits.
        """
        if self.engine.dialect.name == "sqlite":
            with self.engine.begin() as connection:
                connection.exec_driver_sql("PRAGMA analysis_limit = 400")
                # Of every table, not only of those that were asked just now (sqlite.org/pragma.html, "optimize").
                connection.exec_driver_sql("PRAGMA optimize = 0x10002")

    def close(self) -> None:
        """Give the connections back; the object is not used afterwards."""
        self.engine.dispose()

    @property
    def place(self) -> str:
        """The database's address without its password, for people."""
        return make_url(self.url).render_as_string(hide_password=True)


def plan_anew(tx: Tx) -> None:
    """Have every statement of this transaction planned for its own values.

    PostgreSQL else keeps one plan of a statement that comes often, whether a word stands in one report or in each.
    """
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(sa.text("SET LOCAL plan_cache_mode = force_custom_plan"))


def among(tx: Tx, column: Any, ids: Collection[int]) -> sa.ColumnElement[bool]:
    """That ``column`` is one of these ids, thousands or none: they are one parameter."""
    if tx.get_bind().dialect.name == "postgresql":
        whole = sa.ARRAY(sa.Integer)
        found: sa.ColumnElement[bool] = column == sa.any_(sa.cast(sa.literal(list(ids), whole), whole))
        return found
    each = sa.func.json_each(json.dumps(list(ids))).table_valued("value")
    listed: sa.ColumnElement[bool] = column.in_(sa.select(each.c.value))
    return listed


def insert_into(tx: Tx, row: type[Any]) -> Any:
    """An INSERT into a row's table that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
    return (sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql).insert(row)
