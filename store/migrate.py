"""Bringing a database to the shape that this release needs."""

from importlib.resources import as_file, files
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from store.db import Db
from store.tables import Row


def migrate(db: Db) -> str:
    """Run what is missing, in one transaction; return the revision reached. Again is harmless."""
    with as_file(files("store") / "migrations") as scripts, db.engine.begin() as connection:
        command.upgrade(_config(scripts, connection), "head")
        return MigrationContext.configure(connection).get_current_revision() or ""


def migrate_to(db: Db, revision: str) -> list[str]:
    """Bring the database to ``revision``, forward or back, in one transaction; the revisions run or taken back.

    Going back throws away what only the later shape has room for. Raises ValueError where there is no such revision.
    """
    with as_file(files("store") / "migrations") as scripts, db.engine.begin() as connection:
        config = _config(scripts, connection)
        known = [one.revision for one in reversed(list(ScriptDirectory.from_config(config).walk_revisions()))]
        if revision not in known:
            raise ValueError(f"there is no revision {revision!r}: {known[0]} to {known[-1]}")
        now = MigrationContext.configure(connection).get_current_revision()
        at, to = (known.index(now) if now else -1), known.index(revision)
        if to < at:
            command.downgrade(config, revision)
            return known[to + 1 : at + 1][::-1]
        command.upgrade(config, revision)
        return known[at + 1 : to + 1]


def steps_back(db: Db, revision: str) -> int:
    """How many migrations of this database are later than ``revision``; 0 where it is not a known earlier one."""
    with as_file(files("store") / "migrations") as scripts, db.engine.connect() as connection:
        known = [one.revision for one in ScriptDirectory.from_config(_config(scripts)).walk_revisions()]
        now = MigrationContext.configure(connection).get_current_revision()
        return max(0, known.index(revision) - known.index(now)) if now in known and revision in known else 0


def _config(scripts: Path, connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts))
    config.attributes["connection"] = connection
    return config


def pending(db: Db) -> bool:
    """Whether this release needs a migration that the database has not seen."""
    with as_file(files("store") / "migrations") as scripts, db.engine.connect() as connection:
        head = ScriptDirectory.from_config(_config(scripts)).get_current_head()
        return MigrationContext.configure(connection).get_current_revision() != head


def drift(db: Db) -> list[object]:
    """How the database differs from `store.tables`; empty when the migrations tell the whole truth."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [one for one in compare_metadata(context, Row.metadata) if not _of_the_job_engine(one)]


def _of_the_job_engine(difference: object) -> bool:
    # The job engine keeps its tables in the same SQLite file; it migrates them itself.
    return isinstance(difference, tuple) and str(difference[0]).startswith("remove_")
