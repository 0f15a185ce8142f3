"""A database that was migrated is the one that the code means."""

from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select, text
from typer.testing import CliRunner

from app.cli import app
from store import kinds
from store.db import Db
from store.migrate import drift, migrate, migrate_to, pending
from store.tables import Kind, Rep, RepEmail


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


def test_a_migration_can_be_taken_back_and_run_again(database_url: str) -> None:
    db = Db(database_url)
    newest = migrate(db)
    took_back = migrate_to(db, "0001")
    assert took_back[0] == newest
    assert took_back[-1] == "0002"
    assert "lessons" not in inspect(db.engine).get_table_names()
    assert pending(db)
    assert migrate_to(db, "0002") == ["0002"]
    assert newest == migrate(db)
    assert drift(db) == []
    db.close()


def test_what_both_shapes_have_room_for_outlives_the_way_back_and_forth(database_url: str) -> None:
    db = Db(database_url)
    newest = migrate(db)
    with db.write() as tx:
        kinds.add_defaults(tx)
        tx.add(Rep(name="Noor Wijngaard", emails=[RepEmail(email="noor@varenhof.example")]))
    migrate_to(db, "0018")
    migrate_to(db, newest)
    with db.read() as tx:
        assert tx.scalars(select(Rep.name)).all() == ["Noor Wijngaard"]
        assert tx.scalar(select(func.count()).select_from(Kind))
    db.close()


def test_a_revision_that_is_not_there_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    db = Db(f"sqlite:///{tmp_path}/debrief.db")
    migrate(db)
    with pytest.raises(ValueError, match="no revision '9999'"):
        migrate_to(db, "9999")
    assert not pending(db)
    db.close()


def test_the_command_goes_back_only_when_told_that_one_is_sure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/debrief.db"
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", url)
    db = Db(url)
    newest = migrate(db)
    refused = CliRunner().invoke(app, ["migrate", "--to", "0018"])
    assert refused.exit_code != 0
    assert not pending(db)
    assert CliRunner().invoke(app, ["migrate", "--to", "0018", "--yes"]).exit_code == 0
    assert pending(db)
    assert CliRunner().invoke(app, ["migrate", "--to", newest]).exit_code == 0
    assert not pending(db)
    db.close()


def test_sqlite_plans_by_what_is_there(tmp_path: Path) -> None:
    db = Db(f"sqlite:///{tmp_path}/debrief.db")
    migrate(db)
    with db.write() as tx:
        kinds.add_defaults(tx)
    db.keep_statistics()
    with db.read() as tx:
        assert tx.execute(text("SELECT stat FROM sqlite_stat1 WHERE tbl = 'kinds'")).all()
    db.close()
