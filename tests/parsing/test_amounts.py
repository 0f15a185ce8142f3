"""Money as stated: `amounts.toml` holds the sentences."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from parsing.amounts import find_amounts, is_haggled

CASES = tomllib.loads((Path(__file__).parent / "amounts.toml").read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_the_sums_of_the_business_and_no_others(case: dict[str, Any]) -> None:
    found = find_amounts(case["text"], case["language"], case.get("home"))
    got = [f"{one.value.value.normalize():f} {one.value.currency}" for one in found]
    wanted = [one if " " in one else f"{one} EUR" for one in case["sums"]]
    assert [_plain(one) for one in wanted] == got


def _plain(wanted: str) -> str:
    number, currency = wanted.split()
    return f"{number.rstrip('0').rstrip('.') if '.' in number else number} {currency}"


@pytest.mark.parametrize(
    ("language", "text", "haggled"),
    [
        ("nl", "hij bood 8.400 euro, wij zitten op 9.100 euro", True),
        ("nl", "twee offertes: 8.400 euro voor de pers, 900 euro voor het mes", False),
        ("de", "sie drückt auf 1.950 €, wir stehen bei 2.280 €", True),
        ("de", "Auftrag über 1.950 € und Service für 2.280 € unterschrieben", False),
        ("en", "she says £52k, we say £58k", True),
        ("en", "invoices of £520 and £580 are paid", False),
        ("fi", "meidän hinta 610 €/kk, ostaja tinkaa 570 €/kk", True),
        ("fi", "laskut 610 € ja 570 € maksettu", False),
    ],
)
def test_two_bids_for_one_thing_are_haggling(language: str, text: str, haggled: bool) -> None:
    assert is_haggled(text, language, find_amounts(text, language)) is haggled
