"""Couriers and what stands beside them, as jobs use them: others work on while a server is waited for."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from capture.beside import Beside
from capture.webhooks import Post, PostError
from jobs import Jobs
from letters import Courier, CourierError, Letter


@dataclass(slots=True)
class Tally:
    """How a medium has fared in this process."""

    clock: Callable[[], datetime]
    sent: int = 0
    limited: int = 0
    """How often the medium asked us to wait."""
    failing_since: datetime | None = None
    """Since when nothing got through; None where the last letter did."""
    says: str = ""

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count what comes of one letter. One that the medium will never take says nothing about the medium."""
        try:
            yield
        except CourierError as error:
            if error.after_s is not None and error.away is None:
                self.limited += 1
            elif not error.permanent:
                self.failing_since, self.says = self.failing_since or self.clock(), str(error)
            raise
        self.sent, self.failing_since, self.says = self.sent + 1, None, ""


@dataclass(frozen=True, slots=True)
class Aside:
    """A courier that lets other jobs work while it waits for its server, and counts how it fares."""

    courier: Courier
    jobs: Jobs
    tally: Tally

    def send(self, letter_id: str, letter: Letter, to: Mapping[str, Any]) -> dict[str, Any]:
        """As the courier does."""
        with self.jobs.turns.aside(), self.tally.counted():
            return self.courier.send(letter_id, letter, to)

    def update(self, letter_id: str, letter: Letter, receipt: Mapping[str, Any]) -> dict[str, Any]:
        """As the courier does."""
        with self.jobs.turns.aside(), self.tally.counted():
            return self.courier.update(letter_id, letter, receipt)


@dataclass(frozen=True, slots=True)
class BesideAside:
    """What stands beside a courier, letting other jobs work while it waits for its server."""

    beside: Beside
    jobs: Jobs

    def mark(self, place: Mapping[str, Any], sign: str) -> None:
        """As the medium does: it waits for nothing."""
        self.beside.mark(place, sign)

    def show(self, person: str, view: Mapping[str, Any]) -> None:
        """As the medium does."""
        with self.jobs.turns.aside():
            self.beside.show(person, view)

    def fetch(self, ref: Mapping[str, Any]) -> bytes:
        """As the medium does."""
        with self.jobs.turns.aside():
            return self.beside.fetch(ref)

    def words(self, ref: Mapping[str, Any]) -> str | None:
        """As the medium does."""
        with self.jobs.turns.aside():
            return self.beside.words(ref)


@dataclass(frozen=True, slots=True)
class PostAside:
    """What posts to webhooks, letting other jobs work while it waits for their servers; nothing out of a copy."""

    outgoing: Post
    jobs: Jobs
    ours: Callable[[], bool]
    """Whether the database is this house's own."""

    def check(self, url: str) -> None:
        """As it does."""
        self.outgoing.check(url)

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """As it does."""
        if not self.ours():
            raise PostError("this database was copied or moved from another house")
        with self.jobs.turns.aside():
            return self.outgoing.post(url, headers, body)
