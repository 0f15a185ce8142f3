"""Two contacts that are one person: found, merged with everything that points at them, and taken apart again."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from capture import CorrectionError
from capture.duplicates import Duplicates, Pair, number, pairs_among, same_name
from capture.merging import Merging
from parsing import parse
from parsing.model import Message
from store import crm, duplicates, steps
from store.duplicates import Person
from store.tables import (
    Account,
    Contact,
    ContactEmail,
    ContactPhone,
    ContactSign,
    Employment,
    Lesson,
    Row,
    Visit,
    VisitContact,
)
from tests.conftest import TestHouse

NOOR = "noor@varenhof.example"
LOGS = {"changes", "steps", "revisions", "search_due"}
"""Tables that tell that something was done and taken back, or is to be looked at anew."""


@pytest.fixture
def house(build_house: Callable[..., TestHouse], database_url: str) -> TestHouse:
    """A house on SQLite, and again on PostgreSQL."""
    return build_house(database_url)


@pytest.fixture
def merging(house: TestHouse) -> Merging:
    return Merging(house.house.db, house.clock)


def everything(house: TestHouse) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    with house.house.db.read() as tx:
        return {
            table.name: sorted(
                json.dumps(dict(row), default=str, sort_keys=True) for row in tx.execute(select(table)).mappings()
            )
            for table in Row.metadata.sorted_tables
            if table.name not in LOGS
        }


def twins(house: TestHouse) -> tuple[int, int]:
    """Kees, whom the house knows, and another Kees who was entered with him at one visit and alone at another."""
    for text in (
        "gisteren bij zuivelhuis terwolde geweest met Kees, offerte sturen voor vrijdag",
        "vandaag bij zuivelhuis terwolde, Kees gesproken over de koeling",
    ):
        house.house.assistant.file(house.says(text))
    with house.house.db.write() as tx:
        kees = tx.scalars(select(Contact).where(Contact.name == "Kees Bruinsma")).one()
        account_id = tx.scalars(select(Account.id).where(Account.name.startswith("Zuivelhuis"))).one()
        other_account = tx.scalars(select(Account.id).where(Account.name.startswith("Brouwerij"))).one()
        twin = Contact(name="Cees Bruinsma", created_at=house.clock(), language="nl", external_id="P99")
        twin.emails = [ContactEmail(email="k.bruinsma@zuivelhuis-terwolde.example"), ContactEmail(email="c@b.example")]
        twin.phones = [ContactPhone(phone="06-00000001"), ContactPhone(phone="058-1234567")]
        twin.employments = [
            Employment(account_id=account_id, role="hoofd inkoop", since=date(2020, 1, 1)),
            Employment(account_id=other_account, role="adviseur"),
        ]
        kees.language = None
        tx.add(twin)
        tx.flush()
        first, second = tx.scalars(select(Visit).order_by(Visit.id)).all()
        first.contacts.append(VisitContact(contact_id=twin.id, position=1))
        second.contacts = [VisitContact(contact_id=twin.id)]
        second.evidence = {**second.evidence, "contacts": [{"start": 0, "end": 4, "contact_id": twin.id}]}
        on = house.clock().date()
        tx.add(ContactSign(contact_id=twin.id, address="c@b.example", kind="full", on=on, words="mailbox full"))
        tx.add(
            Lesson(
                rep_id=first.rep_id, kind="contact", phrase="ceesje", said="Ceesje", account_id=account_id,
                contact_id=twin.id, visit_id=first.id, taught_at=house.clock(),
            )
        )  # fmt: skip
        marja = tx.scalars(select(Contact).where(Contact.name.startswith("Marja"))).one()
        marja.employments[0].successor_id = twin.id
        return kees.id, twin.id


def test_everything_that_pointed_at_the_one_points_at_the_other(house: TestHouse, merging: Merging) -> None:
    kees_id, twin_id = twins(house)
    merging.merge(kees_id, twin_id, "rep:1")
    with house.house.db.read() as tx:
        for table, column in steps.referring("contacts"):
            assert 0 == tx.scalar(select(sa.func.count()).select_from(table).where(column == twin_id)), str(column)
        kees, twin = tx.get_one(Contact, kees_id), tx.get_one(Contact, twin_id)
        assert twin.retired_at == house.clock()
        assert ("nl", "P01") == (kees.language, kees.external_id)
        assert ["k.bruinsma@zuivelhuis-terwolde.example", "c@b.example"] == [one.email for one in kees.emails]
        assert ["06-00000001", "058-1234567"] == [one.phone for one in kees.phones]
        jobs = {job.account_id: (job.role, job.since) for job in kees.employments}
        assert {("inkoper", date(2020, 1, 1)), ("adviseur", None)} == set(jobs.values())
        first, second = tx.scalars(select(Visit).order_by(Visit.id)).all()
        assert [[kees_id], [kees_id]] == [[line.contact_id for line in one.contacts] for one in (first, second)]
        assert [kees_id] == [one["contact_id"] for one in second.evidence["contacts"]]


def test_taking_it_back_leaves_every_table_as_it_was(house: TestHouse, merging: Merging) -> None:
    kees_id, twin_id = twins(house)
    before = everything(house)
    for stays, goes in ((kees_id, twin_id), (twin_id, kees_id)):
        step_id = merging.merge(stays, goes, "rep:1")
        assert everything(house) != before
        assert 0 == merging.undo(step_id, "rep:1")
        after = everything(house)
        for name, rows in before.items():
            assert rows == after[name], name


def test_the_name_that_went_means_the_one_who_stays(house: TestHouse, merging: Merging) -> None:
    kees_id, twin_id = twins(house)
    merging.merge(kees_id, twin_id, "rep:1")
    with house.house.db.read() as tx:
        known = crm.snapshot(tx)
    text = "vandaag bij zuivelhuis terwolde geweest, Cees Bruinsma gesproken over de prijzen"
    message = Message(via="web", rep=NOOR, sent_at=house.clock(), text=text)
    [visit] = parse(message, known).visits
    assert [str(kees_id)] == [one.value.id for one in visit.contacts]


def test_an_id_outside_goes_over_where_there_was_none(house: TestHouse, merging: Merging) -> None:
    kees_id, twin_id = twins(house)
    with house.house.db.write() as tx:
        tx.get_one(Contact, kees_id).external_id = None
    before = everything(house)
    step_id = merging.merge(kees_id, twin_id, "rep:1")
    with house.house.db.read() as tx:
        assert ("P99", None) == tuple(tx.get_one(Contact, one).external_id for one in (kees_id, twin_id))
    merging.undo(step_id, "rep:1")
    assert before == everything(house)


def test_who_left_as_the_one_and_works_there_as_the_other_works_there(house: TestHouse, merging: Merging) -> None:
    kees_id, twin_id = twins(house)
    with house.house.db.write() as tx:
        job = tx.scalars(select(Employment).where(Employment.contact_id == kees_id)).one()
        job.until, job.successor_id = date(2026, 1, 1), twin_id
        job_id = job.id
    step_id = merging.merge(kees_id, twin_id, "rep:1")
    with house.house.db.read() as tx:
        assert (None, None) == (tx.get_one(Employment, job_id).until, tx.get_one(Employment, job_id).successor_id)
    merging.undo(step_id, "rep:1")
    with house.house.db.read() as tx:
        job = tx.get_one(Employment, job_id)
        assert (date(2026, 1, 1), twin_id) == (job.until, job.successor_id)


def test_what_was_changed_since_stays_when_it_is_taken_back(house: TestHouse, merging: Merging) -> None:
    kees_id, twin_id = twins(house)
    step_id = merging.merge(kees_id, twin_id, "rep:1")
    with house.house.db.write() as tx:
        second = tx.scalars(select(Visit).order_by(Visit.id.desc())).first()
        assert second
        second.contacts = []
    assert 1 == merging.undo(step_id, "rep:1")
    with house.house.db.read() as tx:
        assert tx.get_one(Contact, twin_id).retired_at is None
        assert [] == list(tx.scalars(select(VisitContact.contact_id).where(VisitContact.visit_id == second.id)))


def test_what_makes_no_sense_is_refused(house: TestHouse, merging: Merging) -> None:
    kees_id, twin_id = twins(house)
    for stays, goes in ((kees_id, kees_id), (kees_id, 9999), (9999, kees_id)):
        with pytest.raises(CorrectionError):
            merging.merge(stays, goes, "web")
    step_id = merging.merge(kees_id, twin_id, "web")
    with pytest.raises(CorrectionError):
        merging.merge(kees_id, twin_id, "web")
    with house.house.db.read() as tx:
        marja_id = tx.scalars(select(Contact.id).where(Contact.name.startswith("Marja"))).one()
    later_id = merging.merge(marja_id, kees_id, "web")
    with pytest.raises(CorrectionError, match="take that back first"):
        merging.undo(step_id, "web")
    merging.undo(later_id, "web")
    merging.undo(step_id, "web")
    with pytest.raises(CorrectionError):
        merging.undo(step_id, "web")


def test_the_preview_tells_what_would_move_and_moves_nothing(house: TestHouse, merging: Merging) -> None:
    kees_id, twin_id = twins(house)
    before = everything(house)
    told = {one.what: one.count for one in merging.preview(kees_id, twin_id).moved}
    assert {
        "visits at which they were met": 2, "employments": 2, "addresses": 2, "phone numbers": 2, "successions": 1,
        "signs of being reached or not": 1, "learned names": 1,
    } == told  # fmt: skip
    assert before == everything(house)


# ------------------------------------------------------------------------------------------------- finding them


def person(number_: int, name: str, **more: Any) -> Person:
    values = {"emails": (), "phones": (), "accounts": (1,), "country": "NL", **more}
    return Person(id=number_, name=name, **values)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Kees Bruinsma", "Kees Bruinsma", True),
        ("Kees Bruinsma", "Kees Bruinsme", True),
        ("Bruinsma Kees", "Kees Bruinsma", True),
        ("K. Bruinsma", "Kees Bruinsma", True),
        ("Kees", "Kees Bruinsma", True),
        ("Bruinsma", "Kees Bruinsma", True),
        ("Päivi Mäkelä", "Paivi Makela", True),
        ("Jürgen Groß", "Juergen Gross", True),
        ("Kees Bruinsma", "Jan Bruinsma", False),
        ("J. Bruinsma", "K. Bruinsma", False),
        ("Kees", "Jan", False),
        ("", "Kees", False),
    ],
)
def test_names_at_one_account_are_compared_as_people_write_them(one: str, other: str, same: bool) -> None:
    assert same is same_name(one, other)
    assert same is same_name(other, one)


def test_pairs_are_found_by_address_phone_and_name() -> None:
    people = [
        person(1, "Kees Bruinsma", emails=("kees@a.example",)),
        person(2, "Marja Smit", emails=("kees@a.example",), accounts=(2,)),
        person(3, "Marja Doornbos", phones=("+31 6 12345678",), accounts=(3,)),
        person(4, "M. Doornbos", phones=("06-12 34 56 78",), accounts=(4,)),
        person(5, "Ruben Stavenga", accounts=(5,)),
        person(6, "R. Stavenga", accounts=(5,)),
        person(7, "Ruben Stavenga", accounts=(6,)),
    ]
    assert [Pair(1, 2, "address"), Pair(3, 4, "phone"), Pair(5, 6, "name")] == list(pairs_among(people))


def test_names_of_a_large_account_are_found_without_comparing_each_with_each(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[object] = []
    monkeypatch.setattr("capture.duplicates.fuzz.token_sort_ratio", lambda *names: compared.append(names) or 0)
    letters = "abcdefghijklmnopqrst"
    names = [f"{a}{b}{a}{b} {b}{a}{b}{b}{a}" for a in letters for b in letters]
    assert [] == list(pairs_among([person(i, name) for i, name in enumerate(names, 1)]))
    assert len(compared) < len(names) * 10


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Janssens", "Jansens"), ("Piet van Dijk", "Dijk"), ("Kees van der Berg", "Berg van der, Kees"),
        ("Thomas Meyer", "Tomas Meyer"), ("Jan Bruinsma", "Jan Bruinsmaa"), ("P. Vos", "Piet Vos"),
    ],
)  # fmt: skip
def test_names_that_are_alike_are_found_among_colleagues(one: str, other: str) -> None:
    assert same_name(one, other)
    assert [Pair(1, 2, "name")] == list(pairs_among([person(1, one), person(2, other)]))


def test_one_of_two_workers_looks_for_pairs(house: TestHouse) -> None:
    now = house.clock()
    with house.house.db.write() as tx:
        crm.touch(tx)
        revision = crm.revision(tx)
        assert [True, False] == [duplicates.claim(tx, revision, now) for _ in range(2)]


def test_what_many_share_makes_nobody_the_same() -> None:
    people = [
        person(1, "Kees Bruinsma", emails=("info@a.example",), phones=("058-1234567",)),
        person(2, "Ingrid Wolters", emails=("info@a.example",), phones=("058-1234567",)),
        person(3, "Anna Korhonen", phones=("12345678",), country="FI", accounts=(2,)),
        person(4, "Anna Korhonen", phones=("+49 12345678",), country="DE", accounts=(3,)),
    ]
    assert [] == list(pairs_among(people))


def test_a_phone_number_is_read_as_in_its_country() -> None:
    assert "+31612345678" == number("06 12345678", "NL") == number("+31 (0)6-12345678", "DE")
    assert "+358401234567" == number("040 1234567", "FI")
    assert number("040 1234567", "DE") != number("040 1234567", "FI")


def test_pairs_are_looked_for_when_names_changed_and_shown_until_somebody_says(house: TestHouse) -> None:
    looking = Duplicates(house.house.db, house.clock)
    looking.tick()
    kees_id, twin_id = twins(house)
    with house.house.db.write() as tx:
        crm.touch(tx)
    assert 1 == looking.tick()
    assert 0 == looking.tick()
    with house.house.db.read() as tx:
        [found], total = duplicates.listed(tx)
        [of_twin] = duplicates.of_contact(tx, twin_id)
    assert (1, "address", kees_id, twin_id) == (total, found.pair.reason, found.one.id, found.other.id)
    assert (twin_id, kees_id) == (of_twin.one.id, of_twin.other.id)
    looking.different(found.pair.id, "rep:1")
    with house.house.db.write() as tx:
        crm.touch(tx)
    assert 0 == looking.tick()
    with house.house.db.read() as tx:
        assert ([], 0) == duplicates.listed(tx)
        assert [] == duplicates.of_contact(tx, twin_id)
