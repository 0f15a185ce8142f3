"""A list of another system is uploaded, looked at, set right, and brought in as it was shown."""

import io
import re
import zipfile
from collections.abc import Callable

import httpx
import openpyxl
import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import func, select

from capture.persons import Persons
from store.tables import Access, Account, Change, Contact, Import, Rep
from tests.conftest import TestHouse
from tests.servers.web import SIGNED_IN, Browser
from tests.web.conftest import text_of

NOOR, JONAS, BAS = "noor@varenhof.example", "jonas@varenhof.example", "bas@varenhof.example"
DUTCH = (
    "Klantnummer;Klantnaam;Straat;Plaats;Land;ABC-klasse;Accountmanager;Omzet\r\n"
    f"V01;Zuivelhuis Terwolde B.V.;Kaasweg 4;Twello;Nederland;a;{NOOR};12\r\n"
    f"N1;Café Müller;Hoofdstraat 1;Zwolle;België;B;{NOOR};13\r\n"
    f"N2;Fout;Hoofdstraat 2;Zwolle;Nederland;F;{NOOR};14\r\n"
)


@pytest.fixture
def guarded(build_house: Callable[..., TestHouse], sqlite_url: str) -> TestHouse:
    return build_house(sqlite_url, **SIGNED_IN)


def uploaded(browser: httpx.Client, what: str, raw: bytes, name: str = "list.csv", status: int = 303) -> httpx.Response:
    answer = browser.post("/import", data={"what": what}, files={"file": (name, raw)})
    assert status == answer.status_code, answer.text
    return answer


def previewed(browser: httpx.Client, what: str, raw: bytes, name: str = "list.csv") -> tuple[str, LexborHTMLParser]:
    place = uploaded(browser, what, raw, name).headers["location"]
    return place, LexborHTMLParser(browser.get(place).text)


def confirmed(browser: httpx.Client, place: str, page: LexborHTMLParser) -> int:
    mark = page.css_first("input[name=mark]")
    assert mark is not None
    return browser.post(place, data={"do": "confirm", "mark": mark.attributes["value"] or ""}).status_code


def xlsx(*rows: tuple[object, ...]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def accounts(house: TestHouse) -> dict[str | None, Account]:
    with house.house.db.read() as tx:
        return {one.external_id: one for one in tx.scalars(select(Account))}


def test_a_spreadsheets_csv_is_guessed_shown_and_brought_in_as_shown(guarded: TestHouse, as_: Browser) -> None:
    operator = as_(BAS, "operator")
    before = accounts(guarded)
    place, page = previewed(operator, "accounts", DUTCH.encode("cp1252"))
    told = text_of(page)
    for words in ("cp1252 ;", "Changed1 line", "New1 line", "Wrong, and left out1 line", "Left out: Omzet.",
                  "'F' is none of A, B, C, D, E", "Terwolde → Twello", "Café Müller", "country: BE"):  # fmt: skip
        assert words in told
    assert {key: one.city for key, one in before.items()} == {key: one.city for key, one in accounts(guarded).items()}
    assert 303 == confirmed(operator, place, page)
    after = accounts(guarded)
    assert ("Twello", "A", "customer") == (after["V01"].city, after["V01"].grade, after["V01"].status)
    assert ("Café Müller", "BE", before["V01"].owner_id) == (
        after["N1"].name,
        after["N1"].country,
        after["N1"].owner_id,
    )
    assert before["V01"].postcode == after["V01"].postcode, "what the list says nothing of stays"
    assert "N2" not in after
    assert 303 == confirmed(operator, place, page), "pressed twice"
    again = text_of(previewed(operator, "accounts", DUTCH.encode("cp1252"))[1])
    assert ("New0 lines" in again, "As it is already2 lines" in again) == (True, True)
    with guarded.house.db.read() as tx:
        assert ("city", "Terwolde", "Twello") in {
            (one.field, one.old, one.new) for one in tx.scalars(select(Change).where(Change.by.startswith("rep:")))
        }
    protocol = text_of(LexborHTMLParser(operator.get("/import").text))
    assert "list.csv" in protocol.split("Brought in lately")[1]


@pytest.mark.parametrize(
    ("language", "heading", "said"),
    [("nl", "Bedrijfsnaam", "is geen van"), ("de", "Firma", "ist keines von"), ("fi", "Asiakas", "ei ole mikään")],
)
def test_faults_are_told_in_ones_own_language(
    guarded: TestHouse, as_: Browser, language: str, heading: str, said: str
) -> None:
    with guarded.house.db.write() as tx:
        for rep in tx.scalars(select(Rep)):
            rep.language = language
    admin = as_(BAS, "administrator")
    _, page = previewed(admin, "accounts", f"{heading}\tABC\nNeu & Söhne\tQ\n".encode())
    assert said in text_of(page)


def test_contacts_come_from_a_sheet_by_name_and_formulas_stay_text(guarded: TestHouse, as_: Browser) -> None:
    admin = as_(BAS, "administrator")
    sheet = xlsx(
        ("Relatielijst",), ("Voornaam", "Tussenvoegsel", "Achternaam", "Klant", "Functie", "E-mail", "Mobiel"),
        ("Piet", "van der", "Berg", "zuivelhuis terwolde b.v.", "=1+1", "Piet@Terwolde.example", "'+31 6 12345678"),
        ("Marja", None, "Doornbos", "Nergens", "Inkoop", None, 31612345678),
    )  # fmt: skip
    place, page = previewed(admin, "contacts", sheet, "relaties.xlsx")
    told = text_of(page)
    assert "New1 line" in told
    assert "'Nergens' is no customer here" in told
    assert 303 == confirmed(admin, place, page)
    with guarded.house.db.read() as tx:
        piet = tx.scalars(select(Contact).where(Contact.name == "Piet van der Berg")).one()
        assert ["piet@terwolde.example"] == [one.email for one in piet.emails]
        assert ["+31 6 12345678"] == [one.phone for one in piet.phones]
        assert ["=1+1"] == [job.role for job in piet.employments]
    _, again = previewed(admin, "contacts", sheet, "relaties.xlsx")
    assert "New0 lines" in text_of(again)


def test_columns_that_were_guessed_wrong_are_told_right(guarded: TestHouse, as_: Browser) -> None:
    admin = as_(BAS, "administrator")
    place, page = previewed(admin, "accounts", b"Wie,Waar\nNieuw Bedrijf,Deventer\n")
    assert "Tell below which column is: name." in text_of(page)
    assert 409 == admin.post(place, data={"do": "confirm", "mark": ""}).status_code
    twice = admin.post(place, data={"do": "columns", "column-0": "name", "column-1": "name"})
    assert (409, True) == (twice.status_code, "Two columns are told to be the name" in twice.text)
    assert 303 == admin.post(place, data={"do": "columns", "column-0": "name", "column-1": "city"}).status_code
    page = LexborHTMLParser(admin.get(place).text)
    assert 303 == confirmed(admin, place, page)
    assert ("Nieuw Bedrijf", "Deventer") in {(one.name, one.city) for one in accounts(guarded).values()}


def test_the_addresses_that_a_preview_shows_are_in_the_log_of_readings(guarded: TestHouse, as_: Browser) -> None:
    admin = as_(JONAS, "administrator")
    with guarded.house.db.read() as tx:
        marja = tx.scalars(select(Contact).where(Contact.name == "Marja Doornbos")).one()
    previewed(admin, "contacts", f"ID;Name;Email\n{marja.external_id};{marja.name};other@x.example\n".encode())
    previewed(admin, "contacts", b"Name;Email\nNobody Yet;nobody@x.example\n")
    with guarded.house.db.read() as tx:
        kept = tx.execute(select(Access.thing_id).where(Access.how == "preview of an import")).scalars().all()
    assert [marja.id] == kept


def test_what_changed_since_it_was_shown_is_shown_again(guarded: TestHouse, as_: Browser) -> None:
    operator = as_(BAS, "operator")
    place, page = previewed(operator, "accounts", DUTCH.encode())
    with guarded.house.db.write() as tx:
        tx.scalars(select(Account).where(Account.external_id == "V01")).one().city = "Olst"
    assert 409 == confirmed(operator, place, page)
    assert "Olst" == accounts(guarded)["V01"].city
    page = LexborHTMLParser(operator.get(place).text)
    assert "Olst → Twello" in text_of(page)
    assert 303 == confirmed(operator, place, page)


def test_a_list_is_its_uploaders_alone_and_is_forgotten(guarded: TestHouse, as_: Browser) -> None:
    operator, other = as_(BAS, "operator"), as_(JONAS, "administrator")
    place, page = previewed(operator, "accounts", DUTCH.encode())
    for browser in (other, as_(NOOR)):
        assert browser.get(place).status_code in {403, 404}
        assert confirmed(browser, place, page) in {403, 404}
        assert "list.csv" not in browser.get("/import").text
    guarded.clock.passes(hours=2)
    assert 404 == operator.get(place).status_code
    assert 404 == confirmed(operator, place, page)


def test_only_administrators_bring_in_people(guarded: TestHouse, as_: Browser) -> None:
    people = f"E-mail,Name,Role\nnew@varenhof.example,New One,administrator\n{NOOR},Noor,Vertriebsleiter\n".encode()
    uploaded(as_(JONAS, "operator"), "reps", people, status=403)
    for role in ("rep", "manager", "marketing"):
        assert 403 == as_(JONAS, role).get("/import").status_code
        uploaded(as_(JONAS, role), "accounts", DUTCH.encode(), status=403)
    admin = as_(BAS, "administrator")
    place, page = previewed(admin, "reps", people)
    assert 303 == confirmed(admin, place, page)
    with guarded.house.db.read() as tx:
        assert {("New One", "administrator"), ("Noor", "manager")} <= {
            (one.name, one.role) for one in tx.scalars(select(Rep))
        }


def test_erasing_a_person_forgets_lists_that_may_name_them(guarded: TestHouse, as_: Browser) -> None:
    place, _ = previewed(as_(BAS, "operator"), "contacts", b"Name,Email\nMarja Doornbos,m@x.example\n")
    with guarded.house.db.read() as tx:
        marja = tx.scalars(select(Contact.id).where(Contact.name == "Marja Doornbos")).one()
    Persons(guarded.house.db, guarded.clock).erase(marja, "command")
    with guarded.house.db.read() as tx:
        assert 0 == tx.scalar(select(func.count(Import.id)).where(Import.content.is_not(None)))
    assert 404 == as_(BAS, "operator").get(place).status_code


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/a.xml", "w") as part:
        for _ in range(90):
            part.write(b" " * 1_000_000)
    return file.getvalue()


def entities() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(("name",), ("x",)))) as good, zipfile.ZipFile(file, "w") as archive:
        for part in good.infolist():
            data = good.read(part)
            if part.filename.startswith("xl/worksheets/"):
                data = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + re.sub(rb"^<\?xml.*?\?>", b"", data)
            archive.writestr(part.filename, data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (bomb(), "larger than 80 MB"), (entities(), "no CSV and no XLSX"), (b"PK\x03\x04garbage", "no CSV and no XLSX"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "no CSV and no XLSX"), (b"", "no lines under"),
        (b"name\n" + b"x\n" * 10_001, "more than 10000 lines"), (b'name,class\n"open,A\n', "not readable as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old or locked"), (b"a," * 101 + b"a\n" + b"b," * 101, "100 columns"),
        (b"x" * 5_000_001, "larger than 5 MB"),
    ],
    ids=["bomb", "entities", "broken", "picture", "empty", "long", "quote", "old", "wide", "large"],
)  # fmt: skip
def test_what_is_no_list_is_refused_in_words(as_: Browser, raw: bytes, said: str) -> None:
    answer = uploaded(as_(BAS, "administrator"), "accounts", raw, status=422)
    assert said in text_of(LexborHTMLParser(answer.text))


def test_markup_in_a_list_stays_text(as_: Browser) -> None:
    evil = "<img src=x onerror=alert(1)>"
    _, page = previewed(as_(BAS, "administrator"), "accounts", f"name,{evil}\n{evil},{evil}\n".encode(), f"{evil}.csv")
    assert [] == page.css("img[onerror]")
    assert evil in text_of(page)
