"""What goes away while reps report, and what became of each report: ``python -m tests.faults.outages``.

Each outage lasts ``--away`` seconds in the middle of the reports. Printed: what was lost, filed twice or not answered,
how often a card was said twice, and how long after the return the last card was out.
"""

import argparse
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import select

from store.tables import Capture, Visit
from tests.faults.kill import UP_S, sayings
from tests.faults.page import HEAD, Line, write
from tests.faults.stepping import SteppedClock
from tests.faults.town import Town, mail, slack_events, town
from tests.servers.dovecot import Dovecot, running
from tests.servers.postgres import Postgres

Outage = Callable[["Scene"], None]
CALM_S = 2.0
"""Between two reports while nothing is away, at most."""
BEYOND_S = 1.0
"""Slack's own tries end after minutes; here an event is brought every second until it is taken."""


@dataclass
class Scene:
    """A town at work, and the servers that may go away."""

    town: Town
    away_s: float
    dovecot: Dovecot
    postgres: Postgres | None = None
    clock: SteppedClock | None = None


@dataclass
class Counts:
    """What became of the reports."""

    messages: int
    lost: int = 0
    filed_twice: int = 0
    unanswered: int = 0
    shelved: int = 0
    said_twice: int = 0
    back_s: float = 0.0
    """From the return until the last card was out."""

    @property
    def whole(self) -> bool:
        return not (self.lost or self.filed_twice or self.unanswered or self.shelved)

    def line(self, fault: str) -> Line:
        """This as a row of the table of faults."""
        return Line(
            fault,
            self.messages,
            self.lost,
            self.filed_twice,
            self.unanswered,
            self.shelved,
            self.said_twice,
            self.back_s,
        )


# ------------------------------------------------------------------------------------------------- what goes away


def slack_away(scene: Scene) -> None:
    """Slack breaks off every call."""
    scene.town.slack.fail_next("*", drop=True, times=10**9)
    time.sleep(scene.away_s)
    scene.town.slack.api.faults["*"].clear()


def smtp_away(scene: Scene) -> None:
    """Nobody listens where answers go out."""
    scene.town.smtp.goes_away()
    time.sleep(scene.away_s)
    scene.town.smtp.comes_back()


def imap_away(scene: Scene) -> None:
    """Nobody listens where mails come in."""
    scene.dovecot.stop()
    time.sleep(scene.away_s)
    scene.dovecot.start()


def database_restarted(scene: Scene) -> None:
    """PostgreSQL shuts down, breaks every connection, and comes back: a failover looks the same from here."""
    assert scene.postgres is not None
    scene.postgres.restart(scene.away_s)


def connections_cut(scene: Scene) -> None:
    """Every connection is ended by the server, once a second."""
    assert scene.postgres is not None
    end = time.monotonic() + scene.away_s
    while time.monotonic() < end:
        with psycopg.connect(scene.town.house.db.url, autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        time.sleep(1)


def connections_used_up(scene: Scene) -> None:
    """Others hold every connection that the server gives, and ours are cut once."""
    assert scene.postgres is not None
    url = scene.town.house.db.url
    held: list[Any] = []
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    end = time.monotonic() + scene.away_s
    while time.monotonic() < end:
        try:
            held.append(psycopg.connect(url, connect_timeout=2))
        except psycopg.OperationalError:
            time.sleep(0.05)
    for one in held:
        one.close()


def database_locked(scene: Scene) -> None:
    """Another program holds SQLite's write lock for longer than we wait for it."""
    file = scene.town.house.db.url.removeprefix("sqlite:///")
    with sqlite3.connect(file, isolation_level=None, timeout=30) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(scene.away_s)
        other.execute("ROLLBACK")


def backup_running(scene: Scene) -> None:
    """`debrief backup` again and again."""
    end = time.monotonic() + scene.away_s
    while time.monotonic() < end:
        scene.town.run.command("backup", str(scene.town.run.folder / "backup"))


def disk_full(scene: Scene) -> None:
    """No file can be written."""
    scene.town.run.fill_disk()
    time.sleep(scene.away_s)
    scene.town.run.free_disk()


def clock_stepped(scene: Scene) -> None:
    """The clock goes an hour ahead, back, an hour behind and back again; nothing can be said before it is set back.

    While it is off Slack's events are refused, as their signatures are of another time.
    """
    assert scene.clock is not None
    part_s = scene.away_s / 4
    scene.clock.step(3600)
    time.sleep(part_s)
    scene.town.slack.fail_next("*", drop=True, times=10**9)
    scene.town.smtp.goes_away()
    time.sleep(part_s)
    scene.clock.step(0)
    scene.town.slack.api.faults["*"].clear()
    scene.town.smtp.comes_back()
    time.sleep(part_s)
    scene.clock.step(-3600)
    time.sleep(part_s)
    scene.clock.step(0)


ON_SQLITE: dict[str, Outage] = {
    "Slack away": slack_away, "SMTP away": smtp_away, "IMAP away": imap_away,
    "SQLite locked": database_locked, "backups running": backup_running, "disk full": disk_full,
    "clock stepped": clock_stepped,
}  # fmt: skip
ON_POSTGRES: dict[str, Outage] = {
    "PostgreSQL restarted": database_restarted, "connections cut": connections_cut,
    "connections used up": connections_used_up,
}  # fmt: skip


# ----------------------------------------------------------------------------------------------------- the driver


def suffer(scene: Scene, outage: Outage, messages: int) -> Counts:
    """Have reps report, half by Slack and half by mail, before, during and after an outage; what became of it."""
    place = scene.town
    events = slack_events(place, range(messages // 2))
    threads = [threading.Thread(target=_bring, args=(place, event), daemon=True) for event in events]
    mails = range(messages // 2, messages)
    pause_s = scene.away_s * 1.4 / messages
    breaks = threading.Thread(target=outage, args=(scene,))
    for n, thread in enumerate(threads):
        if n == len(threads) // 6:
            breaks.start()
        thread.start()
        scene.dovecot.deliver(mail(mails[n], mails[n] % len(place.reps)))
        time.sleep(pause_s * 2 if breaks.is_alive() else min(pause_s * 2, CALM_S))
    breaks.join()
    back = time.monotonic()
    for thread in threads:
        thread.join(timeout=120)
    _calm(place, messages)
    return _counted(place, messages, back)


def _bring(place: Town, event: dict[str, Any]) -> None:
    for number in range(300):
        if place.slack.deliver(event, retry_num=number, reason="http_error").ok:
            return
        time.sleep(BEYOND_S)


def _calm(place: Town, messages: int, timeout_s: float = 120.0) -> None:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if len({letter for letter, _ in sayings(place)}) >= messages and not place.house.jobs.waiting():
            return
        time.sleep(0.2)


def _counted(place: Town, messages: int, back: float) -> Counts:
    with place.house.db.read() as tx:
        captures = list(tx.scalars(select(Capture.id)))
        visits = Counter(tx.scalars(select(Visit.capture_id)))
    said = Counter(letter for letter, _ in sayings(place))
    last = max((at for _, at in sayings(place)), default=back)
    return Counts(
        messages, lost=messages - len(captures), filed_twice=sum(number > 1 for number in visits.values()),
        unanswered=sum(f"reply-{one}" not in said for one in captures), shelved=len(place.house.jobs.shelf()),
        said_twice=sum(number > 1 for number in said.values()), back_s=round(max(0.0, last - back), 1),
    )  # fmt: skip


@contextmanager
def scene(
    folder: Path,
    dovecot: Dovecot,
    away_s: float,
    postgres: Postgres | None = None,
    clock: SteppedClock | None = None,
) -> Iterator[Scene]:
    """A town that works, with its servers."""
    url = postgres.database() if postgres else None
    with town(folder, url=url, dovecot=dovecot, within=clock.within if clock else ()) as place:
        place.run.start()
        place.run.wait_ready(UP_S)
        yield Scene(place, away_s, dovecot, postgres, clock)
        place.run.stop()


def main() -> None:
    """Every outage, one after the other."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--away", type=float, default=30.0)
    arguments.add_argument("--messages", type=int, default=60)
    arguments.add_argument("--only", default="")
    arguments.add_argument("--write", type=Path, metavar="PAGE", help="put the rows into the table of this page, too")
    given = arguments.parse_args()
    whole = True
    sys.stdout.write(f"{HEAD}\n")
    for name, outage in (ON_SQLITE | ON_POSTGRES).items():
        if given.only in name:
            counts = _suffered(outage, given.away, given.messages, on_postgres=name in ON_POSTGRES)
            whole &= counts.whole
            line = counts.line(f"{name}, {given.away:.0f} s")
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
            if given.write:
                write(given.write, line)
    sys.exit(0 if whole else 1)


def _suffered(outage: Outage, away_s: float, messages: int, *, on_postgres: bool) -> Counts:
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="debrief-outage-")))
        folder.chmod(0o755)
        dovecot = ending.enter_context(running())
        server = None
        if on_postgres:
            server = Postgres(folder / "postgres", max_connections="60")
            server.start()
            ending.callback(server.stop)
        (folder / "town").mkdir()
        clock = SteppedClock.made_in(folder) if outage is clock_stepped else None
        with scene(folder / "town", dovecot, away_s, server, clock) as place:
            return suffer(place, outage, messages)


if __name__ == "__main__":
    main()
