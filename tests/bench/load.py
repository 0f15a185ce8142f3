"""How many messages a second a house files and answers, on SQLite and PostgreSQL, beside what the database can.

Reps, Slack and the house share the cores of this machine: what the first two use is missing to the house.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from sqlalchemy import func, select

from store.tables import Account, Rep, Visit
from tests.bench.accept import commits_a_second
from tests.bench.big import fill
from tests.bench.big_house import Size
from tests.bench.driving import Driver, Says
from tests.bench.tables import middle, percentile, say, table
from tests.bench.written import machine, markdown, write
from tests.faults.town import Town, slack_events, town
from tests.servers.ports import until
from tests.servers.postgres import Postgres
from tests.servers.process import DebriefRun

REPS = 300
"""Slack takes one message a second a channel: so many never wait for that."""
IN_FLIGHT = 48
UP_S = 300.0
"""A worker learns all names of the house before it begins."""
RAMP = 0.25
"""The part of the full load that is not counted: until the queues are as full as they get."""
ON_THE_DISK = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
SMALL, LARGE = "small", "large"
HEAD = (
    "house", "messages/s", "p50 s", "p95 s", "p99 s", "commits/s", "commits a message", "CPU ms a message", "MB",
    "unanswered",
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """One thing to measure: ``workers`` beside a web server, or none: all in one process on SQLite."""

    name: str
    workers: int
    size: str = SMALL


PLANS = (
    Plan("SQLite, `debrief run`", 0),
    Plan("PostgreSQL, `serve`, 1 worker", 1),
    Plan("PostgreSQL, `serve`, 2 workers", 2),
    Plan("PostgreSQL, `serve`, 4 workers", 4),
    Plan("large, SQLite, `debrief run`", 0, LARGE),
    Plan("large, PostgreSQL, `serve`, 2 workers", 2, LARGE),
)


@dataclass(frozen=True)
class Place:
    """A house that works: ``processes`` are all of it, ``commits`` what its database does by itself in a second.

    ``visits`` are those from before.
    """

    town: Town
    processes: list[DebriefRun]
    driver: Driver
    commits: float
    visits: int


def load(seconds: float = 20.0, visits: int = 100_000, only: str = "", page: Path | None = None) -> None:
    """Measure every plan whose name has ``only`` in it, ``seconds`` at full and as long at half load.

    The large house has 50,000 accounts, 5,000 reps and ``visits``. With a ``page`` the table is written there, too.
    """
    large = Size(visits=visits, accounts=50_000, contacts=200_000, reps=5_000, managers=400)
    began = time.monotonic()
    rows = [_measured(plan, seconds, large) for plan in PLANS if only in plan.name]
    took = f"{(time.monotonic() - began) / 60:.1f} minutes"
    table(f"Accepted, filed and answered, {machine()}, {took}", HEAD, rows)
    if page is not None:
        command = f"python -m tests.bench load --seconds {seconds:g} --visits {visits} --write {page}"
        write(page, "load", f"`{command}`: {took}, {machine()}.\n\n{markdown(HEAD, rows)}")


def _measured(plan: Plan, seconds: float, large: Size) -> tuple[object, ...]:
    with working(plan.workers, large if plan.size == LARGE else None) as place:
        driver = place.driver
        used, known = _cpu_s(place), len(driver.due)
        begin = time.monotonic()
        driver.full(seconds, IN_FLIGHT)
        rate = driver.rate(begin + seconds * RAMP, begin + seconds)
        driver.settle()
        cost = (_cpu_s(place) - used) / max(1, len(driver.due) - known) * 1000
        half = time.monotonic()
        driver.steady(rate / 2, seconds)
        driver.settle()
        waits = driver.waits(half)
        memory = sum(run.resident_bytes() for run in place.processes) / 1e6
        filed = _visits(place.town) - place.visits
    say(f"{plan.name}: {rate:.1f} messages/s; {len(driver.due)} sent, {driver.refused.total()} refused, {filed} filed")
    ends = (middle(waits), *(percentile(waits, percent) if waits else float("nan") for percent in (95, 99)))
    ratio = place.commits / rate if rate else float("inf")
    return (plan.name, rate, *ends, place.commits, ratio, cost, memory, driver.open)


@contextmanager
def working(workers: int, large: Size | None = None) -> Iterator[Place]:
    """A house that has answered its first messages: one process on SQLite, or a server and ``workers``."""
    with ExitStack() as ending:
        folder = Path(ending.enter_context(TemporaryDirectory(prefix="debrief-load-")))
        folder.chmod(0o755)
        url, commits = _database(folder, workers, ending)
        if large is not None:
            began = time.monotonic()
            fill(url, large, datetime.now(UTC).date())
            say(f"the large house stands after {time.monotonic() - began:.0f} s")
        place = ending.enter_context(
            town(folder, reps=0 if large else REPS, url=url, command="serve" if workers else "run")
        )
        driver = Driver(place, _crowd(place) if large else lambda numbers: slack_events(place, numbers))
        processes = [place.run, *(place.other("worker") for _ in range(workers))]
        before = _visits(place)
        _up(processes)
        for _ in range(3):
            driver.steady(4.0, 1.0 + workers)
            driver.settle(120.0)
        yield Place(place, processes, driver, commits, before)
        for run in reversed(processes):
            run.stop()


def _database(folder: Path, workers: int, ending: ExitStack) -> tuple[str, float]:
    if not workers:
        return f"sqlite:///{folder}/debrief.db", commits_a_second(folder)
    server = Postgres(folder / "postgres", **ON_THE_DISK)
    server.start()
    ending.callback(server.stop)
    return server.database(), _postgres_commits_a_second(server.database())


def _postgres_commits_a_second(url: str) -> float:
    """What the disk gives through this server: rows of 500 bytes, each a commit of its own, one connection."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE t (x text)")
        number, began = 0, time.monotonic()
        while time.monotonic() - began < 1.0:
            connection.execute("INSERT INTO t VALUES (%s)", ("x" * 500,))
            number += 1
        return number / (time.monotonic() - began)


def _up(processes: list[DebriefRun]) -> None:
    server, *workers = processes
    server.start()
    server.wait_ready(UP_S)
    for worker in workers:
        worker.start()
    for worker in workers:
        until(lambda w=worker: "working as" in w.log.read_text(), "a worker works", timeout_s=UP_S)  # type: ignore[misc]


def _crowd(place: Town) -> Says:
    """Dutch reps of the large house, each about accounts of their own."""
    with place.house.db.read() as tx:
        large = tx.execute(
            select(Rep.slack_id, Rep.name, func.min(Account.name))
            .join(Account, Account.owner_id == Rep.id)
            .where(Rep.language == "nl", Rep.role == "rep")
            .group_by(Rep.slack_id, Rep.name)
        ).all()
    reps = [place.slack.add_user(name, f"{slack_id}@bigfield.example", id=slack_id) for slack_id, name, _ in large]

    def says(number: int) -> str:
        return f"Vanmiddag bij {large[number % len(large)][2]} langs geweest, offerte {number + 1000} besproken."

    return lambda numbers: slack_events(place, numbers, says, reps)


def _cpu_s(place: Place) -> float:
    return sum(run.cpu_s() for run in place.processes)


def _visits(place: Town) -> int:
    with place.house.db.read() as tx:
        return tx.scalar(select(func.count(Visit.id))) or 0
