"""From a copy of a database nobody is written to, until somebody says that it is a house of its own."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.doctor import examine
from app.house_key import HouseKey, OursAlone
from app.settings import Settings
from app.wiring import build
from letters import CourierError, Letter, render
from store.db import Db
from tests.conftest import TestHouse

LETTER = render("nothing", "en", reason="nothing")


class Post:
    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, letter_id: str, letter: Letter, to: Any) -> dict[str, Any]:
        self.sent.append(letter_id)
        return {}

    def update(self, letter_id: str, letter: Letter, receipt: Any) -> dict[str, Any]:
        return self.send(letter_id, letter, receipt)


def key_of(url: str, **more: Any) -> HouseKey:
    return HouseKey(Settings(_env_file=None, database_url=url, **more), Db(url))


@pytest.fixture
def copied(build_house: Callable[..., TestHouse], sqlite_url: str, tmp_path: Path) -> str:
    """The address of a copy of a database that belongs to a house already, made with everything beside it."""
    house = build_house(sqlite_url)
    assert house.house.key.is_ours()
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    for file in tmp_path.glob("debrief.*"):
        shutil.copy(file, folder)
    return f"sqlite:///{folder}/debrief.db"


def test_a_new_house_is_its_own_without_a_word(house: TestHouse) -> None:
    assert house.house.key.fits() is None
    assert house.house.key.is_ours()
    assert house.house.key.fits()


def test_a_copy_with_its_key_file_is_not(copied: str) -> None:
    key, post = key_of(copied), Post()
    assert not key.is_ours()
    with pytest.raises(CourierError, match="debrief adopt"):
        OursAlone(post, key).send("digest-1", LETTER, {})
    with pytest.raises(CourierError, match="debrief adopt"):
        OursAlone(post, key).update("digest-1", LETTER, {})
    assert post.sent == []


def test_it_is_once_it_is_adopted(copied: str) -> None:
    key_of(copied).adopt()
    key, post = key_of(copied), Post()
    OursAlone(post, key).send("digest-1", LETTER, {})
    assert post.sent == ["digest-1"]


def test_who_keeps_the_key_may_move_the_database(
    build_house: Callable[..., TestHouse], sqlite_url: str, tmp_path: Path
) -> None:
    assert build_house(sqlite_url, house_key="one long word").house.key.is_ours()
    moved = f"sqlite:///{tmp_path}/moved.db"
    shutil.copy(tmp_path / "debrief.db", tmp_path / "moved.db")
    assert key_of(moved, house_key="one long word").is_ours()
    assert not key_of(moved, house_key="another").is_ours()
    assert not key_of(moved).is_ours()


def test_a_copied_file_of_the_key_is_readable_by_its_owner_alone(house: TestHouse, tmp_path: Path) -> None:
    house.house.key.is_ours()
    assert all(file.stat().st_mode & 0o077 == 0 for file in tmp_path.glob("*.key"))


def test_other_pages_over_the_same_postgresql_are_another_house(
    build_house: Callable[..., TestHouse], database_url: str
) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("SQLite goes by its file")
    house = build_house(database_url, public_url="https://debrief.varenhof.example")
    assert house.house.key.is_ours()
    other = key_of(database_url, public_url="https://try.varenhof.example")
    assert not other.is_ours()
    other.db.close()


def test_the_doctor_says_what_to_do(build_house: Callable[..., TestHouse], copied: str) -> None:
    other = build(Settings(_env_file=None, database_url=copied))
    finding = next(one for one in examine(other) if one.what == "house")
    other.close()
    assert not finding.ok
    assert "debrief adopt" in finding.says
