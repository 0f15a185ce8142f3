"""Messages that are worded anew or taken back: what was filed follows, what a person set stays."""

from datetime import date, datetime, time, timedelta

import pytest

from parsing.model import Message
from store import changes
from store.tables import Account, Capture, Contact
from tests.conftest import TestHouse

NOOR = "noor@varenhof.example"
REPORT = "gisteren om 14u bij zuivelhuis terwolde geweest met Kees, offerte sturen voor vrijdag"


def words(house: TestHouse, text: str, *, after_s: float = 60, sent_at: datetime | None = None) -> None:
    """Noor words her message ``m1`` anew, so long after she sent it."""
    sent = sent_at or house.captures()[0].sent_at
    message = Message(via="web", rep=NOOR, sent_at=sent, text=text, source_id="m1")
    house.house.assistant.revise(message, at=sent + timedelta(seconds=after_s))


def deletes(house: TestHouse) -> None:
    message = Message(via="web", rep=NOOR, sent_at=house.clock.now, text="", source_id="m1")
    house.house.assistant.retract(message)


def names(house: TestHouse, visit: int = 0) -> list[str]:
    with house.house.db.read() as tx:
        return [tx.get_one(Contact, line.contact_id).name for line in house.visits()[visit].contacts]


def account(house: TestHouse, visit: int = 0) -> str:
    with house.house.db.read() as tx:
        return tx.get_one(Account, house.visits()[visit].account_id).name


def test_an_edit_changes_the_visit_and_its_card_and_both_wordings_are_kept(house: TestHouse) -> None:
    house.says(REPORT, source_id="m1")
    house.run_jobs()
    words(house, "gisteren om 15u bij zuivelhuis terwolde geweest met Marja, monsters sturen voor vrijdag")
    house.run_jobs()
    [visit], [delivery], [capture] = house.visits(), house.deliveries(), house.captures()
    assert (visit.number, visit.starts, names(house)) == ("V-2026-00001", time(15), ["Marja Doornbos"])
    assert ["monsters" in action.text for action in visit.actions] == [True]
    assert "Marja Doornbos" in delivery.letter["text"]
    assert "Kees" not in delivery.letter["text"]
    with house.house.db.read() as tx:
        [worded] = changes.of(tx, "capture", capture.id)
        history = {change.field: change for change in changes.of(tx, "visit", visit.id)}
    assert (worded.old, worded.new) == (REPORT, capture.text)
    assert (history["starts"].old, history["starts"].new) == ("14:00:00", "15:00:00")
    assert history["starts"].by == f"message:{capture.id}"


def test_what_a_person_set_stays_over_a_later_reading(house: TestHouse) -> None:
    house.says(REPORT, source_id="m1")
    house.run_jobs()
    [visit] = house.visits()
    house.house.assistant.correct(visit.id, NOOR, "starts", "09:30")
    house.house.assistant.correct(visit.id, NOOR, "date", "2026-02-27")
    words(house, "eergisteren om 16u bij brouwerij de kraanvogel geweest met Ruben, offerte sturen voor vrijdag")
    house.run_jobs()
    [visit] = house.visits()
    assert (visit.on, visit.starts) == (date(2026, 2, 27), time(9, 30))
    assert (account(house), names(house)) == ("Brouwerij De Kraanvogel", ["Ruben Stavenga"])


def test_an_account_that_a_person_chose_stays_and_nobody_from_elsewhere_was_met_there(house: TestHouse) -> None:
    house.says(REPORT, source_id="m1")
    house.run_jobs()
    [visit] = house.visits()
    house.house.assistant.correct(visit.id, NOOR, "account", "3")
    words(house, REPORT + ", morgen bellen")
    house.run_jobs()
    assert account(house) == "Slagerij Hofstra"
    assert "Kees Bruinsma" not in names(house)


def test_edits_in_the_wrong_order_end_with_the_last_wording(house: TestHouse) -> None:
    house.says(REPORT, source_id="m1")
    house.run_jobs()
    words(house, "gisteren om 16u bij zuivelhuis terwolde geweest", after_s=20)
    words(house, "gisteren om 15u bij zuivelhuis terwolde geweest", after_s=10)
    house.run_jobs()
    assert house.visits()[0].starts == time(16)


def test_an_edit_that_comes_twice_is_one_change(house: TestHouse) -> None:
    house.says(REPORT, source_id="m1")
    house.run_jobs()
    for _ in range(2):
        words(house, "gisteren om 16u bij zuivelhuis terwolde geweest met Kees")
        house.run_jobs()
    [visit] = house.visits()
    with house.house.db.read() as tx:
        assert [change.field for change in changes.of(tx, "visit", visit.id)].count("starts") == 1
        assert len(changes.of(tx, "capture", house.captures()[0].id)) == 1


def test_an_edit_before_the_message_is_the_message_and_an_older_edit_after_it_is_nothing(house: TestHouse) -> None:
    sent = house.clock.now
    words(house, "gisteren om 16u bij zuivelhuis terwolde geweest", after_s=20, sent_at=sent)
    words(house, "gisteren om 15u bij zuivelhuis terwolde geweest", after_s=10, sent_at=sent)
    house.says(REPORT, source_id="m1")
    house.run_jobs()
    [visit] = house.visits()
    assert visit.starts == time(16)


def test_an_edit_before_the_reading_is_read_in_its_place(house: TestHouse) -> None:
    house.says(REPORT, source_id="m1")
    words(house, "gisteren om 16u bij zuivelhuis terwolde geweest")
    house.run_jobs()
    assert [visit.starts for visit in house.visits()] == [time(16)]
    assert len(house.deliveries()) == 1


def test_an_edit_while_reading_is_read_after_it(house: TestHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    from capture import assistant  # noqa: PLC0415  # what is patched

    house.says(REPORT, source_id="m1")
    plain, edits = assistant.parse, iter(["gisteren om 16u bij zuivelhuis terwolde geweest"])

    def slow(message: Message, known: object) -> object:
        if (text := next(edits, None)) is not None:
            words(house, text)
        return plain(message, known)  # type: ignore[arg-type]

    monkeypatch.setattr(assistant, "parse", slow)
    house.run_jobs()
    assert [visit.starts for visit in house.visits()] == [time(16)]
    assert len(house.deliveries()) == 1


def test_a_message_that_was_no_report_becomes_one(house: TestHouse) -> None:
    house.says("dank je wel!", source_id="m1")
    house.run_jobs()
    words(house, REPORT)
    house.run_jobs()
    [delivery] = house.deliveries()
    assert "Zuivelhuis Terwolde" in delivery.letter["text"]
    assert house.captures()[0].state == "filed"


def test_a_report_that_became_none_is_withdrawn_and_may_come_back_under_its_number(house: TestHouse) -> None:
    house.says(REPORT, source_id="m1")
    house.run_jobs()
    words(house, "dank je wel!", after_s=10)
    house.run_jobs()
    assert house.visits()[0].withdrawn_at is not None
    assert "ingetrokken" in house.deliveries()[0].letter["text"]
    words(house, REPORT, after_s=20)
    house.run_jobs()
    [visit] = house.visits()
    assert visit.withdrawn_at is None
    assert "Zuivelhuis" in house.deliveries()[0].letter["text"]


def test_of_two_visits_the_one_that_stays_keeps_its_number_and_what_was_set(house: TestHouse) -> None:
    both = (
        "vanmorgen bij zuivelhuis terwolde geweest met Kees, offerte sturen. "
        "daarna om 15u bij brouwerij de kraanvogel geweest met Ruben, alles ok"
    )
    house.says(both, source_id="m1")
    house.run_jobs()
    assert [visit.number for visit in house.visits()] == ["V-2026-00001", "V-2026-00002"]
    house.house.assistant.correct(house.visits()[1].id, NOOR, "outcome", "order")
    words(house, "vanmiddag om 15u bij brouwerij de kraanvogel geweest met Ruben, alles ok")
    house.run_jobs()
    first, second = house.visits()
    assert first.withdrawn_at is not None
    assert (second.withdrawn_at, second.outcome, second.position) == (None, "order", 0)


def test_a_deleted_message_withdraws_its_visit_and_the_card_says_so(house: TestHouse) -> None:
    house.says(REPORT, source_id="m1")
    house.run_jobs()
    for _ in range(2):
        deletes(house)
        house.run_jobs()
    [visit], [capture], [delivery] = house.visits(), house.captures(), house.deliveries()
    assert visit.withdrawn_at is not None
    assert capture.state == "withdrawn"
    assert "ingetrokken" in delivery.letter["text"]
    with house.house.db.read() as tx:
        assert [change.field for change in changes.of(tx, "capture", capture.id)] == ["deleted"]


def test_a_message_deleted_before_it_was_read_is_neither_filed_nor_answered(house: TestHouse) -> None:
    house.says(REPORT, source_id="m1")
    deletes(house)
    house.run_jobs()
    assert house.visits() == house.deliveries() == []


def test_a_message_that_comes_after_its_deletion_is_not_taken_in(house: TestHouse) -> None:
    deletes(house)
    house.says(REPORT, source_id="m1")
    house.run_jobs()
    assert house.visits() == house.deliveries() == []
    assert [capture.state for capture in house.captures()] == ["withdrawn"]


def test_nobody_words_the_message_of_another_anew(house: TestHouse) -> None:
    house.says(REPORT, source_id="m1")
    house.run_jobs()
    capture = house.captures()[0]
    other = Message(via="web", rep="jonas@varenhof.example", sent_at=capture.sent_at, text="x", source_id="m1")
    house.house.assistant.revise(other, at=capture.sent_at + timedelta(minutes=1))
    house.house.assistant.retract(other)
    house.run_jobs()
    with house.house.db.read() as tx:
        assert tx.get_one(Capture, capture.id).text == REPORT
    assert house.visits()[0].withdrawn_at is None
