"""Lists are searched, narrowed, sorted, and taken out."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from selectolax.lexbor import LexborHTMLParser

from capture.rights import Viewer, sight, viewer
from store import account_rows, action_rows, contacts, visit_rows
from store.tables import Access, Account, Action, Amount, Rep, Visit
from tests.web.conftest import Pages, text_of
from web.lists.columns import Column
from web.lists.exports import as_csv

TOLD = (
    "gisteren bij zuivelhuis terwolde geweest met Kees, offerte sturen voor vrijdag",
    "vandaag bij brouwerij de kraanvogel geweest, Ruben gesproken over de offertes van de koeling",
    "vanochtend gebeld met slagerij hofstra, klacht over de levering, =SUM(A1) was te duur",
)
LISTS = (
    "/visits.csv", "/visits.csv?order=oldest", "/visits.csv?order=filed", "/visits.csv?order=account",
    "/visits.csv?order=rep", "/visits.csv?q=geweest+-xx", "/actions.csv?state=any", "/accounts.csv", "/contacts.csv",
)  # fmt: skip
HOSTILE = '=HYPERLINK("http://x.example";"<b>x</b>")'


def filed(pages: Pages, texts: Sequence[str] = TOLD) -> None:
    for text in texts:
        pages.house.says(text)
    pages.works()


def accounts(page: LexborHTMLParser) -> list[str]:
    return [text_of(row) for row in page.css("td[data-label=Account]")]


def test_a_search_shows_the_words_that_were_found(pages: Pages) -> None:
    filed(pages)
    page = pages.get("/visits?q=offerte%20")
    assert {"Brouwerij De Kraanvogel", "Zuivelhuis Terwolde B.V."} == set(accounts(page))
    assert {"offerte", "offertes"} == {text_of(mark) for mark in page.css(".snippet mark")}
    assert "2 visits" in text_of(page.css_first("[role=status]"))


def test_what_was_filed_a_moment_ago_is_found_without_a_worker(pages: Pages) -> None:
    filed(pages)
    assert ["Slagerij Hofstra"] == accounts(pages.get("/visits?q=klacht"))
    filed(pages, ["vandaag bij brouwerij de kraanvogel geweest, ook een klacht"])
    assert 2 == len(accounts(pages.get("/visits?q=klacht")))


def test_a_name_counts_more_than_a_word_of_the_report(pages: Pages) -> None:
    told = (
        "eergisteren bij zuivelhuis terwolde geweest",
        "vandaag bij brouwerij de kraanvogel geweest, zuivelhuis kwam ter sprake",
    )
    filed(pages, told)
    assert ["Zuivelhuis Terwolde B.V.", "Brouwerij De Kraanvogel"] == accounts(pages.get("/visits?q=zuivelhuis"))
    newest = pages.get("/visits?q=zuivelhuis&order=newest")
    assert ["Brouwerij De Kraanvogel", "Zuivelhuis Terwolde B.V."] == accounts(newest)


def test_a_list_is_sorted_and_shows_the_chosen_columns(pages: Pages) -> None:
    filed(pages)
    page = pages.get("/visits?order=account&columns=account,keywords&columns=number&columns=nonsense")
    assert ["Account", "Keywords", "Number"] == [text_of(one) for one in page.css("th")]
    assert sorted(accounts(page)) == accounts(page)
    oldest = accounts(pages.get("/visits?order=oldest"))
    assert "Zuivelhuis Terwolde B.V." == oldest[0]
    assert oldest == accounts(pages.get("/visits"))[::-1]


def test_a_link_that_narrows_says_by_what(pages: Pages) -> None:
    filed(pages)
    page = pages.get("/visits?account_id=1&q=offerte")
    assert "at Zuivelhuis Terwolde B.V." in text_of(page.css_first(".chips"))
    hidden = page.css_first("input[type=hidden][name=account_id]")
    assert hidden is not None
    assert "1" == hidden.attributes["value"]


def _csv(pages: Pages, url: str) -> list[list[str]]:
    answer = pages.client.get(url)
    assert 200 == answer.status_code
    assert answer.content.startswith(b"\xef\xbb\xbf"), "Excel takes it for another encoding else"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_a_list_is_taken_out_as_it_is_shown(pages: Pages) -> None:
    filed(pages)
    head, *rows = _csv(pages, "/visits.csv?q=offerte&columns=day,account,people,number&order=oldest")
    assert ["Day", "Account", "People", "Number"] == head
    assert ["2026-03-01", "Zuivelhuis Terwolde B.V.", "Kees Bruinsma", "V-2026-00001"] == rows[0]
    assert 2 == len(rows)
    with pages.house.house.db.read() as tx:
        assert ["visits as csv: 2"] == [one.how.partition(";")[0] for one in tx.query(Access).filter_by(thing="export")]


def test_a_sheet_has_days_as_days_and_no_formulas(pages: Pages) -> None:
    filed(pages)
    with pages.house.house.db.write() as tx:
        tx.get_one(Account, 1).name = HOSTILE
    answer = pages.client.get("/visits.xlsx?columns=day,account,report&order=oldest")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    first = list(sheet.iter_rows())[1]
    assert date(2026, 3, 1) == first[0].value.date()
    assert (HOSTILE, "s", True) == (first[1].value, first[1].data_type, first[1].quotePrefix)


def test_a_list_too_long_for_a_sheet_is_refused_whole(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    filed(pages)
    monkeypatch.setattr("web.lists.exports.MOST_IN_SHEET", len(TOLD))
    assert 200 == pages.client.get("/visits.xlsx").status_code
    monkeypatch.setattr("web.lists.exports.MOST_IN_SHEET", len(TOLD) - 1)
    told = text_of(pages.get("/visits.xlsx", 413))
    assert "A sheet holds 2 rows: narrow the list, or take it out as CSV." in told
    assert len(TOLD) + 1 == len(_csv(pages, "/visits.csv"))
    with pages.house.house.db.read() as tx:
        assert 2 == tx.query(Access).filter_by(thing="export").count(), "of what was refused nothing was taken out"


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", " =", "\n=", "\u202e=", "\x00=", "\uff1d"])
def test_no_cell_is_a_formula(begins: str) -> None:
    rows = [f"{begins}cmd|' /C calc'!A0", "plain\x1b[2J text\r\nof two lines"]
    written = b"".join(as_csv((Column("said", "Said", str),), rows)).decode("utf-8-sig")
    [_, [formula], [text]] = csv.reader(io.StringIO(written, newline=""))
    assert formula.startswith("'")
    assert "plain[2J text \nof two lines" == text


def test_another_kind_of_file_is_refused(pages: Pages) -> None:
    assert 404 == pages.client.get("/visits.exe").status_code


def test_hostile_text_stays_text(pages: Pages) -> None:
    filed(pages, ["vandaag bij brouwerij de kraanvogel geweest, <script>alert(1)</script> offerte <b>vet</b>"])
    page = pages.get('/visits?q=%3Cscript%3Ealert%20offerte"%27%3E%3Cimg%20src=x')
    assert [] == page.css("img[src=x], main script")
    page = pages.get("/visits?q=offerte")
    snippet = page.css_first(".snippet")
    assert snippet is not None
    assert "<script>alert(1)</script>" in text_of(snippet)
    assert [] == snippet.css("script, b")


def test_what_is_to_be_done_stands_with_the_soonest_first(pages: Pages) -> None:
    filed(pages)
    with pages.house.house.db.write() as tx:
        visit = tx.get_one(Visit, 3)
        for text, due, state in (("Laat", date(2026, 2, 1), "open"), ("Ooit", None, "open"), ("Klaar", None, "done")):
            visit.actions.append(Action(text=text, due=due, assignee_id=visit.rep_id, state=state))
    page = pages.get("/actions")
    told = [text_of(one) for one in page.css("td[data-label='To do']")]
    assert ("Laat", "Ooit") == (told[0], told[-1])
    assert "overdue" in text_of(page.css_first("td.overdue"))
    assert ["Laat"] == [text_of(one) for one in pages.get("/actions?due=overdue").css("td[data-label='To do']")]
    assert ["Klaar done"] == [text_of(one) for one in pages.get("/actions?state=done").css("td[data-label='To do']")]
    assert [] == pages.get("/actions?q=%25").css("td")
    head, *rows = _csv(pages, "/actions.csv?state=any")
    assert (["Due", "To do", "Who"], len(told) + 1) == (head[:3], len(rows))
    assert ["2026-02-01", "Laat", "Noor Wijngaard"] == rows[0][:3]


def test_accounts_are_found_by_name_town_and_class(pages: Pages) -> None:
    filed(pages)

    def shown(query: str) -> list[str]:
        return [text_of(one) for one in pages.get(f"/accounts?{query}").css("td[data-label=Name] a")]

    assert sorted(shown("")) == shown("")
    assert ["Hofstra Koeltechniek", "Slagerij Hofstra"] == shown("q=hofstra")
    assert ["Slagerij Hofstra"] == shown("q=hofstra+grou")
    assert ["Zuivelhuis Terwolde B.V."] == shown("class=A&q=terwolde")
    assert [] == shown("q=_")
    head, *rows = _csv(pages, "/accounts.csv?q=terwolde")
    last = dict(zip(head, rows[0], strict=True))
    assert ("Kaasweg 4", "7396 AB", "2026-03-01") == (last["Street"], last["Postcode"], last["Last visit"])


def test_contacts_are_taken_out_with_addresses_and_that_is_kept(pages: Pages) -> None:
    head, *rows = _csv(pages, "/contacts.csv?q=bruinsma")
    one = dict(zip(head, rows[0], strict=True))
    assert ("Kees Bruinsma", "Zuivelhuis Terwolde B.V.", "inkoper") == (one["Name"], one["Works at"], one["Role"])
    assert "k.bruinsma@zuivelhuis-terwolde.example" == one["Mail"]
    everybody = _csv(pages, "/contacts.csv")
    assert sorted(everybody[1:]) == everybody[1:]
    with pages.house.house.db.read() as tx:
        assert 2 == tx.query(Access).filter_by(thing="export").count()


def test_lists_longer_than_a_batch_are_whole(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    filed(pages, (*TOLD, "eergisteren bij slagerij hofstra geweest, monsters sturen, prijslijst mailen voor vrijdag"))
    whole = {url: _csv(pages, url) for url in LISTS}
    for module in (visit_rows, action_rows, account_rows, contacts):
        monkeypatch.setattr(module, "AT_ONCE", 2)
    assert whole == {url: _csv(pages, url) for url in LISTS}
    assert all(len(rows) > 2 for rows in whole.values())


def test_amounts_are_summed_by_currency_as_the_list_is_narrowed(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    filed(pages)
    assert "amounts told" not in text_of(pages.get("/visits"))
    with pages.house.house.db.write() as tx:
        first, second, third = tx.query(Visit).order_by(Visit.id)
        first.amounts = [Amount(value=Decimal("1200.50"), currency="EUR"), Amount(value=Decimal(90), currency="CHF")]
        second.amounts = [Amount(value=Decimal("99.50"), currency="EUR")]
        third.amounts, third.withdrawn_at = [Amount(value=Decimal(7), currency="EUR")], pages.house.clock()
        only = second.account_id
    assert "amounts told: €1,300, CHF90" in text_of(pages.get("/visits"))
    page = text_of(pages.get(f"/visits?account_id={only}"))
    assert ("€99.50" in page, "CHF" in page) == (True, False)
    monkeypatch.setattr(visit_rows, "MOST_COUNTED", 1)
    assert "amounts told" not in text_of(pages.get("/visits")), "a part of them is no sum"


def test_a_rep_sees_what_is_to_do_of_the_visits_that_they_see(pages: Pages) -> None:
    filed(pages)
    with pages.house.house.db.write() as tx:
        noor, other = tx.query(Rep).filter(Rep.role == "rep").order_by(Rep.id).limit(2)
        visit = tx.get_one(Visit, 3)
        visit.actions = [
            Action(text="Van Noor", assignee_id=noor.id),
            Action(text="Voor een ander", assignee_id=other.id),
        ]
        tx.flush()
        who, stranger = viewer(noor), viewer(other)

    def seen(who: Viewer, whose: str) -> set[str]:
        with pages.house.house.db.read() as tx:
            wanted = action_rows.ActionFilter.read({"whose": whose}, who.rep_id, sight(tx, who), date(2026, 3, 2))
            return {one.action.text for one in action_rows.find_actions(tx, wanted, 1).rows} & {
                "Van Noor",
                "Voor een ander",
            }

    assert ({"Van Noor"}, {"Van Noor", "Voor een ander"}) == (seen(who, "mine"), seen(who, "all"))
    assert ({"Voor een ander"}, {"Voor een ander"}) == (seen(stranger, "mine"), seen(stranger, "all"))
