"""The pages of tokens and webhooks, and the calendar that one subscribes to."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time

import httpx
import pytest
from icalendar import Calendar
from selectolax.lexbor import LexborHTMLParser

from store import reps
from store.tables import Visit
from tests.api.conftest import BAS, JONAS, NOOR
from tests.conftest import TestHouse
from tests.servers.web import served
from web.calendars import written

Browser = Callable[..., httpx.Client]


@pytest.fixture
def house(build_house: Callable[..., TestHouse], sqlite_url: str) -> TestHouse:
    return build_house(sqlite_url, public_url="http://127.0.0.1", smtp={"host": "127.0.0.1", "port": 1, "tls": "none"})


@pytest.fixture
def browser(house: TestHouse) -> Iterator[Browser]:
    """A browser that is signed in as somebody."""
    opened: list[httpx.Client] = []
    with served(house.house.web()) as url:

        def make(email: str = NOOR, role: str | None = None) -> httpx.Client:
            with house.house.db.write() as tx:
                rep = reps.by_email(tx, email)
                assert rep
                rep.role = role or rep.role
            token = house.house.signing_in.open_as(email, "a test")
            assert token
            cookies, headers = {"debrief": token}, {"accept": "text/html"}
            opened.append(httpx.Client(base_url=url, headers=headers, cookies=cookies, timeout=30))
            return opened[-1]

        yield make
        for one in opened:
            one.close()


def text(answer: httpx.Response) -> str:
    body = LexborHTMLParser(answer.text).body
    assert body
    return " ".join(body.text().split())


def test_a_person_makes_a_token_sees_it_once_and_revokes_it(browser: Browser) -> None:
    noor = browser()
    made = noor.post("/me/tokens", data={"name": "Trip <planner>", "scope": ["read:visits"], "days": "90"})
    token = LexborHTMLParser(made.text).css_first("[role=status] code")
    assert token
    with httpx.Client(
        base_url=noor.base_url, headers={"Authorization": f"Bearer {token.text()}"}, timeout=30
    ) as program:
        assert 200 == program.get("/api/v1/visits").status_code
        again = noor.get("/me/tokens")
        assert token.text() not in again.text
        assert "Trip <planner>" in text(again)
        assert 303 == noor.post("/me/tokens/1/revoke").status_code
        assert 401 == program.get("/api/v1/visits").status_code


def test_nobody_revokes_anothers_token(browser: Browser, house: TestHouse) -> None:
    token = house.house.tokens.make(1, "Noor's", ["read:visits"])
    browser(JONAS).post("/me/tokens/1/revoke")
    assert house.house.tokens.who(token)


def test_a_person_is_offered_what_they_may(browser: Browser, house: TestHouse) -> None:
    assert 'value="manage:webhooks"' not in browser().get("/me/tokens").text
    refused = browser().post("/me/tokens", data={"name": "x", "scope": ["manage:webhooks", "calendar"]})
    assert 422 == refused.status_code
    assert 'value="manage:webhooks"' in browser(BAS, "administrator").get("/me/tokens").text


def test_a_form_from_elsewhere_makes_no_token(browser: Browser, house: TestHouse) -> None:
    headers = {"sec-fetch-site": "cross-site"}
    noor = browser()
    for place in ("/me/tokens", "/me/calendar", "/me/tokens/1/revoke"):
        data = {"name": "x", "scope": "read:visits"}
        assert 403 == noor.post(place, data=data, headers=headers).status_code
    assert [] == house.house.tokens.of(1)


def test_an_administrator_sets_a_webhook_up_and_looks_at_it(browser: Browser, house: TestHouse) -> None:
    bas = browser(BAS, "administrator")
    made = bas.post("/webhooks", data={"url": "https://hooks.firm.example/in", "event": ["visit.filed"]})
    assert "whsec_" in made.text
    assert "whsec_" not in bas.get("/webhooks").text
    assert 303 == bas.post("/webhooks/1", data={"do": "test"}).status_code
    assert "waiting" in text(bas.get("/webhooks/1"))
    for do in ("off", "on"):
        assert 303 == bas.post("/webhooks/1", data={"do": do}).status_code
    assert 303 == bas.post("/webhooks/1/deliveries/1").status_code
    assert 303 == bas.post("/webhooks/1", data={"do": "remove"}).status_code
    assert 404 == bas.get("/webhooks/1").status_code


def test_a_webhook_into_our_own_network_is_not_set_up(browser: Browser) -> None:
    refused = browser(BAS, "administrator").post("/webhooks", data={"url": "https://10.0.0.1/", "event": "visit.filed"})
    assert 422 == refused.status_code
    assert "not a public one" in text(refused)


@pytest.mark.parametrize("role", ["rep", "manager", "operator", "marketing", "guest"])
def test_webhooks_are_the_administrators_business(browser: Browser, role: str) -> None:
    somebody = browser(BAS, role)
    assert 403 == somebody.get("/webhooks").status_code
    assert 403 == somebody.get("/webhooks/1").status_code
    assert 403 == somebody.post("/webhooks", data={"url": "https://x.example/", "event": "visit.filed"}).status_code
    assert 403 == somebody.post("/webhooks/1", data={"do": "off"}).status_code
    assert 403 == somebody.post("/webhooks/1/deliveries/1").status_code


def calendar_of(browser: httpx.Client) -> str:
    """The path of a calendar's address, as the page shows it."""
    shown = LexborHTMLParser(browser.post("/me/calendar").text).css_first("[role=status] code")
    assert shown
    return shown.text().removeprefix("http://127.0.0.1")


def test_one_subscribes_to_what_one_promised_and_plans(browser: Browser, house: TestHouse) -> None:
    said = "vanmorgen bij zuivelhuis terwolde geweest, Kees Bruinsma gesproken, offerte sturen voor vrijdag"
    house.house.assistant.file(house.says(said))
    with house.house.db.write() as tx:
        held = tx.get_one(Visit, 1)
        tx.add(
            Visit(number="V-2026-00002", capture_id=held.capture_id, position=1, rep_id=1, account_id=2,
                  on=date(2026, 3, 29), starts=time(9), timezone="Europe/Amsterdam", status="planned",
                  created_at=house.clock())
        )  # fmt: skip
    noor = browser()
    place = calendar_of(noor)
    answer = httpx.get(f"{noor.base_url}{place}")
    assert "text/calendar; charset=utf-8" == answer.headers["content-type"]
    promised, planned = Calendar.from_ical(answer.content).walk("VEVENT")
    assert date(2026, 3, 6) == promised["dtstart"].dt
    assert "Zuivelhuis Terwolde B.V." in promised["summary"]
    assert datetime.fromisoformat("2026-03-29T07:00:00+00:00") == planned["dtstart"].dt
    assert "http://127.0.0.1/visits/2" == planned["url"]
    assert "Bruinsma" not in answer.text
    same = httpx.get(f"{noor.base_url}{place}", headers={"If-None-Match": answer.headers["etag"]})
    assert (304, b"") == (same.status_code, same.content)


def test_a_calendars_address_holds_until_it_is_revoked_and_opens_nothing_else(
    browser: Browser, house: TestHouse
) -> None:
    noor = browser()
    place = calendar_of(noor)
    token = place.removeprefix("/calendar/").removesuffix(".ics")
    for path in ("visits", "contacts", "progress"):
        answer = httpx.get(f"{noor.base_url}/api/v1/{path}", headers={"Authorization": f"Bearer {token}"})
        assert 403 == answer.status_code
    assert 200 == httpx.get(f"{noor.base_url}{place}").status_code
    noor.post("/me/tokens/1/revoke")
    assert 404 == httpx.get(f"{noor.base_url}{place}").status_code
    other = house.house.tokens.make(1, "a program", ["read:visits"])
    assert 404 == httpx.get(f"{noor.base_url}/calendar/{other}.ics").status_code


def test_an_empty_calendar_is_one_all_the_same() -> None:
    assert [] == Calendar.from_ical(written([], "Noor; & co", None)).walk("VEVENT")
