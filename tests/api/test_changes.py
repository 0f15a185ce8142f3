"""A copy elsewhere is kept current: nothing that changed is missed, however transactions overtake each other."""

from collections.abc import Callable
from datetime import datetime

import httpx
import pytest
from sqlalchemy.orm import Session

from store import changes, feed
from store.feed import Mark
from tests.api.conftest import JONAS, NOOR, Program, reported
from tests.conftest import TestHouse


def since(program: httpx.Client, mark: str = "") -> tuple[list[tuple[str, int, list[str]]], str]:
    told = program.get("/changes", params={"since": mark}).json()
    return [(one["record"], one["id"], one["fields"]) for one in told["items"]], told["next"]


def test_what_changed_is_told_once_and_to_whom_it_may_be(
    house: TestHouse, program: Program, noor: httpx.Client
) -> None:
    jonas, office = program(JONAS), program("bas@varenhof.example", "operator")
    (none, mark), (_, his) = since(noor), since(jonas)
    assert [] == none
    reported(house, noor, "vanmorgen bij zuivelhuis terwolde geweest")
    house.house.assistant.correct(1, NOOR, "subject", "Prijzen")
    office.patch("/contacts/6", json={"language": "en"}, headers={"If-Match": "*"})
    told, mark = since(noor, mark)
    assert [("visit", 1, ["created", "subject"]), ("contact", 6, ["language"])] == told
    assert [("contact", 6, ["language"])] == since(jonas, his)[0]
    assert [] == since(program(scopes=["read:accounts"]), his)[0]
    assert [] == since(noor, mark)[0]


def test_more_than_one_answer_holds_goes_on_at_once(house: TestHouse, noor: httpx.Client) -> None:
    mark = since(noor)[1]
    with house.house.db.write() as tx:
        for n in range(feed.WINDOW + 20):
            note(tx, house.clock(), n + 1)
    answer = noor.get("/changes", params={"since": mark}).json()
    assert (feed.WINDOW, True) == (len(answer["items"]), answer["more"])
    rest = noor.get("/changes", params={"since": answer["next"]}).json()
    assert (20, False) == (len(rest["items"]), rest["more"])


def note(tx: Session, at: datetime, account_id: int) -> None:
    changes.note(tx, at=at, by="rep:1", record=("account", account_id), field="name", new="Elsewhere")


@pytest.fixture
def on_postgres(build_house: Callable[..., TestHouse], request: pytest.FixtureRequest) -> TestHouse:
    """Only there may a transaction that began first be kept last."""
    return build_house(str(request.getfixturevalue("postgres").database()))


def test_what_was_still_being_written_is_told_later(on_postgres: TestHouse) -> None:
    db, clock = on_postgres.house.db, on_postgres.clock

    def follow(mark: Mark) -> tuple[list[int], Mark]:
        with db.read() as tx:
            rows, after, _ = feed.since(tx, mark, clock())
        return [one.record_id for one in rows], after

    with db.read() as tx:
        mark = feed.newest(tx, clock())
    with Session(db.engine) as slow:
        note(slow, clock(), 1)
        slow.flush()
        with db.write() as tx:
            note(tx, clock(), 2)
        told, mark = follow(mark)
        assert [2] == told
        slow.commit()
    told, mark = follow(mark)
    assert [1] == told
    assert ([], mark) == follow(mark)


def test_what_was_given_up_is_waited_for_no_longer_than_it_may_take(on_postgres: TestHouse) -> None:
    db, clock = on_postgres.house.db, on_postgres.clock
    with db.read() as tx:
        mark = feed.newest(tx, clock())
    with Session(db.engine) as given_up:
        note(given_up, clock(), 1)
        given_up.flush()
    with db.write() as tx:
        note(tx, clock(), 2)
    with db.read() as tx:
        mark = feed.since(tx, mark, clock())[1]
        assert 1 == len(mark.gaps)
        clock.passes(minutes=11)
        assert () == feed.since(tx, mark, clock())[1].gaps
