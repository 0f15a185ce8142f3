"""What was kept long enough is forgotten, once a night, and nothing else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from capture import seen
from capture.retention import Periods, Retention
from capture.rights import HOST
from parsing.model import Message
from store import retention
from store.captures import File
from store.tables import Access, Attachment, Blob, Capture, Delivery, DigestDay, Rep
from tests.conftest import TestHouse

NOOR = "noor@varenhof.example"


@pytest.fixture
def house(build_house: Callable[..., TestHouse], sqlite_url: str) -> TestHouse:
    return lived_in(build_house(sqlite_url))


def lived_in(house: TestHouse) -> TestHouse:
    """With two messages a fortnight apart, each with a file, an answer and a reading."""
    for n in range(2):
        message = Message(via="web", rep=NOOR, sent_at=house.clock(), text=f"Bedankt {n}!", source_id=str(n))
        files = [File(name="a.txt", content_type="text/plain", data=b"the same"),
                 File(name="b.txt", content_type="text/plain", data=f"own {n}".encode())]  # fmt: skip
        capture_id = house.house.assistant.accept(message, raw=b"as it came", files=files).capture_id
        house.house.assistant.file(capture_id)
        house.house.assistant.reply(capture_id)
        seen.note_read(house.house.db, HOST, house.clock(), "a page", [1])
        house.clock.passes(days=14)
    return house


def kept(house: TestHouse) -> dict[str, int]:
    with house.house.db.read() as tx:
        return {
            "raw": tx.scalar(select(func.count(Capture.id)).where(Capture.raw.is_not(None))) or 0,
            "files": tx.scalar(select(func.count(Attachment.id))) or 0,
            "bytes": tx.scalar(select(func.count(Blob.sha256))) or 0,
            "letters": sum(bool(one["text"]) for one in tx.scalars(select(Delivery.letter))),
            "deliveries": tx.scalar(select(func.count(Delivery.id))) or 0,
            "access": tx.scalar(select(func.count(Access.id))) or 0,
        }


WHOLE = {"raw": 2, "files": 4, "bytes": 3, "letters": 2, "deliveries": 2, "access": 2}


@pytest.mark.parametrize(
    ("periods", "left"),
    [
        (Periods(access=None), {}),
        (Periods(), {}),
        (Periods(raw=20), {"raw": 1}),
        (Periods(files=20), {"files": 2, "bytes": 2}),
        (Periods(letters=20), {"letters": 1}),
        (Periods(access=20), {"access": 1}),
        (Periods(raw=1, files=1, letters=1, access=1), {"raw": 0, "files": 0, "bytes": 0, "letters": 0, "access": 0}),
    ],
)
def test_each_is_kept_as_long_as_is_said(house: TestHouse, periods: Periods, left: dict[str, int]) -> None:
    assert kept(house) == WHOLE
    chore = Retention(house.house.db, periods, house.clock)
    chore.forget(house.clock())
    assert kept(house) == {**WHOLE, **left}
    assert chore.forget(house.clock()) == 0


def test_both_databases_forget_alike(build_house: Callable[..., TestHouse], database_url: str) -> None:
    house = lived_in(build_house(database_url))
    chore = Retention(house.house.db, Periods(raw=20, files=20, letters=20, access=20), house.clock)
    assert chore.tick() > 0
    assert kept(house) == {**WHOLE, "raw": 1, "files": 2, "bytes": 2, "letters": 1, "access": 1}
    assert chore.tick() == 0


def test_it_is_done_once_a_night_whoever_asks(house: TestHouse) -> None:
    house.clock.now = house.clock.now.replace(hour=1)
    chores = [Retention(house.house.db, Periods(raw=20), house.clock) for _ in range(2)]
    assert [0, 0] == [one.tick() for one in chores]
    house.clock.passes(hours=1)
    assert [1, 0] == [one.tick() for one in chores]
    with house.house.db.write() as tx:
        tx.execute(update(Capture).values(raw=b"again", taken_at=house.clock() - timedelta(days=30)))
    assert [0, 0] == [one.tick() for one in chores]
    house.clock.passes(days=1)
    assert [2, 0] == [one.tick() for one in chores]


def test_a_letter_that_was_forgotten_is_not_kept_again_when_it_is_renewed(house: TestHouse) -> None:
    Retention(house.house.db, Periods(letters=20), house.clock).forget(house.clock())
    for capture in house.captures():
        house.house.assistant.renew(str(capture.id))
    assert kept(house)["letters"] == 1


def test_what_the_numbers_of_a_digest_stand_for_is_forgotten_with_it(house: TestHouse) -> None:
    with house.house.db.write() as tx:
        reader = tx.scalars(select(Rep.id)).first()
        assert reader
        day = house.clock().date() - timedelta(days=30)
        digest = DigestDay(rep_id=reader, day=day, kind="morning", batch="a", begun_at=house.clock.now - timedelta(30),
                           letter={"text": "1. Kees bellen"}, numbers=[{"kind": "action", "name": "Kees"}])  # fmt: skip
        tx.add(digest)
        tx.flush()
        digest_id = digest.id
    Retention(house.house.db, Periods(letters=20), house.clock).forget(house.clock())
    with house.house.db.read() as tx:
        digest = tx.get_one(DigestDay, digest_id)
        assert (digest.letter, digest.numbers) == ({}, [])


def test_readings_are_forgotten_a_batch_at_a_time(house: TestHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 3)
    seen.note_read(house.house.db, HOST, house.clock(), "a list", range(1, 11))
    with house.house.db.write() as tx:
        assert retention.accesses(tx, house.clock() + timedelta(days=1)) == 3
    assert Retention(house.house.db, Periods(access=0), house.clock).forget(house.clock() + timedelta(days=1)) == 9
    assert kept(house)["access"] == 0


def test_what_was_forgotten_before_is_not_gone_through_again(house: TestHouse) -> None:
    said: list[tuple[str, Any]] = []
    event.listen(house.house.db.engine, "before_cursor_execute", lambda *one: said.append((one[2], one[3])))
    chore = Retention(house.house.db, Periods(raw=1, files=1, access=None), house.clock)
    chore.forget(house.clock())
    asked = [one for one in said if "raw IS NOT NULL" in one[0] and one[0].startswith("SELECT")]
    cleared = [one for one in said if one[0].startswith("DELETE FROM blobs")]
    assert asked
    assert cleared
    with house.house.db.engine.connect() as connection:
        for (statement, values), index in ((asked[0], "ix_captures_raw_kept"), (cleared[0], "ix_attachments_sha256")):
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            assert index in str(plan)
