import tomllib
from datetime import datetime
from pathlib import Path

import pytest

from mail_ingest.dates import read_date

SHOWN = tomllib.loads(Path(__file__).with_name("dates.toml").read_text(encoding="utf-8"))["shown"]


@pytest.mark.parametrize(("said", "moment"), SHOWN.items(), ids=SHOWN.keys())
def test_a_date_is_the_wall_time_that_it_shows(said: str, moment: datetime) -> None:
    got = read_date(said)
    assert got is not None
    assert moment.isoformat() == got.isoformat()


@pytest.mark.parametrize("said", ["", "yesterday", "32 March 2026 10:00", "12 March", "10:00", "2026", "1/2"])
def test_what_names_no_whole_day_is_no_date(said: str) -> None:
    assert read_date(said) is None


def test_the_labels_decide_which_month_a_shared_name_means() -> None:
    assert (11, 10) == (
        read_date("2 listopada 2026 09:26", ("pl",)).month,
        read_date("2 listopada 2026 09:26", ("hr",)).month,
    )
