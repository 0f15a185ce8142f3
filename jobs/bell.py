"""Waking the threads that look for work: they look seldom while nothing comes, and at once when something does."""

import threading
import time
from collections.abc import Callable, Sequence

PAUSE_S = 0.02
"""Those who ring come in droves: a thread that was woken waits this long for the others before it looks."""
AT_MOST_S = 0.25
"""While there is enough to do it waits longer, up to this: a look costs as much as half a job."""


class Bell:
    """Wakes the job engine's threads, which otherwise look for work once in a polling interval.

    The engine gives each of them a stop event to sleep on, and names it after its queue (dbos, ``queue_worker_thread``
    in ``_queue.py``). Nothing is lost where no bell is heard, in another process for example: the polling goes on.
    """

    def __init__(self, queues: Sequence[str], enough: Callable[[], bool] = lambda: False) -> None:
        self._enough = enough
        self._rung = {f"queue-worker-{queue}": threading.Event() for queue in queues}

    def ring(self, queue: str) -> None:
        """Have the thread of this queue look now."""
        self._rung[f"queue-worker-{queue}"].set()

    def ring_all(self) -> None:
        """Have every thread look now."""
        for rung in self._rung.values():
            rung.set()

    def hang(self, stop: threading.Event) -> None:
        """Let the threads that sleep on ``stop`` hear the bell too."""
        stop.wait = self._waiting(stop, stop.wait)  # type: ignore[method-assign, assignment]

    def _waiting(self, stop: threading.Event, plain: Callable[[float | None], bool]) -> Callable[[float | None], bool]:
        def wait(timeout: float | None = None) -> bool:
            rung = self._rung.get(threading.current_thread().name)
            if rung is None:
                return plain(timeout)
            if rung.wait(timeout):
                self._gather(plain)
                rung.clear()
            return stop.is_set()

        return wait

    def _gather(self, plain: Callable[[float | None], bool]) -> None:
        until = time.monotonic() + AT_MOST_S
        while not plain(PAUSE_S) and self._enough() and time.monotonic() < until:
            pass

    def threads(self) -> list[threading.Thread]:
        """The threads that hear this bell, as far as they run."""
        return [thread for thread in threading.enumerate() if thread.name in self._rung]
