"""Days, times and dates owed as people of four languages write them: a line of the tables beside this file each."""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from time import thread_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.actions import find_actions
from parsing.model import Crm, KnownRep
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


@pytest.mark.parametrize("case", [pytest.param(case, id=case["text"]) for case in table("actions")["case"]])
def test_what_is_still_to_be_done(case: dict[str, Any]) -> None:
    crm = Crm(reps=tuple(KnownRep(**rep) for rep in table("actions")["reps"]))
    actions = find_actions(case["text"], NOW, case["language"], crm, "kim@house.example")
    got = [
        [
            found.value.text,
            found.value.due.isoformat() if found.value.due else "",
            (found.value.assignee or "").split("@")[0],
        ]
        for found in actions
    ]
    assert got == case["actions"]


def test_a_time_by_two_days_belongs_to_the_nearer_one() -> None:
    text = "gisteren om 14u daar geweest, volgende keer dinsdag 24 maart om 9u"
    start, end = find_times(text, "nl", NOW)
    assert (start and start.value.hour, end) == (14, None)


def test_a_date_ahead_is_no_visit_even_where_no_verb_says_so() -> None:
    assert find_times("Aufbau 15.4. 8 Uhr", "de", NOW) == (None, None)


def test_the_year_turns_with_the_dates() -> None:
    january = datetime.fromisoformat("2026-01-02T09:00:00+01:00")
    december = datetime.fromisoformat("2025-12-29T09:00:00+01:00")
    assert str(find_day("op 30 december geweest", january, "nl").value) == "2025-12-30"  # type: ignore[union-attr]
    assert str(find_day("am Montag dort gewesen", january, "de").value) == "2025-12-29"  # type: ignore[union-attr]
    [action] = find_actions("offerte sturen week 2", december, "nl", Crm(), "kim@house.example")
    assert str(action.value.due) == "2026-01-09"


def test_a_day_is_a_day_when_the_clocks_change() -> None:
    morning = datetime.fromisoformat("2026-03-29T07:00:00+02:00")
    assert str(find_day("gister langs geweest", morning, "nl").value) == "2026-03-28"  # type: ignore[union-attr]


def test_an_american_writes_the_month_first() -> None:
    chicago = datetime.fromisoformat("2026-03-11T15:00:00-05:00")
    [action] = find_actions("send the quote by 4/7", chicago, "en", Crm(), "kim@house.example")
    assert str(action.value.due) == "2026-04-07"
    [action] = find_actions("send the quote by 7/4", NOW, "en", Crm(), "kim@house.example")
    assert str(action.value.due) == "2026-04-07"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_time_is_not_read_as_one(language: str) -> None:
    text = "TS-620, v2.10, 06-12345678, +358 40 123 4567, € 12.30, 14 %, 30x40, <mailto:a.b@c.example|a.b@c.example>"
    assert find_moments(text, NOW, language) == []


def words() -> st.SearchStrategy[str]:
    lines = [text for name in ("days", "times", "dues") for language in LANGUAGES for text in table(name)[language]]
    tokens = sorted({word for line in lines for word in line.split()})
    return st.lists(st.sampled_from(tokens), max_size=30).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=200), words()), st.sampled_from(LANGUAGES))
def test_every_text_is_read_and_every_value_shows_its_words(said: str, language: str) -> None:
    day, times = find_day(said, NOW, language), find_times(said, language, NOW)
    moments = find_moments(said, NOW, language)
    actions = find_actions(said, NOW, language, Crm(), "kim@house.example", moments)
    for found in [day, *times, *moments, *actions]:
        assert found is None or said[found.start : found.end].strip()
    assert day is None or day.value <= NOW.date()
    assert all(action.value.due is None or action.value.due >= NOW.date() for action in actions)


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=-12, max_value=12), st.sampled_from(cases("days")))
def test_whole_weeks_later_the_same_words_mean_the_same_weekday(weeks: int, case: Any) -> None:
    language, text, expected = case.values
    if (
        not expected
        or any(character.isdigit() for character in text)
        or "arn" in text
        or "laskiai" in text
        or "maart" in text
    ):
        return
    shift = timedelta(weeks=weeks)
    found = find_day(text, NOW + shift, language)
    assert found is not None
    assert found.value - shift == datetime.fromisoformat(expected).date()


@pytest.mark.parametrize(
    "text", ["3.3. ", "1-2-", "om 9 en ", "a" * 40, "di 5/5 10-11 ", "\u0336x", "(((", "<@U0", "12:"]
)
def test_a_long_text_takes_no_long_time(text: str) -> None:
    long = text * (100_000 // len(text))
    began = thread_time()
    find_day(long, NOW, "nl")
    find_times(long, "nl", NOW)
    find_actions(long, NOW, "nl", Crm(), "kim@house.example", find_moments(long, NOW, "nl"))
    assert thread_time() - began < 4
