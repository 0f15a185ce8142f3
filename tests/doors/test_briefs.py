"""The brief for a planned visit comes by itself an hour before, once, to those who chose so."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from store.tables import Delivery, Visit
from tests.doors.conftest import SlackHouse

NOOR = "noor@varenhof.example"
REPORTS = ("gisteren bij zuivelhuis terwolde geweest met Kees, offerte sturen", "vanmorgen bij hofstra geweest")


@pytest.fixture
def planned(at_slack: SlackHouse) -> SlackHouse:
    """Noor was at a customer, goes there again in two hours and a half, and wants the brief an hour before."""
    house = at_slack.house
    for text in REPORTS:
        house.house.assistant.file(house.says(text, NOOR))
    with house.house.db.write() as tx:
        first, second = tx.scalars(select(Visit).order_by(Visit.id))
        begins = (house.clock() + timedelta(minutes=150)).astimezone(ZoneInfo(second.timezone))
        second.account_id, second.candidates, second.status = first.account_id, [], "planned"
        second.on, second.starts = begins.date(), begins.time()
    house.house.assistant.home.choose(at_slack.noor.id, "brief_when", "hour")
    return at_slack


def due_of(at_slack: SlackHouse) -> str:
    """The argument of the job for the planned visit."""
    with at_slack.house.house.db.read() as tx:
        visit = tx.scalars(select(Visit).where(Visit.status == "planned")).one()
        return f"{visit.id}:{visit.on:%Y%m%d}{visit.starts:%H%M}"


def sent(at_slack: SlackHouse) -> list[str]:
    with at_slack.house.house.db.read() as tx:
        kept = tx.scalars(select(Delivery).where(Delivery.letter_id.startswith("brief-")))
        return [f"{one.letter['subject']}\n{one.letter['text']}" for one in kept]


def test_it_comes_once_within_the_hour_before(planned: SlackHouse) -> None:
    briefs = planned.house.house.briefs
    assert 0 == briefs.tick()
    briefs.send(due_of(planned))
    assert [] == sent(planned), "not before its time"
    planned.house.clock.passes(minutes=95)
    assert 1 == briefs.tick()
    for _ in range(2):
        briefs.send(due_of(planned))
    [brief] = sent(planned)
    for words in ("Briefing: Zuivelhuis Terwolde B.V., ", "Kees Bruinsma (inkoper)", "offerte sturen"):
        assert words in brief
    planned.slack.human(planned.noor).sees("Briefing: Zuivelhuis Terwolde B.V.", timeout_s=20)
    assert 0 == briefs.tick()


def test_a_visit_that_is_called_off_brings_none(planned: SlackHouse) -> None:
    due = due_of(planned)
    planned.house.clock.passes(minutes=95)
    with planned.house.house.db.write() as tx:
        tx.scalars(select(Visit).where(Visit.status == "planned")).one().status = "cancelled"
    assert 0 == planned.house.house.briefs.tick()
    planned.house.house.briefs.send(due)
    assert [] == sent(planned), "a job that was queued before looks again"


def test_quiet_hours_and_those_who_did_not_choose_so_are_left_alone(planned: SlackHouse) -> None:
    home, briefs = planned.house.house.assistant.home, planned.house.house.briefs
    planned.house.clock.passes(minutes=95)
    for what, value, due in (
        ("quiet_from", "0", 1), ("quiet_until", "23", 0), ("quiet_until", "-", 1), ("brief_when", "-", 0),
        ("brief_when", "hour", 1),
    ):  # fmt: skip
        home.choose(planned.noor.id, what, value)
        assert due == briefs.tick(), (what, value)
