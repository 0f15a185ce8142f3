"""Dates in a neighbour's language, and what must not be taken for one."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from parsing.when import find_day

NOW = datetime(2026, 3, 10, 17, tzinfo=ZoneInfo("Europe/Brussels"))


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("le 3 mars chez Dupont, bon accueil", "nl", date(2026, 3, 3)),
        ("den 5 februari hos Lindqvist", "fi", date(2026, 2, 5)),
        ("il 12 febbraio da Rossi", "de", date(2026, 2, 12)),
    ],
)
def test_a_day_with_its_article_is_read(text: str, language: str, day: date) -> None:
    found = find_day(text, NOW, language)
    assert found is not None
    assert found.value == day
    assert text[found.start : found.end].startswith(str(day.day))


@pytest.mark.parametrize(
    "text", ["20 mars verkocht", "le 3 pommes", "den 24 kasten geleverd", "le 3 juillet chez Dupont"]
)
def test_numbers_of_things_and_days_to_come_are_no_day_of_a_visit(text: str) -> None:
    assert find_day(text, NOW, "nl") is None
