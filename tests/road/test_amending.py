"""Replies under a card: they amend the visit, answer its question, or are another report."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from parsing.model import Message
from store import changes
from store.tables import Account, Contact, Visit
from tests.conftest import TestHouse

NOOR = "noor@varenhof.example"
REPORT = "gisteren om 14u bij zuivelhuis terwolde geweest met Kees, offerte van 9.000 euro sturen voor vrijdag"

NEAR = "gisteren kennisgemaakt bij Slagerij Hofstaart in Sneek, gesproken met Geert Mulderij. offerte maken"


def reports(house: TestHouse, text: str = REPORT) -> None:
    house.says(text, source_id="head")
    house.run_jobs()


def replies(house: TestHouse, text: str, **more: Any) -> int:
    """Noor says ``text`` under the card."""
    message = Message(
        via="web", rep=more.get("rep", NOOR), sent_at=house.clock.now, text=text,
        source_id=more.get("source_id", f"reply-{text}"),
    )  # fmt: skip
    taken = house.house.assistant.accept(message, reply_to={"answers": more.get("answers", "head")})
    house.run_jobs()
    return taken.capture_id


def visit_of(house: TestHouse) -> Visit:
    return house.visits()[0]


def people(house: TestHouse) -> list[str]:
    with house.house.db.read() as tx:
        return [tx.get_one(Contact, line.contact_id).name for line in visit_of(house).contacts]


def card(house: TestHouse) -> str:
    return str(house.deliveries()[0].letter["text"])


def test_an_amendment_changes_the_visit_and_its_card_and_gets_no_card_of_its_own(house: TestHouse) -> None:
    reports(house)
    replies(house, "het was zaterdag")
    assert visit_of(house).on == date(2026, 2, 28)
    assert "28 feb" in card(house)
    assert [capture.state for capture in house.captures()] == ["filed", "answer"]
    assert len(house.deliveries()) == len(house.visits()) == 1
    with house.house.db.read() as tx:
        [change] = [one for one in changes.of(tx, "visit", 1) if one.field == "on"]
    assert (change.old, change.new, change.by.partition(":")[0]) == ("2026-03-01", "2026-02-28", "rep")


def test_people_come_and_go(house: TestHouse) -> None:
    reports(house)
    replies(house, "Marja was er ook bij")
    assert people(house) == ["Kees Bruinsma", "Marja Doornbos"]
    replies(house, "Kees was er niet bij")
    assert people(house) == ["Marja Doornbos"]
    replies(house, "ook Piet Hoekstra gesproken, hoofd inkoop")
    assert people(house) == ["Marja Doornbos", "Piet Hoekstra"]
    replies(house, "niet Piet maar Kees")
    assert people(house) == ["Marja Doornbos", "Kees Bruinsma"]


def test_sums_actions_times_and_kinds(house: TestHouse) -> None:
    reports(house)
    replies(house, "nee, 12.500")
    replies(house, "actie: ook monsters sturen")
    replies(house, "om 16u")
    replies(house, "was telefonisch")
    replies(house, "trefwoord: kaaspers")
    visit = visit_of(house)
    assert [(one.value, one.currency) for one in visit.amounts] == [(Decimal(12_500), "EUR")]
    assert [action.text for action in visit.actions][1:] == ["monsters sturen"]
    assert (visit.starts, visit.medium) == (time(16), "phone")
    assert "kaaspers" in [line.term for line in visit.keywords]
    for said in ("12.500", "monsters sturen", "16:00", "kaaspers"):
        assert said in card(house), said


def test_undo_in_words_takes_the_visit_back(house: TestHouse) -> None:
    reports(house)
    replies(house, "Laat maar")
    assert visit_of(house).withdrawn_at is not None
    assert "ingetrokken" in card(house)


def test_another_customer_in_words(house: TestHouse) -> None:
    reports(house)
    replies(house, "nee, het was bij Hofstra in Grou")
    with house.house.db.read() as tx:
        assert tx.get_one(Account, visit_of(house).account_id).name == "Slagerij Hofstra"
    assert len(house.visits()) == 1


@pytest.mark.parametrize(
    "said",
    [
        "vanmorgen bij brouwerij de kraanvogel geweest met Ruben, hij wil een offerte voor tanks",
        "eergisteren weer bij zuivelhuis terwolde geweest om 10u, pomp vervangen",
    ],
)
def test_another_report_in_the_thread_is_another_visit(house: TestHouse, said: str) -> None:
    reports(house)
    replies(house, said)
    assert len(house.visits()) == 2
    assert visit_of(house).on == date(2026, 3, 1)


def test_what_nobody_understands_is_said_to_be_so_and_changes_nothing(house: TestHouse) -> None:
    reports(house)
    replies(house, "hmm blauw met stippen")
    assert "Aanpassen" in house.deliveries()[-1].letter["text"]
    with house.house.db.read() as tx:
        assert [one.field for one in changes.of(tx, "visit", 1)] == ["created"]


def test_what_a_person_said_stays_when_the_report_is_worded_anew(house: TestHouse) -> None:
    reports(house)
    replies(house, "het was zaterdag")
    sent = house.captures()[0].sent_at
    message = Message(via="web", rep=NOOR, sent_at=sent, text=REPORT.replace("14u", "15u"), source_id="head")
    house.house.assistant.revise(message, at=sent + timedelta(minutes=5))
    house.run_jobs()
    assert (visit_of(house).on, visit_of(house).starts) == (date(2026, 2, 28), time(15))


def test_an_amendment_that_is_worded_anew_says_the_other_thing_and_deleted_says_nothing(house: TestHouse) -> None:
    reports(house)
    replies(house, "actie: monsters sturen", source_id="a")
    sent = house.captures()[1].sent_at
    anew = Message(via="web", rep=NOOR, sent_at=sent, text="actie: folders sturen", source_id="a")
    house.house.assistant.revise(anew, at=sent + timedelta(minutes=1))
    house.run_jobs()
    assert [action.text for action in visit_of(house).actions][1:] == ["folders sturen"]
    house.house.assistant.retract(anew)
    house.run_jobs()
    assert len(visit_of(house).actions) == 1
    assert visit_of(house).withdrawn_at is None
    assert "folders" not in card(house)


def test_an_amendment_delivered_twice_is_one(house: TestHouse) -> None:
    reports(house)
    first = replies(house, "actie: monsters sturen", source_id="a")
    assert replies(house, "actie: monsters sturen", source_id="a") == first
    house.house.assistant.file(first)
    assert len(visit_of(house).actions) == 2


def test_nobody_amends_the_visit_of_another(house: TestHouse) -> None:
    reports(house)
    replies(house, "undo", rep="jonas@varenhof.example")
    assert visit_of(house).withdrawn_at is None


def test_of_two_visits_the_one_that_is_named_is_amended_and_without_a_name_none(house: TestHouse) -> None:
    both = (
        "vanmorgen bij zuivelhuis terwolde geweest met Kees, offerte sturen. "
        "daarna om 15u bij brouwerij de kraanvogel geweest met Ruben, alles ok"
    )
    reports(house, both)
    assert len(house.visits()) == 2
    replies(house, "Ruben was er niet bij")
    assert [len(visit.contacts) for visit in house.visits()] == [1, 0]
    replies(house, "was telefonisch")
    assert "phone" not in [visit.medium for visit in house.visits()]


def test_an_amendment_leaves_a_question_open_and_an_answer_settles_it(house: TestHouse) -> None:
    reports(house, "vanmorgen bij hofstra langs geweest, ze willen een offerte")
    replies(house, "het was zaterdag")
    assert (visit_of(house).account_id, visit_of(house).on) == (None, date(2026, 2, 28))
    replies(house, "die in Grou")
    with house.house.db.read() as tx:
        assert tx.get_one(Account, visit_of(house).account_id).name == "Slagerij Hofstra"


def test_a_new_customer_spelt_like_a_known_one_is_asked_about_and_settled_in_words(house: TestHouse) -> None:
    reports(
        house, "gisteren kennisgemaakt bij Slagerij Hofstaart in Sneek, gesproken met Geert Mulderij. offerte maken"
    )
    assert "bestaande klant" in card(house)
    replies(house, "nee, Slagerij Hofstra")
    with house.house.db.read() as tx:
        assert tx.get_one(Account, visit_of(house).account_id).name == "Slagerij Hofstra"
    assert "bestaande klant" not in card(house)


def test_a_new_customer_stays_new_when_its_rep_says_so(house: TestHouse) -> None:
    reports(
        house, "gisteren kennisgemaakt bij Slagerij Hofstaart in Sneek, gesproken met Geert Mulderij. offerte maken"
    )
    replies(house, "ja, nieuw")
    with house.house.db.read() as tx:
        assert tx.get_one(Account, visit_of(house).account_id).name == "Slagerij Hofstaart"
    assert "bestaande klant" not in card(house)
    assert house.captures()[-1].state == "answer"


def test_a_day_that_has_not_come_is_not_taken(house: TestHouse) -> None:
    house.clock.now = datetime(2026, 3, 2, 17, tzinfo=UTC)
    reports(house)
    replies(house, "het was 25 december 2026")
    assert visit_of(house).on == date(2026, 3, 1)


def goes_on(house: TestHouse, text: str, **more: Any) -> None:
    """Noor says ``text`` beside the report, without opening its thread."""
    message = Message(via="web", rep=NOOR, sent_at=house.clock.now, text=text, source_id=text)
    house.house.assistant.accept(message, reply_to={"goes_on": True, **more})
    house.run_jobs()


def test_a_few_words_just_after_a_report_go_on_with_it_without_a_thread(house: TestHouse) -> None:
    reports(house)
    house.clock.passes(minutes=2)
    goes_on(house, "het was zaterdag")
    assert visit_of(house).on == date(2026, 2, 28)
    house.clock.passes(minutes=2)
    goes_on(house, "undo")
    assert visit_of(house).withdrawn_at is not None
    assert len(house.deliveries()) == 1


@pytest.mark.parametrize(
    ("said", "after", "place"),
    [
        ("het was zaterdag", 20, {}),
        ("het was zaterdag", 2, {"channel": "another"}),
        ("vanmorgen bij brouwerij de kraanvogel geweest", 2, {}),
        ("dank je wel", 2, {}),
    ],
    ids=["later", "elsewhere", "a report", "thanks"],
)
def test_what_is_said_later_or_elsewhere_or_is_a_report_goes_on_with_nothing(
    house: TestHouse, said: str, after: int, place: dict[str, str]
) -> None:
    reports(house)
    house.clock.passes(minutes=after)
    goes_on(house, said, **place)
    assert visit_of(house).on == date(2026, 3, 1)
    assert house.captures()[-1].state != "answer"


def test_a_reply_to_the_letter_amends_as_a_reply_in_a_thread_does(house: TestHouse) -> None:
    reports(house)
    replies(house, "Kees was er niet bij", answers="reply-1")
    assert people(house) == []
