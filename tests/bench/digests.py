"""What the digests of a large house cost: statements, seconds and memory, and how they grow with the people."""

import os
import resource
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, func, select

from digests import Digests
from digests.composing import House, Wanted, compose
from digests.sending import BATCH
from jobs import Jobs
from letters import Letter
from store.db import Db
from store.migrate import migrate
from store.tables import DigestDay, Rep, Visit
from tests.bench.big import fill
from tests.bench.big_house import Size
from tests.bench.tables import say, table
from tests.servers.postgres import Postgres

URL = "https://debrief.bigfield.example"
SIZE = Size(visits=1_000_000, accounts=50_000, contacts=200_000, reps=5_000, managers=400)
PEOPLE = (500, 1_000, 2_500, 5_000)
FRIDAY = date(2026, 11, 20)
MOST_QUESTIONS = 60
"""Of a batch; a few more or less as some of what is told needs none where there is nothing of it."""
KINDS = {"rep": "morning", "manager": "team"}


class Nobody:
    """A courier that takes letters nowhere."""

    def send(self, letter_id: str, letter: Letter, to: Mapping[str, Any]) -> dict[str, Any]:
        return {"ts": letter_id}

    def update(self, letter_id: str, letter: Letter, receipt: Mapping[str, Any]) -> dict[str, Any]:
        return dict(receipt)


def digests(url: str | None = None) -> None:
    """Measure on the database at ``url``, made by `tests.bench.big`; without one on a PostgreSQL that is made first.

    A given database is brought to the newest shape, and its digests of the day after its last report are begun.
    """
    if url is not None:
        return _measure(url)
    with TemporaryDirectory(prefix="debrief-bench-") as folder:
        server = Postgres(Path(folder))
        server.start()
        try:
            made = server.database()
            rows = fill(made, SIZE, FRIDAY)
            say(f"{rows:,} rows made")
            _measure(made)
        finally:
            server.stop()
    return None


def _measure(url: str) -> None:
    db = Db(url)
    migrate(db)
    jobs = Jobs(db)
    jobs.prepare()
    with db.read() as tx:
        last = tx.scalar(select(func.max(Visit.on)).where(Visit.status == "held")) or FRIDAY
    day = last + timedelta(days=7 - last.weekday())  # a Monday: the digest tells most then
    table(
        f"Digests of {day:%A}, composed in batches of {BATCH}",
        ("people", "letters", "questions a batch", "seconds", "ms a letter"),
        [_growth(db, day, count) for count in PEOPLE],
    )
    table("The whole morning: looked up, composed, kept and put on the queue", ("", "figure"), _morning(db, jobs, day))
    db.close()


def _growth(db: Db, day: date, count: int) -> tuple[object, ...]:
    """So many reps and the managers that go with them."""
    with db.read() as tx:
        people = [
            rep for role, most in (("rep", count), ("manager", count * 400 // 5_000))
            for rep in tx.scalars(select(Rep).where(Rep.active, Rep.role == role).order_by(Rep.id).limit(most))
        ]  # fmt: skip
    letters, questions = 0, set()
    began = perf_counter()
    for role, kind in KINDS.items():
        some = [rep for rep in people if rep.role == role]
        for first in range(0, len(some), BATCH):
            wanted = [Wanted(rep, day, kind) for rep in some[first : first + BATCH]]
            with _questions() as asked, db.read() as tx:
                letters += len(compose(tx, wanted, House(URL), datetime.combine(day, datetime.min.time(), UTC)))
            questions.add(len(asked))
    took = perf_counter() - began
    assert max(questions) <= MOST_QUESTIONS, "the questions grow with the people"
    return count, letters, f"{min(questions)} to {max(questions)}", round(took, 1), took / max(1, letters) * 1000


def _morning(db: Db, jobs: Jobs, day: date) -> list[tuple[object, ...]]:
    """All of one morning, as a worker does it."""
    now = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=9, minutes=30)  # from London to Helsinki
    house = Digests(db=db, jobs=jobs, couriers={"slack": Nobody()}, clock=lambda: now, url=URL)
    before_mb, server = _peak_mb(), _server_seconds(db)
    began, cpu = perf_counter(), time.process_time()
    begun = house.tick()
    ticked = perf_counter()
    with db.read() as tx:
        batches = list(tx.scalars(select(DigestDay.batch).where(DigestDay.state == "begun").distinct()))
    counts = []
    for batch in batches:
        with _questions() as asked:
            house.compose(batch)
        counts.append(len(asked))
    took = perf_counter() - began
    return [
        ("digests begun", begun), ("batches", len(batches)),
        ("questions a batch", f"{min(counts, default=0)} to {max(counts, default=0)}"),
        ("seconds to see who is due", round(ticked - began, 1)), ("seconds in all", round(took, 1)),
        ("a core's seconds for it here", round(time.process_time() - cpu, 1)),
        ("a core's seconds for it in the database", round(_server_seconds(db) - server, 1)),
        ("memory before, MB", before_mb), ("memory at most, MB", _peak_mb()),
    ]  # fmt: skip


@contextmanager
def _questions() -> Iterator[list[str]]:
    """What the database is asked."""
    asked: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            asked.append(statement)

    event.listen(sa.Engine, "before_cursor_execute", note)
    yield asked
    event.remove(sa.Engine, "before_cursor_execute", note)


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _server_seconds(db: Db) -> float:
    """What the database's processes for us took of a core so far, where they run on this machine (Linux)."""
    with db.read() as tx:
        own = sa.text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        files = [Path(f"/proc/{pid}/stat") for pid in tx.scalars(own)]
    # proc(5): user and system time are the 14th and 15th field, in ticks; the name before them may hold blanks.
    told = [file.read_text().rpartition(")")[2].split() for file in files if file.exists()]
    return sum(int(fields[11]) + int(fields[12]) for fields in told) / os.sysconf("SC_CLK_TCK")
