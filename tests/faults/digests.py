"""Digests of many people in many zones over changes of the clocks, with workers that die at any statement.

Time is simulated: ``python -m tests.faults.digests --reps 300 --days 8`` prints what came and what did not. A worker
dies by an error that nothing catches, at a statement, before a commit, and between the sending of a letter and its
record; what it had under way is begun again by another. Each worker's clock is off by minutes, and steps both ways.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import event, select, text

from digests import Digests
from digests.calendar import works_on
from digests.timing import HOUR, NOON
from letters import Letter
from store import kinds
from store.db import Db, Tx
from store.migrate import migrate
from store.tables import DigestDay, Rep, RepEmail
from store.targets import set_target

ZONES = (
    "Europe/Helsinki", "Europe/Amsterdam", "Europe/London", "America/New_York", "Australia/Sydney", "Asia/Tokyo",
)  # fmt: skip
CHANGES = (date(2026, 3, 29), date(2026, 10, 25))
"""Europe's clocks; Sydney's and New York's change in the weeks beside them."""
SKEW_MIN = 6
"""Minutes by which a worker's clock may be off."""
WORKERS = 3
DEADLY = 0.004
"""How likely a statement is a worker's last."""


class Killed(BaseException):
    """The worker is gone; nothing may catch this, as nothing catches a ``kill -9``."""


class Queue:
    """Jobs that are kept in the caller's transaction, and known until they are done: what the job engine promises."""

    def enqueue(self, tx: Tx, name: str, arg: str, *, lane: str | None = None) -> None:
        row = {"id": f"{name}:{arg}", "name": name, "arg": arg}
        tx.execute(text("insert or ignore into sim_jobs (id, name, arg, done) values (:id, :name, :arg, 0)"), row)


@dataclass
class Counts:
    """What came of it; the first three are what may not be."""

    missing: int = 0
    twice: int = 0
    at_the_wrong_hour: int = 0
    expected: int = 0
    letters: int = 0
    said_again: int = 0
    """The same letter, under the same id, by who took over from a worker that died before it could record it."""
    kills: int = 0
    kills_while_sending: int = 0

    @property
    def whole(self) -> bool:
        return not (self.missing or self.twice or self.at_the_wrong_hour)


@dataclass
class Simulation:
    """One house on SQLite, and the time that goes by."""

    place: Path
    reps: int
    days: int
    seed: int = 1
    step_min: int = 15
    """Minutes between two looks of each worker."""
    changes: Sequence[date] = CHANGES
    skew_min: float = SKEW_MIN
    counts: Counts = field(default_factory=Counts)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.db = Db(f"sqlite:///{self.place}/debrief.db")
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.skew = timedelta()
        self.armed = False
        self.sent: list[tuple[str, str, datetime]] = []
        migrate(self.db)
        with self.db.write() as tx:
            kinds.add_defaults(tx)
            tx.execute(text("create table sim_jobs (id text primary key, name text, arg text, done integer)"))
            for n in range(self.reps):
                mail = [RepEmail(email=f"rep{n}@varenhof.example")]
                rep = Rep(name=f"Rep {n}", timezone=ZONES[n % len(ZONES)], emails=mail)
                tx.add(rep)
                tx.flush()
                set_target(tx, rep.id, "week", 5, date(2026, 1, 1))
        event.listen(self.db.engine, "before_cursor_execute", self._maybe_die)
        event.listen(self.db.engine, "commit", self._maybe_die)

    # --------------------------------------------------------------------------------- what a worker's world is like

    def clock(self) -> datetime:
        return self.now + self.skew

    def _maybe_die(self, *_: Any) -> None:
        if self.armed and self.random.random() < DEADLY:
            self.counts.kills += 1
            raise Killed

    def send(self, letter_id: str, letter: Letter, to: Any) -> dict[str, Any]:
        self.sent.append((letter_id, to["address"], self.now))
        if self.armed and self.random.random() < DEADLY:
            self.counts.kills += 1
            self.counts.kills_while_sending += 1
            raise Killed
        return {}

    def update(self, letter_id: str, letter: Letter, receipt: Any) -> dict[str, Any]:
        raise AssertionError(letter_id)

    @contextmanager
    def _alive(self) -> Iterator[None]:
        """A worker's turn, by a clock of its own."""
        self.skew = timedelta(minutes=self.random.uniform(-self.skew_min, self.skew_min))
        self.armed = True
        try:
            yield
        except Killed:
            self.db.engine.dispose()  # its connections are gone with it
        finally:
            self.armed = False
            self.skew = timedelta()

    # ---------------------------------------------------------------------------------------------------- what happens

    def run(self) -> Counts:
        """All days around all changes of the clocks."""
        workers = [
            Digests(db=self.db, jobs=Queue(), couriers={"email": self}, clock=self.clock, url=None)  # type: ignore[arg-type]
            for _ in range(WORKERS)
        ]
        around = timedelta(days=self.days // 2)
        spans = [(change - around, change + around) for change in self.changes]
        for first, last in spans:
            self.now = datetime.combine(first, datetime.min.time(), UTC) - timedelta(hours=12)
            while self.now.date() <= last + timedelta(days=1):
                for worker in self.random.sample(workers, WORKERS):
                    with self._alive():
                        worker.tick()
                        self._work(worker)
                self.now += timedelta(minutes=self.step_min)
        self._look(spans)
        self.db.close()
        return self.counts

    def _work(self, worker: Digests) -> None:
        """Do what is queued: a job is done when it ended, and begun again when its worker died."""
        work = worker.work
        while True:
            with self.db.read() as tx:
                job = tx.execute(text("select id, name, arg from sim_jobs where done = 0 limit 1")).first()
            if job is None:
                return
            work[job.name].run(job.arg)
            with self.db.write() as tx:
                tx.execute(text("update sim_jobs set done = 1 where id = :id"), {"id": job.id})

    def _look(self, spans: list[tuple[date, date]]) -> None:
        with self.db.read() as tx:
            days = {f"digest-{one.id}": one for one in tx.scalars(select(DigestDay))}
            reps = list(tx.scalars(select(Rep)))
        zones = {rep.email: rep.timezone for rep in reps}
        came = Counter((address, days[letter_id].day) for letter_id, address in {(one[0], one[1]) for one in self.sent})
        wanted = {
            (rep.email, first + timedelta(days=n))
            for rep in reps
            for first, last in spans
            for n in range((last - first).days + 1)
            if works_on(first + timedelta(days=n), rep.working_days, rep.timezone)
        }
        counts = self.counts
        counts.expected, counts.letters = len(wanted), len(wanted & set(came))
        counts.missing = len(wanted - set(came))
        counts.twice = sum(many > 1 for many in came.values())
        counts.said_again = len(self.sent) - len({one[0] for one in self.sent})
        slack = timedelta(minutes=self.skew_min)
        for letter_id, address, at in self.sent:
            there = [(at + off).astimezone(ZoneInfo(zones[address])) for off in (-slack, slack)]
            fits = [one.date() == days[letter_id].day and HOUR <= one.hour < NOON for one in there]
            counts.at_the_wrong_hour += not any(fits)


def storm(
    place: Path, reps: int, days: int, seed: int = 1, *, step_min: int = 15, changes: Sequence[date] = CHANGES,
    skew_min: float = SKEW_MIN,
) -> Counts:  # fmt: skip
    """Simulate ``days`` around each change of the clocks; the counts."""
    return Simulation(place, reps, days, seed, step_min, changes, skew_min).run()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=300)
    parser.add_argument("--days", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--skew", type=float, default=SKEW_MIN, help="minutes by which a worker's clock steps")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts = storm(Path(folder), asked.reps, asked.days, asked.seed, skew_min=asked.skew)
    print(counts)  # noqa: T201
    sys.exit(not counts.whole)


if __name__ == "__main__":
    main()
