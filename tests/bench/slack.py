"""Twenty reps who write at once: how long until Slack has its 200 and each rep a card, beside a bot that says "ok"."""

import http.client
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bench.accept import Answered
from tests.bench.tables import middle, percentile, table
from tests.faults.town import ROOT, Town, slack_events, town
from tests.servers.ports import free_port, until
from tests.servers.slack.delivery import sign

REPS, ROUNDS, PAUSE_S = 20, 10, 2.5
"""Slack takes one message a second a channel: a rep writes again when that is long over."""
PATIENCE_S = 30.0


def slack() -> None:
    """Print how quickly twenty reports that come at the same moment are taken in and answered, round after round."""
    with tempfile.TemporaryDirectory() as folder, town(Path(folder), reps=REPS) as place, _ok_bot(place) as ok_port:
        place.run.start()
        place.run.wait_ready()
        time.sleep(2)
        ours: list[tuple[Answered, float]] = []
        theirs: list[tuple[Answered, float]] = []
        for number in range(ROUNDS):
            ours += _round(place, place.run.port, number * 2)
            time.sleep(PAUSE_S)
            theirs += _round(place, ok_port, number * 2 + 1)
            time.sleep(PAUSE_S)
        reacted = len(place.slack.journal.called("reactions.add", ok=True))
    _print(ours, theirs, reacted)


@contextmanager
def _ok_bot(place: Town) -> Iterator[int]:
    port = free_port()
    words = [str(port), place.slack.bot_token, place.slack.signing_secret, place.slack.base_url]
    with subprocess.Popen([sys.executable, "-m", "tests.bench.okbot", *words], cwd=ROOT) as process:
        try:
            until(lambda: _listens(port), "the other bot listens", timeout_s=20)
            yield port
        finally:
            process.terminate()


def _listens(port: int) -> bool:
    try:
        http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
    except OSError:
        return False
    return True


def _round(place: Town, port: int, number: int) -> list[tuple[Answered, float]]:
    """Every rep's message at once; each with the seconds until its answer stood in Slack."""
    events = slack_events(place, range(number * REPS, (number + 1) * REPS))
    bodies = [(one["event"]["ts"], json.dumps(one).encode()) for one in events]
    answers: list[Answered] = []
    start = threading.Barrier(len(bodies))

    def send(ts: str, body: bytes) -> None:
        start.wait()
        answers.append(_post(place, port, ts, body))

    threads = [threading.Thread(target=send, args=pair) for pair in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    posted = _posted(place, [one.ts for one in answers])
    return [(one, posted.get(one.ts, float("inf")) - one.sent) for one in answers]


def _posted(place: Town, wanted: Sequence[str]) -> dict[str, float]:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        posts = place.slack.journal.called("chat.postMessage", ok=True)
        found = {str(post.args["thread_ts"]): post.at for post in posts if post.args.get("thread_ts") in wanted}
        if len(found) == len(wanted) or time.monotonic() > deadline:
            return found
        time.sleep(0.05)


def _post(place: Town, port: int, ts: str, body: bytes) -> Answered:
    now = int(time.time())
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": str(now),
        "X-Slack-Signature": sign(place.slack.signing_secret, now, body),
    }
    sent = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("POST", "/slack/events", body, headers)
        answer = connection.getresponse()
        answer.read()
        return Answered(ts, sent, sent, time.monotonic() - sent, answer.status)
    finally:
        connection.close()


def _print(ours: Sequence[tuple[Answered, float]], theirs: Sequence[tuple[Answered, float]], reacted: int) -> None:
    def row(name: str, values: list[float], failed: int) -> tuple[object, ...]:
        ms = [value * 1000 for value in values]
        ends = (middle(ms), percentile(ms, 95), percentile(ms, 99), max(ms, default=float("nan")))
        return (name, *ends, len(ms), failed)

    def rows(name: str, answers: Sequence[tuple[Answered, float]]) -> list[tuple[object, ...]]:
        shown = [card for _, card in answers if card != float("inf")]
        refused = sum(one.status != 200 for one, _ in answers)
        took = row(f"{name}: event → 200", [one.took_s for one, _ in answers], refused)
        return [took, row(f"{name}: event → answer in Slack", shown, len(answers) - len(shown))]

    table(
        f"{REPS} reps who write at the same moment, {ROUNDS} times; a bot that answers “ok” in the same run",
        ("ms", "p50", "p95", "p99", "longest", "number", "failed"),
        [*rows("Debrief", ours), *rows("ok", theirs)],
    )
    mine, other = middle([card for _, card in ours]), middle([card for _, card in theirs])
    table("Beside that", ("what", ""), [("event → answer, ratio of the medians", mine / other), ("reactions", reacted)])
