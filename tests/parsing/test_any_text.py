"""Whatever is typed: no finder raises, and what it finds points into the text."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.addresses import find_postcode, find_street
from parsing.amounts import find_amounts
from parsing.changes import find_changes
from parsing.keywords import find_keywords
from parsing.kinds import find_medium, find_outcome, find_type
from parsing.model import LANGUAGES, ContactMention, Crm, Found
from parsing.places import find_city
from parsing.reports import why_not_a_report

CRM = Crm(keywords=("pump", "1"))
REASONS = {None, "thanks", "question", "chatter", "plan", "cancelled", "away", "newsletter", "nothing"}
PIECES = st.sampled_from(
    [
        "offerte",
        "Angebot",
        "tarjous",
        "quote",
        "besteld",
        "nicht",
        "ei",
        "no",
        "€",
        "12.500",
        "12k",
        "1'000",
        "-",
        ",",
        ".",
        "?",
        "<@U1>",
        "&amp;",
        "İ",
        "ß",
        "ŉ",
        "in",
        "Breda",
        "1234",
        "AB",
        "Hauptstraße",
        "5",
        "TS-620",
        "tonnia",
        "grand",
        "weg",
        "retired",
        "opvolger",
        "\n",
    ]
)


def _all(text: str, language: str) -> Iterator[Found[Any]]:
    person = [Found(ContactMention(name="x"), 0, min(3, len(text)))] if text else []
    singles: list[Callable[[], Found[Any] | None]] = [
        lambda: find_type(text, language),
        lambda: find_medium(text, language),
        lambda: find_outcome(text, language),
        lambda: find_city(text, language, CRM, None, ()),
        lambda: find_postcode(text, language, CRM, None, ()),
        lambda: find_street(text, language, CRM, None, ()),
    ]
    yield from (found for find in singles if (found := find()) is not None)
    yield from find_amounts(text, language)
    yield from find_keywords(text, language, CRM, ())
    yield from find_changes(text, language, person)


@settings(max_examples=120, deadline=None)
@given(st.text(max_size=200) | st.lists(PIECES, max_size=30).map(" ".join), st.sampled_from(LANGUAGES))
def test_every_found_value_points_at_its_words(text: str, language: str) -> None:
    for found in _all(text, language):
        assert 0 <= found.start < found.end <= len(text)
        assert text[found.start : found.end].strip()
    assert why_not_a_report(text, language) in REASONS


@pytest.mark.parametrize("piece", ["a", "1.000 ", "Straat ", "A. ", "<", "?", "ab1-", "war bei Müller ", "ä̷"])
def test_a_hundred_thousand_characters_are_read(piece: str) -> None:
    text = (piece * (100_000 // len(piece) + 1))[:100_000]
    for found in _all(text, "de"):
        assert found.end <= len(text)
    assert why_not_a_report(text, "de", mail=True) in REASONS
