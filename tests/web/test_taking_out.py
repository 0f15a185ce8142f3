"""Whoever takes out a list slowly holds nothing open meanwhile, and a long list is never whole in memory."""

import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.pool import QueuePool

from capture.finding import Finding
from store import account_rows, action_rows, contacts, visit_rows
from store.db import Db
from store.filters import VisitFilter
from store.tables import Account, Action, Contact, Visit
from tests.conftest import TestHouse
from web.lists.accounts import COLUMNS
from web.lists.exports import as_csv

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ACTIONS = action_rows.ActionFilter(me=0, sight=None, today=DAY)
LISTS: dict[str, Callable[[Db], Iterator[Any]]] = {
    "contacts": contacts.each_contact,
    "accounts": lambda db: account_rows.each_account(db, account_rows.AccountFilter(), None),
    "actions": lambda db: action_rows.each_action(db, ACTIONS),
    **{
        order: lambda db, order=order: visit_rows.each_row(db, VisitFilter(text="geweest"), order, DAY)  # type: ignore[misc]
        for order in visit_rows.ORDERS
    },
}


@pytest.fixture
def house(build_house: Callable[..., TestHouse], database_url: str, monkeypatch: pytest.MonkeyPatch) -> TestHouse:
    for module in (visit_rows, action_rows, account_rows, contacts):
        monkeypatch.setattr(module, "AT_ONCE", 2)
    house = build_house(database_url)
    for text in ("zuivelhuis terwolde", "slagerij hofstra", "brouwerij de kraanvogel"):
        house.house.assistant.file(house.says(f"vandaag bij {text} geweest, offerte sturen"))
    Finding(house.house.db).look()
    return house


TABLES: dict[str, Any] = {"contacts": Contact, "accounts": Account, "actions": Action}
"""What each list is of; the others are of visits."""


def held(db: Db) -> int:
    pool = db.engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


def test_no_transaction_is_open_while_rows_are_taken(house: TestHouse) -> None:
    db = house.house.db
    for name, rows in LISTS.items():
        table = TABLES.get(name, Visit)
        with db.read() as tx:
            there = sorted(tx.scalars(select(table.id)))
        taken = rows(db)
        first = list(islice(taken, 3))
        assert (3, 0) == (len(first), held(db)), name
        with db.write() as tx:
            tx.add(Account(name=f"Meanwhile {name}", created_at=house.clock()))
        ids = [getattr(row, table.__name__.lower()).id for row in [*first, *taken]]
        assert there == sorted(one for one in ids if one <= there[-1]), name
        assert 0 == held(db)


def test_what_is_added_and_withdrawn_meanwhile_breaks_nothing(house: TestHouse) -> None:
    db = house.house.db
    rows = visit_rows.each_row(db, VisitFilter(), "newest", DAY)
    next(rows)
    with db.write() as tx:
        oldest = tx.query(Visit).order_by(Visit.on, Visit.id).first()
        assert oldest
        oldest.withdrawn_at = house.clock()
        tx.query(Action).delete()
    assert 1 == len(list(rows))


def test_a_long_list_takes_no_more_memory_than_a_short_one(
    build_house: Callable[..., TestHouse], sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = build_house(sqlite_url, empty=True).house.db
    with db.write() as tx:
        rows = [
            {"name": f"Firm {n:05}", "created_at": NOON, "status": "customer", "street": "x" * 200}
            for n in range(1_500)
        ]
        tx.execute(insert(Account), rows)
        del rows

    def peak(most: int) -> int:
        pieces = as_csv(COLUMNS, islice(account_rows.each_account(db, account_rows.AccountFilter(), None), most))
        tracemalloc.start()
        try:
            assert sum(map(len, pieces)) > most * 200
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    monkeypatch.setattr(account_rows, "AT_ONCE", 50)
    peak(100)  # what is built once and kept
    assert peak(1_500) < 1.5 * peak(250)
