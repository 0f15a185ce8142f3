"""Contacts: found, looked at, edited; and two of them made one on the pages."""

from datetime import timedelta

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from capture.duplicates import Duplicates
from store import contacts, crm, reps
from store.tables import Access, Account, Change, Contact, ContactEmail, ContactSign, Employment
from tests.conftest import TestHouse
from tests.servers.web import Browser
from tests.web.conftest import Pages, text_of

NOOR, BAS, SAARA = "noor@varenhof.example", "bas@varenhof.example", "saara@varenhof.example"
REPORT = "gisteren bij zuivelhuis terwolde geweest met Kees, offerte sturen voor vrijdag"


def contact_of(house: TestHouse, name: str) -> int:
    with house.house.db.read() as tx:
        return tx.scalars(select(Contact.id).where(Contact.name.startswith(name))).one()


def twin_of(house: TestHouse, name: str) -> int:
    """Another contact of that name at the same account."""
    with house.house.db.write() as tx:
        one = tx.scalars(select(Contact).where(Contact.name.startswith(name))).one()
        twin = Contact(name=one.name.upper(), created_at=house.clock())
        twin.emails = [ContactEmail(email="second@elsewhere.example")]
        twin.employments = [Employment(account_id=one.employments[0].account_id)]
        tx.add(twin)
        crm.touch(tx)
        tx.flush()
        twin_id = twin.id
    Duplicates(house.house.db, house.clock).tick()
    return twin_id


def names(page: LexborHTMLParser) -> list[str]:
    return [text_of(one) for one in page.css("td[data-label=Name]")]


@pytest.mark.parametrize(
    "typed", ["bruinsma", "KEES", "kees terwolde", "k.bruinsma@", "06-0000 0001", "bruinsma zuivelhuis"]
)
def test_somebody_is_found_by_name_address_number_or_account(pages: Pages, typed: str) -> None:
    page = pages.get("/contacts?q=" + str(httpx.QueryParams({"q": typed}))[2:])
    assert ["Kees Bruinsma"] == names(page)


@pytest.mark.parametrize("typed", ["%", "_", "nobody", "kees kraanvogel", "'; drop", "0600000001 zzz"])
def test_what_fits_nobody_finds_nobody(pages: Pages, typed: str) -> None:
    page = pages.get("/contacts?q=" + str(httpx.QueryParams({"q": typed}))[2:])
    assert "Nobody is like that." in text_of(page)


def test_a_nul_and_a_page_beyond_the_last_are_harmless(pages: Pages) -> None:
    assert "Kees Bruinsma" in names(pages.get("/contacts?q=kees%00"))
    assert [] == names(pages.get("/contacts?page=100000"))


def test_who_seems_gone_is_listed_by_themselves(pages: Pages) -> None:
    assert [] == names(pages.get("/contacts?gone=yes"))
    with pages.house.house.db.write() as tx:
        job = tx.scalars(select(Employment).join(Contact, Contact.id == Employment.contact_id)
                         .where(Contact.name.startswith("Ruben"))).one()  # fmt: skip
        job.stale_since = pages.house.clock().date()
    assert ["Ruben Stavenga"] == names(pages.get("/contacts?gone=yes"))


def test_a_person_is_shown_with_visits_addresses_and_what_was_heard_of_them(pages: Pages) -> None:
    house = pages.house
    house.house.assistant.file(house.says(REPORT))
    kees_id = contact_of(house, "Kees")
    on = house.clock().date() - timedelta(days=40)
    with house.house.db.write() as tx:
        address = "k.bruinsma@zuivelhuis-terwolde.example"
        tx.add(ContactSign(contact_id=kees_id, address=address, kind="full", on=on, words="452 over quota"))
    page = pages.get(f"/contacts/{kees_id}")
    said = text_of(page)
    assert "Zuivelhuis Terwolde B.V. inkoper" in said
    assert "the mailbox is full “452 over quota”" in said
    assert "Noor Wijngaard last yesterday" in said
    assert "V-2026-00001" in said


def test_the_history_tells_what_changed_and_who_changed_it(pages: Pages) -> None:
    house = pages.house
    kees_id = contact_of(house, "Kees")
    seen = pages.get(f"/contacts/{kees_id}/edit").css_first("input[name=seen]")
    assert seen is not None
    form = {"seen": str(seen.attributes["value"]), "name": "Kees Bruinsma-Smit", "emails": "KEES@new.example\n\n",
            "phones": "06 1234 5678", "language": "NL"}  # fmt: skip
    answer = pages.client.post(f"/contacts/{kees_id}/edit", data=form)
    assert (303, f"/contacts/{kees_id}") == (answer.status_code, answer.headers["location"])
    said = text_of(pages.get(f"/contacts/{kees_id}"))
    assert "Name: Kees Bruinsma → Kees Bruinsma-Smit" in said
    assert "Emails: k.bruinsma@zuivelhuis-terwolde.example → kees@new.example" in said
    assert "Phones: 06-00000001 → 06 1234 5678" in said
    with house.house.db.read() as tx:
        found = contacts.find_contact(tx, kees_id)
        assert found
        assert (["kees@new.example"], "nl") == ([row.email for row in found.emails], found.language)
        assert {"web"} == set(tx.scalars(select(Change.by).where(Change.record == "contact")))


def test_what_is_wrong_with_a_form_is_told_at_its_field_and_nothing_is_kept(pages: Pages) -> None:
    kees_id = contact_of(pages.house, "Kees")
    form = {"seen": "0", "name": "  ", "emails": "no address", "phones": "1", "language": "Dutch"}
    answer = pages.client.post(f"/contacts/{kees_id}/edit", data=form, headers={"accept": "text/html"})
    assert 422 == answer.status_code
    page = LexborHTMLParser(answer.text)
    wrong = [one.attributes["id"] for one in page.css(".problem[id]")]
    assert ["w-name", "w-emails", "w-phones", "w-language"] == wrong
    area = page.css_first("#f-emails")
    assert area is not None
    assert "no address" == area.text()
    assert "Kees Bruinsma" in text_of(pages.get(f"/contacts/{kees_id}").css_first("h1"))


def test_a_form_that_somebody_else_was_quicker_with_is_not_kept(pages: Pages) -> None:
    kees_id = contact_of(pages.house, "Kees")
    url = f"/contacts/{kees_id}/edit"
    form = {"seen": "0", "name": "Kees A", "emails": "", "phones": "", "language": ""}
    assert 303 == pages.client.post(url, data=form).status_code
    late = pages.client.post(url, data={**form, "name": "Kees B"}, headers={"accept": "text/html"})
    assert 409 == late.status_code
    assert "Somebody changed this meanwhile (name" in late.text
    assert "Kees A" in text_of(pages.get(f"/contacts/{kees_id}").css_first("h1"))


def test_an_accounts_facts_are_edited_and_told(pages: Pages) -> None:
    house = pages.house
    with house.house.db.read() as tx:
        account = tx.scalars(select(Account).where(Account.external_id == "V01")).one()
        jonas = reps.by_email(tx, "jonas@varenhof.example")
        assert jonas
    url = f"/accounts/{account.id}"
    form = {"seen": "0", "name": account.name, "aliases": "Terwolde, De Zuivel", "country": "nl", "grade": "b",
            "status": "customer", "city": "Terwolde", "region": "Oost", "owner": str(jonas.id)}  # fmt: skip
    assert 303 == pages.client.post(f"{url}/edit", data=form).status_code
    said = text_of(pages.get(url))
    assert "Terwolde, De Zuivel" in said
    assert "owner: Noor Wijngaard → Jonas Edelhoff" in said.replace("account manager:", "owner:")
    wrong = pages.client.post(
        f"{url}/edit", data={**form, "seen": "999", "grade": "X", "owner": "77", "country": "NLD"}
    )
    assert 422 == wrong.status_code
    for told in ("A class is A, B, C, D or E.", "This is nobody here.", "A country has two letters"):
        assert told in wrong.text


def test_two_that_are_one_are_compared_merged_and_taken_apart(pages: Pages) -> None:
    house = pages.house
    kees_id, twin_id = contact_of(house, "Kees"), twin_of(house, "Kees")
    listed = pages.get("/duplicates")
    assert "1 pair of contacts" in text_of(listed)
    assert "much the same name" in text_of(listed)
    compared = text_of(pages.get(f"/contacts/{kees_id}/merge/{twin_id}"))
    assert "addresses: 1" in compared
    assert "employments: 1" in compared
    assert 303 == pages.client.post(f"/contacts/{kees_id}/merge/{twin_id}").status_code
    gone = pages.client.get(f"/contacts/{twin_id}")
    assert (303, f"/contacts/{kees_id}") == (gone.status_code, gone.headers["location"])
    page = pages.get(f"/contacts/{kees_id}")
    assert "KEES BRUINSMA turned out to be the same person." in text_of(page)
    assert "second@elsewhere.example" in text_of(page)
    assert "KEES BRUINSMA was the same person" in text_of(page)
    assert "No two contacts" in text_of(pages.get("/duplicates"))
    button = page.css_first("form[action*=merges]")
    assert button is not None
    undo = str(button.attributes["action"])
    assert 303 == pages.client.post(undo).status_code
    assert 409 == pages.client.post(undo).status_code
    assert "second@elsewhere.example" in text_of(pages.get(f"/contacts/{twin_id}"))
    assert "1 pair" in text_of(pages.get("/duplicates"))


def test_two_people_are_not_shown_as_one_again(pages: Pages) -> None:
    twin_of(pages.house, "Kees")
    form = pages.get("/duplicates").css_first("form[action$=different]")
    assert form is not None
    assert 303 == pages.client.post(str(form.attributes["action"])).status_code
    assert "No two contacts" in text_of(pages.get("/duplicates"))


def test_markup_in_a_name_stays_text(pages: Pages) -> None:
    kees_id = contact_of(pages.house, "Kees")
    form = {"seen": "0", "name": "<script>alert(1)</script>", "emails": "", "phones": "", "language": ""}
    assert 303 == pages.client.post(f"/contacts/{kees_id}/edit", data=form).status_code
    twin_of(pages.house, "Marja")
    for url in (f"/contacts/{kees_id}", "/contacts", "/accounts/1", "/accounts/1/brief", f"/contacts/{kees_id}/edit"):
        assert "<script>alert" not in pages.client.get(url).text, url


@pytest.mark.parametrize(
    ("role", "reads", "edits"),
    [("rep", 200, 403), ("manager", 200, 403), ("operator", 200, 200), ("marketing", 200, 403),
     ("administrator", 200, 200), ("guest", 403, 403)],
)  # fmt: skip
def test_everybody_reads_contacts_and_those_whose_work_it_is_edit_them(
    guarded: TestHouse, as_: Browser, role: str, reads: int, edits: int
) -> None:
    kees_id, marja_id = contact_of(guarded, "Kees"), contact_of(guarded, "Marja")
    browser = as_(BAS, role)
    for place in ("/contacts", f"/contacts/{kees_id}", "/accounts/1", "/accounts/1/brief"):
        assert reads == browser.get(place).status_code, place
    editing = ("/duplicates", f"/contacts/{kees_id}/edit", f"/contacts/{kees_id}/merge/{marja_id}", "/accounts/1/edit")
    for place in editing:
        assert edits == browser.get(place).status_code, place
    sent = (f"/contacts/{kees_id}/merge/9999", "/contacts/9999/merges/9999/undo", f"/contacts/{kees_id}/edit",
            "/accounts/1/edit", "/duplicates/9999/different")  # fmt: skip
    for place in sent:
        assert (browser.post(place).status_code == 403) == (edits == 403), place


def test_a_form_of_another_site_is_refused(pages: Pages) -> None:
    kees_id, marja_id = contact_of(pages.house, "Kees"), contact_of(pages.house, "Marja")
    for place in (f"/contacts/{kees_id}/edit", f"/contacts/{kees_id}/merge/{marja_id}", "/accounts/1/edit"):
        answer = pages.client.post(place, data={"name": "Mallory"}, headers={"sec-fetch-site": "cross-site"})
        assert 403 == answer.status_code, place


def test_who_looks_at_somebody_elses_contact_leaves_a_line(guarded: TestHouse, as_: Browser) -> None:
    kees_id = contact_of(guarded, "Kees")
    as_(NOOR, "rep").get(f"/contacts/{kees_id}")
    as_(SAARA, "marketing").get(f"/contacts/{kees_id}")
    with guarded.house.db.read() as tx:
        [line] = tx.scalars(select(Access)).all()
        saara = reps.by_email(tx, SAARA)
        assert saara
    assert ("page of the contact", kees_id, f"rep:{saara.id}") == (line.how, line.thing_id, line.by)


def test_there_are_as_many_statements_for_many_as_for_one(pages: Pages, statements: list[str]) -> None:
    kees_id = contact_of(pages.house, "Kees")
    urls = ("/contacts", "/contacts?q=e", f"/contacts/{kees_id}", "/duplicates")

    def asked() -> dict[str, int]:
        for url in urls:
            pages.get(url)  # what is read for the first time that day is noted
        counts = {}
        for url in urls:
            statements.clear()
            pages.get(url)
            counts[url] = len(statements)
        return counts

    twin_of(pages.house, "Marja")
    before = asked()
    twin_of(pages.house, "Kees")
    for text in (REPORT, "vandaag bij zuivelhuis terwolde, Kees gesproken"):
        pages.house.house.assistant.file(pages.house.says(text))
    after = asked()
    assert all(after[url] <= before[url] + 3 for url in urls), (before, after)
    assert max(after.values()) <= 30
