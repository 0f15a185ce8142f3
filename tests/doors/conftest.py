from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.serving import socket_mode
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
def at_slack(
    request: pytest.FixtureRequest, build_house: Callable[..., TestHouse], sqlite_url: str
) -> Iterator[SlackHouse]:
    """By HTTP; by a socket where a test is parametrized with "sockets" (`both_ways`)."""
    sockets = getattr(request, "param", "http") == "sockets"
    with SlackServer(load_manifest(MANIFEST), clock_scale=0.01) as slack:
        secret = {"app_token": slack.app_token} if sockets else {"signing_secret": slack.signing_secret}
        reached = {"bot_token": slack.bot_token, "api_url": slack.base_url, **secret}
        # Building the pages and the API, which nobody opens here, takes longer than most of these tests.
        house = build_house(sqlite_url, slack=reached, pages=False, api=False)
        noor = slack.add_user("Noor", "noor@varenhof.example", tz="Europe/Amsterdam")
        saara = slack.add_user("Saara", "saara@varenhof.example", tz="Europe/Helsinki")
        _name(house, noor.id)
        with _by_socket(house, slack) if sockets else _by_http(house, slack):
            yield SlackHouse(house, slack, noor, saara)
            slack.settle()
        slack.assert_no_violations()


both_ways = pytest.mark.parametrize("at_slack", ["http", "sockets"], indirect=True)


@contextmanager
def _by_http(house: TestHouse, slack: SlackServer) -> Iterator[None]:
    with served(house.house.web()) as url:
        slack.events_url = f"{url}/slack/events"
        yield


@contextmanager
def _by_socket(house: TestHouse, slack: SlackServer) -> Iterator[None]:
    with socket_mode(house.house):
        slack.wait_for(lambda: slack.sockets == 1)
        yield


def _name(house: TestHouse, slack_id: str) -> None:
    with house.house.db.write() as tx:
        noor = reps.by_email(tx, "noor@varenhof.example")
        assert noor is not None
        noor.slack_id = slack_id
        crm.touch(tx)
