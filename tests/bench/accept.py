"""Slack's events at a steady rate over HTTP, measured by a client outside the process."""

import http.client
import json
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.tables import middle, percentile, table
from tests.faults.town import Town, slack_events, town
from tests.servers.slack.delivery import sign

IDLE_S = 5.0
REPS = 50
"""Slack takes one message a second a channel: twenty reports a second need many reps."""


@dataclass
class Answered:
    """One event: when it was due and sent (monotonic seconds), how long its answer took, and what it was."""

    ts: str
    due: float
    sent: float
    took_s: float
    status: int


def accept(*, rate: float = 20.0, seconds: float = 30.0) -> None:
    """Print how quickly events are taken in and answered at ``rate`` a second, and what rest costs."""
    with _place() as place:
        ready_s = _started(place)
        time.sleep(2)
        idle = _idle_percent(place)
        used = place.run.cpu_s()
        answers = _driven(place, rate, seconds)
        cards = _cards(place, answers)
        used = place.run.cpu_s() - used
        memory = place.run.resident_bytes()
        place.run.stop()
        commits = commits_a_second(place.run.folder)
    _print(rate, answers, cards, commits)
    table(
        "debrief run, on SQLite",
        ("what", ""),
        [
            ("seconds until it takes messages", ready_s),
            ("processor when idle, % of one", idle),
            ("processor a message, filed and answered, ms", used / len(answers) * 1000),
            ("memory after that, MB", memory / 1e6),
        ],
    )


@contextmanager
def _place() -> Iterator[Town]:
    with tempfile.TemporaryDirectory() as folder, town(Path(folder), reps=REPS) as place:
        yield place


def _started(place: Town) -> float:
    began = time.monotonic()
    place.run.start()
    place.run.wait_ready()
    return time.monotonic() - began


def _idle_percent(place: Town) -> float:
    before = place.run.cpu_s()
    time.sleep(IDLE_S)
    return (place.run.cpu_s() - before) / IDLE_S * 100


def _driven(place: Town, rate: float, seconds: float) -> list[Answered]:
    """An open loop: an event is sent when it is due, whether or not the one before was answered."""
    bodies = [(one["event"]["ts"], json.dumps(one).encode()) for one in slack_events(place, range(int(rate * seconds)))]
    answers: list[Answered] = []
    begin = time.monotonic() + 0.5
    threads = []
    for number, (ts, body) in enumerate(bodies):
        due = begin + number / rate
        time.sleep(max(0.0, due - time.monotonic()))
        thread = threading.Thread(target=lambda t=ts, b=body, d=due: answers.append(_post(place, t, b, d)))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()
    return answers


def _post(place: Town, ts: str, body: bytes, due: float) -> Answered:
    now = int(time.time())
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": str(now),
        "X-Slack-Signature": sign(place.slack.signing_secret, now, body),
    }
    sent = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", place.run.port, timeout=10)
    try:
        connection.request("POST", "/slack/events", body, headers)
        answer = connection.getresponse()
        answer.read()
        return Answered(ts, due, sent, time.monotonic() - sent, answer.status)
    finally:
        connection.close()


def _cards(place: Town, answers: list[Answered], timeout_s: float = 60.0) -> list[float]:
    """Seconds from each event to its card in Slack."""
    deadline = time.monotonic() + timeout_s
    while len(posts := place.slack.journal.called("chat.postMessage", ok=True)) < len(answers):
        if time.monotonic() > deadline:
            break
        time.sleep(0.1)
    posted: dict[Any, float] = {post.args["thread_ts"]: post.at for post in posts}
    return [posted[one.ts] - one.sent for one in answers if one.ts in posted]


def commits_a_second(folder: Path) -> float:
    """What the disk itself gives: rows of 500 bytes, each a commit that is on the disk (WAL, synchronous=FULL)."""
    connection = sqlite3.connect(folder / "raw.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE t (x)")
    number, began = 0, time.monotonic()
    while time.monotonic() - began < 1.0:
        connection.execute("INSERT INTO t VALUES (?)", ("x" * 500,))
        number += 1
    connection.close()
    return number / (time.monotonic() - began)


def _print(rate: float, answers: list[Answered], cards: list[float], commits: float) -> None:
    took = [one.took_s * 1000 for one in answers]
    shown = [one * 1000 for one in cards]
    late = [(one.sent - one.due) * 1000 for one in answers]
    refused = sum(one.status != 200 for one in answers)
    table(
        f"{len(answers)} Slack events at {rate:g} a second; the disk makes {commits:,.0f} commits a second",
        ("ms", "p50", "p95", "p99", "longest", "number", "failed"),
        [
            ("event → 200", *_ends(took), len(took), refused),
            ("event → card in Slack", *_ends(shown), len(shown), len(answers) - len(shown)),
            ("client was late by", *_ends(late), len(late), 0),
        ],
    )


def _ends(values: list[float]) -> tuple[float, ...]:
    return middle(values), percentile(values, 95), percentile(values, 99), max(values, default=float("nan"))
