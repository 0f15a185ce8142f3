"""Of several processes one watches a mailbox, and another takes over when it is gone."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from mail_ingest import mailbox
from mail_ingest.mailbox import Watcher
from store.db import Db
from store.lease import Lease
from tests.conftest import TestHouse
from tests.servers.dovecot import Dovecot
from tests.servers.ports import until


@contextmanager
def watching(watcher: Watcher) -> Iterator[Watcher]:
    thread = threading.Thread(target=watcher.watch, daemon=True)
    thread.start()
    try:
        yield watcher
    finally:
        watcher.stop()
        thread.join(timeout=15)
        assert not thread.is_alive()


@pytest.fixture
def house(
    database_url: str, build_house: Callable[..., TestHouse], dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> TestHouse:
    monkeypatch.setattr(mailbox, "ELSEWHERE_S", 0.1)
    box = {"host": "127.0.0.1", "port": dovecot.port, "tls": False, "username": dovecot.user,
           "password": dovecot.password}  # fmt: skip
    return build_house(database_url, mailbox=box)


def test_one_watches_and_the_other_takes_over(house: TestHouse) -> None:
    [first], [second] = house.house.watchers(), house.house.watchers()
    with watching(first):
        until(lambda: first.state.name == "watched", what="the first watches")
        with watching(second):
            until(lambda: second.state.name == "elsewhere", what="the second waits")
            first.stop()
            until(lambda: second.state.name == "watched", what="the second took over")


def test_a_right_that_was_lost_ends_the_watch(house: TestHouse) -> None:
    [watcher] = house.house.watchers()
    with watching(watcher):
        until(lambda: watcher.state.name == "watched", what="it watches")
        right = watcher._right
        assert isinstance(right, Lease)
        other = Lease(Db(house.house.db.url), right._name)
        # As when the database was cut off, and another process was quicker.
        until(lambda: right.free() or other.take(), what="the right is another's")
        until(lambda: watcher.state.name == "elsewhere", timeout_s=20, what="it stops watching")
        other.free()
        until(lambda: watcher.state.name == "watched", what="it watches again")
