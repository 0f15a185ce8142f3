"""``kill -9`` at random moments while messages come in by Slack and by mail, and what became of each message.

``python -m tests.faults.kill --kills 30 --messages 100`` prints the counts; ``--postgres`` does it on PostgreSQL,
``--apart`` there with web server, two workers and ingest as processes of their own, one of which is killed each time.
"""

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from store.tables import Capture, Delivery, Visit
from tests.faults.page import Line, write
from tests.faults.town import TimedSmtp, Town, mail, slack_events, town
from tests.servers.dovecot import Dovecot, running
from tests.servers.postgres import Postgres

SLACKS_TRIES_S = (0.0, 0.1, 6.0, 30.0)
"""Slack tries at once, at once again, after a minute and after five: here ten times faster, because the process is
away for seconds and not for minutes."""
BEYOND_S = 5.0
"""When even those were used up, the event is brought every so often, and counted."""
LIFE_S = 4.0
"""A process is killed at most so long after it took its first message."""

UP_S = 180.0
"""Several processes that start at once on few cores take their time."""


@dataclass
class Counts:
    """What the storm did; the first six are what may not be."""

    lost: int = 0
    unfiled: int = 0
    filed_twice: int = 0
    unanswered: int = 0
    said_twice_unkilled: int = 0
    shelved: int = 0
    kills: int = 0
    killed: dict[int, int] = field(default_factory=dict)
    """How often each process was: the one that takes messages in is 0."""
    messages: int = 0
    captures: int = 0
    visits: int = 0
    cards: int = 0
    cards_said_twice: int = 0
    slack_tries: dict[int, int] = field(default_factory=dict)
    slack_beyond: int = 0
    seconds: float = 0.0

    @property
    def whole(self) -> bool:
        """Whether each message became one visit and one card."""
        faults = self.lost, self.unfiled, self.filed_twice, self.unanswered, self.said_twice_unkilled, self.shelved
        return not any(faults)


class Storm:
    """Kills one town's process, or one of its processes, again and again while its reps report."""

    def __init__(self, place: Town, *, kills: int, messages: int, seed: int, apart: bool = False) -> None:
        self.town, self.kills, self.messages = place, kills, messages
        self.random = random.Random(seed)
        self.counts = Counts(messages=messages)
        self.killed_at: list[float] = []
        others = ("worker", "worker", *(["ingest"] if place.dovecot else [])) if apart else ()
        self.processes = [place.run, *map(place.other, others)]
        self.down = list(self.processes)
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def rage(self) -> Counts:
        """All kills, then calm until nothing is left to do; the counts."""
        began = time.monotonic()
        by_slack = self.messages if self.town.dovecot is None else self.messages // 2
        events = slack_events(self.town, range(by_slack))
        sayings: list[Any] = [*events, *range(by_slack, self.messages)]
        self.random.shuffle(sayings)
        share = -(-len(sayings) // max(1, self.kills))
        for life in range(self.kills):
            self._live(sayings[life * share : (life + 1) * share])
        self._raise()
        self.town.run.wait_ready(UP_S)
        for thread in self._threads:
            thread.join(timeout=120)
        self._calm()
        for process in self.processes:
            process.stop()
        self.counts.seconds = round(time.monotonic() - began, 1)
        return self._counted()

    def _live(self, sayings: Sequence[Any]) -> None:
        self._raise()
        if self.random.random() < 0.15:  # some die before they are up
            time.sleep(self.random.uniform(0.3, 3.0))
        else:
            self.town.run.wait_ready(UP_S)
        moments = sorted((self.random.uniform(0, LIFE_S), n) for n in range(len(sayings)))
        end = self.random.uniform(0.1, LIFE_S)
        began = time.monotonic()
        for moment, n in moments:
            time.sleep(max(0.0, min(moment, end) - (time.monotonic() - began)))
            self._say(sayings[n])
        time.sleep(max(0.0, end - (time.monotonic() - began)))
        self.down = [self.random.choice(self.processes)]
        self.down[0].kill()
        number = self.processes.index(self.down[0])
        self.counts.killed[number] = self.counts.killed.get(number, 0) + 1
        self.killed_at.append(time.monotonic())
        self.counts.kills += 1

    def _raise(self) -> None:
        for process in self.down:
            process.start()
        self.down = []

    def _say(self, saying: Any) -> None:
        if isinstance(saying, int):
            assert self.town.dovecot is not None
            self.town.dovecot.deliver(mail(saying, saying % len(self.town.reps)))
            return
        thread = threading.Thread(target=self._bring, args=(saying,), daemon=True)
        thread.start()
        self._threads.append(thread)

    def _bring(self, event: dict[str, Any]) -> None:
        for number in range(100):
            wait_s = SLACKS_TRIES_S[number] if number < len(SLACKS_TRIES_S) else BEYOND_S
            time.sleep(wait_s)
            if self.town.slack.deliver(event, retry_num=number, reason="connection_failed").ok:
                with self._lock:
                    tries = self.counts.slack_tries
                    tries[number + 1] = tries.get(number + 1, 0) + 1
                    self.counts.slack_beyond += number >= len(SLACKS_TRIES_S)
                return

    def _calm(self, timeout_s: float = 120.0) -> None:
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            with self.town.house.db.read() as tx:
                kept = tx.scalar(select(func.count(Capture.id)))
                answered = tx.scalar(select(func.count(Delivery.id)))
            if kept == answered == self.messages and not self.town.house.jobs.waiting():
                return
            time.sleep(0.2)

    def _counted(self) -> Counts:
        counts = self.counts
        with self.town.house.db.read() as tx:
            captures = list(tx.scalars(select(Capture)))
            visits = Counter(tx.scalars(select(Visit.capture_id)))
        counts.captures, counts.visits = len(captures), visits.total()
        counts.lost = self.messages - len(captures)
        counts.unfiled = sum(visits[one.id] == 0 for one in captures)
        counts.filed_twice = sum(number > 1 for number in visits.values())
        counts.shelved = len(self.town.house.jobs.shelf())
        said: dict[str, list[float]] = {}
        for letter_id, at in sayings(self.town):
            said.setdefault(letter_id, []).append(at)
        counts.cards = len(said)
        counts.unanswered = sum(f"reply-{capture.id}" not in said for capture in captures)
        counts.cards_said_twice = sum(len(times) > 1 for times in said.values())
        counts.said_twice_unkilled = sum(
            not any(earlier <= kill <= later for kill in self.killed_at)
            for times in said.values()
            for earlier, later in zip(sorted(times), sorted(times)[1:], strict=False)
        )
        return counts


def sayings(place: Town) -> list[tuple[str, float]]:
    """Which letter was said when, in monotonic seconds, by Slack and by mail."""
    posts = place.slack.journal.called("chat.postMessage", ok=True)
    assert isinstance(place.smtp, TimedSmtp)
    return [(_letter_id(post.args), post.at) for post in posts] + place.smtp.came


def _letter_id(args: Any) -> str:
    mark = args["metadata"]
    return str((json.loads(mark) if isinstance(mark, str) else mark)["event_payload"]["letter_id"])


def storm(
    folder: Path,
    *,
    kills: int,
    messages: int,
    seed: int = 1,
    url: str | None = None,
    dovecot: Dovecot | None = None,
    apart: bool = False,
) -> Counts:
    """Kill processes of their own in ``folder`` so many times while so many messages come in.

    There is one that does all, or several where they are ``apart``, which takes PostgreSQL.
    """
    with town(folder, url=url, dovecot=dovecot, command="serve" if apart else "run") as place:
        return Storm(place, kills=kills, messages=messages, seed=seed, apart=apart).rage()


def _line(counts: Counts, what: str) -> Line:
    return Line(
        f"kill -9 of {what}, {counts.kills} times", counts.messages, counts.lost, counts.filed_twice,
        counts.unanswered + counts.unfiled, counts.shelved, counts.cards_said_twice, None,
    )  # fmt: skip


def main() -> None:
    """The long storm, by hand."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--kills", type=int, default=30)
    arguments.add_argument("--messages", type=int, default=100)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    arguments.add_argument("--apart", action="store_true", help="processes of their own over PostgreSQL, one killed")
    arguments.add_argument("--write", type=Path, metavar="PAGE", help="put a row into the table of this page, too")
    given = arguments.parse_args()
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        dovecot = ending.enter_context(running())
        url = None
        if given.postgres or given.apart:
            server = Postgres(folder / "postgres")
            server.start()
            ending.callback(server.stop)
            url = server.database()
        counts = storm(
            folder, kills=given.kills, messages=given.messages, seed=given.seed, url=url, dovecot=dovecot,
            apart=given.apart,
        )  # fmt: skip
        for name, value in asdict(counts).items():
            sys.stdout.write(f"{name.replace('_', ' '):22} {value}\n")
        if given.write:
            write(given.write, _line(counts, "one of four processes" if given.apart else "the process"))
        for log in sorted(folder.glob("debrief*.log")):
            sys.stdout.write(f"{log.name}\n{log.read_text()[-4000:]}")
    sys.exit(0 if counts.whole else 1)


if __name__ == "__main__":
    main()
