"""A house with its pages, asked by a client that has no browser, or looked at with one."""

import shutil
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

from app.settings import Settings
from app.wiring import build
from capture.importing import import_folder
from store.migrate import migrate
from tests.conftest import HOUSE, Clock, TestHouse
from tests.servers.chromium import Chromium, find_chromium
from tests.servers.web import SIGNED_IN, Browser, browsers, served

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

    def works(self) -> None:
        """What the worker would do: file and answer what was said, and renew every card."""
        assistant = self.house.house.assistant
        for capture in self.house.captures():
            assistant.file(capture.id)
            assistant.reply(capture.id)
            assistant.renew(f"{capture.id}:0")

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


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with people and customers in it, made once: each test gets a copy."""
    path = tmp_path_factory.mktemp("filled") / "debrief.db"
    clock = Clock()
    house = build(Settings(_env_file=None, database_url=f"sqlite:///{path}"), clock)  # type: ignore[call-arg]
    migrate(house.db)
    house.jobs.prepare()
    import_folder(house.db, HOUSE, clock())
    house.close()
    return path


@pytest.fixture
def house(filled: Path, tmp_path: Path, clock: Clock) -> Iterator[TestHouse]:
    shutil.copy(filled, tmp_path / "debrief.db")
    url = f"sqlite:///{tmp_path}/debrief.db"
    made = TestHouse(build(Settings(_env_file=None, database_url=url), clock), clock)  # type: ignore[call-arg]
    yield made
    made.stop()
    made.house.close()


@pytest.fixture
def guarded(build_house: Callable[..., TestHouse], sqlite_url: str) -> TestHouse:
    """A house whose pages one signs in to."""
    return build_house(sqlite_url, **SIGNED_IN)


@pytest.fixture
def as_(guarded: TestHouse) -> Iterator[Browser]:
    """Browsers that look at the guarded house, each as somebody."""
    with browsers(guarded.house) as browser:
        yield browser


@pytest.fixture
def boss(as_: Browser) -> httpx.Client:
    """The browser of an administrator who looks at the guarded house."""
    return as_("bas@varenhof.example", "administrator")


@pytest.fixture
def pages(house: TestHouse) -> Iterator[Pages]:
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
    try:
        browser.start()
        yield browser
    finally:
        browser.stop()
