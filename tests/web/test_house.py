"""What holds for the whole house: its kinds and keywords, and what becomes of them in reports, forms and lists."""

from typing import Any

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from capture.fixing import form_of
from parsing import parse
from parsing.model import Message
from store import crm, search
from store.filters import VisitFilter
from store.tables import Change, HouseKeyword, Kind, Visit
from store.visits import list_visits
from tests.conftest import TestHouse
from tests.web.saying import problem, says

NOOR, BAS = "noor@varenhof.example", "bas@varenhof.example"


@pytest.fixture
def house(guarded: TestHouse) -> TestHouse:
    return guarded


def kind(house: TestHouse, family: str, key: str) -> Kind:
    with house.house.db.read() as tx:
        return tx.scalars(select(Kind).where(Kind.family == family, Kind.key == key)).one()


def found(house: TestHouse, **asked: Any) -> list[str]:
    with house.house.db.write() as tx:
        search.catch_up(tx, 100)
    with house.house.db.read() as tx:
        return [one.visit.number for one in list_visits(tx, VisitFilter(**asked)).visits]


def test_a_kind_of_its_own_is_read_by_its_words_and_offered(house: TestHouse, boss: httpx.Client) -> None:
    form = {"family": "outcome", "label_en": "Samples left", "label_nl": "Stalen achtergelaten",
            "words": "stalen afgegeven\nsamples left"}  # fmt: skip
    assert 303 == boss.post("/house/kinds", data=form).status_code
    visit = says(house, "Vanmorgen bij Zuivelhuis Terwolde, stalen afgegeven aan Kees")
    assert "samples_left" == visit.outcome
    denied = says(house, "Gisteren bij Zuivelhuis Terwolde geweest, geen stalen afgegeven")
    assert "samples_left" != denied.outcome
    with house.house.db.read() as tx:
        offered = form_of(tx, tx.get_one(Visit, visit.id), "nl").kinds["outcome"]
        assert "Stalen achtergelaten" in {one.label for one in offered}


def test_a_retired_kind_stays_where_it_is_and_is_read_no_more(house: TestHouse, boss: httpx.Client) -> None:
    text = "Vanmorgen demo van de nieuwe scanner gegeven bij Zuivelhuis Terwolde"
    old = says(house, text)
    assert "demo" == old.type
    demo = kind(house, "type", "demo")
    assert 303 == boss.post(f"/house/kinds/{demo.id}", data={"do": "retire"}).status_code
    assert says(house, text.replace("Vanmorgen", "Vanmiddag")).type != "demo"
    with house.house.db.read() as tx:
        offered = {visit_id: {one.value for one in form_of(tx, tx.get_one(Visit, visit_id), "en").kinds["type"]}
                   for visit_id in (old.id, old.id + 1)}  # fmt: skip
    assert "demo" in offered[old.id], "the form of a visit that has it shows it still"
    assert "demo" not in offered[old.id + 1]
    assert [old.number] == found(house, type="demo")
    assert "Demo (retired)" in boss.get("/visits").text
    assert 303 == boss.post(f"/house/kinds/{demo.id}", data={"do": "offer"}).status_code
    assert "demo" == says(house, text.replace("Vanmorgen", "Vanavond")).type


def test_labels_order_and_words_are_the_houses_own(house: TestHouse, boss: httpx.Client) -> None:
    first = kind(house, "type", "first")
    form = {"do": "keep", "label_en": "Maiden visit", "label_nl": "Kennismaking", "words": "kennis gemaakt"}
    assert 303 == boss.post(f"/house/kinds/{first.id}", data=form).status_code
    assert 303 == boss.post(f"/house/kinds/{first.id}", data={"do": "down"}).status_code
    kept = kind(house, "type", "first")
    assert ("Kennismaking", "Maiden visit", 1) == (kept.labels["nl"], kept.labels["fi"], kept.position)
    assert "first" == says(house, "Vandaag kennis gemaakt met Zuivelhuis Terwolde").type
    with house.house.db.read() as tx:
        noted = [(one.field, one.by) for one in tx.scalars(select(Change).where(Change.record == "kind"))]
    assert ["labels", "words", "position"] == [field for field, _ in noted]
    assert all(by.startswith("rep:") for _, by in noted)


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"family": "type"}, "English label needs"),
        ({"family": "type", "label_en": "Demo"}, "called “Demo” already"),
        ({"family": "status", "label_en": "Dreamt of"}, "a type, a medium or an outcome"),
        ({"family": "type", "label_en": "Audit", "words": "!?"}, "no word"),
        ({"family": "type", "label_en": "x" * 80}, "75 characters"),
    ],
)
def test_a_kind_that_makes_no_sense_is_told_of(
    house: TestHouse, boss: httpx.Client, form: dict[str, str], told: str
) -> None:
    answer = boss.post("/house/kinds", data=form)
    assert 409 == answer.status_code
    assert told in problem(answer)
    with house.house.db.read() as tx:
        assert tx.scalars(select(Change).where(Change.record == "kind")).all() == []


def test_what_the_counters_rest_on_is_never_retired(house: TestHouse, boss: httpx.Client) -> None:
    for family, key in (("status", "held"), ("outcome", "no_show")):
        answer = boss.post(f"/house/kinds/{kind(house, family, key).id}", data={"do": "retire"})
        assert "rests on it" in problem(answer)
        assert kind(house, family, key).active


def test_a_keyword_is_found_by_every_word_for_it(house: TestHouse, boss: httpx.Client) -> None:
    before = says(house, "Maandag bij Zuivelhuis Terwolde geweest")
    house.house.assistant.correct(before.id, NOOR, "keywords", ["vriescel"])
    form = {"term": "Koeltechniek", "synonyms": "vriescel\nkoelcel, Kühlzelle"}
    assert 303 == boss.post("/house/keywords", data=form).status_code
    visit = says(house, "Vanmorgen bij Zuivelhuis Terwolde geweest, de koelcellen vallen uit")
    assert "Koeltechniek" in [one.term for one in visit.keywords]
    assert visit.number in found(house, text="kühlzelle"), "a word in another language finds it too"
    for word in ("Koeltechniek", "vriescel", "koelcel"):
        assert visit.number in found(house, keyword=word)
    assert before.number in found(house, keyword="Koeltechniek"), "filed before the words were the same"
    assert before.number in found(house, text="koeltechniek")


def test_a_retired_keyword_is_looked_for_no_more(house: TestHouse, boss: httpx.Client) -> None:
    boss.post("/house/keywords", data={"term": "Zonnewijzer", "synonyms": "zonneklok"})
    with house.house.db.read() as tx:
        keyword_id = tx.scalars(select(HouseKeyword.id)).one()
    assert 303 == boss.post(f"/house/keywords/{keyword_id}", data={"do": "retire"}).status_code
    with house.house.db.read() as tx:
        known = crm.snapshot(tx)
    assert ((), ()) == (known.keywords, known.synonyms)
    answer = boss.post("/house/keywords", data={"term": "Zonneklok"})
    assert "stands in the list already" in problem(answer)


def test_a_label_with_markup_stays_text(house: TestHouse, boss: httpx.Client) -> None:
    boss.post("/house/kinds", data={"family": "type", "label_en": "<b>Audit</b>", "words": "<i>doorlichting</i>"})
    boss.post("/house/keywords", data={"term": "<script>x</script>"})
    page = LexborHTMLParser(boss.get("/house").text)
    assert "<b>Audit</b>" in page.text()
    assert [] == page.css("main b, main i, main script")


def test_a_snapshot_without_house_words_reads_as_before(house: TestHouse) -> None:
    with house.house.db.read() as tx:
        known = crm.snapshot(tx)
    assert ((), ()) == (known.kind_words, known.synonyms)
    said = Message(via="web", rep=NOOR, sent_at=house.clock(), text="Vanmorgen bij Zuivelhuis Terwolde, order getekend")
    assert ["order"] == [one.outcome.value for one in parse(said, known).visits if one.outcome]
