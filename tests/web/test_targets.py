"""The page of what is owed: who sees what, who sets what, and what is told where it cannot be."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from store import reps, targets
from store.tables import Change, DayOff, Rep, Target, VisitInterval
from tests.conftest import TestHouse
from tests.digests.rows import account_of, rep_of, visited
from tests.servers.web import Browser

NOOR, JONAS, BAS = "noor@varenhof.example", "jonas@varenhof.example", "bas@varenhof.example"


@pytest.fixture
def house(guarded: TestHouse) -> TestHouse:
    return guarded


def id_of(house: TestHouse, address: str) -> int:
    with house.house.db.read() as tx:
        rep = reps.by_email(tx, address)
        assert rep
        return rep.id


def rows(house: TestHouse, table: Any = Target) -> list[Any]:
    with house.house.db.read() as tx:
        return list(tx.scalars(select(table).order_by(table.id)))


def form(house: TestHouse, address: str = NOOR, **more: str) -> dict[str, str]:
    return {"whose": f"rep:{id_of(house, address)}", "value": "10", "since": "2026-03-02", **more}


def problem(answer: httpx.Response) -> str:
    node = LexborHTMLParser(answer.text).css_first(".problem")
    return node.text().strip() if node else ""


def test_a_manager_sets_a_target_and_everybody_sees_how_far_it_is(house: TestHouse, as_: Browser) -> None:
    with house.house.db.write() as tx:
        visited(tx, rep_of(tx, NOOR).id, account_of(tx, "V01").id, date(2026, 3, 2), medium="phone")
    bas = as_(BAS)
    assert 303 == bas.post("/targets", data=form(house, measure="calls")).status_code
    assert 303 == bas.post("/targets", data=form(house, keyword="koeling", period="quarter")).status_code
    page = LexborHTMLParser(as_(NOOR).get("/targets").text)
    told = [" ".join(row.text().split()) for row in page.css('table[aria-label="Targets"] tbody tr')]
    assert told[0].startswith("Noor Wijngaard calls a week 1 of 10")
    assert told[1].startswith("Noor Wijngaard visits about “koeling” a quarter 0 of 10")
    assert 303 == bas.post("/targets", data=form(house, value="12", measure="calls")).status_code
    assert [12, 10] == [int(one.value) for one in rows(house)], "the last word of a day counts"
    assert ["10", "10", "12"] == [one.new for one in rows(house, Change) if one.record == "target"]


def test_a_figure_leads_to_the_visits_behind_it(house: TestHouse, as_: Browser) -> None:
    with house.house.db.write() as tx:
        noor, kaas = rep_of(tx, NOOR).id, account_of(tx, "V01").id
        for outcome in ("order", "order", "interested", None):
            visited(tx, noor, kaas, date(2026, 3, 2), outcome=outcome)
    bas = as_(BAS)
    bas.post("/targets", data=form(house, measure="orders"))
    link = LexborHTMLParser(bas.get("/targets").text).css_first("td[data-label=Done] a")
    assert link
    assert "2" == link.text()
    listed = LexborHTMLParser(bas.get(str(link.attributes["href"])).text)
    assert 2 == len({one.attributes["href"] for one in listed.css('main a[href^="/visits/"]')})


def test_nobody_sets_what_is_not_theirs(house: TestHouse, as_: Browser) -> None:
    assert 403 == as_(NOOR).post("/targets", data=form(house)).status_code
    manager = as_(JONAS, "manager")
    assert "not yours to set" in problem(manager.post("/targets", data=form(house)))
    for whose in ("house", "team:Noord", "each:Noord"):
        assert 403 == manager.post("/targets", data=form(house, whose=whose)).status_code
    assert [] == rows(house)
    assert 403 == manager.post("/targets/intervals", data={"grade": "A", "every": "4 weeks"}).status_code
    assert 403 == as_(BAS).post("/targets", data=form(house), headers={"origin": "https://evil.example"}).status_code


def test_one_rep_does_not_see_what_another_owes(house: TestHouse, as_: Browser) -> None:
    bas = as_(BAS)
    bas.post("/targets", data=form(house, JONAS))
    bas.post("/targets", data=form(house, whose="each:Süd", measure="calls"))
    assert ["rep", "rep"] == [one.level for one in rows(house)]
    assert "Jonas" not in as_(NOOR).get("/targets").text
    assert 2 == as_(JONAS).get("/targets").text.count('<td data-label="Who">Jonas Edelhoff')


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"value": "many"}, "must be a number"), ({"value": "-1"}, "must be a number"), ({"value": "NaN"}, "must be"),
        ({"value": "1.5"}, "whole number"), ({"since": "soon"}, "2026-03-31"), ({"until": "2026-03-01"}, "last day"),
        ({"measure": "luck"}, "counted"), ({"measure": "type:party"}, "no type"), ({"measure": "class:Z"}, "A to E"),
        ({"period": "year"}, "period"), ({"whose": "rep:99"}, "no such rep"), ({"whose": "team:Oost"}, "such a team"),
        ({"measure": "order_value", "currency": "€"}, "three letters"), ({"whose": "planet"}, "a team, a house"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told(house: TestHouse, as_: Browser, more: dict[str, str], told: str) -> None:
    answer = as_(BAS, "administrator").post("/targets", data=form(house, **more))
    assert 409 == answer.status_code
    assert told in problem(answer)
    assert [] == rows(house)


def test_what_was_signed_off_changes_only_by_a_new_one_with_its_reason(house: TestHouse, as_: Browser) -> None:
    bas = as_(BAS)
    bas.post("/targets", data=form(house, measure="order_value", value="50000.50", currency="chf"))
    [target] = rows(house)
    assert (Decimal("50000.50"), "CHF") == (target.value, target.currency)
    assert 303 == bas.post(f"/targets/{target.id}/sign").status_code
    assert "signed off already" in problem(bas.post(f"/targets/{target.id}/sign"))
    assert "signed off" in problem(bas.post(f"/targets/{target.id}/end", data={"last": "2026-03-31"}))
    lower = form(house, measure="order_value", value="40000", since="2026-03-09")
    assert "needs a reason" in problem(bas.post("/targets", data=lower))
    assert 303 == bas.post("/targets", data={**lower, "reason": "half a year of leave"}).status_code
    first, second = rows(house)
    assert (Decimal("50000.50"), f"rep:{id_of(house, BAS)}") == (first.value, first.signed_by)
    assert (Decimal(40000), "half a year of leave") == (second.value, second.reason)


def test_a_target_that_ended_is_no_longer_owed(house: TestHouse, as_: Browser) -> None:
    bas = as_(BAS)
    bas.post("/targets", data=form(house, since="2026-02-02"))
    [target] = rows(house)
    assert 303 == bas.post(f"/targets/{target.id}/end", data={"last": "2026-03-01"}).status_code
    assert "No targets yet." in bas.get("/targets").text
    assert "no such target" in problem(bas.post("/targets/999/sign"))


def test_customers_are_due_by_their_class_or_by_their_own_interval(house: TestHouse, as_: Browser) -> None:
    with house.house.db.write() as tx:
        visited(tx, rep_of(tx, NOOR).id, account_of(tx, "V01").id, date(2026, 1, 5))
        visited(tx, rep_of(tx, NOOR).id, account_of(tx, "V02").id, date(2026, 2, 27))
    boss = as_(BAS, "administrator")
    for sent in ({"grade": "A", "every": "4 weken"}, {"grade": "B", "every": "8w"}, {"account": "V02", "every": "3 d"}):
        assert 303 == boss.post("/targets/intervals", data=sent).status_code
    page = LexborHTMLParser(as_(NOOR).get("/targets").text)
    told = [" ".join(row.text().split()) for row in page.css('table[aria-labelledby="due"] tbody tr')]
    assert 2 == len(told)
    assert told[0].startswith("Zuivelhuis Terwolde B.V.ANoor Wijngaard Mon 5 Jan")
    assert all(one.endswith("overdue") for one in told[:1])
    own = next(one.id for one in rows(house, VisitInterval) if one.account_id)
    assert 303 == boss.post(f"/targets/intervals/{own}/drop").status_code
    assert "Kraanvogel" not in as_(NOOR).get("/targets").text
    assert "4 weeks" in problem(boss.post("/targets/intervals", data={"grade": "A", "every": "often"}))
    assert "no customer" in problem(boss.post("/targets/intervals", data={"account": "Nobody", "every": "4w"}))


def test_one_tells_when_one_is_off(house: TestHouse, as_: Browser) -> None:
    noor = as_(NOOR)
    assert 303 == noor.post("/me/days-off", data={"first": "2026-03-05", "last": "2026-03-06"}).status_code
    assert "Thu 5 Mar to Fri 6 Mar" in " ".join(noor.get("/me").text.split())
    [kept] = rows(house, DayOff)
    assert 403 == as_(JONAS).post(f"/me/days-off/{kept.id}/drop").status_code
    assert 409 == noor.post("/me/days-off", data={"first": "2026-03-05", "last": "2026-03-01"}).status_code
    assert 409 == noor.post("/me/days-off", data={"first": "tomorrow"}).status_code
    assert 303 == noor.post(f"/me/days-off/{kept.id}/drop").status_code
    assert [] == rows(house, DayOff)


def test_a_large_house_is_looked_at_team_by_team(house: TestHouse, as_: Browser) -> None:
    with house.house.db.write() as tx:
        many = [Rep(name=f"Somebody {n}", team="Ploeg") for n in range(301)]
        tx.add_all(many)
        tx.flush()
        targets.set_target(tx, many[0].id, "week", 5, date(2026, 3, 2))
        targets.set_target(tx, rep_of(tx, NOOR).id, "week", 7, date(2026, 3, 2))
        targets.set_target(tx, many[1].id, "week", 9, date(2026, 4, 1))
    browser = as_(BAS, "administrator")
    browser.post("/targets", data=form(house, whose="house", value="900"))
    whole = browser.get("/targets").text
    assert "The whole house" in whole
    assert "What each person owes, and which customers are due, is shown for one team at a time." in whole
    assert not re.search(r"Somebody|Noor Wijngaard", whole)
    of_team = LexborHTMLParser(browser.get("/targets?team=Ploeg").text)
    told = of_team.css_first('table[aria-label="Targets"]')
    assert told is not None
    assert "Somebody 0" in told.text()
    assert "Noor Wijngaard" not in told.text()
    assert "Somebody 1," in " ".join(one.text() for one in of_team.css("ul.plain li"))
    assert "Ploeg" == of_team.css_first("#team option[selected]").text()  # type: ignore[union-attr]  # it is there
