"""Bringing a database to the shape that this release needs."""

from importlib.resources import as_file, files

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from store.db import Db
from store.tables import Row


def migrate(db: Db) -> str:
    """Run what is missing, in one transaction; return the revision reached. Again is harmless."""
    with as_file(files("store") / "migrations") as scripts, db.engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(scripts))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return MigrationContext.configure(connection).get_current_revision() or ""


def pending(db: Db) -> bool:
    """Whether this release needs a migration that the database has not seen."""
    with as_file(files("store") / "migrations") as scripts, db.engine.connect() as connection:
        config = Config()
        config.set_main_option("script_location", str(scripts))
        head = ScriptDirectory.from_config(config).get_current_head()
        return MigrationContext.configure(connection).get_current_revision() != head


def drift(db: Db) -> list[object]:
    """How the database differs from `store.tables`; empty when the migrations tell the whole truth."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [one for one in compare_metadata(context, Row.metadata) if not _of_the_job_engine(one)]


def _of_the_job_engine(difference: object) -> bool:
    # The job engine keeps its tables in the same SQLite file; it migrates them itself.
    return isinstance(difference, tuple) and str(difference[0]).startswith("remove_")
