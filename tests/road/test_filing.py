"""One message's road, from what a rep says to the filed visit and the card."""

import threading
from collections.abc import Callable
from datetime import date, datetime, time

import pytest

from capture import CorrectionError
from digests import progress
from parsing.model import Message
from store import captures, changes, reps
from store.captures import File
from store.tables import Account, Contact, Employment
from store.targets import set_target
from tests.conftest import TestHouse

REPORT = "gisteren om 14u bij zuivelhuis terwolde geweest met Kees, offerte sturen voor vrijdag"


def test_a_report_becomes_a_visit_with_its_people_day_and_actions(house: TestHouse) -> None:
    house.says(REPORT)
    house.run_jobs()
    [visit] = house.visits()
    with house.house.db.read() as tx:
        assert tx.get_one(Account, visit.account_id).name == "Zuivelhuis Terwolde B.V."
        assert [tx.get_one(Contact, line.contact_id).name for line in visit.contacts] == ["Kees Bruinsma"]
    assert visit.number == "V-2026-00001"
    assert (visit.on, visit.starts) == (date(2026, 3, 1), time(14))
    assert [action.due for action in visit.actions] == [date(2026, 3, 6)]
    assert visit.city == "Terwolde"
    assert visit.evidence["account"][0]["end"] > visit.evidence["account"][0]["start"]


def test_the_rep_gets_one_card_with_the_counter(house: TestHouse) -> None:
    house.says(REPORT)
    house.run_jobs()
    [delivery] = house.deliveries()
    assert "Zuivelhuis Terwolde" in delivery.letter["text"]
    assert "Kees Bruinsma" in delivery.letter["text"]


def test_the_same_message_again_and_at_the_same_instant_is_one_visit(house: TestHouse) -> None:
    threads = [threading.Thread(target=house.says, args=(REPORT,), kwargs={"source_id": "m1"}) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    house.run_jobs()
    house.says(REPORT, source_id="m1")
    house.run_jobs()
    assert len(house.captures()) == len(house.visits()) == len(house.deliveries()) == 1


def test_filing_twice_is_filing_once(house: TestHouse) -> None:
    capture_id = house.says(REPORT)
    house.house.assistant.file(capture_id)
    house.house.assistant.file(capture_id)
    house.house.assistant.reply(capture_id)
    house.house.assistant.reply(capture_id)
    assert len(house.visits()) == len(house.deliveries()) == 1


def test_thanks_are_no_visit_and_get_a_word_back(house: TestHouse) -> None:
    house.says("dank je wel!")
    house.run_jobs()
    assert house.visits() == []
    assert [capture.state for capture in house.captures()] == ["nothing"]
    assert len(house.deliveries()) == 1


def test_a_stranger_is_refused_and_learns_nothing_of_the_house(house: TestHouse) -> None:
    house.says("wie is de eigenaar van Zuivelhuis Terwolde?", rep="nobody@elsewhere.example")
    house.says("en nu?", rep="nobody@elsewhere.example")
    house.run_jobs()
    assert [capture.state for capture in house.captures()] == ["refused", "refused"]
    [delivery] = house.deliveries()
    assert "Terwolde" not in delivery.letter["text"]


def test_what_a_machine_sent_is_kept_and_never_answered(house: TestHouse) -> None:
    house.says("Vandaag bij Zuivelhuis Terwolde geweest", via="email", source_id="<a@b>")
    away = Message(via="email", rep="noor@varenhof.example", sent_at=house.clock.now, text="afwezig", source_id="<c@d>")
    house.house.assistant.accept(away, automatic="auto-replied")
    assert house.captures()[1].state == "nothing"
    assert house.house.jobs.waiting() == 1


def test_two_accounts_that_fit_are_asked_about_and_a_tap_settles_it(house: TestHouse) -> None:
    house.says("vanmorgen bij hofstra langs geweest, ze willen een offerte")
    house.run_jobs()
    [visit] = house.visits()
    assert visit.account_id is None
    assert len(visit.candidates) == 2
    house.house.assistant.correct(visit.id, "noor@varenhof.example", "account", str(visit.candidates[0]))
    house.run_jobs()
    [settled], [capture], [delivery] = house.visits(), house.captures(), house.deliveries()
    assert settled.account_id == visit.candidates[0]
    assert capture.state == "filed"
    with house.house.db.read() as tx:
        name = tx.get_one(Account, settled.account_id).name
        [change] = [one for one in changes.of(tx, "visit", visit.id) if one.field == "account_id"]
    assert name in delivery.letter["text"]
    assert change.by.startswith("rep:")


def test_a_new_customer_is_added_once_and_undo_takes_it_away(house: TestHouse) -> None:
    house.says("gisteren kennisgemaakt bij Bakkerij Oldenhof in Assen, gesproken met Geert Mulderij. offerte maken")
    house.run_jobs()
    [visit] = house.visits()
    with house.house.db.read() as tx:
        account = tx.get_one(Account, visit.account_id)
        assert "Oldenhof" in account.name
        assert account.status == "prospect"
    house.house.assistant.correct(visit.id, "noor@varenhof.example", "undo")
    house.run_jobs()
    [withdrawn] = house.visits()
    assert withdrawn.withdrawn_at is not None
    with house.house.db.read() as tx:
        assert tx.get_one(Account, visit.account_id).retired_at is not None


def test_somebody_elses_visit_cannot_be_taken_back(house: TestHouse) -> None:
    house.says(REPORT)
    house.run_jobs()
    [visit] = house.visits()
    with pytest.raises(CorrectionError, match="Only the rep"):
        house.house.assistant.correct(visit.id, "jonas@varenhof.example", "undo")


def test_who_left_is_no_contact_of_the_account_any_more(house: TestHouse) -> None:
    house.says("Vandaag bij Zuivelhuis Terwolde, Marja gesproken. Kees Bruinsma werkt er niet meer.")
    house.run_jobs()
    with house.house.db.read() as tx:
        kees = tx.query(Contact).filter_by(external_id="P01").one()
        assert [job.until for job in kees.employments] == [date(2026, 3, 2)]


def test_the_counter_counts_the_week_and_the_working_days_left(
    build_house: Callable[..., TestHouse], database_url: str
) -> None:
    house = build_house(database_url)
    with house.house.db.write() as tx:
        noor = reps.by_email(tx, "noor@varenhof.example")
        assert noor is not None
        set_target(tx, noor.id, "week", 10, date(2026, 1, 1))
    house.says("vandaag bij brouwerij de kraanvogel geweest, Ruben wil bestellen")
    house.run_jobs()
    with house.house.db.read() as tx:
        [mine] = [one for one in progress(tx, date(2026, 3, 2)) if one.name == "Noor Wijngaard"]
    assert (mine.done, mine.target, mine.working_days_left) == (1, 10, 4)


def test_the_whole_mail_and_its_files_are_kept_before_anything_else(house: TestHouse) -> None:
    message = Message(via="email", rep="noor@varenhof.example", sent_at=house.clock.now, text=REPORT, source_id="<x@y>")
    file = File(name="foto.jpg", content_type="image/jpeg", data=b"\xff\xd8\xff")
    receipt = house.house.assistant.accept(message, raw=b"From: Noor\n\nx", files=[file])
    with house.house.db.read() as tx:
        capture = captures.of(tx, receipt.capture_id)
        assert captures.raw(tx, capture.id) == b"From: Noor\n\nx"
        assert [(one.name, one.size_bytes) for one in capture.attachments] == [("foto.jpg", 3)]
        assert isinstance(capture.sent_at, datetime)


def test_an_employment_at_the_new_account_follows_a_new_contact(house: TestHouse) -> None:
    house.says("Bij Zuivelhuis Terwolde geweest, nieuwe inkoper Douwe Feenstra gesproken.")
    house.run_jobs()
    [visit] = house.visits()
    with house.house.db.read() as tx:
        jobs = [tx.get_one(Contact, line.contact_id).employments for line in visit.contacts]
    assert all(isinstance(job, Employment) and job.account_id == visit.account_id for [job] in jobs)
