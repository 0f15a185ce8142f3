"""A database that was migrated is the one that the code means."""

from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from sqlalchemy import inspect

from store.db import Db
from store.migrate import drift, migrate, pending


def test_migrations_tell_the_whole_truth_on_both_databases(database_url: str) -> None:
    db = Db(database_url)
    assert pending(db)
    migrate(db)
    assert not pending(db)
    assert drift(db) == []
    db.close()


def test_migrating_again_is_harmless(database_url: str) -> None:
    db = Db(database_url)
    assert migrate(db) == migrate(db)
    assert "visits" in inspect(db.engine).get_table_names()
    db.close()


def downgrade(db: Db, revision: str) -> None:
    with as_file(files("store") / "migrations") as scripts, db.engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(scripts))
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def test_a_migration_can_be_taken_back_and_run_again(database_url: str) -> None:
    db = Db(database_url)
    newest = migrate(db)
    downgrade(db, "0001")
    assert "lessons" not in inspect(db.engine).get_table_names()
    assert pending(db)
    assert newest == migrate(db)
    assert drift(db) == []
    db.close()
