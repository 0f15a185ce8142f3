"""A digest in Slack: answered in its thread or right after it, taken back, settled and ended by a tap."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from store import reps
from store.preferences import of
from store.tables import Action
from store.targets import set_target
from tests.doors.conftest import SlackHouse
from tests.servers.slack import Message
from tests.servers.slack.human import Human

NOOR = "noor@varenhof.example"


@pytest.fixture
def digest(at_slack: SlackHouse) -> Message:
    """Noor's digest of today, with one action in it."""
    at_slack.house.clock.now = datetime.now(UTC)  # as Slack's, which stamps messages
    at_slack.house.says("vandaag bij zuivelhuis terwolde geweest met Kees, offerte sturen uiterlijk vandaag")
    with at_slack.house.house.db.write() as tx:
        noor = reps.by_email(tx, NOOR)
        assert noor
        set_target(tx, noor.id, "week", 10, date(2026, 1, 1))
    at_slack.house.run_jobs()
    assert at_slack.house.house.digests.begin(NOOR, at_slack.house.clock.now.date())
    at_slack.house.run_jobs()
    return human(at_slack).sees("Te doen", timeout_s=20)


def human(at_slack: SlackHouse) -> Human:
    return at_slack.slack.human(at_slack.noor)


def state(at_slack: SlackHouse) -> str:
    with at_slack.house.house.db.read() as tx:
        return tx.scalars(select(Action)).one().state


def test_it_is_answered_in_its_thread_and_taken_back_by_a_button(at_slack: SlackHouse, digest: Message) -> None:
    human(at_slack).says("1 klaar", thread=digest)
    at_slack.house.run_jobs()
    human(at_slack).sees("Genoteerd", timeout_s=20)
    assert state(at_slack) == "done"
    human(at_slack).clicks("Ongedaan maken")
    at_slack.house.run_jobs()
    human(at_slack).sees("Teruggedraaid", timeout_s=20)
    assert state(at_slack) == "open"


def test_the_thread_need_not_be_opened(at_slack: SlackHouse, digest: Message) -> None:
    human(at_slack).says("1 weg")
    at_slack.house.run_jobs()
    human(at_slack).sees("Genoteerd", timeout_s=20)
    assert state(at_slack) == "dropped"


def test_its_button_and_its_menu_settle_an_action(at_slack: SlackHouse, digest: Message) -> None:
    human(at_slack).selects("Vervalt", on=digest)
    assert state(at_slack) == "dropped"


def test_home_ends_it(at_slack: SlackHouse, digest: Message) -> None:
    noor = human(at_slack)
    noor.opens_home()
    noor.selects("Helemaal niet")
    with at_slack.house.house.db.read() as tx:
        rep = reps.by_email(tx, NOOR)
        assert rep
        chosen = of(tx, rep.id)
        assert chosen
        assert chosen.digest_rhythm == "never"
