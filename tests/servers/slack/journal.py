"""What happened in the Slack of our tests: every call, every delivery, and everything the app did wrong."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    """One Web API call of the app, and what Slack answered; ``at`` is a monotonic second."""

    method: str
    args: Mapping[str, Any]
    status: int
    answer: Mapping[str, Any]
    at: float

    @property
    def ok(self) -> bool:
        return bool(self.answer.get("ok"))

    @property
    def error(self) -> str | None:
        return self.answer.get("error")


@dataclass(frozen=True)
class Delivery:
    """One request or envelope to the app and its answer; ``status`` is ``None`` where none came in time.

    ``kind`` is "event", "interactive", "options" or "command"; ``reason`` why it failed, in Slack's words.
    """

    kind: str
    payload: Mapping[str, Any]
    retry_num: int
    retry_reason: str | None
    status: int | None
    body: Any
    reason: str | None
    seconds: float
    at: float

    @property
    def ok(self) -> bool:
        return self.reason is None

    @property
    def event_id(self) -> str | None:
        return self.payload.get("event_id")


@dataclass(frozen=True)
class Violation:
    """Something no well-behaved app does; ``code`` is Slack's error where it has one."""

    code: str
    detail: str


@dataclass
class Journal:
    """Three lists that only grow, in the order things ended."""

    calls: list[Call] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def called(self, method: str, *, ok: bool | None = None) -> list[Call]:
        """The calls of ``method``, all of them or those that went well or not."""
        with self._lock:
            return [call for call in self.calls if call.method == method and ok in (None, call.ok)]

    def delivered(self, kind: str, *, type_: str | None = None) -> list[Delivery]:
        """The deliveries of ``kind``; ``type_`` narrows to a type of event or of interaction."""
        with self._lock:
            found = [delivery for delivery in self.deliveries if delivery.kind == kind]
        return [d for d in found if type_ in (None, d.payload.get("event", d.payload).get("type"))]

    def note(self, entry: Call | Delivery | Violation) -> None:
        with self._lock:
            {Call: self.calls, Delivery: self.deliveries, Violation: self.violations}[type(entry)].append(entry)

    def violate(self, code: str, detail: str) -> None:
        self.note(Violation(code, detail))

    def forgive(self, *codes: str) -> list[Violation]:
        """Take violations that a test provoked off the list, and give them back."""
        with self._lock:
            forgiven = [violation for violation in self.violations if violation.code in codes]
            self.violations[:] = [violation for violation in self.violations if violation.code not in codes]
        return forgiven
