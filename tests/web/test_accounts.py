"""An account at a glance, and the sheet for the next visit."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from store import glance
from store.tables import Account, Amount, Contact, ContactSign, Employment, Visit, VisitInterval, VisitKeyword
from tests.conftest import TestHouse
from tests.web.conftest import Pages, text_of

NOOR, JONAS = "noor@varenhof.example", "jonas@varenhof.example"
REPORT = "gisteren bij zuivelhuis terwolde geweest met Kees, offerte sturen voor vrijdag"


def visited(house: TestHouse, text: str, rep: str = NOOR, **values: Any) -> int:
    """File a report and set what the test wants of its visit; the visit's id."""
    capture_id = house.says(text, rep=rep)
    house.house.assistant.file(capture_id)
    with house.house.db.write() as tx:
        visit = tx.scalars(select(Visit).where(Visit.capture_id == capture_id)).one()
        for name, value in values.items():
            setattr(visit, name, value)
        return visit.id


def account_of(house: TestHouse, visit_id: int) -> int:
    with house.house.db.read() as tx:
        account_id = tx.get_one(Visit, visit_id).account_id
    assert account_id is not None
    return account_id


def section(pages: Pages, url: str, title: str) -> str:
    """What a person reads in the part of the page under this title."""
    page = pages.get(url)
    heading = page.css_first(f"#{title}-title")
    assert heading is not None, f"{url} has no part {title}"
    part = heading
    while part.tag != "section":
        assert part.parent is not None
        part = part.parent
    return text_of(part)


def test_everybody_is_told_who_of_us_goes_there(pages: Pages) -> None:
    house = pages.house
    account_id = account_of(house, visited(house, REPORT))
    visited(house, "heute bei Zuivelhuis Terwolde gewesen, gutes Gespräch mit Marja Doornbos", rep=JONAS)
    said = section(pages, f"/accounts/{account_id}", "goers")
    assert said.index("Jonas Edelhoff 1 visit, last today") < said.index("Noor Wijngaard 1 visit, last yesterday")


def test_somebody_in_doubt_is_shown_with_the_reasons(pages: Pages) -> None:
    house = pages.house
    account_id = account_of(house, visited(house, REPORT))
    with house.house.db.write() as tx:
        marja = tx.scalars(select(Contact).where(Contact.name.startswith("Marja"))).one()
        address = marja.emails[0].email if marja.emails else ""
        on = house.clock().date() - timedelta(days=3)
        tx.add(ContactSign(contact_id=marja.id, address=address, kind="unknown_user", on=on, words="550 no such user"))
    said = section(pages, f"/accounts/{account_id}", "people")
    doubted = said[said.index("Marja") :]
    assert "in doubt since Fri 27 Feb" in doubted
    assert "the address does not exist any more “550 no such user”" in doubted
    assert "in doubt" not in said[: said.index("Marja")]
    assert "Met last yesterday" in said


def test_who_left_is_told_with_the_day_and_who_follows(pages: Pages) -> None:
    house = pages.house
    account_id = account_of(house, visited(house, REPORT))
    with house.house.db.write() as tx:
        kees, marja = (
            tx.scalars(select(Contact).where(Contact.name.startswith(one))).one() for one in ("Kees", "Marja")
        )
        job = tx.scalars(select(Employment).where(Employment.contact_id == kees.id)).one()
        job.until, job.successor_id = date(2026, 2, 20), marja.id
    assert "left Fri 20 Feb, followed by Marja Doornbos" in section(pages, f"/accounts/{account_id}", "people")


def test_the_next_visit_and_complaints_are_told(pages: Pages) -> None:
    house = pages.house
    today = house.clock().date()
    account_id = account_of(house, visited(house, REPORT))
    url = f"/accounts/{account_id}"
    assert pages.get(url).css_first("#planned-title") is None
    assert pages.get(url).css_first("#complaints-title") is None
    visited(house, REPORT + " nogmaals", status="planned", on=today + timedelta(days=9))
    visited(house, REPORT + " weer", status="planned", on=today + timedelta(days=4))
    visited(house, REPORT + " klacht over de levering", outcome="complaint")
    assert "Next visitFri 6 Mar, Noor Wijngaard" in section(pages, url, "facts")
    assert "klacht over de levering" in section(pages, url, "complaints")


def test_the_interval_tells_by_when_somebody_is_expected_there(pages: Pages) -> None:
    house = pages.house
    account_id = account_of(house, visited(house, REPORT, on=date(2026, 2, 2)))
    visited(house, "vandaag gebeld met zuivelhuis terwolde", medium="phone")
    url = f"/accounts/{account_id}"
    assert "Visit interval" not in section(pages, url, "facts")
    with house.house.db.write() as tx:
        tx.add(VisitInterval(grade="A", days=14, set_at=house.clock(), set_by="web"))
    assert "14 days, the next by Mon 16 Feb overdue" in section(pages, url, "facts")
    assert "Overdue: a visit was owed by Mon 16 Feb." in text_of(pages.get(f"{url}/brief"))
    with house.house.db.write() as tx:
        tx.add(VisitInterval(account_id=account_id, days=60, set_at=house.clock(), set_by="web"))
    assert "60 days, the next by Fri 3 Apr" in section(pages, url, "facts")
    with house.house.db.write() as tx:
        own = tx.scalars(select(VisitInterval).where(VisitInterval.account_id == account_id)).one()
        own.days = None
    assert "Visit interval" not in section(pages, url, "facts")


def test_sums_are_drawn_by_month_and_told_in_figures_too(pages: Pages) -> None:
    house = pages.house
    visit_id = visited(house, REPORT, outcome="order", on=date(2026, 1, 15))
    other_id = visited(house, REPORT + " en nog iets", on=date(2026, 1, 20))
    with house.house.db.write() as tx:
        tx.get_one(Visit, visit_id).amounts = [Amount(value=Decimal("1200.50"), currency="EUR")]
        tx.get_one(Visit, other_id).amounts = [Amount(value=Decimal(800), currency="EUR")]
    page = pages.get(f"/accounts/{account_of(house, visit_id)}")
    [picture] = page.css("svg.chart")
    assert "Sums in EUR by month" == text_of(picture.css_first("title"))
    assert "Jan: €1,200.50 ordered, €800 spoken of; Feb: nothing; Mar: nothing" in text_of(picture.css_first("desc"))
    tall = {rect.attributes["class"]: float(rect.attributes["height"] or 0) for rect in picture.css("rect")}
    assert tall["bar-good"] > tall["bar"] > 0
    assert "Jan€1,200.50 ordered, €800 spoken of" in text_of(page.css_first("details table"))


def test_keywords_are_counted_by_quarter_and_lead_to_their_visits(pages: Pages) -> None:
    house = pages.house
    for n, on in enumerate((date(2026, 2, 3), date(2025, 9, 1), date(2025, 9, 9), date(2024, 1, 1))):
        visit_id = visited(house, f"{REPORT} {n}", on=on)
        with house.house.db.write() as tx:
            tx.get_one(Visit, visit_id).keywords = [VisitKeyword(term="koeling")]
    page = pages.get(f"/accounts/{account_of(house, visit_id)}")
    [row] = [one for one in page.css(".figures tbody tr") if "koeling" in text_of(one)]
    assert ["0", "2", "0", "1", "3"] == [text_of(cell) for cell in row.css("td")]
    link = row.css_first("a")
    assert link is not None
    found = pages.get(str(link.attributes["href"]))
    assert "4 visits" in text_of(found.css_first("[role=status]"))


def test_the_brief_fits_what_one_needs_on_one_sheet(pages: Pages) -> None:
    house = pages.house
    for n in range(12):
        text = f"{REPORT}, {'lange woorden over de koeling ' * 30} {n}"
        visit_id = visited(house, text, on=date(2026, 2, 1 + n))
    visited(house, REPORT + " bestelling geplaatst", outcome="order")
    page = pages.get(f"/accounts/{account_of(house, visit_id)}/brief")
    said = text_of(page)
    assert "What we promised" in said
    assert "by Fri 6 Mar" in said
    assert "Kees Bruinsma, inkoper met last yesterday" in said
    assert "Order, yesterday" in said
    assert "Noor Wijngaard (yesterday" in said
    assert len(said) < 5000, "it is one sheet, however much was said"
    assert "and 5 more" in said


def test_nobody_is_given_an_account_that_is_not_there(pages: Pages) -> None:
    pages.get("/accounts/999", 404)
    pages.get("/accounts/999/brief", 404)


@pytest.fixture
def either(build_house: Callable[..., TestHouse], database_url: str) -> TestHouse:
    """A house on SQLite, and again on PostgreSQL."""
    return build_house(database_url)


def test_both_databases_count_alike(either: TestHouse) -> None:
    visit_id = visited(either, REPORT, outcome="order", on=date(2026, 1, 31))
    other_id = visited(either, REPORT + " weer", on=date(2026, 2, 1))
    with either.house.db.write() as tx:
        for one in (visit_id, other_id):
            tx.get_one(Visit, one).amounts = [Amount(value=Decimal("10.10"), currency="EUR")]
            tx.get_one(Visit, one).keywords = [VisitKeyword(term="Koeling" if one == visit_id else "koeling")]
    account_id = account_of(either, visit_id)
    with either.house.db.read() as tx:
        [going] = glance.goers(tx, account_id)
        worth = glance.worth_by_month(tx, account_id, date(2025, 6, 1), None)
        [term] = glance.terms_by_month(tx, account_id, date(2025, 6, 1), None)
        assert tx.get_one(Account, account_id).name.startswith("Zuivelhuis")
    assert (2, date(2026, 2, 1)) == (going.visits, going.last)
    assert {(2026, 1): glance.Worth(ordered=Decimal("10.10")), (2026, 2): glance.Worth(spoken=Decimal("10.10"))} == (
        worth["EUR"]
    )
    assert {(2026, 1): 1, (2026, 2): 1} == term.months
