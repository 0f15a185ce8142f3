"""The dashboard: every figure opens what it counts, it keeps itself fresh, and tells nobody what is not theirs."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from store import overview, reps
from store.tables import Account, Rep, Visit, VisitInterval
from store.targets import set_target
from store.visits import VisitFilter
from tests.conftest import Clock, TestHouse
from tests.servers.chromium import Chromium
from tests.servers.web import served
from tests.web.conftest import Pages, text_of

NOOR, JONAS, SAARA, BAS = (f"{name}@varenhof.example" for name in ("noor", "jonas", "saara", "bas"))
REPORT = "gisteren bij zuivelhuis terwolde geweest met Kees, offerte sturen voor vrijdag"
OTHER = "heute bei Brauhaus Neu gewesen, Auftrag bekommen"


def visited(house: TestHouse, text: str, rep: str = NOOR, **values: Any) -> int:
    capture_id = house.says(text, rep=rep)
    house.house.assistant.file(capture_id)
    with house.house.db.write() as tx:
        visit = tx.scalars(select(Visit).where(Visit.capture_id == capture_id)).one()
        for name, value in values.items():
            setattr(visit, name, value)
        return visit.id


def filled(house: TestHouse) -> None:
    """Visits of two reps over some weeks, one with an order, a question, something overdue."""
    today = house.clock().date()
    for ago in (1, 8, 15, 40):
        visited(house, f"{REPORT} {ago}", on=today - timedelta(days=ago))
    visited(house, OTHER, rep=JONAS, outcome="order", on=today - timedelta(days=8))
    visited(house, "vandaag bij Hofstra geweest, mooi gesprek met de eigenaar")
    with house.house.db.write() as tx:
        for visit in tx.scalars(select(Visit)):
            for action in visit.actions:
                action.due = today - timedelta(days=3)


def count_behind(get: Callable[[str], LexborHTMLParser], link: str) -> int:
    """How many visits the list of this address has."""
    found = re.search(r"(\d+) visits?", text_of(get(link).css_first("[role=status]")))
    assert found, link
    return int(found[1])


def test_every_figure_opens_as_many_records_as_it_tells(pages: Pages) -> None:
    filled(pages.house)
    page = pages.get("/dashboard")
    links = {
        str(one.attributes["href"]): int(text_of(one))
        for one in page.css("td.number a")
        if text_of(one).isdigit() and "complete=no" not in str(one.attributes["href"])
    }
    assert len(links) >= 24
    assert {0, 1, 2} <= set(links.values())
    for link, told in links.items():
        assert told == count_behind(pages.get, link), link
    told = {text_of(one.css_first("span")): one for one in page.css(".numbers a")}
    week = told["visits this week"]
    assert int(text_of(week.css_first("strong"))) == count_behind(pages.get, str(week.attributes["href"]))
    assert "1" == text_of(told["open questions"].css_first("strong"))
    assert 1 == count_behind(pages.get, "/visits?open=yes")
    lacking = next(one for one in page.css("section a") if text_of(one) == "Those that do not")
    complete, whole = re.search(r"(\d+) of (\d+) of the last 30 days", text_of(page)).groups()  # type: ignore[union-attr]
    assert int(whole) - int(complete) == count_behind(pages.get, str(lacking.attributes["href"]))


def test_the_trend_is_a_picture_with_words_and_a_table(pages: Pages) -> None:
    filled(pages.house)
    picture = pages.get("/dashboard").css_first("svg.chart")
    assert picture is not None
    assert "Visits in each of the last 12 weeks" == text_of(picture.css_first("title"))
    assert "W8: 2 visits, 1 with an order, 0 with a complaint" in text_of(picture.css_first("desc"))
    assert 12 == len(picture.css("text"))


def test_what_is_overdue_is_listed_with_who_promised_it(pages: Pages) -> None:
    filled(pages.house)
    said = text_of(pages.get("/dashboard").css_first("#late").parent)  # type: ignore[union-attr]  # it is there
    assert "Noor Wijngaard, by Fri 27 Feb" in said
    assert "Zuivelhuis Terwolde" in said


def test_customers_past_their_interval_are_listed(pages: Pages) -> None:
    filled(pages.house)
    with pages.house.house.db.write() as tx:
        tx.add(VisitInterval(grade="A", days=7, set_at=pages.house.clock(), set_by="web"))
        tx.execute(Account.__table__.update().values(created_at=pages.house.clock() - timedelta(days=100)))  # type: ignore[attr-defined]
    said = text_of(pages.get("/dashboard").css_first("#due").parent)  # type: ignore[union-attr]
    assert "Nobody waits" not in said
    assert "Zuivelhuis" not in said, "somebody was there yesterday"


def test_nothing_is_said_anew_while_nothing_changed(pages: Pages) -> None:
    filled(pages.house)
    first = pages.client.get("/dashboard/live")
    tag = first.headers["etag"]
    same = pages.client.get("/dashboard/live", headers={"if-none-match": tag})
    assert (304, b"", tag) == (same.status_code, same.content, same.headers["etag"])
    visited(pages.house, REPORT + " en nog iets")
    fresh = pages.client.get("/dashboard/live", headers={"if-none-match": tag})
    assert (200, False) == (fresh.status_code, fresh.headers["etag"] == tag)
    assert "<html" not in fresh.text


def test_a_team_is_looked_at_by_itself(pages: Pages) -> None:
    filled(pages.house)
    page = pages.get("/dashboard?team=Noord")
    said = text_of(page)
    assert "Noor Wijngaard" in said
    assert "Jonas" not in text_of(page.css_first(".bars"))
    assert "/dashboard/live?team=Noord" in str(page.css_first("[data-live-from]").attributes)  # type: ignore[union-attr]
    assert "There is nobody who reports yet." in text_of(pages.get("/dashboard?team=%3Cb%3Enone%00"))


def test_a_large_house_is_looked_at_team_by_team(pages: Pages) -> None:
    filled(pages.house)
    with pages.house.house.db.write() as tx:
        tx.add_all([Rep(name=f"Somebody {n}", team="Ploeg") for n in range(301)])
    page = pages.get("/dashboard")
    teams = page.css_first("#teams-title").parent  # type: ignore[union-attr]  # it is there
    assert teams is not None
    assert "Ploeg" in text_of(teams)
    assert "and 244 more." in text_of(page)
    assert page.css_first("svg.chart") is None
    link = next(one for one in teams.css("a") if text_of(one) == "Noord")
    of_team = pages.get(str(link.attributes["href"]))
    assert of_team.css_first("svg.chart") is not None
    assert "Somebody" not in text_of(of_team)


def test_an_empty_house_has_a_dashboard(build_house: Callable[..., TestHouse], sqlite_url: str) -> None:
    house = build_house(sqlite_url, empty=True)
    with served(house.house.web()) as url, httpx.Client(base_url=url, timeout=30) as client:
        answer = client.get("/dashboard")
    assert 200 == answer.status_code
    assert "There is nobody who reports yet." in answer.text


def test_there_are_as_many_statements_for_many_as_for_one(pages: Pages, statements: list[str]) -> None:
    def asked() -> int:
        statements.clear()
        pages.get("/dashboard")
        return len(statements)

    visited(pages.house, REPORT, outcome="order")
    visited(pages.house, "vandaag bij Hofstra geweest, mooi gesprek met de eigenaar")
    before = asked()
    filled(pages.house)
    with pages.house.house.db.write() as tx:
        for n in range(8):
            rep = Rep(name=f"Somebody {n}", team="Noord", role="rep")
            tx.add(rep)
            tx.flush()
    assert before == asked() <= 30


# ------------------------------------------------------------------------------------------- whose, and of which day


@pytest.fixture
def guarded(build_house: Callable[..., TestHouse], sqlite_url: str) -> Callable[..., TestHouse]:
    """Builds a house whose pages one signs in to."""

    def build(**settings: Any) -> TestHouse:
        smtp = {"host": "127.0.0.1", "port": 1, "tls": "none"}
        house = build_house(sqlite_url, public_url="http://127.0.0.1", smtp=smtp, **settings)
        filled(house)
        return house

    return build


@pytest.fixture
def looks() -> Iterator[Callable[[TestHouse, str], httpx.Client]]:
    """A browser signed in as somebody."""
    opened: list[Any] = []

    def browser(house: TestHouse, address: str) -> httpx.Client:
        server = served(house.house.web())
        url = server.__enter__()
        token = house.house.signing_in.open_as(address, "a test")
        assert token
        client = httpx.Client(base_url=url, headers={"accept": "text/html"}, cookies={"debrief": token}, timeout=30)
        opened.append((client, server))
        return client

    yield browser
    for client, server in opened:
        client.close()
        server.__exit__(None, None, None)


def test_a_manager_sees_the_team_and_a_rep_what_is_their_own(
    guarded: Callable[..., TestHouse], looks: Callable[[TestHouse, str], httpx.Client]
) -> None:
    house = guarded()
    with house.house.db.write() as tx:
        jonas = reps.by_email(tx, JONAS)
        assert jonas
        jonas.manager_id = None
    for address, own in ((BAS, "Noor Wijngaard"), (NOOR, "Noor Wijngaard")):
        client = looks(house, address)
        page = LexborHTMLParser(client.get("/dashboard").text)
        said = text_of(page)
        assert own in said
        assert "Jonas" not in said
        links = {str(one.attributes["href"]): int(text_of(one)) for one in page.css("td.number a[href*=since]")
                 if text_of(one).isdigit() and "complete=no" not in str(one.attributes["href"])}  # fmt: skip
        for link, told in links.items():
            assert told == count_behind(lambda place, at=client: LexborHTMLParser(at.get(place).text), link), link


def test_the_day_is_the_viewers_own(
    guarded: Callable[..., TestHouse], looks: Callable[[TestHouse, str], httpx.Client], clock: Clock
) -> None:
    house = guarded()
    clock.now = datetime(2026, 3, 8, 22, 30, tzinfo=UTC)  # Sunday in Amsterdam, Monday in Helsinki
    with house.house.db.write() as tx:
        bas = reps.by_email(tx, BAS)
        assert bas
        bas.timezone = "Europe/Helsinki"
    assert "Mon, 9 Mar" in looks(house, BAS).get("/dashboard").text.replace("Mon 9", "Mon, 9")
    with house.house.db.write() as tx:
        bas = reps.by_email(tx, BAS)
        assert bas
        bas.timezone = "Europe/Amsterdam"
    assert "Sun, 8 Mar" in looks(house, BAS).get("/dashboard").text.replace("Sun 8", "Sun, 8")


def test_a_works_councils_dashboard_tells_no_persons_apart(
    guarded: Callable[..., TestHouse], looks: Callable[[TestHouse, str], httpx.Client]
) -> None:
    house = guarded(works_council=True)
    few = looks(house, BAS).get("/dashboard").text
    assert "Of fewer than 5 people no figures are shown" in few
    with house.house.db.write() as tx:
        bas = reps.by_email(tx, BAS)
        assert bas
        for n in range(4):
            tx.add(Rep(name=f"Somebody {n}", role="rep", manager_id=bas.id))
        tx.flush()
        for rep_id in tx.scalars(select(Rep.id).where(Rep.role == "rep")).all():
            set_target(tx, rep_id, "week", 5, date(2026, 1, 5))
    client = looks(house, BAS)
    many = client.get("/dashboard").text
    assert "All together" in many
    assert "Persons are not told apart" in many
    for page in (few, many):
        for name in ("Noor", "Jonas", "Saara", "Somebody"):
            assert name not in page, name
    assert "Noor Wijngaard" in looks(house, NOOR).get("/dashboard").text, "everybody sees what is their own"


# ------------------------------------------------------------------------------------------------- both databases


def test_both_databases_cover_alike(build_house: Callable[..., TestHouse], database_url: str) -> None:
    house = build_house(database_url)
    today = house.clock().date()
    visited(house, REPORT, on=today - timedelta(days=20))
    with house.house.db.write() as tx:
        for account in tx.scalars(select(Account)):
            account.region, account.grade = "Noord", "a"
            account.status = "customer"
        whole = len(tx.scalars(select(Account.id)).all())
    with house.house.db.read() as tx:
        assert [overview.Covered("Noord", "A", whole, 1)] == overview.coverage(tx, today)
        assert [] == overview.coverage(tx, today, [999])
        [day] = overview.by_day(tx, VisitFilter(status="held", since=today - timedelta(days=30)))
        assert (today - timedelta(days=20), 1, 0) == (day.on, day.visits, day.orders)
    with house.house.db.write() as tx:
        tx.add(VisitInterval(grade="A", days=14, set_at=house.clock(), set_by="web"))
    with house.house.db.read() as tx:
        assert [overview.Covered("Noord", "A", whole, 0)] == overview.coverage(tx, today)
        account_id = tx.scalars(select(Visit.account_id)).one()
    with house.house.db.write() as tx:
        tx.add(VisitInterval(account_id=account_id, days=30, set_at=house.clock(), set_by="web"))
    with house.house.db.read() as tx:
        assert [overview.Covered("Noord", "A", whole, 1)] == overview.coverage(tx, today)
    with house.house.db.write() as tx:
        for visit in tx.scalars(select(Visit)):
            visit.medium = "phone"
    with house.house.db.read() as tx:
        assert [overview.Covered("Noord", "A", whole, 0)] == overview.coverage(tx, today), "a call is no visit"
        late, total = overview.late_actions(tx, today + timedelta(days=30), None, 5)
    assert ([NOOR.split("@")[0].capitalize()], 1) == ([one.who.split()[0] for one in late], total)


# ---------------------------------------------------------------------------------------------------- in a browser


@pytest.mark.servers
def test_the_page_takes_over_what_is_new_and_leaves_what_is_open(pages: Pages, chromium: Chromium) -> None:
    filled(pages.house)
    chromium.looks(1280, 900)
    chromium.opens(f"{pages.client.base_url}/dashboard")
    chromium.asks("window.stayed = true")
    chromium.asks("document.querySelector('details').open = true")
    visited(pages.house, REPORT + " en nog iets heel anders")
    assert "anders" not in chromium.asks("document.body.innerText")
    chromium.asks("refresh()")
    chromium.sees("document.body.innerText.includes('nog iets heel anders')")
    assert chromium.asks("window.stayed && document.querySelector('details').open")
    assert [] == chromium.complaints
