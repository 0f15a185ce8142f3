from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from tests.servers.slack import SlackServer, User
from tests.servers.slack.human import Human
from tests.servers_selftest.pigeon import MANIFEST, Listener, listening


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


@pytest.fixture
def app(slack: SlackServer) -> Iterator[Listener]:
    with listening(slack) as listener:
        yield listener


@pytest.fixture
def ada(slack: SlackServer, rep: User, app: Listener) -> Human:
    return slack.human(rep)
