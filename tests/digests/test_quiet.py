"""Whom nobody has met for long is told once a week, by the class of the customer."""

from datetime import date

import pytest

from digests.gathering import mornings
from digests.quiet import begins_week
from store import reps
from store.tables import Account, Contact, Employment, Visit
from tests.conftest import TestHouse

MONDAY, TUESDAY = date(2026, 6, 1), date(2026, 6, 2)


def told(house: TestHouse, day: date, grade: str | None = "A", *, stale: bool = False) -> list[str]:
    """Whom Noor is told of on ``day``: she met Kees on 2 March 2026, and nobody else ever."""
    house.house.assistant.file(house.says("vandaag bij zuivelhuis terwolde met Kees de offerte doorgenomen"))
    with house.house.db.write() as tx:
        [visit] = tx.query(Visit).all()
        account = tx.get_one(Account, visit.account_id)
        account.grade = grade
        if stale:
            tx.query(Employment).filter_by(contact_id=visit.contacts[0].contact_id).update({"stale_since": MONDAY})
        assert tx.query(Contact).count() > 1
    with house.house.db.read() as tx:
        noor = reps.by_email(tx, "noor@varenhof.example")
        assert noor
        return [one.name for one in mornings(tx, [noor], day)[noor.id].quiet]


@pytest.mark.parametrize(
    ("grade", "day", "seen"),
    [
        ("A", date(2026, 5, 25), []), ("A", date(2026, 6, 1), ["Kees Bruinsma"]), ("a", MONDAY, ["Kees Bruinsma"]),
        ("B", MONDAY, []), ("B", date(2026, 8, 31), ["Kees Bruinsma"]),
        ("C", date(2026, 8, 31), []), ("C", date(2027, 3, 8), ["Kees Bruinsma"]),
        (None, date(2027, 3, 8), ["Kees Bruinsma"]),
    ],
)  # fmt: skip
def test_the_better_the_customer_the_sooner(house: TestHouse, grade: str | None, day: date, seen: list[str]) -> None:
    assert told(house, day, grade) == seen


def test_it_is_told_on_the_first_working_day_of_a_week_alone(house: TestHouse) -> None:
    assert told(house, TUESDAY) == []
    assert begins_week(TUESDAY, date(2026, 5, 29))  # Monday was a holiday
    assert not begins_week(TUESDAY, MONDAY)


def test_who_seems_gone_is_told_of_as_such(house: TestHouse) -> None:
    assert told(house, MONDAY, stale=True) == []
