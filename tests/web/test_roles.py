"""Each role tries each route of the pages: a table of what is answered, without a hole."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from capture.rights import HOST
from capture.webhook_events import EVENTS
from parsing.model import Message
from store import reps
from store.tables import (
    Attachment,
    Blob,
    Capture,
    ContactPair,
    DayOff,
    PrivateNote,
    SavedView,
    Step,
    Target,
    VisitInterval,
)
from tests.conftest import TestHouse
from tests.servers.web import SIGNED_IN, served
from tests.web.routes import every_route

NOOR, JONAS, BAS = (f"{name}@varenhof.example" for name in ("noor", "jonas", "bas"))
ROLES = ("nobody", "guest", "marketing", "colleague", "rep", "operator", "manager", "administrator")
"""They try one after the other: what one of them changed, the next one finds changed."""
TABLE = Path(__file__).with_name("roles.txt")
"""A line a route, a column a role. The colleague is a rep who never went to that customer; the manager leads both; a
guest has a role that we do not know; nobody is signed in. 404 where what there is may not even be known."""
NOT_OURS = ("/api/v1/",)
"""The API has a table of its own, in tests/api."""
LAST = ("/persons/{contact_id}/erase", "/me/sign-out")
"""What would change how the others are answered."""
PLACES: dict[str, str] = {"{capture_id}": "2", "{kind}": "csv", "{other_id}": "2"}
"""What stands for the parts of an address; 1 where nothing is said."""
FORMS: dict[str, dict[str, Any]] = {
    "/digest/{token}": {"want": "never"},
    "/visits/{visit_id}/private": {"text": "houdt van zeilen"},
    "/targets": {"whose": "house", "value": "3", "since": "2026-03-02"},
    "/targets/{target_id}/end": {"last": "2026-03-30"},
    "/me/days-off": {"first": "2026-04-01"},
    "/accounts/{account_id}/people/{employment_id}": {"said": "still"},
    "/inbox/jobs/again": {"job": "none"},
    "/inbox/jobs/drop": {"job": "none", "reason": "done by hand"},
    "/inbox/{capture_id}/account": {"visit": "2", "account": "999"},
    "/inbox/{capture_id}/rep": {"rep": "999"},
    "/inbox/{capture_id}/dismiss": {"reason": ""},
    "/sign-in": {"address": "nobody@varenhof.example"},
    "/me/tokens": {"name": "a test", "scope": "read:visits"},
    "/views": {"place": "visits", "name": "A list", "query": "q=offerte"},
    "/webhooks": {"url": "https://hooks.firm.example/", "event": list(EVENTS)},
    "/webhooks/{webhook_id}": {"do": "test"},
}


def meant() -> dict[str, dict[str, int]]:
    """Of each route what each role is answered."""
    head, *lines = [line.split() for line in TABLE.read_text("utf-8").splitlines()]
    return {" ".join(cells[:2]): dict(zip(head, map(int, cells[2:]), strict=True)) for cells in lines}


@pytest.fixture
def house(build_house: Callable[..., TestHouse], sqlite_url: str) -> TestHouse:
    """Noor told of one visit that is filed and of one whose customer nobody knows; of all else there is one."""
    house = build_house(sqlite_url, **SIGNED_IN)
    for text in ("vanmorgen bij zuivelhuis terwolde geweest met Kees", "vanmiddag bij Hofstra geweest"):
        message = Message(via="web", rep=NOOR, sent_at=house.clock(), text=text, source_id=text)
        house.house.assistant.file(house.house.assistant.accept(message, raw=text.encode()).capture_id)
    webhooks = house.house.webhooks
    webhooks.test(HOST, webhooks.add(HOST, "https://hooks.firm.example/", list(EVENTS)).id)
    furnish(house)
    return house


def furnish(house: TestHouse) -> None:
    now, day = house.clock(), date(2026, 3, 2)
    with house.house.db.write() as tx:
        noor = reps.by_email(tx, NOOR)
        capture = tx.get(Capture, 1)
        assert noor
        assert capture
        capture.attachments.append(Attachment(sha256="0" * 64, name="a.txt", content_type="text/plain", size_bytes=1))
        tx.add_all(
            [
                Blob(sha256="0" * 64, data=b"a"),
                PrivateNote(visit_id=1, rep_id=noor.id, text="houdt van zeilen", written_at=now),
                Target(level="rep", rep_id=noor.id, value=3, since=day),
                VisitInterval(grade="E", days=30, set_at=now, set_by="command"),
                DayOff(rep_id=noor.id, first=day, last=day),
                SavedView(rep_id=noor.id, place="visits", name="Mine", query=""),
                ContactPair(low_id=1, high_id=2, reason="name", found_at=now),
                Step(kind="handover", from_id=noor.id, to_id=noor.id, at=now, by="command", journal=[]),
            ]
        )


@pytest.fixture
def app(house: TestHouse) -> FastAPI:
    return house.house.web()


@pytest.fixture
def as_(house: TestHouse, app: FastAPI) -> Iterator[Callable[[str], httpx.Client]]:
    """A browser signed in as each of the roles."""
    with ExitStack() as stack:
        url = stack.enter_context(served(app))

        def browser(role: str) -> httpx.Client:
            address = {"rep": NOOR, "colleague": JONAS}.get(role, BAS)
            with house.house.db.write() as tx:
                rep = reps.by_email(tx, address)
                assert rep
                rep.role = "rep" if role == "colleague" else role
            token = house.house.signing_in.open_as(address, "a test")
            cookies = {"debrief": token} if token and role != "nobody" else {}
            headers = {"accept": "text/html"}
            return stack.enter_context(httpx.Client(base_url=url, headers=headers, cookies=cookies, timeout=30))

        yield browser


def routes(app: FastAPI) -> list[str]:
    found = {(m, place) for m, place in every_route(app) if not place.startswith(NOT_OURS)}
    return [f"{method} {place}" for method, place in sorted(found, key=lambda one: (one[1] in LAST, *one))]


def tried(browser: httpx.Client, route: str) -> int:
    method, place = route.split()
    filled = re.sub(r"\{\w+\}", lambda part: PLACES.get(part[0], "1"), place)
    return browser.request(method, filled, data=FORMS.get(place)).status_code


def test_each_role_tries_each_route(app: FastAPI, as_: Callable[[str], httpx.Client]) -> None:
    """A route that is not in the table fails here too: nobody said who may."""
    told: dict[str, dict[str, int]] = {route: {} for route in routes(app)}
    for role in ROLES:
        browser = as_(role)
        for route, answers in told.items():
            answers[role] = tried(browser, route)
    assert meant() == told
