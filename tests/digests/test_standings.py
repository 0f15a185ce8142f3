"""Targets of every kind: what counts, for whom, in which period, and how far it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from digests import progress
from digests.standings import Standing, standings
from store import changes
from store.db import Tx
from store.tables import Amount, Contact, DayOff, Target, VisitContact, VisitKeyword
from store.targets import put
from tests.conftest import TestHouse
from tests.digests.rows import account_of, rep_of, visited

NOOR, JONAS = "noor@varenhof.example", "jonas@varenhof.example"
WEDNESDAY = date(2026, 3, 4)
MONDAY = date(2026, 3, 2)


def owe(tx: Tx, measure: str, value: int = 10, period: str = "week", **more: Any) -> None:
    more.setdefault("level", "rep")
    more.setdefault("since", date(2026, 1, 1))
    if more["level"] == "rep":
        more.setdefault("rep_id", rep_of(tx, NOOR).id)
    put(tx, Target(measure=measure, value=Decimal(value), period=period, **more))


def done(told: list[Standing]) -> dict[str, int]:
    return {one.measure: int(one.done) for one in told}


@contextmanager
def counted() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(sa.Engine, "before_cursor_execute", note)
    yield asked
    event.remove(sa.Engine, "before_cursor_execute", note)


def test_each_measure_counts_what_it_says(house: TestHouse) -> None:
    with house.house.db.write() as tx:
        noor, kaas, bier = rep_of(tx, NOOR).id, account_of(tx, "V01").id, account_of(tx, "V02").id
        jan = Contact(name="Jan Proef", created_at=house.clock())
        tx.add(jan)
        tx.flush()
        visited(tx, noor, kaas, date(2026, 2, 2))  # long before: what follows there is no first visit
        order = visited(tx, noor, kaas, MONDAY, outcome="order", medium="in_person", type="demo")
        order.amounts = [Amount(value=Decimal("1200.50"), currency="EUR"), Amount(value=Decimal(99), currency="CHF")]
        order.contacts = [VisitContact(contact_id=jan.id)]
        first = visited(tx, noor, bier, WEDNESDAY, outcome="quote_requested", medium="phone")
        first.contacts = [VisitContact(contact_id=jan.id)]
        first.keywords = [VisitKeyword(term="koeling")]
        changes.note(tx, at=house.clock(), by="message:1", record=("account", bier), field="created")
        visited(tx, noor, kaas, WEDNESDAY, status="missed", outcome="order")
        visited(tx, noor, kaas, WEDNESDAY, outcome="order").withdrawn_at = house.clock()
        for measure in (
            "visits", "first_visits", "new_accounts", "calls", "quotes", "orders", "contacts_met", "class:A",
            "type:demo", "medium:phone", "outcome:complaint", "keyword:koeling",
        ):  # fmt: skip
            owe(tx, measure)
        owe(tx, "order_value", currency="EUR")
        tx.flush()
        told = standings(tx, WEDNESDAY)
    assert {
        "visits": 2, "first_visits": 1, "new_accounts": 1, "calls": 1, "quotes": 1, "orders": 1, "contacts_met": 1,
        "class:A": 1, "type:demo": 1, "medium:phone": 1, "outcome:complaint": 0, "keyword:koeling": 1,
        "order_value": 1200,
    } == done(told)  # fmt: skip
    assert Decimal("1200.50") == next(one.done for one in told if one.measure == "order_value")


def test_a_team_owes_together_and_the_house_with_everybody(house: TestHouse) -> None:
    with house.house.db.write() as tx:
        noor, jonas, kaas = rep_of(tx, NOOR).id, rep_of(tx, JONAS).id, account_of(tx, "V01").id
        visited(tx, noor, kaas, MONDAY)
        visited(tx, jonas, kaas, MONDAY)
        visited(tx, jonas, kaas, WEDNESDAY)
        owe(tx, "visits", level="team", team="Noord")
        owe(tx, "visits", level="house", value=30)
        owe(tx, "visits", level="rep", rep_id=jonas)
        told = standings(tx, WEDNESDAY)
        assert [("Jonas Edelhoff", 2), ("Noord", 1), ("", 3)] == [(one.whose, one.done) for one in told]
        assert [] == [one for one in standings(tx, WEDNESDAY, [noor]) if one.owner.level == "rep"]


@pytest.mark.parametrize(("period", "expected"), [("day", 1), ("week", 2), ("month", 3), ("quarter", 4)])
def test_each_period_has_its_days(house: TestHouse, period: str, expected: int) -> None:
    with house.house.db.write() as tx:
        noor, kaas = rep_of(tx, NOOR).id, account_of(tx, "V01").id
        for on in (date(2026, 3, 11), date(2026, 3, 9), date(2026, 3, 1), date(2026, 1, 1), date(2025, 12, 31)):
            visited(tx, noor, kaas, on)
        owe(tx, "visits", period=period)
        tx.flush()
        [told] = standings(tx, date(2026, 3, 11))
        [mine] = progress(tx, date(2026, 3, 11), [noor])
    assert (expected, expected) == (told.done, mine.done)
    assert (told.share, told.pace, told.records) == (mine.share, mine.pace, mine.records)


def test_a_target_goes_on_until_another_begins_or_it_ends(house: TestHouse) -> None:
    with house.house.db.write() as tx:
        owe(tx, "visits", 10, since=date(2026, 1, 1))
        owe(tx, "visits", 12, since=date(2026, 4, 1), until=date(2026, 4, 30))
        told = {day: [int(one.target) for one in standings(tx, day)]
                for day in (date(2025, 12, 31), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 1))}  # fmt: skip
    assert [[], [10], [12], []] == list(told.values())


def test_days_off_are_no_days_on_which_something_is_expected(house: TestHouse) -> None:
    with house.house.db.write() as tx:
        noor, kaas = rep_of(tx, NOOR), account_of(tx, "V01").id
        visited(tx, noor.id, kaas, WEDNESDAY)
        owe(tx, "visits", 3)
        tx.flush()
        assert "at_risk" == standings(tx, date(2026, 3, 6))[0].pace  # one of three, after four of five days
        tx.add(DayOff(rep_id=noor.id, first=date(2026, 2, 23), last=date(2026, 3, 3)))
        tx.add(DayOff(rep_id=noor.id, first=date(2026, 3, 5), last=date(2026, 3, 5)))
        tx.flush()
        [told], [mine] = standings(tx, date(2026, 3, 6)), progress(tx, date(2026, 3, 6), [noor.id])
    assert (0.5, "at_risk", 0.5) == (told.share, told.pace, mine.share)
    assert (1, 0) == (mine.working_days_gone, mine.working_days_left)


def test_more_people_and_targets_take_no_more_statements(house: TestHouse) -> None:
    def ask(tx: Tx) -> int:
        with counted() as asked:
            progress(tx, WEDNESDAY)
            one = len(asked)
            standings(tx, WEDNESDAY)
        assert 1 == one
        return len(asked)

    with house.house.db.write() as tx:
        for measure in ("visits", "orders", "order_value", "contacts_met"):
            owe(tx, measure)
            owe(tx, measure, level="house")
        tx.flush()
        few = ask(tx)
        for address in (JONAS, "saara@varenhof.example"):
            for measure in ("visits", "orders", "order_value", "contacts_met", "calls", "keyword:proef"):
                owe(tx, measure, rep_id=rep_of(tx, address).id, period="quarter")
        tx.flush()
        assert few == ask(tx)


def test_a_target_that_was_signed_off_is_not_overwritten(house: TestHouse) -> None:
    with house.house.db.write() as tx:
        owe(tx, "visits", 10)
        tx.scalars(sa.select(Target)).one().signed_at = datetime(2026, 1, 2, tzinfo=UTC)
        owe(tx, "visits", 8)
        owe(tx, "visits", 7)
        rows = tx.scalars(sa.select(Target).order_by(Target.id)).all()
        assert [10, 7] == [int(one.value) for one in rows]
        assert [7] == [int(one.target) for one in standings(tx, WEDNESDAY)]
