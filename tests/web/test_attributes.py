"""Attributes of a house's own: made on a page, then shown, edited, taken out, told by the API and brought in."""

import io
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from capture.attributes import MARK, attributes_from, read_value
from capture.importing import ImportingError, import_folder
from capture.merging import Merging
from capture.values import CorrectionError
from letters.fix import fix_modal
from letters.wording import wording
from store import search
from store.filters import VisitFilter
from store.tables import Account, Change, Contact, HouseAttribute, Rep, Visit
from store.visits import list_visits
from tests.conftest import HOUSE, TestHouse
from tests.servers.web import Browser
from tests.web.conftest import text_of
from tests.web.saying import problem, says

NOOR, BAS = "noor@varenhof.example", "bas@varenhof.example"


@pytest.fixture
def house(guarded: TestHouse) -> TestHouse:
    return guarded


def adds(boss: httpx.Client, record: str, kind: str, english: str, **more: str) -> httpx.Response:
    form = {"record": record, "kind": kind, "label_en": english, **more}
    return boss.post("/house/attributes", data=form)


def first(house: TestHouse, table: Any) -> Any:
    with house.house.db.read() as tx:
        return tx.scalars(select(table).order_by(table.id)).first()


def test_an_account_has_it_on_its_page_in_its_form_and_in_its_lists(house: TestHouse, boss: httpx.Client) -> None:
    assert 303 == adds(boss, "account", "date", "Contract until", label_nl="Contract tot").status_code
    assert 303 == adds(boss, "account", "number", "Cows").status_code
    assert 303 == adds(boss, "account", "choice", "Dealer", choices="North\nSouth").status_code
    account = first(house, Account)
    page = LexborHTMLParser(boss.get(f"/accounts/{account.id}/edit").text)
    form = {str(one.attributes["name"]): one.attributes.get("value") or "" for one in page.css("form input[name]")}
    form |= {"status": account.status, "grade": account.grade or "", "owner": str(account.owner_id)}
    own = {"x-contract_until": "31.12.2027", "x-cows": "1 250,5", "x-dealer": "south"}
    assert 303 == boss.post(f"/accounts/{account.id}/edit", data={**form, **own}).status_code
    kept = first(house, Account).extra
    assert {"contract_until": "2027-12-31", "cows": "1250.5", "dealer": "South"} == kept
    told = " ".join(LexborHTMLParser(boss.get(f"/accounts/{account.id}").text).text().split())
    assert "Contract until 2027-12-31" in told or "Contract until2027-12-31" in told
    assert "Contract until,Cows,Dealer" in boss.get("/accounts.csv").text
    assert "2027-12-31,1250.5,South" in boss.get("/accounts.csv").text
    sheet = openpyxl.load_workbook(io.BytesIO(boss.get("/accounts.xlsx").content)).active
    assert sheet is not None
    rows = [list(row)[-3:] for row in sheet.iter_rows(values_only=True)]
    assert [1250.5, "South"] == next(row[1:] for row in rows if row[2] == "South"), "a number is a number in a sheet"
    wrong = boss.post(f"/accounts/{account.id}/edit", data={**form, "seen": "99999", "x-dealer": "West"})
    assert 422 == wrong.status_code
    assert "none of North, South" in LexborHTMLParser(wrong.text).text()


def test_a_visit_has_it_in_every_form_and_is_found_by_it(house: TestHouse, boss: httpx.Client, as_: Browser) -> None:
    adds(boss, "visit", "choice", "Weather", label_nl="Weer", choices="Zonnig\nGuur")
    adds(boss, "visit", "text", "Stall")
    visit = says(house, "Vanmorgen bij Zuivelhuis Terwolde geweest")
    form = house.house.assistant.form(visit.id, NOOR)
    labels = [block["label"]["text"] for block in fix_modal(wording("nl"), form)["blocks"] if "label" in block]
    assert {"Weer", "Stall"} <= set(labels)
    house.house.assistant.fix(visit.id, NOOR, {"x-weather": "guur", "x-stall": "Potstal 14"}, form.seen)
    assert {"weather": "Guur", "stall": "Potstal 14"} == first(house, Visit).extra
    with house.house.db.write() as tx:
        search.catch_up(tx, 100)
        assert [visit.number] == [one.visit.number for one in list_visits(tx, VisitFilter(text="potstal")).visits]
    noor = as_(NOOR)
    page = LexborHTMLParser(noor.get(f"/visits/{visit.id}/edit").text)
    sent = {str(one.attributes["name"]): one.attributes.get("value") or "" for one in page.css("form input[name]")}
    sent |= {"type": visit.type or "", "medium": visit.medium or "", "outcome": visit.outcome or "", "status": "held",
             "keywords": "\n".join(one.term for one in visit.keywords), "x-weather": "Zonnig"}  # fmt: skip
    assert 303 == noor.post(f"/visits/{visit.id}/edit", data=sent).status_code
    assert "Zonnig" == first(house, Visit).extra["weather"]
    listed = noor.get("/visits.csv?columns=number,x-weather,x-stall").text
    assert f"{visit.number},Zonnig,Potstal 14" in listed
    with house.house.db.read() as tx:
        noted = tx.scalars(select(Change.field).where(Change.record == "visit").order_by(Change.id)).all()
    assert ["x-stall", "x-weather", "x-weather"] == sorted(one for one in noted if one.startswith(MARK))


def test_a_contact_keeps_it_through_a_merge_and_back(house: TestHouse, boss: httpx.Client) -> None:
    adds(boss, "contact", "text", "Hobby")
    with house.house.db.write() as tx:
        one, other = tx.scalars(select(Contact).order_by(Contact.id).limit(2)).all()
        one.extra, other.extra = {}, {"hobby": "zeilen"}
        ids = one.id, other.id
    merging = Merging(house.house.db, house.clock)
    step = merging.merge(*ids, "web")
    assert "zeilen" in boss.get(f"/contacts/{ids[0]}").text
    assert "zeilen" in boss.get("/contacts.csv").text
    assert 0 == merging.undo(step, "web")
    with house.house.db.read() as tx:
        assert [{}, {"hobby": "zeilen"}] == [tx.get_one(Contact, one).extra for one in ids]


def test_what_is_none_is_refused(house: TestHouse, boss: httpx.Client) -> None:
    adds(boss, "visit", "number", "Head count")
    visit = says(house, "Vanmorgen bij Zuivelhuis Terwolde geweest")
    with pytest.raises(CorrectionError, match="no number"):
        house.house.assistant.correct(visit.id, NOOR, "x-head_count", "many")
    with pytest.raises(CorrectionError, match="nothing that is kept"):
        house.house.assistant.correct(visit.id, NOOR, "x-shoes", "12")


def test_columns_of_its_name_are_brought_in(house: TestHouse, boss: httpx.Client, tmp_path: Path) -> None:
    adds(boss, "account", "number", "Cows", label_de="Kühe")
    for name in ("reps.csv", "contacts.csv", "accounts.csv"):
        (tmp_path / name).write_text((HOUSE / name).read_text("utf-8"), "utf-8")
    path = tmp_path / "accounts.csv"
    head, *lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([f"{head},KÜHE", f"{lines[0]},48", *(f"{one}," for one in lines[1:])]) + "\n", "utf-8")
    import_folder(house.house.db, tmp_path, house.clock())
    assert {"cows": "48"} == first(house, Account).extra
    path.write_text("\n".join([f"{head},KÜHE", f"{lines[0]},some", *(f"{one}," for one in lines[1:])]) + "\n", "utf-8")
    with pytest.raises(ImportingError, match=r"accounts.csv:2:KÜHE: 'some' does not fit"):
        import_folder(house.house.db, tmp_path, house.clock())


def test_a_column_of_a_list_is_told_to_be_one_or_is_left_out(house: TestHouse, boss: httpx.Client) -> None:
    adds(boss, "account", "number", "Cows", label_de="Kühe")
    account = first(house, Account)
    raw = f"Klantnaam;Postcode;KÜHE;Kudde;Weer\n{account.name};{account.postcode};48;50;Guur\n".encode()

    def looked() -> LexborHTMLParser:
        return LexborHTMLParser(boss.get(place).text)

    def columns(*told: str) -> None:
        form = {"do": "columns", **{f"column-{at}": field for at, field in enumerate(told)}}
        assert 303 == boss.post(place, data=form).status_code

    place = boss.post("/import", data={"what": "accounts"}, files={"file": ("a.csv", raw)}).headers["location"]
    told = text_of(looked())
    assert "Left out: Kudde, Weer." in told
    assert "Cows: nothing → 48" in told
    columns("name", "postcode", "", "", "")
    told = text_of(looked())
    assert "Left out: KÜHE, Kudde, Weer." in told
    assert "There is nothing to bring in" in told, "what is left out by hand is left out"
    columns("name", "postcode", "", "x-cows", "x-gone")
    mark = looked().css_first("input[name=mark]")
    assert mark
    assert 303 == boss.post(place, data={"do": "confirm", "mark": mark.attributes["value"] or ""}).status_code
    assert {"cows": "50"} == first(house, Account).extra


@pytest.mark.parametrize(
    ("record", "called", "told"),
    [
        ("account", ("en", "Status"), "for the field status"), ("contact", ("nl", "Functie"), "geldt als het veld"),
        ("account", ("de", "Ort"), "gilt als das Feld"), ("account", ("fi", "Alue"), "luetaan kentäksi"),
    ],
)  # fmt: skip
def test_it_is_not_called_like_a_column_of_every_list(
    house: TestHouse, boss: httpx.Client, record: str, called: tuple[str, str], told: str
) -> None:
    language, label = called
    with house.house.db.write() as tx:
        for rep in tx.scalars(select(Rep)):
            rep.language = language
    answer = adds(boss, record, "choice", label, choices="One\nTwo")
    assert (409, True) == (answer.status_code, told in problem(answer))
    assert 303 == adds(boss, "visit", "choice", label, choices="One\nTwo").status_code, "no list tells of visits"


def test_one_of_old_that_is_called_like_a_field_takes_nothing_of_it() -> None:
    old = HouseAttribute(record="account", key="status", kind="choice", labels={"en": "Status"}, choices=["Gold"])
    assert {} == attributes_from({"status": "customer", "city": "Olst"}, [old])
    assert {"x-status": "Gold"} == attributes_from({"status": "customer", "x-status": "gold"}, [old])


def test_one_that_is_retired_is_shown_no_more_and_its_values_stay(house: TestHouse, boss: httpx.Client) -> None:
    adds(boss, "account", "text", "Motto")
    with house.house.db.write() as tx:
        account = tx.scalars(select(Account).order_by(Account.id)).first()
        assert account
        account.extra = {"motto": "altijd vroeg"}
        attribute_id = tx.scalars(select(HouseAttribute.id)).one()
    place = f"/house/attributes/{attribute_id}"
    assert "altijd vroeg" in boss.get(f"/accounts/{account.id}").text
    assert 303 == boss.post(place, data={"do": "retire"}).status_code
    assert "altijd vroeg" not in boss.get(f"/accounts/{account.id}").text
    assert 303 == boss.post(place, data={"do": "use"}).status_code
    assert 303 == boss.post(place, data={"do": "keep", "label_en": "<b>Saying</b>"}).status_code
    page = LexborHTMLParser(boss.get(f"/accounts/{account.id}").text)
    assert "<b>Saying</b>" in page.text()
    assert "altijd vroeg" in page.text()


@pytest.mark.parametrize(
    ("form", "told"),
    [
        (("house", "text", "Motto"), "account, a contact or a visit"), (("account", "song", "Motto"), "a text, number"),
        (("account", "text", ""), "English label"), (("account", "choice", "Dealer"), "choose from"),
    ],
)  # fmt: skip
def test_one_that_makes_no_sense_is_told_of(boss: httpx.Client, form: tuple[str, str, str], told: str) -> None:
    answer = adds(boss, *form)
    assert 409 == answer.status_code
    assert told in problem(answer)


@pytest.mark.parametrize(
    ("kind", "said", "kept"),
    [
        ("number", "1 250", "1250"), ("number", "1,5", "1.5"), ("number", "-3", "-3"), ("number", "NaN", None),
        ("number", "1e999", None), ("date", "2027-2-3", "2027-02-03"), ("date", "3/2/2027", "2027-02-03"),
        ("date", "30.2.2027", None), ("choice", "NORTH", "North"), ("choice", "east", None), ("text", " a  b ", "a b"),
    ],
)  # fmt: skip
def test_values_are_kept_in_one_shape(kind: str, said: str, kept: str | None) -> None:
    attribute = HouseAttribute(record="account", key="one", kind=kind, labels={"en": "One"}, choices=["North"])
    if kept is None:
        with pytest.raises(CorrectionError):
            read_value(attribute, said)
    else:
        assert kept == read_value(attribute, said)
        assert {"x-one": kept} == attributes_from({"ONE": said, "two": "x"}, [attribute])
