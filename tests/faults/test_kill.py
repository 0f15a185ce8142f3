"""The house is killed again and again while reps report, and each report is still one visit and one card."""

from pathlib import Path

import pytest

from tests.faults.kill import storm
from tests.servers.dovecot import Dovecot

pytestmark = pytest.mark.slow


@pytest.mark.servers
def test_five_kills_lose_nothing_and_file_nothing_twice(tmp_path: Path, dovecot: Dovecot) -> None:
    counts = storm(tmp_path, kills=5, messages=30, seed=7, dovecot=dovecot)
    assert counts.whole, counts
    assert counts.captures == counts.visits == counts.cards == 30
    assert counts.cards_said_twice <= counts.kills
