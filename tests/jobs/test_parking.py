"""What is to be said by a medium that is away waits for it, at the cost of a look now and then, and is said at once."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import func, select

from jobs import Job, JobError, Jobs, Worker, parking, upkeep, worker
from store.tables import ParkedJob
from tests.servers.ports import until


class Medium:
    """Something that jobs speak to, and that can be away."""

    def __init__(self) -> None:
        self.is_away = False
        self.tries = 0
        self.said: list[str] = []
        self._lock = threading.Lock()

    def say(self, what: str) -> None:
        with self._lock:
            self.tries += 1
            if self.is_away:
                raise JobError("nobody there", away="pigeons")
            if what not in self.said:  # as every job: done twice is done once
                self.said.append(what)


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parking, "PROBE_S", 0.4)
    monkeypatch.setattr(upkeep, "LOOK_S", 0.1)
    monkeypatch.setattr(worker, "pause_s", lambda _: 0.01)


@pytest.fixture
def works(jobs: Jobs) -> Iterator[Callable[[Medium], Worker]]:
    begun: list[Worker] = []

    def begin(medium: Medium) -> Worker:
        one = Worker(jobs._db, jobs, {"say": Job(medium.say, attempts=5)})
        one.start()
        begun.append(one)
        return one

    yield begin
    for one in begun:
        one.stop()


def enqueue(jobs: Jobs, *what: str) -> None:
    with jobs._db.write() as tx:
        for one in what:
            jobs.enqueue(tx, "say", one)


def parked(jobs: Jobs) -> int:
    with jobs._db.read() as tx:
        return tx.scalar(select(func.count(ParkedJob.id))) or 0


def test_all_that_waited_is_said_once_when_the_medium_is_back(jobs: Jobs, works: Callable[[Medium], Worker]) -> None:
    medium = Medium()
    medium.is_away = True
    works(medium)
    letters = [f"letter {n}" for n in range(12)]
    enqueue(jobs, *letters)
    until(lambda: parked(jobs) == len(letters), "all wait")
    tries = medium.tries
    time.sleep(2)
    assert medium.tries - tries <= 6  # one looks now and then, not each for itself
    assert jobs.shelf() == []
    medium.is_away = False
    until(lambda: len(medium.said) == len(letters), "all is said")
    until(lambda: parked(jobs) == 0, "nobody waits")
    assert sorted(medium.said) == sorted(letters)


def test_what_comes_while_it_is_away_waits_too_and_a_new_worker_goes_on(
    jobs: Jobs, works: Callable[[Medium], Worker]
) -> None:
    medium = Medium()
    medium.is_away = True
    first = works(medium)
    enqueue(jobs, "a")
    until(lambda: parked(jobs) == 1, "it waits")
    enqueue(jobs, "b")
    until(lambda: parked(jobs) == 2, "both wait")
    first.stop()
    works(medium)
    medium.is_away = False
    until(lambda: sorted(medium.said) == ["a", "b"], "both are said")
    until(lambda: parked(jobs) == 0, "nobody waits")


def test_a_moment_of_silence_is_no_absence(jobs: Jobs, works: Callable[[Medium], Worker]) -> None:
    medium = Medium()
    failures = iter([True, True, False])

    def say(what: str) -> None:
        medium.is_away = next(failures, False)
        Medium.say(medium, what)

    one = Worker(jobs._db, jobs, {"say": Job(say, attempts=5)})
    one.start()
    try:
        enqueue(jobs, "a")
        until(lambda: medium.said == ["a"], "it is said after all", timeout_s=5)
        assert parked(jobs) == 0
    finally:
        one.stop()


def test_a_letter_that_is_refused_for_good_holds_up_nobody(jobs: Jobs, works: Callable[[Medium], Worker]) -> None:
    class Picky(Medium):
        def say(self, what: str) -> None:
            if what == "refused" and not self.is_away:
                raise JobError("no such person", permanent=True)
            super().say(what)

    medium = Picky()
    medium.is_away = True
    works(medium)
    enqueue(jobs, "refused")
    until(lambda: parked(jobs) == 1, "the first waits")
    enqueue(jobs, "a", "b")
    until(lambda: parked(jobs) == 3, "all wait")
    medium.is_away = False
    until(lambda: sorted(medium.said) == ["a", "b"], "the others are said")
    until(lambda: parked(jobs) == 0, "nobody waits")
    assert [one.arg for one in jobs.shelf()] == ["refused"]
