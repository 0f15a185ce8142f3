"""Whose turn it is: one computes at a time, who came first first, and what nobody waits for last."""

import threading
from collections.abc import Callable

import pytest

from jobs.turns import Turns
from tests.servers.ports import until


class Line:
    """Threads that wait for their turn, and the order in which they had it."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.had: list[str] = []
        self._threads: list[threading.Thread] = []

    def joins(self, name: str, *, patient: bool = False, work: Callable[[], object] = lambda: None) -> None:
        """Have a thread queue up; it waits already when this returns, or works."""
        before = len(self.turns._waiting)
        begun = threading.Event()

        def run() -> None:
            with self.turns.working(patient=patient):
                self.had.append(name)
                begun.set()
                work()

        thread = threading.Thread(target=run, daemon=True)
        self._threads.append(thread)
        thread.start()
        until(lambda: begun.is_set() or len(self.turns._waiting) > before, f"{name} waits")

    def ends(self) -> list[str]:
        for thread in self._threads:
            thread.join(timeout=20)
        return self.had


def test_who_came_first_goes_first_and_what_nobody_waits_for_goes_last() -> None:
    line, done = Line(), threading.Event()
    line.joins("first", work=lambda: done.wait(3))
    line.joins("digest", patient=True)
    line.joins("second")
    line.joins("third")
    assert line.had == ["first"]
    assert line.turns.crowded
    done.set()
    assert line.ends() == ["first", "second", "third", "digest"]
    assert not line.turns.crowded


def test_no_job_begins_while_somebody_is_in_a_hurry() -> None:
    line = Line()
    with line.turns.hurried():
        line.joins("job")
        assert line.had == []
    assert line.ends() == ["job"]


def test_work_goes_on_however_many_are_in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.turns.GIVES_WAY_S", 0.05)
    line = Line()
    with line.turns.hurried():
        line.joins("job")
        assert line.ends() == ["job"]


def test_a_job_that_takes_long_does_not_hold_up_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.turns.GIVES_WAY_S", 0.02)
    monkeypatch.setattr("jobs.turns.PATIENCE_S", 0.02)
    line, done = Line(), threading.Event()
    line.joins("long", work=lambda: done.wait(5))
    line.joins("short")
    until(lambda: line.had == ["long", "short"], "the short one went ahead")
    done.set()
    line.ends()


def test_others_work_while_one_waits_for_a_server_and_it_goes_on_at_once() -> None:
    line, answered = Line(), threading.Event()

    def asks() -> None:
        with line.turns.aside():
            answered.wait(3)
        line.had.append("sent")

    line.joins("sends", work=asks)
    line.joins("other", work=lambda: answered.set() or until(lambda: "sent" in line.had, "it was recorded"))
    assert line.ends() == ["sends", "other", "sent"]
