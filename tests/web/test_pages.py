"""The pages that show what was filed."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from parsing.model import Message
from store.captures import File
from store.tables import Account, Change, Rep, Target
from tests.web.conftest import NOOR, Pages, text_of

REPORT = "gisteren om 14u bij zuivelhuis terwolde geweest met Kees, offerte sturen voor vrijdag"
OTHERS = ("vandaag bij brouwerij de kraanvogel geweest, Ruben gesproken", "gisteren gebeld met slagerij hofstra")

EVERY = (
    "/chat", "/dashboard", "/contacts", "/contacts/1", "/contacts/1/edit", "/duplicates", "/handover",
    "/accounts/1/brief", "/accounts/1/edit", "/visits", "/visits/1", "/visits/1?tab=report",
    "/visits/1?tab=attachments", "/visits/1?tab=history", "/accounts/1", "/learned",
)  # fmt: skip


def filed(pages: Pages, *texts: str) -> None:
    for text in texts:
        pages.house.says(text)
    pages.works()


def test_the_start_is_the_chat_page(pages: Pages) -> None:
    answer = pages.client.get("/")
    assert (303, "/chat") == (answer.status_code, answer.headers["location"])


def test_the_dashboard_shows_where_everyone_stands(pages: Pages) -> None:
    with pages.house.house.db.write() as tx:
        noor = tx.scalars(select(Rep).where(Rep.name == "Noor Wijngaard")).one()
        tx.add(Target(rep_id=noor.id, value=Decimal(10), since=pages.house.clock().date() - timedelta(days=9)))
    filed(pages, OTHERS[0], "vandaag bij Hofstra geweest, mooi gesprek", "Bedankt!")
    page = pages.get("/dashboard")
    bar = page.css_first("progress")
    assert bar is not None
    assert ("2", "10") == (bar.attributes["value"], bar.attributes["max"])
    assert "8 to go, 4 working days left" in text_of(page)
    assert "Which customer?" in text_of(page)
    assert "no visit" in text_of(page)


def test_an_empty_house_has_a_dashboard_too(pages: Pages) -> None:
    said = text_of(pages.get("/dashboard"))
    assert "Nothing is left to ask." in said
    assert "No message yet." in said


def test_visits_are_listed_newest_first_and_narrowed(pages: Pages) -> None:
    filed(pages, REPORT, *OTHERS)
    accounts = [text_of(row) for row in pages.get("/visits").css("td[data-label=Account]")]
    assert ["Brouwerij De Kraanvogel", "Slagerij Hofstra", "Zuivelhuis Terwolde B.V."] == accounts

    def shown(query: str) -> list[str]:
        return [text_of(row) for row in pages.get(f"/visits?{query}").css("td[data-label=Account]")]

    assert ["Zuivelhuis Terwolde B.V."] == shown("account=terw")
    assert ["Brouwerij De Kraanvogel"] == shown("since=2026-03-02")
    assert accounts[1:] == shown("until=2026-03-01")
    assert accounts == shown("since=nonsense&rep=x")
    assert [] == shown("account=%25")
    assert [] == shown("rep=99999")


def test_a_visit_that_was_taken_back_is_in_no_list(pages: Pages) -> None:
    filed(pages, REPORT)
    [visit] = pages.house.visits()
    pages.house.house.assistant.correct(visit.id, NOOR, "undo")
    assert "0 visits" in text_of(pages.get("/visits"))
    assert "taken back" in text_of(pages.get(f"/visits/{visit.id}"))


def test_a_visit_shows_its_facts_and_the_words_they_came_from(pages: Pages) -> None:
    filed(pages, REPORT)
    page = pages.get("/visits/1")
    facts = {text_of(one.css_first("dt")): text_of(one.css_first("dd")) for one in page.css("dl > div")}
    assert "V-2026-00001" == facts["Number"]
    assert facts["Account"].startswith("Zuivelhuis Terwolde B.V.")
    assert facts["People"].startswith("Kees Bruinsma inkoper")
    assert facts["Day"].startswith("Sun, 1 Mar 2026")
    assert "gisteren" in facts["Day"]
    assert facts["Time"].startswith("14:00 (Europe/Amsterdam)")


def test_the_report_marks_the_words(pages: Pages) -> None:
    filed(pages, REPORT)
    page = pages.get("/visits/1?tab=report")
    assert "zuivelhuis terwolde" == text_of(page.css_first("mark.f-account"))
    assert "Kees" == text_of(page.css_first("mark.f-contacts"))
    message = page.css_first(".message")
    assert message is not None
    for tag in message.css(".tag"):
        tag.decompose()
    assert REPORT == text_of(message)
    assert "by Fri 6 Mar" in text_of(page.css_first(".todo"))


def test_attachments_are_saved_as_they_came(pages: Pages) -> None:
    message = Message(via="email", rep=NOOR, sent_at=pages.house.clock(), text=REPORT, source_id="m1")
    file = File(name="schets „A“.html", content_type="text/html", data=b"<script>1</script>")
    pages.house.house.assistant.accept(message, files=[file])
    pages.house.house.assistant.file(pages.house.captures()[0].id)
    page = pages.get("/visits/1?tab=attachments")
    link = page.css_first(".files a")
    assert link is not None
    assert file.name == text_of(link)
    answer = pages.client.get(str(link.attributes["href"]))
    assert file.data == answer.content
    assert "application/octet-stream" == answer.headers["content-type"]
    assert "attachment; filename*=UTF-8''schets%20%E2%80%9EA%E2%80%9C.html" == answer.headers["content-disposition"]
    assert "nosniff" == answer.headers["x-content-type-options"]


def test_the_history_tells_who_chose_the_account(pages: Pages) -> None:
    filed(pages, "vandaag bij Hofstra geweest, mooi gesprek")
    [visit] = pages.house.visits()
    pages.house.house.assistant.correct(visit.id, NOOR, "account", str(visit.candidates[0]))
    with pages.house.house.db.read() as tx:
        chosen = tx.get_one(Account, visit.candidates[0]).name
    lines = [text_of(one) for one in pages.get(f"/visits/{visit.id}?tab=history").css(".history li")]
    assert lines[0].startswith("Filed as V-2026-00001 message of Noor Wijngaard")
    assert lines[-1].startswith(f"Visit, account: not known → {chosen} Noor Wijngaard")


def test_the_history_knows_what_it_has_never_seen(pages: Pages) -> None:
    filed(pages, REPORT)
    with pages.house.house.db.write() as tx:
        at = pages.house.clock()
        tx.add(Change(at=at, record="visit", record_id=1, field="outcome", old=None, new="order", by="rule:late"))
        tx.add(Change(at=at, record="visit", record_id=1, field="rep_id", old=1, new=2, by="import"))
    lines = [text_of(one) for one in pages.get("/visits/1?tab=history").css(".history li")]
    assert lines[-2].startswith("Visit, outcome: not known → order rule late")
    assert lines[-1].startswith("Visit, rep: 1 → 2 import")


def test_an_account_shows_its_people_visits_and_what_is_to_be_done(pages: Pages) -> None:
    filed(pages, REPORT)
    [visit] = pages.house.visits()
    page = pages.get(f"/accounts/{visit.account_id}")
    said = text_of(page)
    assert "Kaasweg 4, 7396 AB Terwolde, NL" in said
    assert "Marja Doornbos directeur" in said
    assert "V-2026-00001" in said
    assert "by Fri 6 Mar" in text_of(page.css_first(".todo"))
    assert "overdue" not in said
    pages.house.clock.passes(days=14)
    assert "overdue" in text_of(pages.get(f"/accounts/{visit.account_id}"))


def test_what_is_not_there_is_told_in_words(pages: Pages) -> None:
    for url in ("/visits/9", "/accounts/99", "/attachments/9", "/nowhere"):
        assert "Error 404" in text_of(pages.get(url, 404))
        assert "detail" in pages.client.get(url, headers={"accept": "application/json"}).json()


def test_an_address_that_makes_no_sense_is_told_in_words(pages: Pages) -> None:
    assert "Error 422" in text_of(pages.get("/visits/abc", 422))
    assert "page" in text_of(pages.get("/visits?page=0", 422))


def test_every_page_can_be_used_without_a_mouse_or_eyes(pages: Pages) -> None:
    filed(pages, REPORT)
    for url in EVERY:
        page = pages.get(url)
        assert "en" == page.css_first("html").attributes["lang"]  # type: ignore[union-attr]  # there is one
        assert 1 == len(page.css("h1")), url
        assert page.css_first("main") is not None
        assert "#main" == page.css("a")[0].attributes["href"]
        labelled = {one.attributes["for"] for one in page.css("label")}
        for field in page.css("input:not([type=hidden]), select, textarea"):
            assert field.attributes["id"] in labelled, url
        assert all("alt" in image.attributes for image in page.css("img"))
        ids = [one.attributes["id"] for one in page.css("[id]")]
        assert len(set(ids)) == len(ids), url


def test_no_page_needs_what_the_content_policy_forbids(pages: Pages) -> None:
    filed(pages, REPORT)
    for url in EVERY:
        page = pages.get(url)
        assert not page.css("[style], style, [onclick], [onload], [onsubmit], link[href^=http], iframe"), url
        sources = [str(one.attributes.get("src")) for one in page.css("script, img")]
        assert all(source.startswith("/static/") for source in sources), url


def test_a_page_asks_no_more_when_there_is_more_to_show(pages: Pages, statements: list[str]) -> None:
    filed(pages, REPORT)
    urls = ("/visits", "/dashboard", f"/chat?rep={NOOR}", "/accounts/1", "/visits/1")

    def asked() -> dict[str, int]:
        counts = {}
        for url in urls:
            statements.clear()
            pages.get(url)
            counts[url] = len(statements)
        return counts

    before = asked()
    filed(pages, *OTHERS, *(f"gisteren bij zuivelhuis terwolde met Marja, nummer {n}" for n in range(6)))
    assert before == asked()
    assert max(before.values()) <= 30
