"""What a dead worker had under way is done by a living one, on both databases; old jobs are forgotten."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from jobs import Job, JobError, Jobs, Worker
from jobs.upkeep import Upkeep, own_name
from store.db import Db
from store.lease import Lease
from tests.servers.ports import until
from tests.servers.postgres import Postgres

ROOT = Path(__file__).parents[2]
TAKEN_OVER_S = 30.0

HOLDER = """
import sys, time
from store.db import Db
from store.lease import Lease
assert Lease(Db(sys.argv[1]), "it").take()
print("taken", flush=True)
time.sleep(600)
"""
WORKER = """
import sys, time
from jobs import Job, Jobs, Worker
from store.db import Db
db = Db(sys.argv[1])
def never_ends(arg):
    print("began", arg, flush=True)
    time.sleep(600)
Worker(db, Jobs(db), {"greet": Job(never_ends)}, name="worker-1").start()
time.sleep(600)
"""


@pytest.fixture
def db(database_url: str) -> Iterator[Db]:
    db = Db(database_url)
    yield db
    db.close()


@pytest.fixture
def jobs(db: Db) -> Iterator[Jobs]:
    jobs = Jobs(db)
    jobs.prepare()
    yield jobs
    jobs.close()


@pytest.fixture
def process(database_url: str) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Runs a program over the same database in a process of its own, up to its first line."""
    started: list[subprocess.Popen[str]] = []

    def start(program: str) -> subprocess.Popen[str]:
        popen = subprocess.Popen(
            [sys.executable, "-c", program, database_url], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        started.append(popen)
        assert popen.stdout is not None
        assert popen.stdout.readline()
        return popen

    yield start
    for popen in started:
        popen.kill()
        popen.communicate()


def test_a_lease_is_one_processs_at_a_time(db: Db) -> None:
    first, second, other = Lease(db, "it"), Lease(db, "it"), Lease(db, "another")
    assert first.take()
    assert not second.take()
    assert other.take()
    assert first.held()
    assert not second.held()
    first.free()
    assert not first.held()
    assert second.take()
    second.free()
    other.free()


def test_a_lease_ends_with_its_process(db: Db, process: Callable[[str], subprocess.Popen[str]]) -> None:
    holder = process(HOLDER)
    lease = Lease(db, "it")
    assert not lease.take()
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    until(lease.take, "the lease is free")
    lease.free()


def test_workers_of_one_name_get_numbers(db: Db) -> None:
    first, lease = own_name(db, "worker-1")
    second, another = own_name(db, "worker-1")
    assert (first, second) == ("worker-1", "worker-1-2")
    lease.free()
    third, again = own_name(db, "worker-1")
    assert third == "worker-1"
    for one in (another, again):
        one.free()


def test_a_killed_workers_job_is_done_by_another(
    db: Db, jobs: Jobs, process: Callable[[str], subprocess.Popen[str]]
) -> None:
    with db.write() as tx:
        jobs.enqueue(tx, "greet", "noor")
    killed = process(WORKER)
    done: list[str] = []
    worker = Worker(db, jobs, {"greet": Job(done.append)}, name="worker-1")
    worker.start()
    try:
        assert worker.name == "worker-1-2"  # the other lives
        assert done == []
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        until(lambda: done == ["noor"], "the job is done", timeout_s=TAKEN_OVER_S)
        worker.wait_idle()
    finally:
        worker.stop()
    assert done == ["noor"]


def test_jobs_done_long_ago_are_forgotten_and_the_shelf_is_not(db: Db, jobs: Jobs) -> None:
    def refuse(_arg: str) -> None:
        raise JobError("cannot be", permanent=True)

    worker = Worker(db, jobs, {"greet": Job(lambda _: None), "refuse": Job(refuse)})
    with db.write() as tx:
        for name in ("greet", "refuse"):
            jobs.enqueue(tx, name, "noor")
    worker.start()
    try:
        worker.wait_idle()
    finally:
        worker.stop()
    name, lease = own_name(db, "worker-1")
    upkeep = Upkeep(db, jobs, name, lease, recover=lambda _: None)
    assert upkeep.clear_away() == 0  # they were done today
    assert upkeep.clear_away(before=datetime.now(UTC) + timedelta(minutes=1)) == 1
    assert [one.name for one in jobs.shelf()] == ["refuse"]
    lease.free()


def test_a_lease_whose_connection_was_cut_is_known_to_be_lost(postgres: Postgres) -> None:
    db = Db(postgres.database())
    lease = Lease(db, "it")
    assert lease.take()
    with db.engine.connect() as connection:
        ours = sa.text(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database = "
            "(SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        connection.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": connection.scalar(ours)})
    assert not lease.held()
    assert lease.take()
    lease.free()
    db.close()


def test_a_chore_that_fails_stops_neither_the_others_nor_the_upkeep(
    db: Db, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.upkeep.CHORES_S", 0.01)
    monkeypatch.setattr("jobs.upkeep.LOOK_S", 0.01)
    done: list[str] = []

    def fails() -> None:
        raise ValueError("a mail that nobody can read")

    name, lease = own_name(db, "worker-1")
    upkeep = Upkeep(db, jobs, name, lease, recover=lambda _: None, chores=(fails, lambda: done.append("done")))
    upkeep.start()
    try:
        until(lambda: len(done) > 1, "the other chore is done again")
    finally:
        upkeep.stop()


def test_a_chore_that_takes_long_holds_up_no_look(db: Db, jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.upkeep.LOOK_S", 0.01)
    begun, end, looked = threading.Event(), threading.Event(), []

    def long() -> None:
        begun.set()
        end.wait(30)

    def look() -> None:
        looked.append(begun.is_set())

    name, lease = own_name(db, "worker-1")
    upkeep = Upkeep(db, jobs, name, lease, recover=lambda _: None, chores=(long,), looks=(look,))
    upkeep.start()
    try:
        until(lambda: looked.count(True) > 1, "the looks go on during the chore")
    finally:
        end.set()
        upkeep.stop()


def test_a_takeover_that_fails_is_tried_again(db: Db, jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.upkeep.LOOK_S", 0.01)
    tried: list[int] = []

    def fails(_self: Upkeep) -> list[str]:
        tried.append(1)
        raise RuntimeError("the engine says no")

    monkeypatch.setattr(Upkeep, "take_over", fails)
    name, lease = own_name(db, "worker-1")
    upkeep = Upkeep(db, jobs, name, lease, recover=lambda _: None)
    upkeep.start()
    try:
        until(lambda: len(tried) > 1, "it is tried again")
    finally:
        upkeep.stop()


def test_a_job_whose_end_could_not_be_noted_is_done_again(db: Db, jobs: Jobs) -> None:
    done: list[str] = []
    worker = Worker(db, jobs, {"greet": Job(done.append)})
    worker.start()
    try:
        with db.write() as tx:
            jobs.enqueue(tx, "greet", "Kees")
            jobs.enqueue(tx, "greet", "Marja")
        until(lambda: len(done) == 2, "both are done")
        until(lambda: jobs.waiting() == 0, "and noted")
        table = "workflow_status" if db.url.startswith("sqlite") else "dbos.workflow_status"
        lost = f"UPDATE {table} SET status = 'PENDING', updated_at = 0 WHERE workflow_uuid = 'greet:Kees'"
        with db.write() as tx:
            tx.execute(sa.text(lost))
        worker.requeue_lost()
        until(lambda: done[2:] == ["Kees"], "the one is done again")
        assert worker.requeue_lost() == 0
    finally:
        worker.stop()
