"""How long each migration takes on a large database, there and back; ``--url`` names one that may be changed."""

import time
from importlib.resources import as_file, files

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from store.db import Db
from store.migrate import migrate, migrate_to
from tests.bench.tables import say, table

OLDEST = "0009"
"""Older ones make the first tables."""


def migrations(url: str | None = None) -> None:
    """Take back every migration later than ``OLDEST``, one by one, and run them again."""
    if url is None:
        say("\nmigrations are left out: they need --url of a database made by tests.bench.big")
        return
    db = Db(url)
    with db.read() as tx:
        visits = tx.execute(text("select count(*) from visits")).scalar_one()
    migrate(db)
    back = _timed(db, [one for one in reversed(_revisions()) if one >= OLDEST][1:])
    again = _timed(db, [one for one in _revisions() if one > OLDEST])
    db.close()
    rows = [(name, again[name], back[name]) for name in again]
    table(f"Migrations of {visits:,} visits, seconds", ("revision", "there", "back"), rows)


def _revisions() -> list[str]:
    with as_file(files("store") / "migrations") as scripts:
        config = Config()
        config.set_main_option("script_location", str(scripts))
        return [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()][::-1]


def _timed(db: Db, revisions: list[str]) -> dict[str, float]:
    """Seconds by the migration that was run or taken back, each by itself."""
    took: dict[str, float] = {}
    for revision in revisions:
        began = time.monotonic()
        for one in migrate_to(db, revision):
            took[one] = time.monotonic() - began
            say(f"{one} {took[one]:.2f} s")
    return took
