"""What a letter of the week before says is what was filed in it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from digests import Digests
from digests.gathering import mornings
from digests.weeks import team_weeks, weeks
from letters.digest import Week
from store import reps
from store.db import Tx
from store.tables import Account, Amount, Rep, Visit, VisitKeyword
from store.targets import set_target
from tests.conftest import TestHouse

NOOR, BAS = "noor@varenhof.example", "bas@varenhof.example"
MONDAY = date(2026, 3, 9)


@pytest.fixture
def house(build_house: Callable[..., TestHouse], sqlite_url: str) -> TestHouse:
    return build_house(sqlite_url)


def person(tx: Tx, address: str) -> Rep:
    found = reps.by_email(tx, address)
    assert found
    return found


def visited(house: TestHouse, on: date, **more: object) -> None:
    """Noor was at Terwolde's on that day; ``terms``, ``outcome`` and ``sums`` as given."""
    house.clock.now = datetime.combine(on, datetime.min.time(), UTC) + timedelta(hours=15)
    capture = house.says("vandaag bij zuivelhuis terwolde geweest")
    house.house.assistant.file(capture)
    with house.house.db.write() as tx:
        [visit] = tx.query(Visit).filter_by(capture_id=capture)
        visit.outcome = more.get("outcome")
        visit.status = str(more.get("status", "held"))
        visit.subject = more.get("subject", "koeling")
        visit.keywords = [VisitKeyword(term=term) for term in more.get("terms", ())]
        visit.amounts = [Amount(value=Decimal(value), currency="EUR") for value in more.get("sums", ())]


def team_week(house: TestHouse) -> Week:
    with house.house.db.read() as tx:
        bas = person(tx, BAS)
        return team_weeks(tx, [bas], MONDAY)[bas.id]


def test_counters_trend_and_outcomes_are_those_of_the_week(house: TestHouse) -> None:
    with house.house.db.write() as tx:
        set_target(tx, person(tx, NOOR).id, "week", 4, date(2026, 1, 1))
    visited(house, date(2026, 2, 24))
    visited(house, date(2026, 3, 2), outcome="order", sums=("1200.50", "300"))
    visited(house, date(2026, 3, 4), outcome="order")
    visited(house, date(2026, 3, 5), outcome="no_show", status="missed")
    told = team_week(house)
    noor = next(bar for bar in told.bars if bar.name and bar.name.startswith("Noor"))
    assert (noor.done, noor.target) == (2, 4)
    assert [one.visits for one in told.trend][-3:] == [0, 1, 2]
    assert (told.first, told.last) == (date(2026, 3, 2), date(2026, 3, 8))
    assert {one.key: (one.count, sum(value for value, _ in one.sums)) for one in told.outcomes} == {
        "order": (2, Decimal("1500.50")), "no_show": (1, 0),
    }  # fmt: skip


def test_a_keyword_rises_that_is_told_of_oftener_than_before(house: TestHouse) -> None:
    for day in (9, 16, 23):
        visited(house, date(2026, 2, day), terms=("lijn 4",))
    for day in (2, 3, 4):
        visited(house, date(2026, 3, day), terms=("lijn 4", "Koelmeister"))
    assert [(one.term, one.now, one.before) for one in team_week(house).rising] == [
        ("Koelmeister", 3, 0.0), ("lijn 4", 3, 0.75),
    ]  # fmt: skip


def test_a_rep_reads_of_their_own_week(house: TestHouse) -> None:
    visited(house, date(2026, 3, 3))
    with house.house.db.read() as tx:
        noor = person(tx, NOOR)
        told = weeks(tx, [noor], MONDAY)[noor.id]
    assert told.trend[-1].visits == told.bars[0].done == 1
    made = Digests(db=house.house.db, jobs=house.house.jobs, couriers={}, clock=house.clock, url=None)
    letter = made.look(NOOR, MONDAY, weekly=True)
    assert letter
    assert "week 10" in letter.text


def test_a_morning_tells_planned_visits_with_the_last_words_and_what_lacks_a_word(house: TestHouse) -> None:
    visited(house, date(2026, 3, 5), subject="nieuwe koeling")
    visited(house, date(2026, 3, 6), subject=None)
    visited(house, MONDAY, status="planned")
    with house.house.db.write() as tx:
        tx.query(Account).update({"owner_id": None})
    with house.house.db.read() as tx:
        noor = person(tx, NOOR)
        told = mornings(tx, [noor], MONDAY)[noor.id]
    assert [(one.last, one.words) for one in told.plans] == [(date(2026, 3, 5), "nieuwe koeling")]
    assert told.plans[0].account_id
    assert {(one.asks, one.on) for one in told.gaps} == {("about", date(2026, 3, 6))}
    assert told.customers == ("Zuivelhuis Terwolde B.V.",)
