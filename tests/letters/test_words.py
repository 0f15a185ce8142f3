"""Each language says the same things, with the same blanks to fill, and its own forms."""

import string
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from letters import LANGUAGES, render, wording
from letters.card import counter_line
from letters.model import Counter
from letters.wording import sentences


def said_in(language: str) -> dict[str, Any]:
    return {f"{section}.{name}": said for section, names in sentences(language).items() if section != "locale"
            for name, said in names.items()}  # fmt: skip


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_we_speak_four_languages() -> None:
    assert ("de", "en", "fi", "nl") == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_lacks_a_sentence_or_a_blank_of_it(language: str) -> None:
    ours, english = said_in(language), said_in("en")
    assert english.keys() == ours.keys()
    for key, said in ours.items():
        assert isinstance(said, dict) == isinstance(english[key], dict), key
        forms = said.values() if isinstance(said, dict) else [said]
        meant = english[key]["other"] if isinstance(said, dict) else english[key]
        assert all(blanks(form) == blanks(meant) for form in forms), key


@pytest.mark.parametrize(("tag", "meant"), [("nl-BE", "nl"), ("de_AT", "de"), ("FI", "fi"), ("sv", "en"), ("", "en")])
def test_a_tag_finds_its_language_and_english_where_we_lack_it(tag: str, meant: str) -> None:
    assert meant == wording(tag).language


@pytest.mark.parametrize(
    ("language", "day", "today", "said"),
    [
        ("en", date(2026, 3, 3), date(2026, 3, 3), "today, Tue 3 Mar"),
        ("nl", date(2026, 3, 2), date(2026, 3, 3), "gisteren, ma 2 mrt"),
        ("de", date(2026, 3, 4), date(2026, 3, 3), "morgen, Mi., 4. März"),
        ("fi", date(2026, 2, 27), date(2026, 3, 3), "pe 27.2."),
        ("en", date(2025, 12, 31), date(2026, 1, 2), "Wed, 31 Dec 2025"),
        ("en", date(2026, 3, 3), None, "Tue, 3 Mar 2026"),
    ],
)
def test_a_day_is_said_as_near_as_it_is(language: str, day: date, today: date | None, said: str) -> None:
    assert said == wording(language).day(day, today)


@pytest.mark.parametrize(
    ("language", "value", "currency", "said"),
    [
        ("nl", "12500", "EUR", "€\xa012.500"),
        ("de", "12500.50", "EUR", "12.500,50\xa0€"),
        ("fi", "1000000", "EUR", "1\xa0000\xa0000\xa0€"),
        ("en", "980.5", "GBP", "£980.50"),
        ("en", "12500", "JPY", "JP¥12,500"),
        ("en", "3.5", "not a currency", "3.5 not a currency"),
    ],
)
def test_money_is_written_as_the_language_does(language: str, value: str, currency: str, said: str) -> None:
    assert said == wording(language).money(Decimal(value), currency)


def test_hours_are_told_as_far_as_they_are_known() -> None:
    english = wording("en")
    assert ["09:05", "09:05\N{EN DASH}10:00", "\N{EN DASH}10:00", ""] == [
        english.hours(time(9, 5), None),
        english.hours(time(9, 5), time(10)),
        english.hours(None, time(10)),
        english.hours(None, None),
    ]


@pytest.mark.parametrize(
    ("language", "counter", "said"),
    [
        ("en", Counter(done=6, target=10, working_days_left=4), "6 of 10 this week, 4 working days left"),
        ("en", Counter(done=6, target=10, working_days_left=1), "6 of 10 this week, 1 working day left"),
        ("nl", Counter(done=6, target=10), "6 van 10 deze week, geen werkdagen meer"),
        ("de", Counter(done=40, target=40, period="month"), "40 von 40 diesen Monat, Ziel erreicht"),
        ("fi", Counter(done=2), "2 käyntiä tällä viikolla"),
        ("fi", Counter(done=1), "1 käynti tällä viikolla"),
        ("en", Counter(done=1, period="month"), "1 visit this month"),
    ],
)
def test_the_counter_tells_where_a_rep_stands(language: str, counter: Counter, said: str) -> None:
    assert said == counter_line(wording(language), counter)


def test_a_letter_or_reason_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        render("invoice", "en")
    with pytest.raises(KeyError):
        render("nothing", "en", reason="lunch")
    with pytest.raises(TypeError):
        render("filed", "en")
