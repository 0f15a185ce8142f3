from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from tests.servers.slack import SlackServer, User
from tests.servers_selftest.pigeon import MANIFEST


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(MANIFEST, clock_scale=0.001) as server:
        yield server


@pytest.fixture
def rep(slack: SlackServer) -> User:
    return slack.add_user("Ada Berg", "ada@pigeon.example", tz="Europe/Helsinki", locale="fi-FI")


@pytest.fixture
def web(slack: SlackServer) -> WebClient:
    return WebClient(slack.bot_token, base_url=slack.base_url)
