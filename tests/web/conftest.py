"""A house with its pages, asked by a client that has no browser, or looked at with one."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from selectolax.lexbor import LexborHTMLParser, LexborNode
from sqlalchemy import event

from tests.conftest import TestHouse
from tests.servers.chromium import Chromium, find_chromium
from tests.servers.web import served

NOOR = "noor@varenhof.example"


@dataclass
class Pages:
    """The pages of a house, as someone without a browser sees them."""

    house: TestHouse
    client: httpx.Client

    def get(self, url: str, status: int = 200) -> LexborHTMLParser:
        answer = self.client.get(url, headers={"accept": "text/html"})
        assert status == answer.status_code, answer.text
        return LexborHTMLParser(answer.text)

    def says(self, text: str, rep: str = NOOR, source_id: str | None = None, **headers: str) -> Any:
        """Send the form of the chat page."""
        form = {"rep": rep, "text": text, "source_id": source_id or uuid.uuid4().hex}
        return self.client.post("/chat", data=form, headers=headers)

    def presses(self, label: str, rep: str = NOOR, url: str = "/chat") -> Any:
        """Press the button of this name on the chat page; fails where there is none."""
        page = self.get(f"{url}?rep={rep}")
        button = next(one for one in page.css("#conversation button") if one.text().strip() == label)
        form = {"rep": rep, "press": button.attributes["value"]}
        return self.client.post("/chat/press", data=form)


def text_of(node: LexborHTMLParser | LexborNode | None) -> str:
    """What a person reads there, in one line."""
    assert node is not None
    where = node.body if isinstance(node, LexborHTMLParser) else node
    assert where is not None
    return " ".join(where.text().split())


@pytest.fixture
def pages(build_house: Callable[..., TestHouse], sqlite_url: str) -> Iterator[Pages]:
    house = build_house(sqlite_url)
    with served(house.house.web()) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield Pages(house, client)


@pytest.fixture
def statements(pages: Pages) -> Iterator[list[str]]:
    """Every question that the database is asked while the test lasts."""
    asked: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(sa.Engine, "before_cursor_execute", note)
    yield asked
    event.remove(sa.Engine, "before_cursor_execute", note)


@pytest.fixture
def chromium(tmp_path: Path) -> Iterator[Chromium]:
    if find_chromium() is None:
        pytest.skip("Chromium is not installed here")
    browser = Chromium(tmp_path / "profile")
    browser.start()
    yield browser
    browser.stop()
