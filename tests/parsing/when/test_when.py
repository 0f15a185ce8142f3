"""Days, times and dates owed as people of four languages write them: a line of the tables beside this file each."""

import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.actions import find_actions
from parsing.model import Crm
from parsing.when import find_day, find_moments, find_times

HERE = Path(__file__).parent
LANGUAGES = ("nl", "de", "fi", "en")
NOW = datetime.fromisoformat("2026-03-11T15:00:00+01:00")


def table(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"))


def cases(name: str) -> list[Any]:
    source = table(name)
    return [
        pytest.param(language, text, expected, id=f"{language}: {text}")
        for language in LANGUAGES
        for text, expected in source.get(language, {}).items()
    ]


@pytest.mark.parametrize(("language", "text", "expected"), cases("days"))
def test_the_day_of_the_visit(language: str, text: str, expected: str) -> None:
    found = find_day(text, NOW, language)
    assert (found.value.isoformat() if found else "") == expected


@pytest.mark.parametrize(("language", "text", "expected"), cases("times"))
def test_the_times_of_the_visit(language: str, text: str, expected: list[str]) -> None:
    found = find_times(text, language)
    assert [one.value.strftime("%H:%M") if one else "-" for one in found] == expected


@pytest.mark.parametrize(("language", "text", "expected"), cases("dues"))
def test_the_day_something_is_owed(language: str, text: str, expected: str) -> None:
    actions = find_actions(text, NOW, language, Crm(), "rep@house.example")
    assert [action.value.due.isoformat() if action.value.due else "" for action in actions] == [expected]
