"""Every figure leads to the records behind it, and they are as many as it says: whatever was reported and is owed."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import select

from capture.rights import HOST
from digests import progress
from digests.bars import address
from digests.effort import quality
from digests.gathering import mornings, team_mornings
from digests.standings import Standing, standings
from digests.weeks import team_weeks, weeks
from letters.daily import rep_daily, team_daily
from letters.digest import Daily
from letters.weekly import week_letter
from letters.wording import wording
from store import measures, reps
from store.db import Tx
from store.filters import VisitFilter
from store.tables import Amount, Contact, Target, VisitContact, VisitKeyword
from store.targets import LEVELS, PERIODS
from store.visits import ListedVisit, list_visits
from tests.conftest import TestHouse
from tests.digests.rows import account_of, rep_of, visited
from web.overview import gathered, scope_of

DAY = date(2026, 3, 16)
REPS = ("noor@varenhof.example", "jonas@varenhof.example", "saara@varenhof.example")
MEASURES = (*measures.NAMED, "class:A", "type:demo", "medium:phone", "outcome:complaint", "keyword:koeling")
STATUSES = ("held", "held", "held", "held", "missed", "cancelled", "planned")


@pytest.fixture(params=[1, 2])
def house(request: pytest.FixtureRequest, build_house: Callable[..., TestHouse], sqlite_url: str) -> TestHouse:
    """Visits of all kinds on all days around the periods' ends, and a target of every measure at every level."""
    house, rng = build_house(sqlite_url), Random(request.param)
    with house.house.db.write() as tx:
        for rep in reps.everyone(tx):
            rep.language = "en"
        for _ in range(90):
            _visit(tx, rng, house)
        for measure in MEASURES:
            for level in LEVELS:
                owner = {"rep": {"rep_id": rep_of(tx, rng.choice(REPS)).id}, "team": {"team": "Noord"}}.get(level, {})
                said = {"measure": measure, "currency": "EUR" if measure == "order_value" else None, **owner}
                period = rng.choice(PERIODS)
                tx.add(Target(level=level, period=period, value=Decimal(5), since=date(2026, 1, 1), **said))
    return house


def _visit(tx: Tx, rng: Random, house: TestHouse) -> None:
    account = account_of(tx, rng.choice(("V01", "V02", "V03", "V04")))
    on = DAY - timedelta(days=rng.choice((0, 1, 2, 3, 6, 7, 8, 13, 14, 16, 30, 75, 76, 90)))
    status, outcome = rng.choice(STATUSES), rng.choice(("order", "complaint", "quote_requested", None))
    made = visited(
        tx, rep_of(tx, rng.choice(REPS)).id, account.id if rng.random() < 0.9 else None, on, status=status,
        outcome=None if status == "planned" else outcome, medium=rng.choice(("phone", "in_person")),
        type=rng.choice(("demo", "first", None)), subject=rng.choice(("levering", None)),
    )  # fmt: skip
    made.withdrawn_at = house.clock() if rng.random() < 0.1 else None
    if rng.random() < 0.5:
        made.amounts = [Amount(value=Decimal(rng.randint(1, 9)), currency=rng.choice(("EUR", "CHF"))) for _ in "12"]
    if rng.random() < 0.5:
        some = rng.sample(list(tx.scalars(select(Contact.id))), 2)
        made.contacts = [VisitContact(contact_id=one, position=n) for n, one in enumerate(some)]
    made.keywords = [VisitKeyword(term=term) for term in ("koeling", "prijs") if rng.random() < 0.5]
    tx.flush()


def behind(tx: Tx, place: str) -> tuple[ListedVisit, ...]:
    """The visits that are listed there."""
    where = urlsplit(place)
    assert "/visits" == where.path
    return list_visits(tx, VisitFilter.read(dict(parse_qsl(where.query))), size=1000).visits


def worth(tx: Tx, one: Standing) -> Decimal:
    """What the records of a figure come to, looked at one by one."""
    ids = [listed.visit.id for listed in behind(tx, address(one.records))]
    if one.unit == "contacts":
        met = select(VisitContact.contact_id).where(VisitContact.visit_id.in_(ids))
        return Decimal(len(set(tx.scalars(met))))
    if one.unit == "money":
        money = select(Amount.value).where(Amount.visit_id.in_(ids), Amount.currency == one.currency)
        return sum(tx.scalars(money), Decimal(0))
    return Decimal(len(ids))


def test_each_target_counts_what_its_list_shows(house: TestHouse) -> None:
    with house.house.db.read() as tx:
        for day in (DAY, DAY - timedelta(days=16), date(2026, 1, 1)):
            told = standings(tx, day)
            assert len(MEASURES) * len(LEVELS) == len(told)
            assert [] == [one for one in told if one.done != worth(tx, one)]
            assert [] == [one for one in progress(tx, day) if one.done != len(behind(tx, address(one.records)))]


def test_each_share_of_complete_reports_is_that_of_its_list(house: TestHouse) -> None:
    with house.house.db.read() as tx:
        ids = [rep_of(tx, one).id for one in REPS]
        found = quality(tx, DAY - timedelta(days=90), DAY, ids)
        assert set(ids) == set(found)
        for one in found.values():
            assert one.visits == len(behind(tx, address(one.records)))
            assert one.visits - one.complete == len(behind(tx, address(one.lacking)))


def figures(said: Daily) -> list[tuple[int, str]]:
    """The numbers of a digest that lead to a list of visits, with where they lead."""
    lines = [(line.text, line.place) for part in said.parts for line in part.lines]
    lines += [
        (one.text, one.place) for one in said.gauges if not re.search("(?i)contacts met|order value", one.name or "")
    ]
    listed = [(text, place) for text, place in lines if place and place.startswith("/visits?")]
    return [(int(number[0]), place) for text, place in listed if (number := re.search(r"\d+", text))]


def test_each_number_of_a_digest_is_that_of_its_list(house: TestHouse) -> None:
    english = wording("en")
    with house.house.db.read() as tx:
        everyone = reps.everyone(tx)
        own = [one for one in everyone if one.role == "rep"]
        managers = [one for one in everyone if one.role == "manager"]
        said = [rep_daily(english, one, None) for one in mornings(tx, own, DAY).values()]
        said += [team_daily(english, one, None) for one in team_mornings(tx, managers, DAY).values()]
        both = (*weeks(tx, own, DAY).values(), *team_weeks(tx, managers, DAY).values())
        said += [week_letter(english, one, None) for one in both]
        told = [one for daily in said for one in figures(daily)]
        assert len(told) > 20
        assert [] == [(number, place) for number, place in told if number != len(behind(tx, place))]


def test_each_number_of_the_dashboard_is_that_of_its_list(house: TestHouse) -> None:
    with house.house.db.read() as tx:
        told: dict[str, Any] = gathered(tx, scope_of(tx, HOST, DAY, None, council=False))
        listed = [(one.number, one.link) for one in told["figures"] if one.link.startswith("/visits?")]
        listed += [(str(week.visits), week.link) for week in told["weeks"]]
        assert len(listed) > 10
        assert [] == [(number, link) for number, link in listed if int(number) != len(behind(tx, link))]
