"""Getting in by a link, once; what nobody signed in may not see; getting out again."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from slack_sdk import WebClient

from app.refusals import Refused
from app.settings import Settings
from app.wiring import build
from tests.conftest import TestHouse
from tests.servers.slack import SlackServer, load_manifest
from tests.servers.slack.methods_oauth import grant
from tests.servers.smtp import SmtpServer
from tests.servers.web import served
from web.gate import local

NOOR, BAS = "noor@varenhof.example", "bas@varenhof.example"
MANIFEST = Path(__file__).parents[2] / "bot" / "manifest.yaml"
HTML = {"accept": "text/html"}


@dataclass
class Entrance:
    """A house whose pages can be reached by others, and one browser in front of it."""

    house: TestHouse
    smtp: SmtpServer
    url: str

    def browser(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers=HTML, timeout=30)

    def link(self, browser: httpx.Client, address: str = NOOR, place: str = "/") -> str:
        """Ask for a link, and give the path that the mail brought."""
        before = len(self.smtp.mails)
        assert browser.post("/sign-in", data={"address": address, "place": place}).status_code == 200
        self.house.run_jobs()
        mail = self.smtp.mails[before]
        assert mail["To"] == address
        body = mail.get_body(("plain",))
        assert body is not None
        found = re.search(r"http://127\.0\.0\.1(/sign-in/link/\S+)", body.get_content())
        assert found
        return found[1]

    def signed_in(self, address: str = NOOR) -> httpx.Client:
        with self.browser() as browser:
            assert browser.post(self.link(browser, address)).status_code == 303
            return httpx.Client(base_url=self.url, headers=HTML, timeout=30, cookies=dict(browser.cookies))


@pytest.fixture
def entrance(build_house: Callable[..., TestHouse], sqlite_url: str, smtp: SmtpServer) -> Iterator[Entrance]:
    house = build_house(
        sqlite_url,
        public_url="http://127.0.0.1",
        smtp={"host": "127.0.0.1", "port": smtp.port, "tls": "none", "sender": "debrief@varenhof.example"},
    )
    with served(house.house.web()) as url:
        yield Entrance(house, smtp, url)


def test_a_link_lets_in_once_and_leads_to_where_one_meant_to_go(entrance: Entrance) -> None:
    with entrance.browser() as browser:
        asked = browser.get("/visits?rep=1")
        assert asked.status_code == 303
        place = parse_qs(urlsplit(asked.headers["location"]).query)["place"][0]
        assert place == "/visits?rep=1"
        link = entrance.link(browser, place=place)
        assert "Sign in on this device" in browser.get(link).text  # a mail scanner looks, and uses nothing up
        answer = browser.post(link)
        assert (answer.status_code, answer.headers["location"]) == (303, "/visits?rep=1")
        assert browser.get("/visits").status_code == 200
    with entrance.browser() as other:
        assert other.post(link).status_code == 410
        assert other.get(link).status_code == 410
        assert other.get("/visits").status_code == 303


def test_a_link_is_of_no_use_after_a_quarter_of_an_hour(entrance: Entrance) -> None:
    with entrance.browser() as browser:
        link = entrance.link(browser)
        entrance.house.clock.passes(minutes=16)
        assert browser.post(link).status_code == 410


def test_nobody_is_told_who_is_registered(entrance: Entrance) -> None:
    with entrance.browser() as browser:
        here = browser.post("/sign-in", data={"address": NOOR})
        nobody = browser.post("/sign-in", data={"address": "stranger@elsewhere.example"})
    assert here.text == nobody.text
    entrance.house.run_jobs()
    assert [mail["To"] for mail in entrance.smtp.mails] == [NOOR]


def test_nobodys_inbox_is_flooded(entrance: Entrance) -> None:
    with entrance.browser() as browser:
        for _ in range(9):
            browser.post("/sign-in", data={"address": NOOR})
    entrance.house.run_jobs()
    assert len(entrance.smtp.mails) == 5


@pytest.mark.parametrize(
    "url", ["/", "/dashboard", "/visits", "/visits/1", "/accounts/1", "/attachments/1", "/learned", "/me"]
)
def test_without_signing_in_there_is_nothing_to_see(entrance: Entrance, url: str) -> None:
    with entrance.browser() as browser:
        assert browser.get(url).headers["location"].startswith("/sign-in?place=")
        assert browser.get(url, headers={"accept": "application/json"}).status_code == 401
    assert entrance.house.captures() == []


def test_nobody_speaks_for_a_rep(entrance: Entrance) -> None:
    with entrance.signed_in() as browser:
        assert browser.get("/chat").status_code == 404
        assert browser.post("/chat", data={}).status_code == 404
        assert "Try it" not in browser.get("/visits").text


def test_signing_out_ends_the_session_and_not_only_the_cookie(entrance: Entrance) -> None:
    with entrance.signed_in() as browser:
        kept = dict(browser.cookies)
        assert browser.post("/me/sign-out", data={"session": "all"}).headers["location"] == "/sign-in"
    with httpx.Client(base_url=entrance.url, headers=HTML, cookies=kept, timeout=30) as stolen:
        assert stolen.get("/visits").status_code == 303


def test_one_browser_is_signed_out_from_another(entrance: Entrance) -> None:
    with entrance.signed_in() as lost, entrance.signed_in() as mine:
        page = mine.get("/me").text
        first = min(int(one) for one in re.findall(r'name="session" value="(\d+)"', page))
        assert mine.post("/me/sign-out", data={"session": str(first)}).headers["location"] == "/me"
        assert lost.get("/visits").status_code == 303
        assert mine.get("/visits").status_code == 200


def test_nobody_ends_anothers_session(entrance: Entrance) -> None:
    with entrance.signed_in(NOOR) as noor, entrance.signed_in(BAS) as bas:
        theirs = re.search(r'name="session" value="(\d+)"', noor.get("/me").text)
        assert theirs
        bas.post("/me/sign-out", data={"session": theirs[1]})
        assert noor.get("/visits").status_code == 200


def test_another_sites_form_signs_nobody_in(entrance: Entrance) -> None:
    with entrance.browser() as browser:
        link = entrance.link(browser)
        assert browser.post(link, headers={"sec-fetch-site": "cross-site"}).status_code == 403
        assert browser.post(link).status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(entrance: Entrance) -> None:
    with entrance.browser() as browser:
        cookie = browser.post(entrance.link(browser)).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_no_token_is_kept_in_the_database(entrance: Entrance) -> None:
    with entrance.signed_in() as browser:
        token = browser.cookies["debrief"]
    path = entrance.house.house.settings.sqlite_file
    assert path
    kept = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    assert token.encode() not in kept
    assert b"/sign-in/link/" not in kept


@pytest.mark.parametrize(
    "place",
    ["//evil.example/", "https://evil.example/", "/\\evil.example", "evil", "", "/a\r\nSet-Cookie: x=1", "/" * 600],
)
def test_a_link_leads_nowhere_else(place: str) -> None:
    assert local(place) == "/"


def test_pages_that_others_reach_are_not_served_where_nobody_could_sign_in(sqlite_url: str) -> None:
    house = build(Settings(_env_file=None, database_url=sqlite_url, host="0.0.0.0", pages=True))
    with pytest.raises(Refused, match="DEBRIEF_PUBLIC_URL"):
        house.web()
    house.close()


# ------------------------------------------------------------------------------------------------- with Slack


@pytest.fixture
def with_slack(build_house: Callable[..., TestHouse], sqlite_url: str) -> Iterator[tuple[SlackServer, httpx.Client]]:
    with SlackServer(load_manifest(MANIFEST), clock_scale=0.01) as slack:
        house = build_house(
            sqlite_url,
            public_url="http://127.0.0.1",
            slack={
                "bot_token": slack.bot_token, "signing_secret": slack.signing_secret, "api_url": slack.base_url,
                "client_id": slack.client_id, "client_secret": slack.client_secret,
            },
        )  # fmt: skip
        with served(house.house.web()) as url, httpx.Client(base_url=url, headers=HTML, timeout=30) as browser:
            yield slack, browser
        slack.assert_no_violations()


def left(browser: httpx.Client) -> dict[str, str]:
    """What Slack's page is asked for."""
    away = browser.get("/sign-in/slack?place=/learned")
    asked = urlsplit(away.headers["location"])
    assert asked.path == "/openid/connect/authorize"
    return {name: values[0] for name, values in parse_qs(asked.query).items()}


def test_slack_vouches_for_a_rep(with_slack: tuple[SlackServer, httpx.Client]) -> None:
    slack, browser = with_slack
    noor = slack.add_user("Noor", NOOR)
    asked = left(browser)
    assert asked["redirect_uri"] == "http://127.0.0.1/sign-in/slack/back"
    code = grant(slack, noor.id)
    back = browser.get("/sign-in/slack/back", params={"code": code, "state": asked["state"]})
    assert (back.status_code, back.headers["location"]) == (303, "/learned")
    assert browser.get("/visits").status_code == 200


def test_a_sign_in_that_was_begun_elsewhere_is_refused(with_slack: tuple[SlackServer, httpx.Client]) -> None:
    slack, browser = with_slack
    code = grant(slack, slack.add_user("Noor", NOOR).id)
    assert browser.get("/sign-in/slack/back", params={"code": code, "state": "guessed"}).status_code == 400
    left(browser)
    assert browser.get("/sign-in/slack/back", params={"code": code, "state": "guessed"}).status_code == 400


def test_whom_slack_knows_and_we_do_not_is_not_let_in(with_slack: tuple[SlackServer, httpx.Client]) -> None:
    slack, browser = with_slack
    code = grant(slack, slack.add_user("Stranger", "stranger@elsewhere.example").id)
    state = left(browser)["state"]
    assert browser.get("/sign-in/slack/back", params={"code": code, "state": state}).status_code == 403
    assert browser.get("/visits").status_code == 303


def test_another_workspaces_word_for_an_address_of_ours_is_not_taken(
    with_slack: tuple[SlackServer, httpx.Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    slack, browser = with_slack
    tells = WebClient.openid_connect_userInfo

    def elsewhere(client: WebClient) -> dict[str, Any]:
        return {**dict(tells(client).data), "https://slack.com/team_id": "T0ELSEWHERE"}

    monkeypatch.setattr(WebClient, "openid_connect_userInfo", elsewhere)
    code = grant(slack, slack.add_user("Noor", NOOR).id)
    state = left(browser)["state"]
    assert browser.get("/sign-in/slack/back", params={"code": code, "state": state}).status_code == 403
    assert browser.get("/visits").status_code == 303
