"""A house in one file, and back."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.settings import Settings
from app.wiring import House, build
from store.backup import BackupError, back_up, restore
from store.db import Db
from store.migrate import pending
from store.tables import Account, Capture, Visit
from tests.conftest import MONDAY, TestHouse


@pytest.fixture
def other_db(request: pytest.FixtureRequest, house: TestHouse, tmp_path: Path) -> Iterator[Db]:
    """An empty database of the same kind."""
    sqlite = house.house.db.url.startswith("sqlite")
    db = Db(f"sqlite:///{tmp_path}/new/other.db" if sqlite else request.getfixturevalue("postgres").database())
    yield db
    db.close()


def test_what_is_restored_is_what_was_backed_up(house: TestHouse, other_db: Db, tmp_path: Path) -> None:
    house.says("Vanmorgen bij Smederij Kolk geweest, offerte volgt vrijdag.")
    house.run_jobs()
    size = back_up(house.house.db, tmp_path / "house.backup")
    assert size == (tmp_path / "house.backup").stat().st_size
    restore(other_db, tmp_path / "house.backup")
    assert not pending(other_db)
    with other_db.read() as tx, house.house.db.read() as before:
        for table in (Account, Capture, Visit):
            assert tx.scalar(select(func.count()).select_from(table)) == len(before.scalars(select(table)).all()) > 0
        assert tx.scalars(select(Capture.text)).all() == before.scalars(select(Capture.text)).all()


def test_a_restored_house_goes_on_where_it_was(house: TestHouse, other_db: Db, tmp_path: Path) -> None:
    """What was queued when the backup was made is done by the restored house."""
    house.says("Vanmorgen bij Smederij Kolk geweest.")
    back_up(house.house.db, tmp_path / "house.backup")
    restore(other_db, tmp_path / "house.backup")
    again = TestHouse(_house_over(other_db.url, house), house.clock)
    try:
        again.run_jobs()
        assert len(again.visits()) == 1
        assert house.visits() == []
    finally:
        again.stop()
        again.house.close()


def _house_over(url: str, like: TestHouse) -> House:
    return build(Settings(_env_file=None, database_url=url), like.clock)


def test_a_backup_while_others_write_is_of_one_moment(house: TestHouse, other_db: Db, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with house.house.db.write() as tx:  # always two together
                for half in "ab":
                    tx.add(Account(external_id=f"{number}{half}", name=f"Pair {number} {half}", created_at=MONDAY))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            back_up(house.house.db, tmp_path / "house.backup")
    finally:
        stop.set()
        writer.join()
    restore(other_db, tmp_path / "house.backup")
    with other_db.read() as tx:
        pairs = tx.scalar(select(func.count()).select_from(Account).where(Account.name.like("Pair %")))
    assert pairs is not None
    assert pairs % 2 == 0


def test_nothing_is_restored_over_a_house(house: TestHouse, tmp_path: Path) -> None:
    back_up(house.house.db, tmp_path / "house.backup")
    with pytest.raises(BackupError, match=r"already|not empty"):
        restore(house.house.db, tmp_path / "house.backup")


def test_what_is_no_backup_is_refused_and_leaves_nothing(other_db: Db, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Noor,")
    with pytest.raises(BackupError, match="is no backup of"):
        restore(other_db, tmp_path / "letter.txt")


def test_half_a_backup_is_refused_and_leaves_nothing(house: TestHouse, other_db: Db, tmp_path: Path) -> None:
    size = back_up(house.house.db, tmp_path / "house.backup")
    whole = (tmp_path / "house.backup").read_bytes()
    (tmp_path / "half.backup").write_bytes(whole[: size // 2])
    with pytest.raises(BackupError):
        restore(other_db, tmp_path / "half.backup")
    restore(other_db, tmp_path / "house.backup")  # the place is as empty as before
    assert not pending(other_db)


def test_a_backup_is_for_the_operators_eyes(house: TestHouse, tmp_path: Path) -> None:
    back_up(house.house.db, tmp_path / "house.backup")
    assert (tmp_path / "house.backup").stat().st_mode & 0o077 == 0
