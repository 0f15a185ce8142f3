"""Whose turn it is to compute: in one Python process only one thread does at a time, and some are in a hurry."""

import time
from bisect import insort
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Event, Lock, get_ident

GIVES_WAY_S = 1.0
"""How long a job waits for messages that are being taken in: work goes on however many come."""
PATIENCE_S = 5.0
"""How long a job waits for another one: a job that takes longer does not hold up the rest."""


@dataclass(order=True, slots=True)
class _Waiting:
    """A job that waits: whether nobody waits for it, then the order in which they came."""

    patient: bool
    number: int
    gives_way_until: float = field(compare=False)
    thread: int = field(compare=False)
    called: Event = field(compare=False, default_factory=Event)


class Turns:
    """Jobs compute one after the other, and begin when nobody waits for a message to be taken in.

    More at once would end no sooner, and would make whoever reports wait for all of them: Slack waits three seconds.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._numbers = count()
        self._hurried = 0
        self._waiting: list[_Waiting] = []
        self._working: set[int] = set()

    @property
    def crowded(self) -> bool:
        """Whether there is more to do than one thread does, or somebody in a hurry: looking for still more can wait."""
        return bool(self._waiting or self._hurried)

    @contextmanager
    def hurried(self) -> Iterator[None]:
        """Around what somebody waits for: no job begins meanwhile."""
        with self._lock:
            self._hurried += 1
        try:
            yield
        finally:
            with self._lock:
                self._hurried -= 1
                self._call()

    @contextmanager
    def working(self, *, patient: bool = False) -> Iterator[None]:
        """Around a job. One that is ``patient`` lets those go before for which somebody waits.

        Else who came first goes first: whoever reported first is answered first.
        """
        self._begin(patient)
        try:
            yield
        finally:
            self._end()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Around what a job waits for without computing, a mail server for example: others work meanwhile."""
        if get_ident() not in self._working:
            yield
            return
        self._end()
        try:
            yield
        finally:
            # Without waiting again: what was sent must be recorded soon, or a kill would have it sent twice.
            with self._lock:
                self._working.add(get_ident())

    def _begin(self, patient: bool) -> None:
        me = _Waiting(patient, next(self._numbers), time.monotonic() + GIVES_WAY_S, get_ident())
        with self._lock:
            insort(self._waiting, me)
            self._call()
        for patience_s in (GIVES_WAY_S, PATIENCE_S):
            if me.called.wait(patience_s):
                return
            with self._lock:
                self._call()
        with self._lock:
            if not me.called.is_set():
                self._waiting.remove(me)
                self._working.add(me.thread)

    def _end(self) -> None:
        with self._lock:
            self._working.discard(get_ident())
            self._call()

    def _call(self) -> None:
        """Let the first of those who wait begin, where nobody computes and nobody is in a hurry; under the lock."""
        if self._working or not self._waiting:
            return
        first = self._waiting[0]
        if not self._hurried or time.monotonic() >= first.gives_way_until:
            self._waiting.pop(0)
            self._working.add(first.thread)
            first.called.set()
