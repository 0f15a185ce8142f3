"""After the parser has learnt more, reports are read again: what persons set stays."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from capture import replaying
from capture.replaying import Replay
from parsing import parse
from parsing.model import Crm, Extraction, Message
from tests.conftest import TestHouse

REPORT = "Vanmiddag bij Zuivelhuis Terwolde geweest, Kees wil een offerte. Stuur ik vrijdag."


def replay(house: TestHouse) -> Replay:
    return Replay(db=house.house.db, jobs=house.house.jobs, clock=house.clock)


def learns(monkeypatch: pytest.MonkeyPatch, **fields: Any) -> None:
    """From now on the parser reads these fields of every visit."""

    def better(message: Message, known: Crm, **how: bool) -> Extraction:
        read = parse(message, known, **how)
        return replace(read, visits=tuple(replace(visit, **fields) for visit in read.visits))

    monkeypatch.setattr(replaying, "parse", better)


def found(house: TestHouse, value: Any) -> Any:
    [visit] = parse(Message(via="web", rep="", sent_at=house.clock.now, text=REPORT), _known(house)).visits
    assert visit.on is not None
    return replace(visit.on, value=value)


def _known(house: TestHouse) -> Crm:
    from store import crm  # noqa: PLC0415

    with house.house.db.read() as tx:
        return crm.snapshot(tx)


def test_read_by_the_same_parser_nothing_differs(house: TestHouse) -> None:
    house.says(REPORT)
    house.says("Bedankt!")
    house.run_jobs()
    assert [differs for _, differs in replay(house).run(keep=True)] == [[], []]


def test_what_is_read_differently_is_shown_and_kept_only_when_asked(
    house: TestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.says(REPORT)
    house.run_jobs()
    learns(monkeypatch, on=found(house, date(2026, 2, 27)))
    [(_, [differs])] = replay(house).run(keep=False)
    assert (differs.field, differs.old, differs.new) == ("on", "2026-03-02", "2026-02-27")
    assert house.visits()[0].on == date(2026, 3, 2)
    list(replay(house).run(keep=True))
    assert house.visits()[0].on == date(2026, 2, 27)


def test_what_a_person_corrected_stays(house: TestHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    house.says(REPORT)
    house.run_jobs()
    [visit] = house.visits()
    house.house.assistant.correct(visit.id, "noor@varenhof.example", "date", "2026-03-01")
    learns(monkeypatch, on=found(house, date(2026, 2, 27)))
    assert [differs for _, differs in replay(house).run(keep=True)] == [[]]
    assert house.visits()[0].on == date(2026, 3, 1)


def test_an_account_that_was_found_once_is_not_asked_for_again(
    house: TestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.says(REPORT)
    house.run_jobs()
    account = house.visits()[0].account_id
    learns(monkeypatch, account=None)
    list(replay(house).run(keep=True))
    assert account is not None
    assert house.visits()[0].account_id == account


def test_a_rep_and_a_day_narrow_it(house: TestHouse) -> None:
    first = house.says(REPORT)
    house.clock.passes(days=1)
    second = house.says("Gestern bei Konditorei Ahlers gewesen.", rep="jonas@varenhof.example")
    house.run_jobs()
    assert [capture for capture, _ in replay(house).run(keep=False, since=house.clock.now)] == [second]
    assert [capture for capture, _ in replay(house).run(keep=False, rep_id=1)] == [first]
