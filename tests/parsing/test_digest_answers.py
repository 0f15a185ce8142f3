"""What people answer to a digest, line by line: ``digests/answers.toml``."""

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsing.digest_answers import Item, read_digest_answer

NOW = datetime(2026, 3, 4, 9, tzinfo=ZoneInfo("Europe/Amsterdam"))
ITEMS = (
    Item("action", "offerte sturen · Smederij Kolk"),
    Item("action", "terugbellen over levering · Kaas & Zo"),
    Item("action", "monsters meenemen · Molenaar"),
    Item("visit", ""),
    Item("visit", "Jansen Metaal"),
)
CASES = tomllib.loads((Path(__file__).parent / "digests" / "answers.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[f"{case['language']}-{case['says'][:40]!r}" for case in CASES])
def test_an_answer_means_what_it_says(case: dict[str, Any]) -> None:
    read = read_digest_answer(case["says"], ITEMS, NOW, case["language"])
    told = {
        str(one.number): one.due.isoformat() if one.due else f"“{one.words}”" if one.how == "words" else one.how
        for one in read.replies
    }
    assert told == case["means"]
    assert list(read.unclear) == case.get("unclear", [])


@pytest.mark.parametrize("text", ["1 klaar", "1 done, 2 Friday", "erledigt: 1, 3", "1 ✅ 2 ❌"])
def test_numbers_alone_can_be_nothing_but_an_answer(text: str) -> None:
    assert read_digest_answer(text, ITEMS, NOW, "nl").by_number


@pytest.mark.parametrize(
    "text",
    [
        "Vandaag bij Jansen geweest, goed gesprek over de 2 lijnen", "Heute bei Kolk, 3 Paletten bestellt",
        "dank je", "Met Dana at 2 pm, quote by Friday", "kävin eilen kahdessa paikassa, 2 tarjousta",
    ],
)  # fmt: skip
def test_a_report_is_no_such_answer(text: str) -> None:
    read = read_digest_answer(text, ITEMS, NOW, "nl")
    assert not read.by_number or read.unclear


def test_a_verdict_alone_is_clear_where_one_thing_is_to_be_done() -> None:
    assert [one.how for one in read_digest_answer("klaar", ITEMS[:1], NOW, "nl").replies] == ["done"]
    assert read_digest_answer("klaar", ITEMS[:2], NOW, "nl").replies == ()


@given(st.text(max_size=200), st.sampled_from(["nl", "de", "fi", "en"]))
def test_no_answer_settles_a_line_that_there_is_not(text: str, language: str) -> None:
    read = read_digest_answer(text, ITEMS, NOW, language)
    assert all(1 <= one.number <= len(ITEMS) for one in read.replies)
    assert all(one.due is None or one.due >= date(2026, 3, 4) for one in read.replies)
