"""No change may make the messages of our companies less well understood than they were."""

import tomllib
from pathlib import Path

from app import jsonl
from capture.importing import import_folder
from store import crm
from store.db import Db
from store.migrate import migrate
from tests.cases import Company, Reading, companies
from tests.conftest import MONDAY
from tests.evaluate import score_of

FLOORS = tomllib.loads(Path(__file__).with_name("floors.toml").read_text("utf-8"))


def test_no_figure_falls_below_its_floor(company: Company, readings: dict[str, list[Reading]]) -> None:
    figures = {name: 100 * share for name, share in score_of(readings[company.name]).figures().items()}
    floors = FLOORS[company.name].items()
    assert {} == {name: (round(figures[name], 1), floor) for name, floor in floors if figures[name] < floor}


def test_a_world_read_without_a_database_is_the_one_that_is_imported(
    sqlite_url: str, readings: dict[str, list[Reading]]
) -> None:
    company = companies()[0]
    db = Db(sqlite_url)
    migrate(db)
    import_folder(db, company.folder / "world", MONDAY)
    with db.read() as tx:
        snapshot, names = crm.snapshot(tx), jsonl.external_ids(tx)
    db.close()
    filed = jsonl.parse_lines(company.folder / "cases.jsonl", snapshot, names)
    for reading, answer in zip(readings[company.name], filed, strict=True):
        assert reading.answer == answer
