from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from store import crm, reps
from tests.conftest import TestHouse
from tests.servers.slack import SlackServer, User, load_manifest
from tests.servers.web import served

MANIFEST = Path(__file__).parents[2] / "bot" / "manifest.yaml"


@dataclass
class SlackHouse:
    """A house behind Slack: Noor is a rep whose Slack id is known, Saara one known by her address alone."""

    house: TestHouse
    slack: SlackServer
    noor: User
    saara: User


@pytest.fixture
def at_slack(build_house: Callable[..., TestHouse], sqlite_url: str) -> Iterator[SlackHouse]:
    with SlackServer(load_manifest(MANIFEST), clock_scale=0.01) as slack:
        house = build_house(
            sqlite_url,
            slack={
                "bot_token": slack.bot_token,
                "signing_secret": slack.signing_secret,
                "api_url": slack.base_url,
            },
        )
        noor = slack.add_user("Noor", "noor@varenhof.example", tz="Europe/Amsterdam")
        saara = slack.add_user("Saara", "saara@varenhof.example", tz="Europe/Helsinki")
        _name(house, noor.id)
        with served(house.house.web()) as url:
            slack.events_url = f"{url}/slack/events"
            yield SlackHouse(house, slack, noor, saara)
            slack.settle()
        slack.assert_no_violations()


def _name(house: TestHouse, slack_id: str) -> None:
    with house.house.db.write() as tx:
        noor = reps.by_email(tx, "noor@varenhof.example")
        assert noor is not None
        noor.slack_id = slack_id
        crm.touch(tx)
