"""A visit, edited on its page: every field, all or none, by those who have the right."""

from collections.abc import Callable

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from store import changes, reps
from store.tables import Account, Change, Visit
from tests.conftest import TestHouse
from tests.servers.web import SIGNED_IN, served
from tests.web.conftest import NOOR, Pages, text_of

REPORT = "gisteren bij zuivelhuis terwolde geweest met Kees, offerte sturen voor vrijdag"
URL = "/visits/1/edit"
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def filed(pages: Pages) -> Pages:
    pages.house.says(REPORT)
    pages.works()
    return pages


def filled_in(page: LexborHTMLParser) -> dict[str, str]:
    """What a browser would send of the form as it stands."""
    form = page.css_first("form.panel")
    assert form is not None
    sent = {}
    for node in form.css("input, textarea, select"):
        told = node.attributes
        if told.get("type") == "checkbox" and "checked" not in told:
            continue
        if node.tag == "select":
            chosen = node.css_first("option[selected]") or node.css_first("option")
            sent[told["name"] or ""] = (chosen.attributes["value"] or "") if chosen else ""
        else:
            sent[told["name"] or ""] = node.text() if node.tag == "textarea" else told.get("value") or ""
    return sent


def sends(pages: Pages, form: dict[str, str], status: int = 303) -> LexborHTMLParser:
    answer = pages.client.post(URL, data=form, headers={"accept": "text/html"})
    assert status == answer.status_code, answer.text
    return LexborHTMLParser(answer.text)


def visit_of(pages: Pages) -> tuple[Visit, str]:
    with pages.house.house.db.read() as tx:
        visit = tx.get_one(Visit, 1)
        assert [visit.keywords, visit.amounts, visit.actions, visit.contacts]
        account = tx.get(Account, visit.account_id) if visit.account_id else None
        return visit, account.name if account else ""


def test_what_is_sent_as_it_was_shown_changes_nothing(filed: Pages) -> None:
    with filed.house.house.db.read() as tx:
        before = tx.query(Change).count()
    sends(filed, filled_in(filed.get(URL)))
    with filed.house.house.db.read() as tx:
        assert before == tx.query(Change).count()


def test_every_field_can_be_changed_at_once(filed: Pages) -> None:
    form = filled_in(filed.get(URL))
    [text] = [name for name in form if name.startswith("action-") and name.endswith("-text") and "new" not in name]
    sends(filed, {
        **form, "date": "2026-02-27", "starts": "10:00", "ends": "11:30", "type": "routine", "medium": "video",
        "outcome": "order", "subject": "Jaarcontract", "city": "Deventer", "keywords": "koeling\nroomijs",
        "amounts": "1200.50 EUR", "new_contact": "Marja\nPiet Nieuwman, chef", text: "offerte nasturen",
        "action-new-text": "monster brengen", "action-new-due": "2026-03-09",
    })  # fmt: skip
    visit, _ = visit_of(filed)
    assert ("2026-02-27", "10:00", "11:30") == (str(visit.on), f"{visit.starts:%H:%M}", f"{visit.ends:%H:%M}")
    assert ("routine", "video", "order") == (visit.type, visit.medium, visit.outcome)
    assert ("Jaarcontract", "Deventer") == (visit.subject, visit.city)
    assert ["koeling", "roomijs"] == [one.term for one in visit.keywords]
    assert ["1200.50 EUR"] == [f"{one.value:.2f} {one.currency}" for one in visit.amounts]
    assert ["offerte nasturen", "monster brengen"] == [one.text for one in visit.actions]
    said = text_of(filed.get("/visits/1"))
    assert all(name in said for name in ("Kees Bruinsma", "Marja Doornbos", "Piet Nieuwman"))


def test_who_was_not_there_is_unticked(filed: Pages) -> None:
    form = filled_in(filed.get(URL))
    sends(filed, {name: value for name, value in form.items() if not name.startswith("contact-")})
    assert "Kees Bruinsma" not in text_of(filed.get("/visits/1"))


def test_a_customer_is_looked_up_by_name_and_chosen(filed: Pages) -> None:
    form = {**filled_in(filed.get(URL)), "account": "kraanvogel"}
    page = sends(filed, form, 422)
    [option] = [one for one in page.css("#f-account_id option") if "De Kraanvogel" in one.text()]
    sends(filed, {**filled_in(page), "account_id": option.attributes["value"] or ""})
    assert "Brouwerij De Kraanvogel" == visit_of(filed)[1]


def test_a_choice_holds_for_no_other_words(filed: Pages) -> None:
    page = sends(filed, {**filled_in(filed.get(URL)), "account": "kraanvogel"}, 422)
    [option] = [one for one in page.css("#f-account_id option") if "De Kraanvogel" in one.text()]
    choice = {"account_id": option.attributes["value"] or "", "account": "hofstra xy"}
    sends(filed, {**filled_in(page), **choice}, 422)
    assert "Zuivelhuis Terwolde B.V." == visit_of(filed)[1]


def test_a_new_customer_is_made_where_it_is_chosen(filed: Pages) -> None:
    page = sends(filed, {**filled_in(filed.get(URL)), "account": "IJssalon Vriezenberg"}, 422)
    [new] = [one for one in page.css("#f-account_id option") if one.text().startswith("new:")]
    sends(filed, {**filled_in(page), "account_id": new.attributes["value"] or ""})
    assert "IJssalon Vriezenberg" == visit_of(filed)[1]


def test_what_makes_no_sense_is_told_at_its_field_and_nothing_is_kept(filed: Pages) -> None:
    wrong = {"date": "2027-01-01", "starts": "12:00", "ends": "11:00", "amounts": "veel", "subject": "Nieuw"}
    page = sends(filed, {**filled_in(filed.get(URL)), **wrong}, 422)
    assert "Each line needs a sum" in text_of(page.css_first("#w-amounts"))
    page = sends(filed, {**filled_in(page), "amounts": ""}, 422)
    assert "cannot lie in the future" in text_of(page.css_first("#w-date"))
    assert "cannot end at 11:00" in text_of(page.css_first("#w-ends") or page.css_first("#w-starts"))
    assert "Nieuw" == filled_in(page)["subject"], "what was typed is there still"
    assert "Nieuw" != visit_of(filed)[0].subject


def test_what_somebody_changed_meanwhile_is_shown_and_not_overwritten(filed: Pages) -> None:
    form = filled_in(filed.get(URL))
    filed.house.house.assistant.correct(1, NOOR, "city", "Zwolle")
    page = sends(filed, {**form, "city": "Deventer", "subject": "Jaarcontract"}, 409)
    assert "Somebody changed this meanwhile (city)" in text_of(page.css_first("[role=alert]"))
    assert ("Zwolle", "Jaarcontract") == (filled_in(page)["city"], filled_in(page)["subject"])
    assert "Zwolle" == visit_of(filed)[0].city
    sends(filed, filled_in(page))
    assert ("Zwolle", "Jaarcontract") == (visit_of(filed)[0].city, visit_of(filed)[0].subject)


def test_another_field_that_was_changed_meanwhile_is_left_alone(filed: Pages) -> None:
    form = filled_in(filed.get(URL))
    filed.house.house.assistant.correct(1, NOOR, "city", "Zwolle")
    sends(filed, {**form, "subject": "Jaarcontract"})
    assert ("Zwolle", "Jaarcontract") == (visit_of(filed)[0].city, visit_of(filed)[0].subject)


def test_hostile_text_stays_text(filed: Pages) -> None:
    form = {**filled_in(filed.get(URL)), "subject": HOSTILE, "keywords": HOSTILE, "action-new-text": HOSTILE}
    page = sends(filed, {**form, "date": HOSTILE, "account": HOSTILE}, 422)
    assert [] == page.css("main script, form script")
    sends(filed, form)
    page = filed.get(URL)
    assert HOSTILE == filled_in(page)["subject"]
    assert [] == page.css("main script, form script")


def test_a_form_that_was_tampered_with_overwrites_nothing(filed: Pages) -> None:
    form = filled_in(filed.get(URL))
    filed.house.house.assistant.correct(1, NOOR, "subject", "Jaarcontract")
    for marks in ("", "null", "[1]", '{"city": 3}', "{", "[" * 9000):
        sends(filed, {**form, "marks": marks, "seen": "x", "subject": "Anders"}, 409)
    assert "Jaarcontract" == visit_of(filed)[0].subject


def test_a_form_of_another_site_is_refused(filed: Pages) -> None:
    answer = filed.client.post(URL, data=filled_in(filed.get(URL)), headers={"sec-fetch-site": "cross-site"})
    assert 403 == answer.status_code


def test_what_was_taken_back_is_not_edited(filed: Pages) -> None:
    filed.house.house.assistant.correct(1, NOOR, "undo")
    filed.get(URL, 409)
    assert [] == filed.get("/visits/1").css(f"a[href='{URL}']")


@pytest.mark.parametrize(("role", "status"), [("rep", 200), ("administrator", 200), ("operator", 403)])
def test_those_edit_who_have_the_right(
    build_house: Callable[..., TestHouse], sqlite_url: str, role: str, status: int
) -> None:
    house = build_house(sqlite_url, **SIGNED_IN)
    house.house.assistant.file(house.says(REPORT))
    address = NOOR if role == "rep" else "bas@varenhof.example"
    with house.house.db.write() as tx:
        rep = reps.by_email(tx, address)
        assert rep
        rep.role, by = role, f"rep:{rep.id}"
    token = house.house.signing_in.open_as(address, "a test")
    assert token
    with served(house.house.web()) as url, httpx.Client(base_url=url, cookies={"debrief": token}, timeout=30) as client:
        answer = client.get(URL, headers={"accept": "text/html"})
        assert status == answer.status_code
        offered = LexborHTMLParser(client.get("/visits/1", headers={"accept": "text/html"}).text)
        assert (status == 200) is bool(offered.css(f"a[href='{URL}']"))
        form = filled_in(LexborHTMLParser(answer.text)) if status == 200 else {}
        assert (303 if status == 200 else 403) == client.post(URL, data={**form, "subject": "Anders"}).status_code
    with house.house.db.read() as tx:
        made = [one.by for one in changes.of(tx, "visit", 1) if (one.field, one.new) == ("subject", "Anders")]
    assert ([by] if status == 200 else []) == made, "the history names who it was"
