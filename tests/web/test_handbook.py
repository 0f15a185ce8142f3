"""The house's handbook: what is missing is told with the house's reason, what is written otherwise is put right."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from capture.amendments import amend
from capture.card import cards
from capture.handbook import Handbook
from capture.home import AtHome
from capture.messages import from_json
from capture.road import Filing
from capture.values import CorrectionError
from letters import LANGUAGES, render
from letters.fix import fix_modal
from letters.model import Counter, Filed
from letters.wording import wording
from parsing.amending import Amendment
from parsing.model import ContactMention
from store import reps
from store.filters import VisitFilter
from store.tables import Account, Capture, Change, Contact, HouseAttribute, HouseRule, Visit
from store.visits import list_visits
from tests.conftest import TestHouse
from tests.servers.web import Browser
from tests.web.saying import problem, says

NOOR, BAS = "noor@varenhof.example", "bas@varenhof.example"
WHY = {"reason_nl": "zonder resultaat kan de binnendienst niet bellen", "reason_en": "inside sales calls by it"}


@pytest.fixture
def house(guarded: TestHouse) -> TestHouse:
    return guarded


def wants(boss: httpx.Client, field: str = "visit:outcome", **more: str) -> httpx.Response:
    return boss.post("/handbook", data={"about": "mandatory", "field": field, **WHY, **more})


def card_of(house: TestHouse, visit: Visit) -> Any:
    """The card as its rep sees it."""
    with house.house.db.read() as tx:
        [card] = cards(tx, [tx.get_one(Visit, visit.id)], "nl")
        return card


def unfinished(house: TestHouse) -> list[str]:
    with house.house.db.read() as tx:
        return [one.visit.number for one in list_visits(tx, VisitFilter(unfinished=True)).visits]


def test_what_is_missing_is_one_quiet_line_with_the_houses_own_reason(house: TestHouse, boss: httpx.Client) -> None:
    visit = says(house, "Vanmorgen bij Zuivelhuis Terwolde geweest met Kees")
    before = card_of(house, visit)
    assert 303 == wants(boss).status_code
    card = card_of(house, visit)
    assert (before.question, before.taps) == (card.question, card.taps), "nothing more is asked"
    told = render("filed", "nl", filed=Filed(visits=(card,), counter=Counter(done=1)), today=visit.on).text
    assert "Ontbreekt nog: Uitkomst (“zonder resultaat kan de binnendienst niet bellen”)" in told
    assert [visit.number] == unfinished(house)
    house.house.assistant.correct(visit.id, NOOR, "outcome", "interested")
    assert () == card_of(house, visit).lacks
    assert [] == unfinished(house)


@pytest.mark.parametrize(
    ("when", "lacking"),
    [
        ({"when": "type:demo"}, True), ({"when": "type:service"}, False), ({"when": "class:A"}, True),
        ({"when": "class:B"}, False), ({"keyword": "scanner"}, True), ({"keyword": "pomp"}, False),
    ],
)  # fmt: skip
def test_a_field_may_be_mandatory_for_some_visits_alone(
    house: TestHouse, boss: httpx.Client, when: dict[str, str], lacking: bool
) -> None:
    visit = says(house, "Vanmorgen demo gegeven bij Zuivelhuis Terwolde")
    house.house.assistant.correct(visit.id, NOOR, "keywords", ["scanner"])
    assert 303 == wants(boss, "visit:amounts", **when).status_code
    assert lacking is bool(card_of(house, visit).lacks)
    assert lacking is bool(unfinished(house)), "the list and the card agree"


def test_an_attribute_of_the_houses_own_may_be_mandatory(house: TestHouse, boss: httpx.Client) -> None:
    for record in ("visit", "account"):
        form = {"record": record, "kind": "text", "label_en": "Dealer", "label_nl": "Handelaar"}
        assert 303 == boss.post("/house/attributes", data=form).status_code
        assert 303 == wants(boss, f"{record}:x-dealer").status_code
    visit = says(house, "Vanmorgen bij Zuivelhuis Terwolde geweest")
    assert [("x-dealer", "Handelaar")] == [(one.field, one.label) for one in card_of(house, visit).lacks]
    assert [visit.number] == unfinished(house)
    assert "Still missing. “inside sales" in boss.get(f"/accounts/{visit.account_id}/edit").text
    house.house.assistant.correct(visit.id, NOOR, "x-dealer", "Noord")
    assert () == card_of(house, visit).lacks
    assert [] == unfinished(house)


def test_what_is_unfinished_is_told_on_both_databases(build_house: Callable[..., TestHouse], database_url: str) -> None:
    there = build_house(database_url)
    visit = says(there, "Vanmorgen bij Zuivelhuis Terwolde geweest")
    with there.house.db.write() as tx:
        tx.add(HouseAttribute(record="visit", key="dealer", kind="text", labels={"en": "Dealer"}))
        tx.add(HouseRule(about="mandatory", field="x-dealer", when=f"medium:{visit.medium}", reasons={"en": "so"}))
    assert [visit.number] == unfinished(there)
    with there.house.db.write() as tx:
        tx.get_one(Visit, visit.id).extra = {"dealer": "Noord"}
    assert [] == unfinished(there)


def test_forms_pages_and_home_quote_the_reason(house: TestHouse, boss: httpx.Client, as_: Browser) -> None:
    visit = says(house, "Vanmorgen bij Zuivelhuis Terwolde geweest")
    wants(boss)
    form = house.house.assistant.form(visit.id, NOOR)
    hints = [block["hint"]["text"] for block in fix_modal(wording("nl"), form)["blocks"] if "hint" in block]
    assert ["Ontbreekt nog: Uitkomst (“zonder resultaat kan de binnendienst niet bellen”)"] == hints
    noor = as_(NOOR)
    assert "Outcome (“zonder resultaat" in " ".join(noor.get(f"/visits/{visit.id}").text.split())
    assert "Still missing. “inside sales calls by it”" in noor.get(f"/visits/{visit.id}/edit").text
    at_home: AtHome = house.house.assistant.home
    page = at_home.page(NOOR)
    assert page
    assert [visit.number] == [one.number for one in page.unfinished]


def test_an_error_quotes_the_reason(house: TestHouse, boss: httpx.Client) -> None:
    wants(boss, "visit:type")
    visit = says(house, "Vanmorgen bij Zuivelhuis Terwolde geweest")
    with pytest.raises(CorrectionError, match="zonder resultaat kan"):
        house.house.assistant.correct(visit.id, NOOR, "type", "party")


def test_a_visit_whose_customer_is_not_known_is_asked_about_with_the_reason(
    house: TestHouse, boss: httpx.Client
) -> None:
    wants(boss, "visit:account")
    card = card_of(house, says(house, "vanmiddag bij Hofstra geweest"))
    told = render("filed", "nl", filed=Filed(visits=(card,), counter=Counter(done=1)), today=card.on).text
    assert "zonder resultaat kan de binnendienst niet bellen" in told
    assert () == card.lacks


def test_what_reports_say_is_written_as_the_house_does(house: TestHouse, boss: httpx.Client) -> None:
    boss.post("/handbook", data={"about": "spelling", "written": "BV", "instead": "b.v.\nBesloten Vennootschap"})
    boss.post("/handbook", data={"about": "title", "written": "ing.", "instead": "ingenieur"})
    boss.post("/handbook", data={"about": "phone", "format": "international", "country": "nl"})
    visit = says(house, "Vanmorgen bij Zuivelhuis Terwolde geweest")
    person = {"name": "Ingenieur Ada Boskoop", "phone": "0348 123 456"}
    house.house.assistant.correct(visit.id, NOOR, "contacts", [person])
    house.house.assistant.correct(visit.id, NOOR, "new_account", "Kwekerij Varenlo b.v.")
    with house.house.db.read() as tx:
        ada = tx.scalars(select(Contact).where(Contact.name.contains("Boskoop"))).one()
        assert ("ing. Ada Boskoop", ["+31 348 123 456"]) == (ada.name, [one.phone for one in ada.phones])
        assert tx.scalars(select(Account.id).where(Account.name == "Kwekerij Varenlo BV")).all()


def test_a_number_that_is_none_is_refused_with_the_reason(house: TestHouse, boss: httpx.Client) -> None:
    boss.post("/handbook", data={"about": "phone", "format": "digits", "country": "NL", **WHY})
    with house.house.db.read() as tx:
        contact = tx.scalars(select(Contact).order_by(Contact.id)).first()
        assert contact
        form = {"name": contact.name, "emails": "", "phones": "0000 99999 0000 99999", "language": "", "seen": "9999"}
    answer = boss.post(f"/contacts/{contact.id}/edit", data=form)
    assert 422 == answer.status_code
    told = LexborHTMLParser(answer.text).text()
    assert "no phone number as we write them, such as +31" in told
    assert "“inside sales calls by it”" in told


def test_a_number_that_is_none_is_refused_in_forms_and_kept_as_it_was_said_in_words(
    house: TestHouse, boss: httpx.Client
) -> None:
    boss.post("/handbook", data={"about": "phone", "format": "digits", "country": "NL", **WHY})
    visit = says(house, "Vanmorgen bij Zuivelhuis Terwolde geweest")
    with pytest.raises(CorrectionError) as refused:
        house.house.assistant.correct(visit.id, NOOR, "contacts", [{"name": "Dana Ruiz", "phone": "0000 99999 0000"}])
    assert all(wording(language).say(f"trouble.{refused.value.key}") for language in LANGUAGES)
    assert WHY["reason_nl"] == refused.value.reason
    said = Amendment(come=(ContactMention(name="Dana Ruiz", phone="0000 99999 0000"),))
    with house.house.db.write() as tx:
        capture, rep = tx.get_one(Capture, visit.capture_id), reps.by_email(tx, NOOR)
        assert rep
        road = Filing(tx, capture, from_json(capture.message), rep, house.clock())
        amend(road, tx.get_one(Visit, visit.id), said, None)
    with house.house.db.read() as tx:
        dana = tx.scalars(select(Contact).where(Contact.name == "Dana Ruiz")).one()
        assert ["0000 99999 0000"] == [one.phone for one in dana.phones]


def test_a_rule_changes_nothing_that_it_does_not_mean(house: TestHouse, boss: httpx.Client) -> None:
    boss.post("/handbook", data={"about": "spelling", "written": "BV", "instead": "b.v."})
    with house.house.db.read() as tx:
        assert "line one\nline  two" == Handbook.read(tx).spelled("line one\nline  two")


def test_an_ended_rule_asks_for_nothing_and_may_hold_again(house: TestHouse, boss: httpx.Client) -> None:
    visit = says(house, "Vanmorgen bij Zuivelhuis Terwolde geweest")
    wants(boss)
    with house.house.db.read() as tx:
        rule_id = tx.scalars(select(HouseRule.id)).one()
    assert 303 == boss.post(f"/handbook/{rule_id}", data={"do": "end"}).status_code
    assert () == card_of(house, visit).lacks
    boss.post(f"/handbook/{rule_id}", data={"do": "hold"})
    boss.post(f"/handbook/{rule_id}", data={"do": "keep", "reason_nl": "het hoort zo"})
    assert ["het hoort zo"] == [one.reason for one in card_of(house, visit).lacks]
    with house.house.db.read() as tx:
        noted = tx.scalars(select(Change.field).where(Change.record == "rule").order_by(Change.id)).all()
    assert ["created", "active", "active", "reasons"] == noted


def test_everybody_reads_the_handbook_and_markup_stays_text(house: TestHouse, boss: httpx.Client, as_: Browser) -> None:
    boss.post("/handbook", data={"about": "other", "written": "<b>Never</b> promise a price", "reason_nl": "<i>x</i>"})
    page = LexborHTMLParser(as_(NOOR).get("/handbook").text)
    assert "<b>Never</b> promise a price" in page.text()
    assert [] == page.css("main form, main b, main i")


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"about": "luck"}, "what the rule is about"),
        ({"about": "mandatory", "field": "visit:shoes", "reason_en": "x"}, "Choose what"),
        ({"about": "mandatory", "field": "visit:outcome"}, "Say why"),
        ({"about": "mandatory", "field": "visit:outcome", "reason_en": "x", "when": "type:party"}, "no such occasion"),
        ({"about": "spelling", "written": "BV"}, "which spelling"), ({"about": "phone", "format": "loud"}, "written"),
        ({"about": "phone", "format": "digits", "country": "XX"}, "two letters"),
        ({"about": "other", "written": "x" * 301}, "300 characters"),
    ],
)  # fmt: skip
def test_a_rule_that_makes_no_sense_is_told_of(boss: httpx.Client, form: dict[str, str], told: str) -> None:
    answer = boss.post("/handbook", data=form)
    assert 409 == answer.status_code
    assert told in problem(answer)


def test_without_rules_nothing_is_changed(house: TestHouse) -> None:
    with house.house.db.read() as tx:
        book = Handbook.read(tx)
    assert ("Gmbh  & co", "call 12") == (book.spelled("Gmbh  & co"), book.phone("call 12", "NL"))
