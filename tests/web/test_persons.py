"""A person's data: all of it in a file, and none of it left anywhere."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import inspect, select, text

from capture import CorrectionError
from capture.importing import import_folder
from capture.merging import Merging
from capture.persons import Persons, were_erased
from parsing.model import Forwarded, Message
from store import crm, reps
from store.captures import File
from store.persons import LEFT_ALONE, Alike, rows_like, tables, texts_of
from store.tables import Account, Capture, Contact, ContactEmail, ContactPhone, Employment, Erasure, Row
from tests.conftest import HOUSE, TestHouse
from tests.servers.web import SIGNED_IN, browsers

NOOR, BAS = "noor@varenhof.example", "bas@varenhof.example"
NAME, EMAIL, PHONE, KEY = "Griet Zonnebloem", "g.zonnebloem@elders.example", "+31 6 5550 1234", "X-4711"
WORDS = ("Zonnebloem", "zonnebloem", "Griet", "griet", "5550 1234", KEY)


def told(house: TestHouse) -> int:
    """A contact who was met, written of, mailed about, and sent a file; the contact's id."""
    with house.house.db.write() as tx:
        account = tx.scalars(select(Account).where(Account.external_id == "V01")).one()
        contact = Contact(name=NAME, external_id=KEY, created_at=house.clock())
        contact.emails.append(ContactEmail(email=EMAIL))
        contact.phones.append(ContactPhone(phone=PHONE))
        tx.add(contact)
        tx.flush()
        contact.employments.append(Employment(account_id=account.id, role="Inkoper"))
        contact_id = contact.id
        crm.touch(tx)
    mail = Forwarded(body=f"Beste Noor,\n\ngroet,\n{NAME}\n{PHONE}", subject=f"Vraag van {NAME}")
    said = "vanmorgen bij zuivelhuis terwolde geweest met Griet Zonnebloem, offerte aan Griet sturen voor vrijdag"
    message = Message(
        via="web", rep=NOOR, sent_at=house.clock(), text=said, source_id="<1@x>", subject="Bezoek", forwarded=mail
    )
    files = [
        File(name="card.vcf", content_type="text/vcard", data=f"FN:{NAME}\nEMAIL:{EMAIL}".encode()),
        File(name="prices.csv", content_type="text/csv", data=b"a;b"),
        File(name="photo.jpg", content_type="image/jpeg", data=b"\xff\xd8\xff"),
    ]
    house.house.assistant.accept(
        message, raw=f"From: {EMAIL}\n\n{NAME}".encode(), reply_to={"address": NOOR}, files=files
    )
    other = house.says(f"Bel {EMAIL} nog over de Zonnebloemlaan", NOOR)
    for capture in house.captures():
        house.house.assistant.file(capture.id)
        house.house.assistant.reply(capture.id)
    assert other
    return contact_id


def everything(house: TestHouse) -> dict[str, str]:
    """All that is kept, table by table, as one text each."""
    said = {}
    with house.house.db.read() as tx:
        for name in inspect(house.house.db.engine).get_table_names():
            table = Row.metadata.tables.get(name)
            statement: Any = table.select() if table is not None else text(f'SELECT * FROM "{name}"')
            values = [value for row in tx.execute(statement) for value in row]
            said[name] = "\n".join(
                value.decode("utf-8", "replace") if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False)
                if isinstance(value, dict | list) else str(value) for value in values
            )  # fmt: skip
    return said


@pytest.fixture
def house(build_house: Callable[..., TestHouse], sqlite_url: str) -> TestHouse:
    return build_house(sqlite_url, **SIGNED_IN)


@pytest.fixture
def browser(house: TestHouse) -> Iterator[httpx.Client]:
    """Bas's, as an administrator."""
    with browsers(house.house) as browser:
        yield browser(BAS, "administrator")


def test_nothing_of_an_erased_person_is_left_anywhere(build_house: Callable[..., TestHouse], database_url: str) -> None:
    house = build_house(database_url)
    contact_id = told(house)
    before = everything(house)
    assert {"contacts", "visits", "captures", "deliveries"} <= {one for one in before if "Zonnebloem" in before[one]}
    done = Persons(house.house.db, house.clock).erase(contact_id, "command", "letter 12")
    after = everything(house)
    for table, said in after.items():
        if table.startswith("visit_words"):  # FTS5 keeps its own shadow of what it was told
            continue
        for word in WORDS:
            there = said.replace("Zonnebloemlaan", "")
            assert word not in there, f"{word} in {table}: {there[:300]}"
    assert "Zonnebloemlaan" in after["captures"], "elsewhere a part of the name may mean something else"
    assert done.counts["files"] == 2
    assert done.counts["raw messages"] == 1
    assert after["blobs"].count("a;b") == 1


def test_the_visit_stays_with_its_evidence_in_place(house: TestHouse) -> None:
    contact_id = told(house)
    before = house.visits()[0]
    Persons(house.house.db, house.clock).erase(contact_id, "command")
    visit = house.visits()[0]
    assert visit.account_id == before.account_id
    assert len(visit.report) == len(before.report)
    assert not visit.contacts
    words = visit.evidence["account"][0]
    assert visit.report[words["start"] : words["end"]] == before.report[words["start"] : words["end"]]


def test_files_that_cannot_be_searched_are_kept_where_somebody_says_so(house: TestHouse) -> None:
    done = Persons(house.house.db, house.clock).erase(told(house), "command", keep_files=True)
    assert done.counts["files"] == 1


def test_an_erased_person_is_known_by_a_mark_that_tells_nothing(house: TestHouse) -> None:
    Persons(house.house.db, house.clock).erase(told(house), "command")
    with house.house.db.read() as tx:
        erased = were_erased(tx)
        assert erased(KEY, None)
        assert erased("", EMAIL.upper())
        assert not erased("X-4712", "other@elders.example")
        assert KEY not in str(tx.scalars(select(Erasure.marks)).one())


def test_an_import_does_not_bring_an_erased_person_back(house: TestHouse) -> None:
    with house.house.db.read() as tx:
        contact = tx.scalars(select(Contact).where(Contact.external_id.is_not(None)).order_by(Contact.id)).first()
        assert contact
        before = tx.scalars(select(Contact.external_id)).all()
    Persons(house.house.db, house.clock).erase(contact.id, "command")
    import_folder(house.house.db, HOUSE, house.clock())
    with house.house.db.read() as tx:
        assert set(before) - {contact.external_id} == set(tx.scalars(select(Contact.external_id)))


def test_everything_is_in_the_file(house: TestHouse) -> None:
    packed = Persons(house.house.db, house.clock).export(told(house))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        person = json.loads(archive.read("person.json"))
        assert {"card.vcf", "photo.jpg", "prices.csv"} == {name.partition("-")[2] for name in archive.namelist()[1:]}
    [contact] = person["contacts"]
    assert (contact["name"], contact["emails"], contact["phones"]) == (NAME, [EMAIL], [PHONE])
    assert contact["works at"][0]["role"] == "Inkoper"
    assert person["visits"][0]["report"].startswith("vanmorgen")
    assert NAME in person["messages"][0]["forwarded"]["body"]


def test_the_page_exports_and_erases_only_who_is_meant(house: TestHouse, browser: httpx.Client) -> None:
    contact_id = told(house)
    assert f"/persons/{contact_id}/export" in browser.get("/persons?q=zonnebloem").text
    packed = browser.get(f"/persons/{contact_id}/export")
    assert packed.headers["content-type"] == "application/zip"
    place = f"/persons/{contact_id}/erase"
    assert browser.post(place, data={"name": "Somebody"}).status_code == 409
    assert browser.post(place, data={"name": NAME, "reference": "<i>12"}).status_code == 303
    page = browser.get("/persons").text
    assert "&lt;i&gt;12" in page
    assert "Zonnebloem" not in page
    assert browser.post(place, data={"name": NAME}).status_code == 404
    assert browser.get(f"/persons/{contact_id}/export").status_code == 404
    assert "everything of contact" in browser.get("/access?thing=export").text


def test_only_administrators_have_the_page(house: TestHouse, browser: httpx.Client) -> None:
    for role in ("rep", "manager", "operator", "marketing"):
        with house.house.db.write() as tx:
            bas = reps.by_email(tx, BAS)
            assert bas
            bas.role = role
        for place in ("/persons", "/persons/1/export"):
            assert browser.get(place).status_code == 403, f"{place} as {role}"
        assert browser.post("/persons/1/erase", data={"name": "x"}).status_code == 403


def test_somebody_who_is_not_there_is_told(house: TestHouse) -> None:
    persons = Persons(house.house.db, house.clock)
    for do in (persons.export, lambda one: persons.erase(one, "command")):
        with pytest.raises(CorrectionError):
            do(99_999)


def test_every_table_with_words_is_swept_or_left_alone_on_purpose() -> None:
    swept = {table.name for table in tables()}
    for table in Row.metadata.sorted_tables:
        assert (table.name in swept) != (table.name in LEFT_ALONE)
        if table.name in swept and texts_of(table):
            known_by_id = "id" in table.c or table.name in {"visit_keywords", "visit_contacts"}
            assert known_by_id, f"{table.name} has words and no id: say how they are erased"


def test_a_person_who_was_merged_goes_with_all_their_names(house: TestHouse) -> None:
    contact_id = told(house)
    with house.house.db.write() as tx:
        former = Contact(name="Griet Akkerboom", created_at=house.clock())
        tx.add(former)
        tx.flush()
        former_id = former.id
    Merging(house.house.db, house.clock).merge(contact_id, former_id, "command")
    Persons(house.house.db, house.clock).erase(contact_id, "command")
    after = everything(house)
    assert not [name for name, said in after.items() if "Akkerboom" in said and not name.startswith("visit_words")]


@pytest.mark.parametrize("said", ["06 55 50 12 34", "06/5550-1234", "(06) 555.0\n1234", "+31\u00a06\u202f5550 1234"])
def test_a_number_is_found_however_it_is_written(
    build_house: Callable[..., TestHouse], database_url: str, said: str
) -> None:
    house = build_house(database_url)
    contact_id = told(house)
    capture_id = house.says(f"Nog bellen op {said} over de order", NOOR, source_id="number")
    Persons(house.house.db, house.clock).erase(contact_id, "command")
    with house.house.db.read() as tx:
        capture = tx.get_one(Capture, capture_id)
    assert said[-4:] not in capture.text + json.dumps(capture.message, ensure_ascii=False)


def test_only_messages_with_the_whole_number_are_looked_at(house: TestHouse) -> None:
    theirs = house.says("Nog bellen op 06 55 50 12 34", NOOR, source_id="theirs")
    house.says("Nog bellen op 020 777 88 34 over 34 stuks", NOOR, source_id="another")
    table = Row.metadata.tables["captures"]
    with house.house.db.read() as tx:
        first = rows_like(tx, table, [], ["5501234"])
    assert first.ids == {theirs}
    later = house.says("Hij zit op 06-55501234", NOOR, source_id="later")
    with house.house.db.read() as tx:
        assert rows_like(tx, table, [], ["5501234"], first).ids == {theirs, later}
        assert rows_like(tx, table, [], ["5501234"], Alike(upto=theirs)).ids == {later}


def test_a_person_is_told_of_whole_whichever_of_the_merged_is_asked_for(house: TestHouse) -> None:
    contact_id = told(house)
    with house.house.db.write() as tx:
        former = Contact(name="Griet Akkerboom", created_at=house.clock())
        tx.add(former)
        tx.flush()
        former_id = former.id
    Merging(house.house.db, house.clock).merge(contact_id, former_id, "command")
    persons = Persons(house.house.db, house.clock)
    with zipfile.ZipFile(io.BytesIO(persons.export(former_id))) as archive:
        assert NAME in archive.read("person.json").decode()
    persons.erase(former_id, "command")
    with house.house.db.read() as tx:
        assert tx.get(Contact, contact_id) is None
    after = everything(house)
    assert not [name for name, said in after.items() if NAME in said and not name.startswith("visit_words")]
