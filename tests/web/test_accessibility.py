"""Every page in a real browser, at the widths of a desk and of a phone: axe-core finds nothing serious.

axe-core (MPL 2.0, dequeuniversity.com/rules/axe/4.4) comes with the package axe-core-python, for tests alone.
"""

import json
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from capture.importing.uploads import Uploads
from capture.rights import HOST
from store import reps
from store.tables import Import
from tests.conftest import TestHouse
from tests.servers.chromium import Chromium
from tests.servers.web import SIGNED_IN, served

pytestmark = pytest.mark.servers

NOOR, BAS = "noor@varenhof.example", "bas@varenhof.example"
SIZES = ((1280, 860), (360, 740))
PAGES: dict[str, tuple[str, ...]] = {
    "administrator": (
        "sign-in", "visits", "visits/1", "visits/1?tab=report", "visits/1?tab=history", "visits/1/edit", "accounts",
        "accounts/1", "accounts/1/brief", "accounts/1/edit", "actions", "contacts", "contacts/1", "contacts/1/edit",
        "dashboard", "targets", "inbox", "inbox/2", "duplicates", "handover", "mailings", "learned", "me", "me/tokens",
        "access", "persons", "webhooks", "import", "import/1", "house", "handbook", "house/attributes", "nowhere",
    ),
    "rep": ("dashboard", "visits/1", "learned"),
}  # fmt: skip
"""Administrators see every page; a rep's own are these."""
LOOK = "axe.run(document, {resultTypes: ['violations'], preload: false}).then(JSON.stringify)"


def axe() -> str:
    """The script that looks at a page."""
    found = find_spec("axe_core_python")
    if found is None or found.origin is None:
        pytest.skip("axe-core-python is not installed here")
    return Path(found.origin).with_name("axe.min.js").read_text("utf-8")


@pytest.fixture
def house(build_house: Callable[..., TestHouse], sqlite_url: str) -> TestHouse:
    """Noor told of a visit that is filed, and of one whose customer nobody knows."""
    house = build_house(sqlite_url, **SIGNED_IN)
    for text in (
        "vanmorgen bij zuivelhuis terwolde geweest, Kees gesproken. Offerte van 1.200 euro voor vrijdag sturen",
        "vanmiddag bij Hofstra geweest",
    ):
        house.house.assistant.file(house.says(text))
    list_ = "Klant;Plaats;Klasse;Omzet\nZuivelhuis Terwolde B.V.;Twello;A;1\nNieuw B.V.;Ede;B;2\nFout;Ede;Q;3\n"
    Uploads(house.house.db, house.clock).take(HOST, "accounts", "klanten.csv", list_.encode())
    with house.house.db.write() as tx:
        bas = reps.by_email(tx, BAS)
        tx.get_one(Import, 1).rep_id = bas.id if bas else None
    return house


@pytest.fixture
def url(house: TestHouse) -> Iterator[str]:
    with served(house.house.web()) as url:
        yield url


def sign_in(chromium: Chromium, house: TestHouse, url: str, role: str) -> None:
    address = NOOR if role == "rep" else BAS
    with house.house.db.write() as tx:
        rep = reps.by_email(tx, address)
        assert rep
        rep.role = role
    token = house.house.signing_in.open_as(address, "a test")
    chromium.call("Network.setCookie", name="debrief", value=token, url=url)


def seriously_wrong(chromium: Chromium) -> list[dict[str, Any]]:
    """What a page does to people who do not see or hold a mouse as others do, and where."""
    told = json.loads(chromium.asks(LOOK))
    return [
        {"rule": one["id"], "help": one["help"], "where": [node["html"][:120] for node in one["nodes"][:4]]}
        for one in told["violations"]
        if one["impact"] in ("serious", "critical")
    ]


def looked_at(chromium: Chromium, url: str, script: str) -> Iterator[tuple[int, Any]]:
    """What is wrong with a page at each width."""
    chromium.looks(*SIZES[0])
    chromium.opens(url)
    chromium.asks(f"{script}; true")
    for width, height in SIZES:
        chromium.looks(width, height)
        yield width, seriously_wrong(chromium)
        if (wide := chromium.asks("document.documentElement.scrollWidth")) > width:
            yield width, f"{wide} px wide"


def test_nothing_is_seriously_wrong_for_those_who_read_otherwise(
    house: TestHouse, url: str, chromium: Chromium
) -> None:
    script = axe()
    found = {}
    for role, pages in PAGES.items():
        sign_in(chromium, house, url, role)
        for page in pages:
            for width, wrong in looked_at(chromium, f"{url}/{page}", script):
                if wrong:
                    found[page, role, width] = wrong
    assert {} == found
    assert all("404" in one for one in chromium.complaints), chromium.complaints

    chromium.asks("document.body.append(document.createElement('img')), true")
    assert ["image-alt"] == [one["rule"] for one in seriously_wrong(chromium)], "a picture without words is found"
