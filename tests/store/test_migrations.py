"""A database that was migrated is the one that the code means."""

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
