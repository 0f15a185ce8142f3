"""The chat page: what a rep says there goes the same road as from any door."""

from store import reps
from tests.web.conftest import NOOR, Pages, text_of

REPORT = "gisteren om 14u bij zuivelhuis terwolde geweest met Kees, offerte sturen voor vrijdag"
WHICH = "vandaag bij Hofstra geweest, mooi gesprek"


def test_a_report_is_answered_with_its_card(pages: Pages) -> None:
    assert 303 == pages.says(REPORT).status_code
    pages.works()
    said = text_of(pages.get(f"/chat?rep={NOOR}").css_first("#conversation"))
    assert REPORT in said
    assert "Zuivelhuis Terwolde B.V." in said
    assert "Kees Bruinsma" in said
    assert "0 bezoeken deze week" in said  # yesterday was Sunday, of the week before


def test_the_page_waits_until_the_answer_is_there(pages: Pages) -> None:
    pages.says(REPORT)
    waiting = pages.get(f"/chat/live?rep={NOOR}").css_first("#conversation")
    assert waiting is not None
    assert "data-waiting" in waiting.attributes
    pages.works()
    answered = pages.get(f"/chat/live?rep={NOOR}").css_first("#conversation")
    assert answered is not None
    assert "data-waiting" not in answered.attributes


def test_a_message_that_nobody_works_on_is_called_late(pages: Pages) -> None:
    pages.says(REPORT)
    pages.house.clock.passes(minutes=5)
    conversation = pages.get(f"/chat?rep={NOOR}").css_first("#conversation")
    assert conversation is not None
    assert "data-waiting" not in conversation.attributes
    assert "No answer went out" in text_of(conversation)


def test_the_same_form_sent_twice_is_one_message(pages: Pages) -> None:
    for _ in range(2):
        assert 303 == pages.says(REPORT, source_id="a" * 32).status_code
    assert 1 == len(pages.house.captures())


def test_undo_takes_the_visit_back_and_renews_the_card(pages: Pages) -> None:
    pages.says(REPORT)
    pages.works()
    assert 303 == pages.presses("Ongedaan maken").status_code
    conversation = pages.get(f"/chat?rep={NOOR}").css_first("#conversation")
    assert conversation is not None
    assert "data-waiting" in conversation.attributes  # the card still offers what was done
    pages.works()
    [visit] = pages.house.visits()
    assert visit.withdrawn_at is not None
    page = pages.get(f"/chat?rep={NOOR}")
    assert "V-2026-00001 ingetrokken" in text_of(page)
    assert not page.css("#conversation button")


def test_a_question_is_answered_with_one_tap(pages: Pages) -> None:
    pages.says(WHICH)
    pages.works()
    page = pages.get(f"/chat?rep={NOOR}")
    assert "Welke klant bedoel je?" in text_of(page.css_first("#conversation"))
    assert 303 == pages.presses("Slagerij Hofstra, Grou").status_code
    pages.works()
    [visit] = pages.house.visits()
    assert visit.account_id is not None
    said = text_of(pages.get(f"/chat?rep={NOOR}").css_first("#conversation"))
    assert "Slagerij Hofstra" in said
    assert "Welke klant bedoel je?" not in said


def test_what_cannot_be_corrected_is_told(pages: Pages) -> None:
    pages.says(REPORT)
    pages.works()
    [visit] = pages.house.visits()
    form = {"rep": "jonas@varenhof.example", "press": f"undo {visit.id}"}
    answer = pages.client.post("/chat/press", data=form)
    assert 409 == answer.status_code
    assert "Only the rep who reported this visit" in answer.text
    assert pages.house.visits()[0].withdrawn_at is None


def test_nobody_speaks_as_a_stranger(pages: Pages) -> None:
    assert 404 == pages.says(REPORT, rep="stranger@elsewhere.example").status_code
    assert [] == pages.house.captures()


def test_an_empty_message_is_not_taken(pages: Pages) -> None:
    answer = pages.says(" \n ")
    assert 422 == answer.status_code
    assert "Write something first." in answer.text
    assert [] == pages.house.captures()


def test_a_form_or_button_that_is_not_ours_is_refused(pages: Pages) -> None:
    assert 422 == pages.says(REPORT, source_id="../../etc").status_code
    for press in ("undo", "undo x", "account:1 7", "delete 1", "undo 1 2"):
        assert 422 == pages.client.post("/chat/press", data={"rep": NOOR, "press": press}).status_code
    assert [] == pages.house.captures()


def test_words_of_people_stay_words(pages: Pages) -> None:
    hostile = "<script>alert(1)</script> <img src=x onerror=y> {{ 7 * 7 }} bij <b>Terwolde</b> geweest"
    pages.says(hostile)
    pages.works()
    page = pages.get(f"/chat?rep={NOOR}")
    assert not page.css("#conversation script, #conversation b, #conversation img:not(.face)")
    assert "<script>alert(1)</script>" in text_of(page)


def test_examples_speak_of_the_reps_own_customers_in_their_language(pages: Pages) -> None:
    page = pages.get(f"/chat?rep={NOOR}")
    examples = [text_of(one) for one in page.css(".examples a")]
    assert any("Zuivelhuis Terwolde B.V." in one and "Kees Bruinsma" in one for one in examples)
    chosen = page.css(".examples a")[0].attributes["href"]
    assert chosen is not None
    field = pages.get(chosen).css_first("textarea")
    assert examples[0] == text_of(field)


def test_a_house_without_people_says_what_is_missing(pages: Pages) -> None:
    with pages.house.house.db.write() as tx:
        for rep in reps.everyone(tx):
            rep.active = False
    page = pages.get("/chat")
    assert "There is nobody here yet." in text_of(page)
    assert "disabled" in page.css_first("textarea").attributes  # type: ignore[union-attr]  # it is there
