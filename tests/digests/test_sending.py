"""Digests come at each person's own hour, once, and only when there is something to say."""

import re
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import event, select

from digests import Digests, composing
from digests.gathering import mornings, team_mornings
from letters import Letter
from store import reps
from store.preferences import to_change
from store.tables import DigestDay, Rep, RepEmail, Visit
from store.targets import set_target
from tests.conftest import TestHouse
from tests.servers.web import served

NOOR, JONAS, SAARA, BAS = (f"{name}@varenhof.example" for name in ("noor", "jonas", "saara", "bas"))
TUESDAY = datetime(2026, 3, 3, tzinfo=UTC)


class Post:
    """A courier that keeps what it carries."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Letter, dict[str, Any]]] = []

    def send(self, letter_id: str, letter: Letter, to: Any) -> dict[str, Any]:
        self.sent.append((letter_id, letter, dict(to)))
        return {"ts": str(len(self.sent))}

    def update(self, letter_id: str, letter: Letter, receipt: Any) -> dict[str, Any]:
        raise AssertionError(letter_id)

    @property
    def to(self) -> list[str]:
        return sorted(to["address"] for _, _, to in self.sent)


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def digests(house: TestHouse, post: Post) -> Digests:
    made = Digests(
        db=house.house.db, jobs=house.house.jobs, couriers={"email": post}, clock=house.clock,
        url="https://debrief.varenhof.example",
    )  # fmt: skip
    with house.house.db.write() as tx:
        for address, visits in ((NOOR, 10), (JONAS, 8)):
            rep = reps.by_email(tx, address)
            assert rep
            set_target(tx, rep.id, "week", visits, date(2026, 1, 1))
    return made


def work(house: TestHouse, digests: Digests) -> None:
    """Compose and send what was begun."""
    with house.house.db.read() as tx:
        batches = set(tx.scalars(select(DigestDay.batch).where(DigestDay.state == "begun")))
    for batch in batches:
        digests.compose(batch)
    with house.house.db.read() as tx:
        made = list(tx.scalars(select(DigestDay.id).where(DigestDay.state == "made")))
    for one in made:
        digests.send(one)


def at(house: TestHouse, digests: Digests, **moment: int) -> int:
    house.clock.now = TUESDAY.replace(**moment)
    begun = digests.tick()
    work(house, digests)
    return begun


def test_each_reads_it_at_eight_on_their_own_clock(house: TestHouse, digests: Digests, post: Post) -> None:
    assert at(house, digests, hour=5, minute=59) == 0
    at(house, digests, hour=6)  # eight in Helsinki: Saara has no target and nothing to read
    assert post.to == []
    at(house, digests, hour=7)  # eight in Amsterdam and Berlin
    assert post.to == [JONAS, NOOR]
    at(house, digests, hour=8)  # eight in London
    assert post.to == [BAS, JONAS, NOOR]


def test_it_comes_once_however_often_one_looks(house: TestHouse, digests: Digests, post: Post) -> None:
    for minute in range(0, 60, 7):
        at(house, digests, hour=9, minute=minute)
    for letter in list(post.sent):
        digests.send(int(letter[0].removeprefix("digest-")))
    assert post.to == [BAS, JONAS, NOOR]


def test_after_an_outage_it_comes_until_noon_and_not_later(house: TestHouse, digests: Digests, post: Post) -> None:
    at(house, digests, hour=10, minute=59)  # 11:59 in Amsterdam
    assert NOOR in post.to
    at(house, digests, day=4, hour=11)  # noon
    assert post.to.count(NOOR) == 1


def test_nothing_comes_on_a_day_off(house: TestHouse, digests: Digests, post: Post) -> None:
    at(house, digests, day=7, hour=8)  # Saturday
    with house.house.db.write() as tx:
        noor = reps.by_email(tx, NOOR)
        assert noor
        noor.working_days = [0, 2, 3, 4]
    at(house, digests, hour=8)
    assert NOOR not in post.to


def test_who_chose_an_hour_gets_it_then(house: TestHouse, digests: Digests, post: Post) -> None:
    with house.house.db.write() as tx:
        noor = reps.by_email(tx, NOOR)
        assert noor
        to_change(tx, noor.id).digest_hour = 17
    at(house, digests, hour=8)
    assert NOOR not in post.to
    at(house, digests, hour=16)
    assert NOOR in post.to


def test_what_is_said_is_what_was_filed(house: TestHouse, digests: Digests, post: Post) -> None:
    house.clock.now = datetime(2026, 3, 2, 15, tzinfo=UTC)
    told = house.says(
        "Vanmorgen bij Zuivelhuis Terwolde, offerte sturen uiterlijk dinsdag. Bestelling van 12.500 euro."
    )
    house.house.assistant.file(told)
    house.house.assistant.file(house.says("gister bij iemand geweest, gaat goed"))
    at(house, digests, hour=8)
    mine = next(letter for _, letter, to in post.sent if to["address"] == NOOR)
    assert "van 10 deze week" in mine.subject
    assert "Zuivelhuis Terwolde" in mine.text
    assert "offerte sturen" in mine.text
    assert "https://debrief.varenhof.example/visits/" in mine.html
    team = next(letter for _, letter, to in post.sent if to["address"] == BAS)
    assert "Noor Wijngaard: 1 of 10 this week" in team.text or "Noor Wijngaard: 2 of 10 this week" in team.text
    assert "€12,500" in team.text


def test_a_pressed_done_is_gone_from_the_next(house: TestHouse, digests: Digests, post: Post) -> None:
    house.clock.now = datetime(2026, 3, 2, 15, tzinfo=UTC)
    house.house.assistant.file(house.says("Vanmorgen bij Zuivelhuis Terwolde, offerte sturen uiterlijk dinsdag."))
    at(house, digests, hour=8)
    mine = next(letter for _, letter, to in post.sent if to["address"] == NOOR)
    buttons = [one for block in mine.blocks if block["type"] == "actions" for one in block["elements"]]
    button = next(one for one in buttons if one["type"] == "button" and "value" in one)
    visit, _, action = button["value"].partition(":")
    house.house.assistant.correct(int(visit), NOOR, "action", {"id": action, "state": "done"})
    post.sent.clear()
    at(house, digests, day=4, hour=8)
    assert "offerte sturen" not in next(letter for _, letter, to in post.sent if to["address"] == NOOR).text


def test_two_workers_that_look_at_once_begin_each_digest_once(house: TestHouse, digests: Digests, post: Post) -> None:
    house.clock.now = TUESDAY.replace(hour=9)
    threads = [threading.Thread(target=digests.tick) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    digests.tick()
    work(house, digests)
    assert post.to == [BAS, JONAS, NOOR]


@pytest.mark.parametrize("change", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
def test_a_change_of_the_clocks_neither_doubles_nor_drops_one(
    build_house: Callable[..., TestHouse], sqlite_url: str, post: Post, change: datetime
) -> None:
    """Every quarter of an hour for four days around it, at an hour that there is not or twice."""
    house = build_house(sqlite_url)
    made = Digests(db=house.house.db, jobs=house.house.jobs, couriers={"email": post}, clock=house.clock, url=None)
    with house.house.db.write() as tx:
        noor = reps.by_email(tx, NOOR)
        assert noor
        noor.working_days = list(range(7))
        set_target(tx, noor.id, "week", 5, date(2026, 1, 1))
        to_change(tx, noor.id).digest_hour = 2
    house.clock.now = change - timedelta(days=2)
    for _ in range(4 * 96):
        made.tick()
        work(house, made)
        house.clock.passes(minutes=15)
    assert post.to.count(NOOR) == 4


def test_the_number_of_statements_does_not_grow_with_the_people(house: TestHouse) -> None:
    asked: list[str] = []
    event.listen(house.house.db.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts = []
    for more in (0, 30):
        with house.house.db.write() as tx:
            bas = reps.by_email(tx, BAS)
            assert bas
            for n in range(more):
                mail = [RepEmail(email=f"rep{n}@varenhof.example")]
                tx.add(Rep(name=f"Rep {n}", manager_id=bas.id, emails=mail))
        with house.house.db.read() as tx:
            everyone = reps.everyone(tx)
            asked.clear()
            mornings(tx, [one for one in everyone if one.role == "rep"], date(2026, 3, 3))
            team_mornings(tx, [one for one in everyone if one.role == "manager"], date(2026, 3, 3))
            counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_counter_opens_as_many_visits_as_it_counts(house: TestHouse, digests: Digests, post: Post) -> None:
    for day, text in (
        (2, "vanmorgen bij Zuivelhuis Terwolde geweest"),
        (3, "vandaag bij Brouwerij De Kraanvogel geweest"),
    ):
        house.clock.now = TUESDAY.replace(day=day, hour=15)
        house.house.assistant.file(house.says(text))
    house.clock.now = TUESDAY.replace(day=3, hour=16)
    missed = house.says("stond net bij De Kraanvogel voor een dichte deur")
    house.house.assistant.file(missed)
    with house.house.db.write() as tx:
        for visit in tx.scalars(select(Visit).where(Visit.capture_id == missed)):
            visit.status = "missed"
    at(house, digests, day=4, hour=8)
    mine = next(letter for _, letter, to in post.sent if to["address"] == NOOR)
    counted = re.search(r"(\d+) van 10", mine.subject)
    link = re.search(r'href="https://debrief.varenhof.example(/visits\?rep=[^"]*)"', mine.html)
    assert counted
    assert link
    with served(house.house.web()) as url, httpx.Client(base_url=url, timeout=30) as browser:
        listed = browser.get(link[1].replace("&amp;", "&")).text
    assert len(set(re.findall(r"V-2026-\d+", listed))) == int(counted[1]) == 2


def test_a_digest_that_cannot_be_written_holds_up_no_other(
    house: TestHouse, digests: Digests, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = composing.render

    def fails(name: str, language: str, **context: Any) -> Letter:
        if language == "de":
            raise ValueError("no such word")
        return written(name, language, **context)

    monkeypatch.setattr(composing, "render", fails)
    at(house, digests, day=3, hour=7)
    assert NOOR in post.to
    assert JONAS not in post.to
