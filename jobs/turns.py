"""Whose turn it is to compute: in one Python process only one thread does at a time, and some are in a hurry."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, get_ident

GIVES_WAY_S = 1.0
"""How long a job waits for messages that are being taken in: work goes on however many come."""
PATIENCE_S = 5.0
"""How long a job waits for another one: a job that takes longer does not hold up the rest."""


class Turns:
    """Jobs compute one after the other, and begin when nobody waits for a message to be taken in.

    More at once would end no sooner, and would make whoever reports wait for all of them: Slack waits three seconds.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._hurried = 0
        self._answering = 0
        self._working: set[int] = set()

    @contextmanager
    def hurried(self) -> Iterator[None]:
        """Around what somebody waits for: no job begins meanwhile."""
        with self._changed:
            self._hurried += 1
        try:
            yield
        finally:
            with self._changed:
                self._hurried -= 1
                self._changed.notify_all()

    @contextmanager
    def working(self, *, answers: bool = False) -> Iterator[None]:
        """Around a job. What ``answers`` somebody goes before what is still to be understood.

        So whoever reported first is answered first, and not when all that came with it has been read.
        """
        self._begin(answers=answers)
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
            with self._changed:
                self._working.add(get_ident())

    def _begin(self, *, answers: bool) -> None:
        with self._changed:
            self._answering += answers
            try:
                self._changed.wait_for(lambda: not self._hurried, GIVES_WAY_S)
                self._changed.wait_for(lambda: not self._working and (answers or not self._answering), PATIENCE_S)
            finally:
                self._answering -= answers
            self._working.add(get_ident())

    def _end(self) -> None:
        with self._changed:
            self._working.discard(get_ident())
            self._changed.notify_all()
