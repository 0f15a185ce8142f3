"""Money as stated: `amounts.toml` holds the sentences."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from parsing.amounts import find_amounts

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
