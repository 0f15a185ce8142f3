"""Markup that comes in by a message, a mail, a file's name, an import, Slack or an address stays text on every page."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from capture.importing import COLUMNS, import_folder
from parsing.model import Address, Forwarded, Message
from store import reps
from store.tables import (
    Account,
    Attachment,
    Blob,
    Capture,
    ContactPair,
    Employment,
    HouseKeyword,
    Kind,
    Lesson,
    SavedView,
    Visit,
    VisitKeyword,
)
from tests.conftest import TestHouse
from tests.servers.web import SIGNED_IN, served
from tests.web.routes import every_route

BAS = "bas@varenhof.example"
EVIL = """'"><script>alert(1)</script><img src=x onerror=alert(1)><iambad onclick='x'>{{7*7}}"""
"""What would leave an attribute, an element and a template; no page of ours has an element of the last name."""
NUMBERS = range(1, 3)
"""Of each row there are two at most."""
TWOFOLD = ("/visits/{visit_id}", "/inbox/{capture_id}")
"""The second one of these looks otherwise: nobody knows its customer."""
WORDS = ("q", "leaver", "heir", "kind", "place", "account", "keyword", "team", "rep", "name", "by", "sort")
"""Parameters that our pages read."""
PEOPLE = [("eva@varenhof.example", "rep"), (BAS, "administrator")]


@pytest.fixture
def house(build_house: Callable[..., TestHouse], sqlite_url: str, tmp_path: Path) -> TestHouse:
    """Everything that can be called something is called that."""
    house = build_house(sqlite_url, empty=True, **SIGNED_IN)
    import_folder(house.house.db, imported(tmp_path / "imported"), house.clock())
    texts = (f"visited Evilworks today {EVIL}, call back on Friday {EVIL}", f"visited somebody {EVIL} today")
    for text in texts:
        told = Message(
            via="email", rep=PEOPLE[0][0], sent_at=house.clock(), text=text, source_id=text, subject=f"Re: {EVIL}",
            forwarded=Forwarded(body=f"So {EVIL}", subject=EVIL, sender=Address(email="a@evil.example", name=EVIL)),
        )  # fmt: skip
        house.house.assistant.file(house.house.assistant.accept(told, raw=text.encode()).capture_id)
    soil(house)
    return house


def imported(folder: Path) -> Path:
    """CSV files in which names, streets and roles are markup."""
    folder.mkdir()
    csv = '"' + EVIL.replace('"', '""') + '"'
    rows = {
        "reps.csv": [
            f"{PEOPLE[0][0]},{csv},U0EVIL,rep,{csv},{BAS},en,Europe/Amsterdam",
            f"{BAS},{csv},U0BAS,administrator,{csv},,en,Europe/Amsterdam",
        ],
        "accounts.csv": [f"X1,{csv},Evilworks,{csv},{csv},{csv},{csv},{csv},A,customer,{PEOPLE[0][0]}"],
        "contacts.csv": [f"Y{n},X1,{csv},{csv},{mail}@evil.example,{csv},en" for n, mail in ((1, "a"), (2, "b"))],
    }
    for name, lines in rows.items():
        (folder / name).write_text("\n".join([",".join(COLUMNS[name]), *lines]) + "\n", "utf-8")
    return folder


def soil(house: TestHouse) -> None:
    """Have the rest say it too: labels, keywords, files, lists, lessons and what is in every free text."""
    now = house.clock()
    with house.house.db.write() as tx:
        eva = reps.by_email(tx, PEOPLE[0][0])
        account = tx.scalars(select(Account).where(Account.external_id == "X1")).one()
        capture = tx.get_one(Capture, 1)
        assert eva
        tx.add(Blob(sha256="0" * 64, data=b"a"))
        capture.attachments.append(Attachment(sha256="0" * 64, name=EVIL, content_type="text/html", size_bytes=1))
        for kind in tx.scalars(select(Kind)):
            kind.labels = {**kind.labels, "en": EVIL}
        people = [job.contact_id for job in tx.scalars(select(Employment).where(Employment.account_id == account.id))]
        tx.add_all(
            [
                HouseKeyword(term=EVIL),
                SavedView(rep_id=eva.id, place="visits", name=EVIL, query=f"q={EVIL}"),
                ContactPair(low_id=people[0], high_id=people[1], reason="name", found_at=now),
                Lesson(
                    rep_id=eva.id,
                    kind="account",
                    phrase="x",
                    said=EVIL,
                    account_id=account.id,
                    visit_id=1,
                    taught_at=now,
                ),
            ]
        )
        for visit in tx.scalars(select(Visit)).unique():
            visit.account_id, visit.subject, visit.report = account.id, EVIL, EVIL
            visit.keywords = [VisitKeyword(term=EVIL)]
            for action in visit.actions:
                action.text = EVIL


@pytest.fixture
def app(house: TestHouse) -> FastAPI:
    return house.house.web()


@pytest.fixture
def browsers(house: TestHouse, app: FastAPI) -> Iterator[list[httpx.Client]]:
    """A rep and an administrator, signed in."""
    tokens = [house.house.signing_in.open_as(address, EVIL) for address, _ in PEOPLE]
    with served(app) as url:
        headers = {"accept": "text/html"}
        opened = [
            httpx.Client(base_url=url, headers=headers, cookies={"debrief": one or ""}, timeout=30) for one in tokens
        ]
        yield opened
        for one in opened:
            one.close()


def addresses(app: FastAPI) -> Iterator[str]:
    """Every route that can be read with each number of our few rows, tabs and searches too."""
    for place in sorted({path for method, path in every_route(app) if method == "GET" and "/api/" not in path}):
        for number in NUMBERS if place in TWOFOLD else (1,):
            yield re.sub(r"\{[^}]+\}", str(number), place.replace("{kind}", "csv"))
        if place == "/visits/{visit_id}":
            yield from (f"/visits/1?tab={tab}&q={quote(EVIL)}" for tab in ("report", "attachments", "history"))
        if "{" not in place:
            yield "&".join([f"{place}?", *(f"{word}={quote(EVIL)}" for word in WORDS)])


def harm(answer: httpx.Response) -> list[str]:
    """What of it a browser would not show as text."""
    page = LexborHTMLParser(answer.text)
    foreign = [node.html or "" for node in page.css("iambad, img[onerror], [onclick]")]
    return [*foreign, *(node.text() for node in page.css("script") if "alert" in node.text())]


def test_markup_that_is_none_of_ours_would_be_found() -> None:
    assert 4 == len(harm(httpx.Response(200, text=f"<p title='{EVIL}'>")))


def test_it_stays_text_on_every_page(app: FastAPI, browsers: list[httpx.Client]) -> None:
    shown = set()
    for browser in browsers:
        for place in addresses(app):
            answer = browser.get(place)
            assert answer.status_code < 500, place
            if answer.headers.get("content-type", "").startswith("text/html"):
                assert [] == harm(answer), place
                if "&lt;iambad" in answer.text:
                    shown.add(re.sub(r"\?.*|\d+", "", place))
    assert 12 < len(shown), shown
