"""The one question of a card is answered in words, where it was asked."""

from parsing.model import Message
from store.tables import Account
from tests.conftest import TestHouse

WHICH = "vanmorgen bij hofstra langs geweest, ze willen een offerte"


def _asked(house: TestHouse, text: str) -> int:
    house.says(text, source_id="question")
    house.run_jobs()
    [visit] = house.visits()
    assert visit.account_id is None
    return visit.id


def _answers(house: TestHouse, text: str, to: str = "question") -> None:

    house.clock.passes(minutes=1)
    message = Message(via="web", rep="noor@varenhof.example", sent_at=house.clock.now, text=text, source_id=text)
    house.house.assistant.accept(message, reply_to={"answers": to})
    house.run_jobs()


def _account(house: TestHouse) -> str:
    [visit] = house.visits()
    with house.house.db.read() as tx:
        return tx.get_one(Account, visit.account_id).name


def test_a_word_that_tells_the_offered_ones_apart_settles_it(house: TestHouse) -> None:
    _asked(house, WHICH)
    _answers(house, "de slagerij")
    assert _account(house) == "Slagerij Hofstra"
    assert [capture.state for capture in house.captures()] == ["filed", "answer"]
    [card] = house.deliveries()
    assert "Slagerij Hofstra" in card.letter["text"]


def test_an_answer_to_the_card_itself_is_understood_too(house: TestHouse) -> None:
    _asked(house, WHICH)
    _answers(house, "Hofstra Koeltechniek", to=house.deliveries()[0].letter_id)
    assert _account(house) == "Hofstra Koeltechniek"


def test_a_name_nobody_knows_becomes_a_new_account(house: TestHouse) -> None:
    _asked(house, "vandaag een goed gesprek gehad, offerte sturen voor vrijdag")
    _answers(house, "Kwekerij De Zonnehoek")
    assert _account(house) == "Kwekerij De Zonnehoek"


def test_thanks_are_no_answer(house: TestHouse) -> None:
    _asked(house, WHICH)
    _answers(house, "dank je!")
    [visit] = house.visits()
    assert visit.account_id is None
    assert house.captures()[1].state == "nothing"


def test_another_report_in_the_same_thread_is_a_report(house: TestHouse) -> None:
    _asked(house, WHICH)
    _answers(house, "gisteren bij zuivelhuis terwolde geweest met Kees, hij wil de nieuwe pomp graag eens proberen")
    assert len(house.visits()) == 2


def test_an_answer_after_the_tap_changes_nothing(house: TestHouse) -> None:
    visit_id = _asked(house, WHICH)
    [visit] = house.visits()
    house.house.assistant.correct(visit_id, "noor@varenhof.example", "account", str(visit.candidates[1]))
    _answers(house, "de slagerij")
    assert house.visits()[0].account_id == visit.candidates[1]
