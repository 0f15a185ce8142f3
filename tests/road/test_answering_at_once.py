"""The attempt that files a message says at once what became of it; whatever kills it, the next one says the rest."""

from collections.abc import Mapping
from typing import Any

import pytest

from jobs import JobError
from letters import CourierError, Letter
from parsing.model import Message
from tests.conftest import TestHouse

REPORT = "Vanmiddag bij Zuivelhuis Terwolde geweest, offerte besproken"


class Flaky:
    """A courier whose server is away a few times."""

    def __init__(self, away: int) -> None:
        self.away = away
        self.sent: list[str] = []

    def send(self, letter_id: str, letter: Letter, to: Mapping[str, Any]) -> dict[str, Any]:
        if self.away:
            self.away -= 1
            raise CourierError("the server is away")
        self.sent.append(letter_id)
        return {}

    def update(self, letter_id: str, letter: Letter, receipt: Mapping[str, Any]) -> dict[str, Any]:
        return dict(receipt)


def carried_by(house: TestHouse, courier: Flaky) -> Flaky:
    house.house.assistant._replies.couriers["web"] = courier  # type: ignore[index]
    return courier


def test_filing_and_answering_is_one_job(house: TestHouse) -> None:
    capture_id = house.says(REPORT)
    house.house.assistant.answer(capture_id)
    assert [one.letter_id for one in house.deliveries()] == [f"reply-{capture_id}"]
    assert house.house.jobs.waiting() == 1  # the one that was queued when it was taken in, and none to say it


def test_what_could_not_be_said_is_said_by_the_next_attempt_and_filed_once(house: TestHouse) -> None:
    courier = carried_by(house, Flaky(away=1))
    capture_id = house.says(REPORT)
    with pytest.raises(JobError):
        house.house.assistant.answer(capture_id)
    assert len(house.visits()) == 1
    for _ in range(2):
        house.house.assistant.answer(capture_id)
    assert courier.sent == [f"reply-{capture_id}"]
    assert len(house.visits()) == len(house.deliveries()) == 1


def test_a_visit_that_was_taken_back_before_it_was_told_of_is_told_of(house: TestHouse) -> None:
    courier = carried_by(house, Flaky(away=1))
    capture_id = house.says(REPORT)
    with pytest.raises(JobError):
        house.house.assistant.answer(capture_id)
    house.house.assistant.correct(house.visits()[0].id, "noor@varenhof.example", "undo")
    house.house.assistant.answer(capture_id)
    assert courier.sent == [f"reply-{capture_id}"]
    assert house.captures()[0].state == "withdrawn"


def test_thanks_are_answered_once_too(house: TestHouse) -> None:
    courier = carried_by(house, Flaky(away=1))
    capture_id = house.says("Bedankt!")
    with pytest.raises(JobError):
        house.house.assistant.answer(capture_id)
    for _ in range(2):
        house.house.assistant.answer(capture_id)
    assert courier.sent == [f"reply-{capture_id}"]


def test_what_amends_a_card_gets_no_letter_of_its_own_however_often_it_is_read(house: TestHouse) -> None:
    first = house.says(REPORT, source_id="head")
    house.house.assistant.answer(first)
    said = Message(
        via="web", rep="noor@varenhof.example", sent_at=house.clock.now, text="het was gisteren", source_id="below"
    )
    second = house.house.assistant.accept(said, reply_to={"answers": "head"}).capture_id
    for _ in range(2):
        house.house.assistant.answer(second)
    assert house.captures()[1].state == "answer"
    assert [one.letter_id for one in house.deliveries()] == [f"reply-{first}"]
