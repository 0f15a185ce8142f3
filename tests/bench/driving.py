"""Reps who write in Slack, as fast as they are answered or at a steady rate, and when each was answered."""

import http.client
import json
import time
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from tests.faults.town import Town
from tests.servers.slack.delivery import sign

SENDERS = 16
CHUNK = 100
"""Messages that are made ready together."""
LOOK_S = 0.01

Says = Callable[[range], list[dict[str, Any]]]
"""The events of the messages of these numbers."""


@dataclass
class Driver:
    """Times are monotonic seconds; a message is known by its ``ts``."""

    place: Town
    says: Says
    due: dict[str, float] = field(default_factory=dict)
    answered: dict[str, float] = field(default_factory=dict)
    refused: Counter[object] = field(default_factory=Counter)
    _read: int = 0
    _made: int = 0
    _ready: deque[dict[str, Any]] = field(default_factory=deque)

    def full(self, seconds: float, in_flight: int) -> None:
        """A closed loop: ``in_flight`` messages are always sent and not answered, so the house is never idle."""
        end = time.monotonic() + seconds
        with ThreadPoolExecutor(SENDERS) as pool:
            while (now := time.monotonic()) < end:
                self.look()
                for _ in range(in_flight - self.open):
                    self._send(pool, now)
                time.sleep(LOOK_S)

    def steady(self, rate: float, seconds: float) -> None:
        """An open loop: a message is sent when it is due, whether or not the ones before were answered."""
        begin = time.monotonic()
        with ThreadPoolExecutor(SENDERS) as pool:
            for number in range(int(rate * seconds)):
                due = begin + number / rate
                time.sleep(max(0.0, due - time.monotonic()))
                self._send(pool, due)
            time.sleep(max(0.0, begin + seconds - time.monotonic()))
        self.look()

    def settle(self, timeout_s: float = 60.0) -> bool:
        """Wait until all is answered; whether it was in time."""
        end = time.monotonic() + timeout_s
        self.look()
        while self.open and time.monotonic() < end:
            time.sleep(0.05)
            self.look()
        return not self.open

    @property
    def open(self) -> int:
        """How many messages are sent and not answered."""
        return len(self.due) - len(self.answered)

    def look(self) -> None:
        """See what Slack was told since the last look."""
        calls = self.place.slack.journal.calls
        end = len(calls)
        for call in calls[self._read : end]:
            ts = str(call.args.get("thread_ts"))
            if call.method == "chat.postMessage" and call.ok and ts in self.due:
                self.answered.setdefault(ts, call.at)
        self._read = end

    def rate(self, since: float, until: float) -> float:
        """Answers a second between two moments."""
        return sum(since <= at < until for at in self.answered.values()) / (until - since)

    def waits(self, since: float) -> list[float]:
        """Seconds from when a message was due to its answer, of those due since then."""
        return [self.answered[ts] - due for ts, due in self.due.items() if due >= since and ts in self.answered]

    def _send(self, pool: ThreadPoolExecutor, due: float) -> None:
        if not self._ready:
            made = self.says(range(self._made, self._made + CHUNK))
            # What the app itself posted meanwhile is held as well.
            self._ready.extend(one for one in made if one["event"].get("bot_id") is None)
            self._made += CHUNK
        event = self._ready.popleft()
        self.due[str(event["event"]["ts"])] = due
        pool.submit(self._post, json.dumps(event).encode())

    def _post(self, body: bytes) -> None:
        now, slack = int(time.time()), self.place.slack
        headers = {
            "Content-Type": "application/json",
            "X-Slack-Request-Timestamp": str(now),
            "X-Slack-Signature": sign(slack.signing_secret, now, body),
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.place.run.port, timeout=30)
        try:
            connection.request("POST", "/slack/events", body, headers)
            self._note(connection.getresponse().status)
        except (OSError, http.client.HTTPException) as error:
            self._note(type(error).__name__)
        finally:
            connection.close()

    def _note(self, answer: object) -> None:
        if answer != http.client.OK:
            self.refused[answer] += 1
