"""Slack goes away, PostgreSQL is restarted, the clock is stepped: each report is one visit and one card, and soon."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.faults.outages import clock_stepped, database_restarted, scene, slack_away, suffer
from tests.faults.stepping import SteppedClock, compiler
from tests.servers.dovecot import Dovecot
from tests.servers.postgres import Postgres

pytestmark = pytest.mark.slow

RETURN_S = 60.0


@pytest.mark.servers
def test_while_slack_is_away_nothing_is_lost(tmp_path: Path, dovecot: Dovecot) -> None:
    with scene(tmp_path, dovecot, away_s=5.0) as place:
        counts = suffer(place, slack_away, messages=10)
    assert counts.whole, counts
    assert counts.back_s < RETURN_S


@pytest.mark.servers
def test_a_database_that_is_restarted_costs_nothing(tmp_path: Path, dovecot: Dovecot) -> None:
    with TemporaryDirectory(prefix="debrief-postgres-") as folder:
        server = Postgres(Path(folder))
        server.start()
        try:
            with scene(tmp_path, dovecot, away_s=4.0, postgres=server) as place:
                counts = suffer(place, database_restarted, messages=10)
        finally:
            server.stop()
    assert counts.whole, counts
    assert counts.back_s < RETURN_S


@pytest.mark.servers
@pytest.mark.skipif(compiler() is None, reason="a clock that can be stepped takes a C compiler")
def test_a_clock_that_is_stepped_by_an_hour_both_ways_holds_nothing_up(tmp_path: Path, dovecot: Dovecot) -> None:
    with scene(tmp_path, dovecot, away_s=6.0, clock=SteppedClock.made_in(tmp_path)) as place:
        counts = suffer(place, clock_stepped, messages=8)
    assert counts.whole, counts
    assert counts.back_s < RETURN_S
