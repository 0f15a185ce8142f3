"""What kind of visit, by what medium, how it came out, and whether it is a report: invented sentences."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from parsing.kinds import find_medium, find_outcome, find_type
from parsing.reports import why_not_a_report

FIELDS = {"type": find_type, "medium": find_medium, "outcome": find_outcome}


def _cases() -> list[Any]:
    cases = []
    for path in sorted((Path(__file__).parent / "kinds").glob("*.toml")):
        told = tomllib.loads(path.read_text("utf-8"))
        cases += [pytest.param(told["language"], case, id=case["text"][:60]) for case in told["cases"]]
    return cases


@pytest.mark.parametrize(("language", "case"), _cases())
def test_a_sentence_is_read_as_a_person_would(language: str, case: dict[str, Any]) -> None:
    text = case["text"]
    got = {
        name: found.value if (found := find(text, language)) else "" for name, find in FIELDS.items() if name in case
    }
    got |= {"report": why_not_a_report(text, language, mail=case.get("mail", False)) or ""} if "report" in case else {}
    assert {name: case[name] for name in got} == got
    if "report" not in case:
        assert why_not_a_report(text, language) is None


def test_a_planned_demo_and_a_word_of_the_customers_name_say_nothing_of_the_visit() -> None:
    said = "Talked to the owner today, demo of the scanner then"
    assert find_type(said, "en") is not None
    assert find_type(said, "en", plans=[(27, len(said))]) is None
    fair = "At the summit this morning"
    assert getattr(find_medium(fair, "en"), "value", None) == "event"
    assert getattr(find_medium(fair, "en", names=[(0, 13)]), "value", None) == "in_person"
