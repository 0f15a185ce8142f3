"""Every field of a filed visit can be corrected: looked at, kept with what it was, shown on the card."""

import json
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from capture import CorrectionError
from capture.corrections import FIELDS, set_by_person
from store import changes
from store.tables import Contact, Rep, Visit
from tests.conftest import TestHouse
from tests.learning.conftest import NOOR, account, account_id, contact_id, corrects, people, reports

REPORT = "gisteren om 14u bij zuivelhuis terwolde geweest met Kees, offerte van 1.200 euro sturen voor vrijdag"


@pytest.fixture
def quick(build_house: Callable[..., TestHouse], sqlite_url: str) -> TestHouse:
    """For what does not depend on the database."""
    return build_house(sqlite_url)


def history(house: TestHouse, visit: Visit) -> dict[str, tuple[Any, Any]]:
    """What reps changed: field to old and new."""
    with house.house.db.read() as tx:
        noted = [one for one in changes.of(tx, "visit", visit.id) if one.by.startswith("rep:")]
        return {one.field: (one.old, one.new) for one in noted}


def rep_id(house: TestHouse, name: str) -> int:
    with house.house.db.read() as tx:
        return tx.scalars(select(Rep.id).where(Rep.name == name)).one()


PLAIN = [
    ("type", "demo", "type", "demo"),
    ("medium", "phone", "medium", "phone"),
    ("outcome", "order", "outcome", "order"),
    ("outcome", None, "outcome", None),
    ("date", "2026-02-27", "on", date(2026, 2, 27)),
    ("starts", "09:30", "starts", time(9, 30)),
    ("starts", None, "starts", None),
    ("ends", "15:45", "ends", time(15, 45)),
    ("city", " Den  Haag ", "city", "Den Haag"),
    ("city", "", "city", None),
    ("subject", "Pomp en onderhoud", "subject", "Pomp en onderhoud"),
]


def test_a_value_is_changed_and_its_history_kept(house: TestHouse) -> None:
    visit = reports(house, REPORT)
    for what, value, field, wanted in PLAIN:
        old = getattr(visit, field)
        visit = corrects(house, visit, what, value)
        assert wanted == getattr(visit, field)
        shown = [one.isoformat() if isinstance(one, date | time) else one for one in (old, wanted)]
        assert tuple(shown) == history(house, visit)[field]


WRONG = [
    ("type", "lunch", "no_kind"), ("medium", 3, "shape"), ("outcome", "won", "no_kind"),
    ("date", "yesterday", "date"), ("date", None, "no_date"), ("date", "2026-03-03", "future"),
    ("starts", "25:00", "time"), ("starts", "half vier", "time"), ("ends", "13:00", "order"),
    ("city", "x" * 201, "too_long"), ("subject", ["a"], "shape"),
    ("contacts", "[", "shape"), ("contacts", "7", "shape"), ("contacts", [99999], "no_contact"),
    ("contacts", [{"name": " "}], "empty"), ("contacts", [{"name": "A", "email": "nowhere"}], "email"),
    ("contacts", [True], "shape"), ("contacts", list(range(1, 60)), "too_many"),
    ("keywords", [1], "shape"), ("keywords", {"a": "b"}, "shape"),
    ("actions", ["bellen"], "shape"), ("actions", [{"text": ""}], "empty"),
    ("actions", [{"text": "bellen", "due": "soon"}], "date"), ("actions", [{"text": "bellen", "state": "x"}], "state"),
    ("actions", [{"text": "bellen", "assignee": "nobody@varenhof.example"}], "no_rep"),
    ("actions", [{"id": 99999, "text": "bellen"}], "no_action"),
    ("amounts", [{"value": "veel"}], "amount"), ("amounts", [{"value": -1}], "amount"),
    ("amounts", [{"value": "NaN"}], "amount"), ("amounts", [{"value": 1, "currency": "euro"}], "currency"),
    ("amounts", ["1"], "shape"), ("account", "x", "shape"), ("account", {"name": ""}, "empty"),
    ("account", "99999", "no_account"), ("new_account", " ", "empty"), ("weather", "fine", "unknown"),
    ("status", "planned", "no_kind"), ("action", {"id": 99999, "state": "done"}, "no_action"), ("action", [], "shape"),
    ("proposal", 99999, "unknown"), ("proposal", "x", "shape"),
]  # fmt: skip


def test_what_makes_no_sense_is_refused_in_words_and_changes_nothing(quick: TestHouse) -> None:
    visit = reports(quick, REPORT)
    for what, value, key in WRONG:
        with pytest.raises(CorrectionError) as refused:
            quick.house.assistant.correct(visit.id, NOOR, what, value)
        assert (key, True) == (refused.value.key, len(str(refused.value)) > 10), what
    assert {} == history(quick, visit)
    assert {what for what, _, _ in WRONG} >= FIELDS.keys()


def test_the_account_that_it_is_at_already_is_told(quick: TestHouse) -> None:
    visit = reports(quick, REPORT)
    with pytest.raises(CorrectionError, match="is at Zuivelhuis"):
        quick.house.assistant.correct(visit.id, NOOR, "account", str(visit.account_id))


def test_nobody_there_is_a_missed_visit_until_it_is_corrected(quick: TestHouse) -> None:
    visit = corrects(quick, reports(quick, REPORT), "outcome", "no_show")
    assert "missed" == visit.status
    assert "held" == corrects(quick, visit, "outcome", "interested").status


def test_people_are_chosen_and_added(house: TestHouse) -> None:
    visit = reports(house, REPORT)
    new = {"name": "Douwe Feenstra", "role": "monteur", "email": "Douwe@terwolde.example", "phone": "06-1"}
    visit = corrects(house, visit, "contacts", json.dumps([contact_id(house, "Marja Doornbos"), new]))
    assert ["Marja Doornbos", "Douwe Feenstra"] == people(house, visit)
    with house.house.db.read() as tx:
        douwe = tx.scalars(select(Contact).where(Contact.name == "Douwe Feenstra")).one()
        [job] = douwe.employments
        assert ("monteur", visit.account_id) == (job.role, job.account_id)
        assert ["douwe@terwolde.example"] == [row.email for row in douwe.emails]
    old, now = history(house, visit)["contacts"]
    assert (["Kees Bruinsma"], ["Marja Doornbos", "Douwe Feenstra"]) == (
        [one["name"] for one in old], [one["name"] for one in now]
    )  # fmt: skip


def test_actions_are_changed_added_and_taken_away(house: TestHouse) -> None:
    visit = reports(house, REPORT)
    [offer] = visit.actions
    wanted = [
        {"id": offer.id, "text": "offerte sturen", "due": "2026-03-09", "state": "done"},
        {"text": "bellen over de pomp", "assignee": "jonas@varenhof.example"},
        {"text": "bellen over de pomp"},
    ]
    visit = corrects(house, visit, "actions", wanted)
    jonas, noor = rep_id(house, "Jonas Edelhoff"), rep_id(house, "Noor Wijngaard")
    assert [
        ("offerte sturen", date(2026, 3, 9), noor, "done"),
        ("bellen over de pomp", None, jonas, "open"),
        ("bellen over de pomp", None, noor, "open"),
    ] == [(one.text, one.due, one.assignee_id, one.state) for one in visit.actions]
    assert offer.id == visit.actions[0].id
    assert [] == corrects(house, visit, "actions", None).actions


def test_amounts_and_keywords_are_lists(house: TestHouse) -> None:
    visit = corrects(house, reports(house, REPORT), "amounts", '[{"value": "950.5", "currency": "chf"}]')
    assert [(Decimal("950.50"), "CHF")] == [(one.value, one.currency) for one in visit.amounts]
    visit = corrects(house, visit, "keywords", ["Offerte", "offerte", " pomp "])
    assert ["Offerte", "pomp"] == [one.term for one in visit.keywords]
    assert {"amounts", "keywords"} <= history(house, visit).keys()


def test_the_same_value_again_is_no_change(quick: TestHouse) -> None:
    visit = reports(quick, REPORT)
    action = visit.actions[0]
    for what, value in (
        ("contacts", [line.contact_id for line in visit.contacts]), ("starts", "14:00"), ("type", visit.type),
        ("keywords", [line.term for line in visit.keywords]), ("city", visit.city), ("date", visit.on.isoformat()),
        ("actions", [{"id": action.id, "text": action.text, "due": str(action.due)}]),
        ("amounts", [{"value": str(one.value), "currency": one.currency} for one in visit.amounts]),
    ):  # fmt: skip
        corrects(quick, visit, what, value)
    assert {} == history(quick, visit)


def test_what_a_person_set_is_not_overwritten_by_what_is_read_later(house: TestHouse) -> None:
    visit = reports(house, "gisteren bij terwolde geweest, met Ruben gesproken over een offerte")
    visit = corrects(house, visit, "city", "Deventer")
    visit = corrects(house, visit, "contacts", [contact_id(house, "Marja Doornbos")])
    with house.house.db.read() as tx:
        assert {"city", "contacts"} == set_by_person(tx, visit)
    visit = corrects(house, visit, "account", account_id(house, "Brouwerij De Kraanvogel"))
    assert ("Deventer", ["Marja Doornbos"]) == (visit.city, people(house, visit))


def test_a_new_account_may_be_named(quick: TestHouse) -> None:
    visit = corrects(quick, reports(quick, REPORT), "account", '{"name": "Kwekerij De Zonnehoek"}')
    assert "Kwekerij De Zonnehoek" == account(quick, visit)


def test_the_card_shows_what_was_corrected(quick: TestHouse) -> None:
    quick.says(REPORT)
    quick.run_jobs()
    [visit] = quick.visits()
    corrects(quick, visit, "starts", "09:15")
    corrects(quick, visit, "contacts", [contact_id(quick, "Marja Doornbos")])
    quick.run_jobs()
    [card] = quick.deliveries()
    assert "Marja Doornbos" in card.letter["text"]
    assert "9:15" in card.letter["text"]
    assert "Kees Bruinsma" not in card.letter["text"]
