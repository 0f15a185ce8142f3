"""What was learnt is seen, and ended, on its page and on the command line."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser
from typer.testing import CliRunner

from app.cli import app
from tests.conftest import TestHouse
from tests.learning.conftest import account, account_id, contact_id, corrects, learned, reports
from tests.servers.web import served

WHICH = "vanmorgen bij Hofstra langs geweest, ze willen een offerte"


@pytest.fixture
def house(build_house: Callable[..., TestHouse], sqlite_url: str) -> TestHouse:
    """A house in which one rep corrected three visits."""
    house = build_house(sqlite_url)
    corrects(house, reports(house, WHICH), "account", account_id(house, "Slagerij Hofstra"))
    reports(house, WHICH)
    visit = reports(house, "gisteren bij zuivelhuis terwolde geweest, met Henk gesproken over de koelcel")
    corrects(house, visit, "contacts", [contact_id(house, "Marja Doornbos")])
    corrects(house, visit, "keywords", [])
    return house


@pytest.fixture
def client(house: TestHouse) -> Iterator[httpx.Client]:
    with served(house.house.web()) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client


def rows(client: httpx.Client) -> list[str]:
    page = LexborHTMLParser(client.get("/learned").text)
    return [" ".join(row.text().split()) for row in page.css("tbody tr")]


def test_the_page_tells_words_meaning_since_when_from_which_visit_and_how_often(client: httpx.Client) -> None:
    found = rows(client)
    dairy, day = "Zuivelhuis Terwolde B.V.", "today, Mon 2 Mar"
    assert f"“Henk” the contact Marja Doornbos at {dairy} {day} V-2026-00003 not yet Forget" in found
    assert f"“Hofstra” the account Slagerij Hofstra {day} V-2026-00001 1 time Forget" in found
    assert f"“koelcel” not a keyword koelcel {day} V-2026-00003 not yet Forget" in found


def test_the_button_ends_a_lesson(client: httpx.Client, house: TestHouse) -> None:
    lesson = next(one.lesson for one in learned(house) if one.lesson.phrase == "hofstra")
    assert 303 == client.post(f"/learned/{lesson.id}/forget").status_code
    assert not any("Hofstra" in row for row in rows(client))
    assert account(house, reports(house, WHICH)) is None
    assert 409 == client.post(f"/learned/{lesson.id}/forget").status_code


def test_another_site_cannot_end_a_lesson(client: httpx.Client, house: TestHouse) -> None:
    refused = client.post(f"/learned/{learned(house)[0].lesson.id}/forget", headers={"sec-fetch-site": "cross-site"})
    assert 403 == refused.status_code


def test_an_empty_page_says_what_it_is_for(build_house: Callable[..., TestHouse], sqlite_url: str) -> None:
    house = build_house(sqlite_url)
    with served(house.house.web()) as url:
        assert "Nothing yet." in httpx.get(f"{url}/learned").text


def test_the_command_line_lists_and_forgets(house: TestHouse, sqlite_url: str) -> None:
    def debrief(*words: str) -> tuple[int, str]:
        ran = CliRunner(env={"DEBRIEF_DATABASE_URL": sqlite_url}).invoke(app, ["learned", *words])
        return ran.exit_code, ran.output

    status, listed = debrief("list")
    assert 0 == status
    line = next(line for line in listed.splitlines() if "Hofstra" in line)
    told = 'Noor Wijngaard: "Hofstra" means Slagerij Hofstra  (since 2026-03-02, V-2026-00001, used: 1)'
    assert line.endswith(told)
    number = line.split()[0]
    assert (0, "1 forgotten\n") == debrief("forget", number)
    assert "Hofstra" not in debrief("list")[1]
    status, told = debrief("forget", number)
    assert 2 == status
    assert f"{number}: This was forgotten already." in told


def test_the_history_of_a_visit_tells_the_lists_in_words(client: httpx.Client) -> None:
    page = LexborHTMLParser(client.get("/visits/3?tab=history").text).text()
    said = " ".join(page.split())
    assert "Visit, contacts: none → Marja Doornbos" in said
    assert "→ none" in said
