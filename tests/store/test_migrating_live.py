"""Migrations of a database that others are working on, and what a release may change of what the last one reads."""

import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import ProgrammingError

from store.db import Db
from store.migrate import drift, migrate, migrate_to, pending
from tests.servers.ports import until
from tests.servers.postgres import Postgres
from tests.store.schema import RELEASED, Shape, known_revisions, taken_away, unread_since

pytestmark = pytest.mark.slow

CHANGED = ("captures", "lessons", "visits")
HELD_SINCE = "0015"
"""What the rule is held of: every migration after this one."""
LATER = '''"""A later release."""
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9001", "{head}", None, None


def upgrade():
    op.add_column("captures", sa.Column("weight", sa.Integer(), nullable=False, server_default="7"))


def downgrade():
    op.drop_column("captures", "weight")
'''
TAKEN = (
    "INSERT INTO captures (via, source_id, sender, sent_at, taken_at, text, message, reply_to, state)"
    " VALUES ('web', %(source)s, 'noor@varenhof.example', now(), now(), '', '{}', '{}', 'taken')"
)


@pytest.fixture
def on_postgres(postgres: Postgres) -> Iterator[Db]:
    db = Db(postgres.database())
    yield db
    db.close()


@pytest.fixture(scope="module")
def migrated(postgres: Postgres) -> Iterator[Db]:
    """One that no test changes for good."""
    db = Db(postgres.database())
    migrate(db)
    yield db
    db.close()


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """A folder with the migration of a release to come."""
    folder = tmp_path / "later"
    folder.mkdir()
    return folder


def write_later(folder: Path, head: str, *, broken: bool = False) -> None:
    script = LATER.format(head=head)
    (folder / "later_9001.py").write_text(script.replace("captures", "nowhere") if broken else script)


def shape(db: Db) -> Shape:
    with db.engine.connect() as connection:
        return Shape.of(connection)


def test_a_migration_takes_nothing_away_that_the_last_release_reads(on_postgres: Db) -> None:
    db = on_postgres
    migrate_to(db, HELD_SINCE)
    revisions = [one for one in known_revisions() if one > HELD_SINCE]
    before = shape(db)
    for revision in revisions:
        migrate_to(db, revision)
        after = shape(db)
        assert taken_away(before, after) == [] or unread_since(revision) in RELEASED, revision
        before = after
    assert not pending(db)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("ALTER TABLE captures DROP COLUMN problem", "captures.problem is gone"),
        ("DROP TABLE lessons", "lessons is gone"),
        ("ALTER TABLE captures RENAME COLUMN problem TO fault", "captures.problem is gone"),
        ("ALTER TABLE captures ALTER COLUMN problem SET NOT NULL", "captures.problem must be given"),
        ("ALTER TABLE captures ADD COLUMN weight integer NOT NULL", "captures.weight must be given"),
        ("ALTER TABLE captures ALTER COLUMN problem TYPE varchar(3)", "captures.problem is VARCHAR(3), was VARCHAR"),
        ("ALTER TABLE visits ADD CONSTRAINT one UNIQUE (city)", "visits refuses more: unique ('city',)"),
        ("CREATE UNIQUE INDEX one ON visits (city)", "visits refuses more: unique ('city',)"),
        ("ALTER TABLE visits ADD CONSTRAINT somewhere CHECK (city <> '')", "visits refuses more: check"),
    ],
)
def test_what_would_break_the_last_release_is_seen(migrated: Db, change: str, told: str) -> None:
    with migrated.engine.connect() as connection:
        before = Shape.of(connection, CHANGED)
        connection.exec_driver_sql(change)
        faults = taken_away(before, Shape.of(connection, CHANGED))
        connection.rollback()
    assert any(fault.startswith(told) for fault in faults), faults


def test_a_release_goes_on_over_what_the_next_one_has_migrated(sqlite_url: str, later: Path) -> None:
    db = Db(sqlite_url)
    write_later(later, migrate(db))
    assert migrate(db, later=later) == "9001"
    assert not pending(db)
    assert migrate(db) == "9001", "the older release leaves it as it is"
    with pytest.raises(ValueError, match="of a later release"):
        migrate_to(db, "0020")
    db.close()


def test_each_migration_is_kept_by_itself(on_postgres: Db, later: Path) -> None:
    write_later(later, migrate(on_postgres), broken=True)
    migrate_to(on_postgres, "0018")
    with pytest.raises(ProgrammingError):
        migrate(on_postgres, later=later)
    assert not pending(on_postgres), "those before the broken one are done"
    assert drift(on_postgres) == []


def test_a_migration_lets_others_go_first_and_then_gets_its_turn(on_postgres: Db, later: Path) -> None:
    write_later(later, migrate(on_postgres))
    with psycopg.connect(on_postgres.url) as busy, psycopg.connect(on_postgres.url) as other:
        busy.execute("LOCK TABLE captures IN ROW EXCLUSIVE MODE")  # somebody writes, and takes long about it
        migrating = threading.Thread(target=migrate, args=(on_postgres,), kwargs={"later": later, "lock_s": 0.2})
        migrating.start()
        until(lambda: _waiting(on_postgres), "the migration waits for its lock")
        other.execute("SET lock_timeout = '15s'")
        other.execute("LOCK TABLE captures IN ROW EXCLUSIVE MODE")  # whoever writes next is let by
        other.rollback()
        assert migrating.is_alive()
        busy.rollback()
        migrating.join(timeout=30)
    assert "weight" in {one["name"] for one in inspect(on_postgres.engine).get_columns("captures")}


def _waiting(db: Db) -> bool:
    with db.engine.connect() as connection:
        return bool(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


def test_a_large_index_that_a_kill_left_half_made_is_made_again(on_postgres: Db) -> None:
    migrate_to(on_postgres, "0019")
    with psycopg.connect(on_postgres.url, autocommit=True) as connection:
        for source in ("1", "2"):
            connection.execute(TAKEN, {"source": source})
        with pytest.raises(psycopg.errors.UniqueViolation):  # leaves what a kill leaves
            connection.execute("CREATE UNIQUE INDEX CONCURRENTLY ix_captures_state ON captures (state)")
    migrate(on_postgres)
    assert drift(on_postgres) == []
    with on_postgres.engine.connect() as there:
        assert there.scalars(text("SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid")).all() == []
        assert there.scalar(text("SELECT count(*) FROM alembic_version")) == 1
