"""Each digest comes once, whoever dies meanwhile and whatever the clocks do; in full by the module itself."""

from pathlib import Path

import pytest

from tests.faults.digests import CHANGES, storm

pytestmark = pytest.mark.slow


def test_none_is_missing_and_none_comes_twice(tmp_path: Path) -> None:
    counts = storm(tmp_path, reps=6, days=2, step_min=60, changes=CHANGES[:1])
    assert counts.whole, counts
    assert counts.letters == counts.expected > 0
    assert counts.kills > 0
    assert counts.said_again <= counts.kills_while_sending + counts.kills


def test_clocks_that_step_by_an_hour_both_ways_bring_none_twice(tmp_path: Path) -> None:
    counts = storm(tmp_path, reps=3, days=2, step_min=60, changes=CHANGES[:1], skew_min=60)
    assert counts.whole, counts
    assert counts.letters == counts.expected > 0
