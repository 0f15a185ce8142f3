"""Who read a contact's personal data: what is kept, of whom, and who is shown it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from capture import seen
from capture.rights import viewer
from store import reps
from store.tables import Access, Account, Contact, Employment, Rep
from tests.conftest import TestHouse
from tests.servers.web import SIGNED_IN, Browser

NOOR, JONAS, BAS = "noor@varenhof.example", "jonas@varenhof.example", "bas@varenhof.example"


@pytest.fixture
def house(build_house: Callable[..., TestHouse], sqlite_url: str) -> TestHouse:
    return furnished(build_house, sqlite_url)


@pytest.fixture
def guarded(house: TestHouse) -> TestHouse:
    return house


def furnished(build_house: Callable[..., TestHouse], url: str) -> TestHouse:
    """Noor owns the first account; Jonas is of another team."""
    house = build_house(url, **SIGNED_IN)
    with house.house.db.write() as tx:
        noor, jonas = reps.by_email(tx, NOOR), reps.by_email(tx, JONAS)
        assert noor
        assert jonas
        jonas.team, jonas.manager_id = "far away", None
        tx.get_one(Account, 1).owner_id = noor.id
    return house


def noted(house: TestHouse, address: str) -> list[Access]:
    with house.house.db.read() as tx:
        rep = reps.by_email(tx, address)
        assert rep
        return list(tx.scalars(select(Access).where(Access.by == f"rep:{rep.id}").order_by(Access.id)))


def looks_at_the_first_account(house: TestHouse, address: str, role: str | None = None) -> None:
    """As its page does."""
    with house.house.db.read() as tx:
        rep = reps.by_email(tx, address)
        assert rep
        who = replace(viewer(rep), role=role or rep.role)
    seen.note_account(house.house.db, who, house.clock(), "page of the account", 1)


def people_of_the_first_account(house: TestHouse) -> set[int]:
    with house.house.db.read() as tx:
        return set(tx.scalars(select(Employment.contact_id).where(Employment.account_id == 1)))


def test_the_owner_is_not_noted_and_a_stranger_is_once_a_day(
    build_house: Callable[..., TestHouse], database_url: str
) -> None:
    house = furnished(build_house, database_url)
    people = people_of_the_first_account(house)
    assert people
    looks_at_the_first_account(house, NOOR)
    assert noted(house, NOOR) == []
    for _ in range(2):
        looks_at_the_first_account(house, JONAS)
    assert people == {one.thing_id for one in noted(house, JONAS)}
    assert len(people) == len(noted(house, JONAS))
    house.clock.now += timedelta(days=1)
    looks_at_the_first_account(house, JONAS)
    assert 2 * len(people) == len(noted(house, JONAS))


def test_who_leads_the_owner_and_who_is_of_the_team_is_not_noted(house: TestHouse) -> None:
    with house.house.db.write() as tx:
        noor, jonas, bas = (reps.by_email(tx, address) for address in (NOOR, JONAS, BAS))
        assert noor
        assert jonas
        assert bas
        noor.manager_id, noor.team, jonas.team = bas.id, "north", "north"
    for address in (BAS, JONAS):
        looks_at_the_first_account(house, address)
        assert noted(house, address) == []


@pytest.mark.parametrize("role", ["operator", "marketing", "administrator"])
def test_who_sees_the_whole_house_is_noted_even_beside_the_team(house: TestHouse, role: str) -> None:
    with house.house.db.write() as tx:
        noor, jonas = reps.by_email(tx, NOOR), reps.by_email(tx, JONAS)
        assert noor
        assert jonas
        jonas.team = noor.team = "north"
    looks_at_the_first_account(house, JONAS, role)
    assert noted(house, JONAS)


def test_a_visit_notes_whom_it_met(house: TestHouse, as_: Browser) -> None:
    house.says("vanmorgen bij zuivelhuis terwolde geweest, met Kees gesproken", NOOR)
    for capture in house.captures():
        house.house.assistant.file(capture.id)
    visit = house.visits()[-1]
    met = {line.contact_id for line in visit.contacts}
    assert met
    assert as_(JONAS, "marketing").get(f"/visits/{visit.id}").status_code == 200
    assert met == {one.thing_id for one in noted(house, JONAS) if one.thing == "contact"}


def test_an_export_is_noted_as_often_as_it_says_something_else(house: TestHouse) -> None:
    with house.house.db.read() as tx:
        jonas = reps.by_email(tx, JONAS)
        assert jonas
        who = viewer(jonas)
    for what in ("contacts, 12 lines", "contacts, 12 lines", "visits of 2026, 80 lines"):
        seen.note_export(house.house.db, who, house.clock(), what)
    assert ["contacts, 12 lines", "visits of 2026, 80 lines"] == [one.how for one in noted(house, JONAS)]


def test_a_message_is_noted_unless_it_is_of_ones_own_team(house: TestHouse) -> None:
    capture_id = house.says("vanmorgen bij zuivelhuis terwolde geweest", NOOR)
    for address, kept in ((NOOR, 0), (JONAS, 1)):
        with house.house.db.read() as tx:
            rep = reps.by_email(tx, address)
            assert rep
            who = viewer(rep)
        seen.note_message(house.house.db, who, house.clock(), "inbox", capture_id)
        assert kept == len(noted(house, address))


def test_only_administrators_are_shown_who_read_what(house: TestHouse, as_: Browser) -> None:
    looks_at_the_first_account(house, JONAS)
    with house.house.db.read() as tx:
        name = tx.scalars(select(Contact.name).where(Contact.id.in_(people_of_the_first_account(house)))).first()
        jonas = tx.scalars(select(Rep).where(Rep.name.startswith("Jonas"))).one()
    for role in ("rep", "manager", "operator", "marketing"):
        assert as_(BAS, role).get("/access").status_code == 403
    shown = as_(BAS, "administrator").get("/access").text
    assert str(name) in shown
    assert jonas.name in shown
    browser = as_(BAS, "administrator")
    assert str(name) in browser.get(f"/access?by={jonas.id}&thing=contact").text.split("</form>")[1]
    assert str(name) not in browser.get("/access?thing=export").text.split("</form>")[1]
    for odd in ("by=x&contact=9999999999999&since=tomorrow", "thing=<b>&by=rep:1", "page=100000"):
        assert browser.get(f"/access?{odd}").status_code == 200
