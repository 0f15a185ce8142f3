"""The sample company goes the way of any other: its files are brought in as a CRM exports them."""

from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path

from capture.importing import import_folder
from store.db import Db
from store.migrate import migrate


def test_an_import_takes_the_company_as_it_is(tmp_path: Path) -> None:
    db = Db(f"sqlite:///{tmp_path / 'house.db'}")
    migrate(db)
    now = datetime(2026, 3, 18, 9, tzinfo=UTC)
    with as_file(files("app.sample")) as folder:
        imported = import_folder(db, folder, now)
        again = import_folder(db, folder, now)
    db.engine.dispose()
    assert (4, 45, 83) == (imported.reps, imported.accounts, imported.contacts)
    assert 0 == again.new
