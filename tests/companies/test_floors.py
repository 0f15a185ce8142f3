"""No change may make the messages of our companies less well understood than they were."""

import tomllib
from pathlib import Path

import pytest

from app import jsonl
from capture.importing import import_folder
from store import crm
from store.db import Db
from store.migrate import migrate
from tests.cases import Company, companies
from tests.conftest import MONDAY
from tests.evaluate import score_of

FLOORS = tomllib.loads(Path(__file__).with_name("floors.toml").read_text("utf-8"))


@pytest.mark.parametrize("company", companies(), ids=lambda company: company.name)
def test_no_figure_falls_below_its_floor(company: Company) -> None:
    figures = {name: 100 * share for name, share in score_of(company.readings()).figures().items()}
    low = {
        name: (round(figures[name], 1), floor) for name, floor in FLOORS[company.name].items() if figures[name] < floor
    }
    assert {} == low


def test_a_world_read_without_a_database_is_the_one_that_is_imported(sqlite_url: str) -> None:
    company = companies()[0]
    db = Db(sqlite_url)
    migrate(db)
    import_folder(db, company.folder / "world", MONDAY)
    with db.read() as tx:
        snapshot, names = crm.snapshot(tx), jsonl.external_ids(tx)
    db.close()
    filed = jsonl.parse_lines(company.folder / "cases.jsonl", snapshot, names)
    for reading, answer in zip(company.readings(), filed, strict=True):
        assert reading.answer == answer
