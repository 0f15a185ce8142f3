"""The mailbox under trouble: whatever happens to server, folder and line, each mail is taken, and taken once."""

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from app.doctor import examine
from mail_ingest.login import LoginRefusedError, ServerTroubleError, connect, log_in
from mail_ingest.mailbox import Watcher
from tests.conftest import TestHouse
from tests.servers.dovecot import Dovecot, running
from tests.servers.ports import until
from tests.servers.proxy import Proxy

pytestmark = pytest.mark.slow

MAIL = """\
From: Noor Wijngaard <noor@varenhof.example>
Subject: Bezoek {number}
Message-ID: <{number}@varenhof.example>

Vanmiddag geweest, Kees wil een offerte.
"""


@pytest.fixture
def proxy(dovecot: Dovecot) -> Iterator[Proxy]:
    proxy = Proxy(dovecot.port)
    yield proxy
    proxy.close()


@pytest.fixture
def behind(build_house: Callable[..., TestHouse], sqlite_url: str, dovecot: Dovecot, proxy: Proxy) -> TestHouse:
    """A house that reaches Dovecot through the proxy."""
    return build_house(sqlite_url, mailbox=_box(dovecot, port=proxy.port))


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = {"ALIVE_S": 1, "ALIVE_ANSWER_S": 1, "ANSWER_S": 2, "BACK_OFF_S": (1,), "REFUSED_S": (1, 3, 60)}
    for name, value in quick.items():
        monkeypatch.setattr(f"mail_ingest.mailbox.{name}", value)
    for name in ("CONNECT_S", "ANSWER_S"):
        monkeypatch.setattr(f"mail_ingest.login.{name}", 2)


def _box(dovecot: Dovecot, **more: Any) -> dict[str, Any]:
    box = {
        "host": "127.0.0.1", "port": dovecot.port, "tls": False, "username": dovecot.user,
        "password": dovecot.password,
    }  # fmt: skip
    return {**box, **more}


@contextmanager
def _watching(house: TestHouse) -> Iterator[Watcher]:
    [watcher] = house.house.watchers()
    thread = threading.Thread(target=watcher.watch, daemon=True)
    thread.start()
    try:
        until(lambda: watcher.state.name != "starting", "the server was met")
        yield watcher
    finally:
        watcher.stop()
        thread.join(timeout=10)
        assert not thread.is_alive()


def _change_password(server: Dovecot, password: str) -> None:
    server.stop()
    server.password = password
    server.start()


def _deliver(dovecot: Dovecot, numbers: range) -> None:
    for number in numbers:
        dovecot.deliver(MAIL.format(number=number).encode())


def _each_once(house: TestHouse, many: int) -> None:
    until(lambda: len(house.captures()) >= many, "every mail is taken", timeout_s=30)
    assert len({capture.source_id for capture in house.captures()}) == len(house.captures()) == many


def test_a_line_that_is_cut_without_a_word_costs_nothing(behind: TestHouse, dovecot: Dovecot, proxy: Proxy) -> None:
    with _watching(behind) as watcher:
        _deliver(dovecot, range(3))
        _each_once(behind, 3)
        proxy.silence()
        _deliver(dovecot, range(3, 30))
        until(lambda: watcher.state.name == "unreachable", "the silence is noticed")
        assert len(behind.captures()) == 3
        proxy.speak()
        _each_once(behind, 30)
        assert watcher.state.name == "watched"


def test_a_server_that_restarts_while_mails_are_taken_costs_nothing(behind: TestHouse, dovecot_server: Dovecot,
                                                                    dovecot: Dovecot) -> None:  # fmt: skip
    with _watching(behind):
        _deliver(dovecot, range(150))
        until(lambda: len(behind.captures()) > 10, "some are taken")
        dovecot_server.stop()
        assert len(behind.captures()) < 150
        dovecot_server.start()
        _each_once(behind, 150)


def test_a_mailbox_that_is_made_anew_while_it_is_watched_costs_nothing(behind: TestHouse, dovecot: Dovecot) -> None:
    with _watching(behind):
        _deliver(dovecot, range(5))
        _each_once(behind, 5)
        dovecot.recreate()
        _deliver(dovecot, range(20))  # the first five once more, under other UIDs
        _each_once(behind, 20)


def test_news_that_comes_while_mails_are_taken_is_not_overlooked(behind: TestHouse, dovecot: Dovecot) -> None:
    with _watching(behind):
        for number in range(40):
            _deliver(dovecot, range(number, number + 1))
            time.sleep(0.01)
        began = time.monotonic()
        _each_once(behind, 40)
        assert time.monotonic() - began < 15


def test_a_password_that_expired_is_told_and_the_server_is_not_hammered(
    build_house: Callable[..., TestHouse], dovecot_server: Dovecot, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with running() as server, closing(Proxy(server.port)) as proxy:
        house = build_house(sqlite_url, mailbox=_box(server, port=proxy.port))
        with caplog.at_level(logging.INFO, "debrief.mail"), _watching(house) as watcher:
            _change_password(server, "changed by the administrator")
            _deliver(server, range(1))
            until(lambda: watcher.state.name == "refused", "the refusal is known")
            assert "Authentication failed" in watcher.state.says
            doctor = {finding.what: finding for finding in examine(house.house)}
            assert not doctor["mailbox"].ok
            assert "DEBRIEF_MAILBOX__USERNAME and __PASSWORD" in doctor["mailbox"].says
            tried = proxy.connections
            time.sleep(1.5)
            assert proxy.connections - tried <= 1
            _change_password(server, "secret")
            _each_once(house, 1)
    [refused] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "the login of debrief is refused" in refused.getMessage()
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("answer", "meant"),
    [
        (b"a NO [AUTHENTICATIONFAILED] Authentication failed.", LoginRefusedError),
        (b"a NO LOGIN failed.", LoginRefusedError),
        (b"a NO [UNAVAILABLE] Temporary authentication failure.", ServerTroubleError),
        (b"* BYE shutting down", ServerTroubleError),
        (b"", ServerTroubleError),
    ],
)
def test_a_refused_login_is_told_from_a_server_in_trouble(answer: bytes, meant: type[Exception]) -> None:
    with _imap_that_says(answer) as port:
        client = connect("127.0.0.1", port, tls=False)
        with pytest.raises(meant):
            log_in(client, "debrief", "secret")
        client.shutdown()


@contextmanager
def _imap_that_says(answer: bytes) -> Iterator[int]:
    """A server that knows its capabilities, gives ``answer`` to LOGIN (its tag for ``a``), and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection, connection.makefile("rwb") as stream:
                stream.write(b"* OK ready\r\n")
                stream.flush()
                for line in stream:
                    tag, command = line.split()[:2]
                    if command == b"LOGIN":
                        stream.write(answer.replace(b"a ", tag + b" ", 1) + b"\r\n" if answer else b"")
                        return
                    stream.write(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n")
                    stream.flush()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        thread.join(timeout=5)


def test_a_folder_for_taken_mails_that_cannot_be_made_stops_nothing(
    build_house: Callable[..., TestHouse], sqlite_url: str, dovecot: Dovecot, caplog: pytest.LogCaptureFixture
) -> None:
    house = build_house(sqlite_url, mailbox=_box(dovecot, done_folder="~not/a/name"))
    _deliver(dovecot, range(2))
    [watcher] = house.house.watchers()
    assert watcher.sweep() == 0
    assert len(house.captures()) == 2
    assert "was kept, not moved" in caplog.text
    with dovecot.client() as client:
        client.select_folder("INBOX")
        assert client.search(["UNSEEN"]) == []
