"""A correction teaches at once: the rep who made it, the house when a second one agrees; and it can be forgotten."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from capture import CorrectionError
from parsing.model import Message
from parsing.taught import phrase_of
from store.tables import Account, Contact, Lesson
from tests.conftest import TestHouse
from tests.learning.conftest import (
    JONAS,
    NOOR,
    account,
    account_id,
    contact_id,
    corrects,
    learned,
    people,
    reports,
    speaks_dutch,
    told,
)

WHICH = "vanmorgen bij hofstra langs geweest, ze willen een offerte"
AGAIN = "gisteren bij Hofstra geweest, de offerte besproken"
BUTCHER, COOLER, BREWERY, DAIRY = (
    "Slagerij Hofstra", "Hofstra Koeltechniek", "Brouwerij De Kraanvogel", "Zuivelhuis Terwolde B.V.",
)  # fmt: skip


@pytest.fixture
def quick(build_house: Callable[..., TestHouse], sqlite_url: str) -> TestHouse:
    """For what does not depend on the database."""
    return build_house(sqlite_url)


def choose(house: TestHouse, name: str, rep: str = NOOR, text: str = WHICH) -> Any:
    return corrects(house, reports(house, text, rep), "account", str(account_id(house, name)), rep)


def test_what_was_chosen_once_is_not_asked_again(house: TestHouse) -> None:
    assert BUTCHER == account(house, choose(house, BUTCHER))
    visit = reports(house, AGAIN)
    assert BUTCHER == account(house, visit)
    assert "filed" == house.captures()[-1].state
    assert "as corrected on 2026-03-02" == visit.evidence["account"][0]["why"]
    [one] = learned(house)
    assert ("hofstra", BUTCHER, 1, "V-2026-00001") == (one.lesson.phrase, one.meaning, one.lesson.times, one.number)


def test_it_holds_for_the_rep_alone_until_a_second_one_teaches_it(house: TestHouse) -> None:
    speaks_dutch(house)
    choose(house, BUTCHER)
    assert account(house, reports(house, AGAIN, JONAS)) is None
    choose(house, BUTCHER, JONAS)
    assert [(None, "hofstra", BUTCHER), ("Jonas", "hofstra", BUTCHER), ("Noor", "hofstra", BUTCHER)] == told(house)
    speaks_dutch(house, "saara@varenhof.example")
    assert BUTCHER == account(house, reports(house, AGAIN, "saara@varenhof.example"))


def test_reps_who_mean_different_customers_keep_their_own(quick: TestHouse) -> None:
    speaks_dutch(quick)
    choose(quick, BUTCHER)
    choose(quick, COOLER, JONAS)
    assert [("Jonas", "hofstra", COOLER), ("Noor", "hofstra", BUTCHER)] == told(quick)
    assert COOLER == account(quick, reports(quick, AGAIN, JONAS))
    assert BUTCHER == account(quick, reports(quick, AGAIN))


def test_what_the_house_learnt_ends_when_a_third_rep_means_something_else(house: TestHouse) -> None:
    third = "saara@varenhof.example"
    for rep in (JONAS, third):
        speaks_dutch(house, rep)
    choose(house, BUTCHER)
    choose(house, BUTCHER, JONAS)
    visit = reports(house, AGAIN, third)
    corrects(house, visit, "account", account_id(house, COOLER), third)
    assert (None, "hofstra", BUTCHER) not in told(house)
    with house.house.db.read() as tx:
        ours = tx.query(Lesson).filter(Lesson.rep_id.is_(None)).one()
    assert "rule:agreement" == ours.revoked_by


def test_what_is_forgotten_is_asked_again(house: TestHouse) -> None:
    choose(house, BUTCHER)
    [one] = learned(house)
    house.house.assistant.forget(one.lesson.id, "web")
    assert account(house, reports(house, AGAIN)) is None
    assert [] == learned(house)
    with house.house.db.read() as tx:
        assert "web" == tx.get_one(Lesson, one.lesson.id).revoked_by
    with pytest.raises(CorrectionError, match="forgotten already"):
        house.house.assistant.forget(one.lesson.id, "web")


def test_forgetting_one_of_two_ends_what_the_house_learnt(quick: TestHouse) -> None:
    speaks_dutch(quick)
    choose(quick, BUTCHER)
    choose(quick, BUTCHER, JONAS)
    mine = next(one.lesson.id for one in learned(quick) if one.rep == "Noor Wijngaard")
    quick.house.assistant.forget(mine, "web")
    assert [("Jonas", "hofstra", BUTCHER)] == told(quick)


def test_taking_the_visit_back_takes_the_lesson_back(house: TestHouse) -> None:
    corrects(house, choose(house, BUTCHER), "undo")
    assert [] == learned(house)
    assert account(house, reports(house, AGAIN)) is None


def test_correcting_it_once_more_teaches_the_last_word(quick: TestHouse) -> None:
    corrects(quick, choose(quick, BUTCHER), "account", account_id(quick, COOLER))
    assert [("Noor", "hofstra", COOLER)] == told(quick)
    assert COOLER == account(quick, reports(quick, AGAIN))


def test_the_full_name_of_another_stays_what_it_is(quick: TestHouse) -> None:
    choose(quick, BUTCHER)
    assert COOLER == account(quick, reports(quick, "gisteren bij Hofstra Koeltechniek geweest, offerte besproken"))
    assert COOLER == account(quick, reports(quick, "gisteren bij Hofstra in Drachten geweest, offerte besproken"))
    assert COOLER == account(quick, reports(quick, "gisteren bij Hofstra, met Anneke Hofstra de offerte besproken"))


def test_an_answer_in_words_teaches_too(house: TestHouse) -> None:
    house.says(WHICH, source_id="question")
    house.run_jobs()
    house.clock.passes(minutes=1)
    answer = Message(via="web", rep=NOOR, sent_at=house.clock.now, text="de slagerij", source_id="answer")
    house.house.assistant.accept(answer, reply_to={"answers": "question"})
    house.run_jobs()
    assert [("Noor", "hofstra", BUTCHER)] == told(house)
    assert BUTCHER == account(house, reports(house, AGAIN))


def test_a_nickname_that_became_a_new_account_is_learnt_and_the_account_goes(house: TestHouse) -> None:
    visit = reports(house, "Gisteren bij Bakkerij Tureluur geweest, ze willen een nieuwe pomp bestellen")
    wrong = account(house, visit)
    assert wrong is not None
    assert wrong != BREWERY
    visit = corrects(house, visit, "account", account_id(house, BREWERY))
    with house.house.db.read() as tx:
        assert tx.query(Account).filter_by(name=wrong).one().retired_at is not None
    assert "Leeuwarden" == visit.city
    again = reports(house, "Vandaag bij Bakkerij Tureluur geweest, de pomp is besteld")
    assert BREWERY == account(house, again)


def test_what_nobody_knew_is_learnt_with_its_new_account(quick: TestHouse) -> None:
    visit = reports(quick, "gisteren bij tureluurtje geweest, offerte besproken voor de zomer")
    corrects(quick, visit, "account", {"name": "Kwekerij De Zonnehoek"})
    again = reports(quick, "vandaag bij tureluurtje geweest, ze tekenen volgende week")
    assert "Kwekerij De Zonnehoek" == account(quick, again)


def test_another_customer_than_was_read_is_learnt_with_its_people(quick: TestHouse) -> None:
    visit = reports(quick, "gisteren bij terwolde geweest, met Ruben gesproken over een offerte")
    assert DAIRY == account(quick, visit)
    visit = corrects(quick, visit, "account", account_id(quick, BREWERY))
    assert (["Ruben Stavenga"], "Leeuwarden") == (people(quick, visit), visit.city)
    assert BREWERY == account(quick, reports(quick, "gisteren bij terwolde geweest, offerte gebracht"))
    assert DAIRY == account(quick, reports(quick, "gisteren bij Zuivelhuis Terwolde geweest, offerte gebracht"))


def test_who_is_meant_by_a_short_name_is_learnt_within_the_account(house: TestHouse) -> None:
    said = "gisteren bij zuivelhuis terwolde geweest, met Henk gesproken over een offerte"
    visit = reports(house, said)
    assert "Marja Doornbos" not in people(house, visit)
    visit = corrects(house, visit, "contacts", [contact_id(house, "Marja Doornbos")])
    assert ["Marja Doornbos"] == people(house, visit)
    [one] = learned(house)
    assert ("contact", "henk", "Marja Doornbos", DAIRY) == (one.lesson.kind, one.lesson.phrase, one.meaning, one.within)
    assert ["Marja Doornbos"] == people(house, reports(house, said))
    elsewhere = reports(house, "gisteren bij brouwerij de kraanvogel geweest, met Henk gesproken over een offerte")
    assert "Marja Doornbos" not in people(house, elsewhere)


def test_a_person_read_as_another_is_learnt_and_the_new_contact_goes(quick: TestHouse) -> None:
    said = "Gisteren bij zuivelhuis terwolde geweest, de heer Tolsma gesproken over een offerte"
    visit = reports(quick, said)
    [wrong] = people(quick, visit)
    visit = corrects(quick, visit, "contacts", [contact_id(quick, "Kees Bruinsma")])
    with quick.house.db.read() as tx:
        assert tx.query(Contact).filter_by(name=wrong).one().retired_at is not None
    assert ["Kees Bruinsma"] == people(quick, reports(quick, said))


def test_taking_a_contacts_correction_back_forgets_it(quick: TestHouse) -> None:
    visit = reports(quick, "gisteren bij zuivelhuis terwolde geweest, met Kees gesproken over een offerte")
    [kees] = [line.contact_id for line in visit.contacts]
    visit = corrects(quick, visit, "contacts", [contact_id(quick, "Marja Doornbos")])
    assert [("Noor", "kees", "Marja Doornbos")] == told(quick)
    corrects(quick, visit, "contacts", [kees])
    assert [] == learned(quick)


def test_keywords_are_learnt_and_unlearnt(house: TestHouse) -> None:
    said = "gisteren bij zuivelhuis terwolde geweest, over vleugelpompen en de koelcel gesproken"
    visit = reports(house, said)
    terms = [line.term for line in visit.keywords]
    assert "koelcel" in terms
    wanted = [term for term in terms if term != "koelcel"] + ["Vleugelpomp"]
    visit = corrects(house, visit, "keywords", wanted)
    assert {phrase_of("vleugelpomp"), phrase_of("koelcel")} <= {one.lesson.phrase for one in learned(house)}
    found = {line.term for line in reports(house, said).keywords}
    assert "Vleugelpomp" in found
    assert "koelcel" not in found
    corrects(house, visit, "keywords", terms)
    assert [] == learned(house)


def test_words_that_are_said_of_everybody_teach_nothing(quick: TestHouse) -> None:
    visit = reports(quick, "gisteren bij de klant geweest, offerte besproken")
    corrects(quick, visit, "new_account", "Kwekerij De Zonnehoek")
    assert [] == learned(quick)


def test_two_who_teach_the_same_at_once_make_one_lesson_of_the_house(house: TestHouse) -> None:
    speaks_dutch(house)
    visits = [(reports(house, WHICH, rep), rep) for rep in (NOOR, JONAS)]
    butcher = account_id(house, BUTCHER)
    threads = [
        threading.Thread(target=house.house.assistant.correct, args=(visit.id, rep, "account", butcher))
        for visit, rep in visits
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [None, "Jonas Edelhoff", "Noor Wijngaard"] == [one.rep for one in learned(house)]
