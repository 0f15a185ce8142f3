"""Bringing a database to the shape that this release needs, while others go on working on it."""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from store.db import Db
from store.lease import Lease
from store.tables import Row

log = logging.getLogger("debrief.migrate")

LOCK_S = 2.0
"""PostgreSQL: a migration waits no longer for a lock, as whoever asks after it waits behind it."""
AGAIN_S = 3.0
"""The pause in which those who waited behind it get on with their work."""
TRIES_S = 900.0
"""Then it is given up: somebody holds a transaction open."""
LOCKED_OUT = ("55P03", "40P01")
"""lock_not_available, deadlock_detected (postgresql.org/docs, appendix A)."""
TURN_S = 0.5


def migrate(db: Db, *, later: Path | None = None, lock_s: float = LOCK_S) -> str:
    """Run what is missing; return the revision reached. Again is harmless, also after it was killed half-way.

    PostgreSQL: each migration is a transaction of its own, and one process migrates at a time. SQLite: all of them are
    one. A database that a later release has migrated is left as it is. ``later`` is a folder of further migrations.
    """
    with _migrating(db, lock_s) as turn:
        if not _is_ahead(_current(db), _revisions(later)):
            turn("head", later)
    db.keep_statistics()
    return _current(db) or ""


def migrate_to(db: Db, revision: str) -> list[str]:
    """Bring the database to ``revision``, forward or back; the revisions run or taken back.

    Going back throws away what only the later shape has room for. Raises ValueError where there is no such revision.
    """
    known, now = _revisions(), _current(db)
    if revision not in known:
        raise ValueError(f"there is no revision {revision!r}: {known[0]} to {known[-1]}")
    if now is not None and now not in known:
        raise ValueError(f"the database is at revision {now!r}, of a later release: take it back with that one")
    at, to = (known.index(now) if now else -1), known.index(revision)
    with _migrating(db, LOCK_S) as turn:
        turn(revision, back=to < at)
    return list(known[to + 1 : at + 1][::-1] if to < at else known[at + 1 : to + 1])


def steps_back(db: Db, revision: str) -> int:
    """How many migrations of this database are later than ``revision``; 0 where it is not a known earlier one."""
    known, now = _revisions(), _current(db)
    return max(0, known.index(now) - known.index(revision)) if now in known and revision in known else 0


def pending(db: Db) -> bool:
    """Whether this release needs a migration that the database has not seen.

    One that a later release has migrated has all that this one reads: migrations add.
    """
    now, known = _current(db), _revisions()
    return now != known[-1] and not _is_ahead(now, known)


def _is_ahead(now: str | None, known: Sequence[str]) -> bool:
    """Whether a later release was here: our revisions are numbers of four digits."""
    return now is not None and now not in known and now > known[-1]


def _current(db: Db) -> str | None:
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@cache
def _revisions(later: Path | None = None) -> tuple[str, ...]:
    """Every revision that is known here, oldest first."""
    with as_file(files("store") / "migrations") as scripts:
        walked = ScriptDirectory.from_config(_config(scripts, later=later)).walk_revisions()
        return tuple(one.revision for one in walked)[::-1]


class _Turn:
    """The right to migrate. Called with a revision it brings the database there."""

    def __init__(self, db: Db, lock_s: float) -> None:
        self._db, self._lock_s = db, lock_s

    def __call__(self, revision: str, later: Path | None = None, *, back: bool = False) -> None:
        end = time.monotonic() + TRIES_S
        while True:
            try:
                with self._connection() as connection, as_file(files("store") / "migrations") as scripts:
                    run = command.downgrade if back else command.upgrade
                    run(_config(scripts, connection, later), revision)
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", None) not in LOCKED_OUT or time.monotonic() > end:
                    raise
                log.warning("the migration waits for others to end their transactions")
                time.sleep(AGAIN_S)
            else:
                return

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        if self._db.engine.dialect.name == "sqlite":
            with self._db.engine.begin() as connection:
                yield connection
            return
        with self._db.engine.connect() as connection:
            try:
                connection.exec_driver_sql(f"SET lock_timeout = {int(self._lock_s * 1000)}")
                connection.commit()  # Alembic begins the transactions, and ends them
                yield connection
            finally:
                connection.invalidate()  # its settings go with it


@contextmanager
def _migrating(db: Db, lock_s: float) -> Iterator[_Turn]:
    """Wait until no other process migrates."""
    if db.engine.dialect.name == "sqlite":  # the transaction keeps others off
        yield _Turn(db, lock_s)
        return
    lease = Lease(db, "migrations")
    while not lease.take():
        time.sleep(TURN_S)
    try:
        yield _Turn(db, lock_s)
    finally:
        lease.free()


def _config(scripts: Path, connection: Connection | None = None, later: Path | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts))
    if later:
        config.set_main_option("path_separator", "newline")
        config.set_main_option("version_locations", f"{scripts / 'versions'}\n{later}")
    config.attributes["connection"] = connection
    return config


def drift(db: Db) -> list[object]:
    """How the database differs from `store.tables`; empty when the migrations tell the whole truth."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [one for one in compare_metadata(context, Row.metadata) if not _of_the_job_engine(one)]


def _of_the_job_engine(difference: object) -> bool:
    # The job engine keeps its tables in the same SQLite file; it migrates them itself.
    return isinstance(difference, tuple) and str(difference[0]).startswith("remove_")
