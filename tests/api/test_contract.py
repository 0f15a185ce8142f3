"""The API answers as its own document says; `python -m tests.bench api` tries far more."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.api.contract import TOOL, api_of, tried
from tests.conftest import TestHouse


def test_no_failure_and_no_answer_that_is_not_described(
    build_house: Callable[..., TestHouse], sqlite_url: str, tmp_path: Path
) -> None:
    if not TOOL.exists():
        pytest.skip("schemathesis is not installed here (make install)")
    house = build_house(sqlite_url, api_per_minute=1_000_000)
    house.house.assistant.file(house.says("vanmorgen bij zuivelhuis terwolde geweest, offerte vrijdag", via="api"))
    with api_of(house.house, "noor@varenhof.example") as (url, token):
        done = tried(url, token, tmp_path, "--phases", "fuzzing", "--max-examples", 1, "--seed", 1)
    assert 0 == done.returncode, done.stdout[-10_000:]
    assert "30/30" in done.stdout, "every route was tried"
