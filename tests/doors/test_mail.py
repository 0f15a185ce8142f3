"""The road from an IMAP folder to the answer by SMTP: a real Dovecot, a real SMTP server."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from capture import Assistant
from mail_ingest.door import sent_at
from mail_ingest.mailbox import ALIVE_S, Mailbox, Watcher
from tests.conftest import TestHouse
from tests.servers.dovecot import Dovecot
from tests.servers.ports import until
from tests.servers.smtp import SmtpServer

FORWARD = """\
From: Noor Wijngaard <noor@varenhof.example>
To: debrief@varenhof.example
Subject: Fwd: Levering week 11
Date: Mon, 02 Mar 2026 17:55:00 +0100
Message-ID: <fwd-1@varenhof.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Vanmiddag bij Zuivelhuis Terwolde geweest, Kees wil een offerte. Stuur ik vrijdag.

---------- Forwarded message ---------
Van: Kees Bruinsma <k.bruinsma@zuivelhuis-terwolde.example>
Date: ma 2 mrt 2026 om 11:02
Subject: Levering week 11
To: Noor Wijngaard <noor@varenhof.example>

Dag Noor, kom je vanmiddag nog langs?

Groet, Kees
"""

BOUNCE = """\
From: Mail Delivery Subsystem <MAILER-DAEMON@mx.varenhof.example>
To: debrief@varenhof.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-1@mx.varenhof.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

The mail system could not deliver your message.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.varenhof.example

Final-Recipient: rfc822; k.bruinsma@zuivelhuis-terwolde.example
Action: failed
Status: 5.1.1

--b--
"""


@pytest.fixture
def at_mail(build_house: Callable[..., TestHouse], sqlite_url: str, dovecot: Dovecot, smtp: SmtpServer) -> TestHouse:
    return build_house(
        sqlite_url,
        mailbox={
            "host": "127.0.0.1", "port": dovecot.port, "tls": False, "username": dovecot.user,
            "password": dovecot.password, "max_size_bytes": 200_000, "require_proof": False,
        },
        smtp={"host": "127.0.0.1", "port": smtp.port, "tls": "none", "sender": "Debrief <debrief@varenhof.example>"},
    )  # fmt: skip


def _sweep(house: TestHouse) -> int:
    [watcher] = house.house.watchers()
    left: int = watcher.sweep()
    return left


@contextmanager
def _watching(house: TestHouse) -> Iterator[Watcher]:
    [watcher] = house.house.watchers()
    thread = threading.Thread(target=watcher.watch, daemon=True)
    thread.start()
    try:
        yield watcher
    finally:
        watcher.stop()
        thread.join(timeout=10)
        assert not thread.is_alive()


def test_a_forwarded_mail_is_filed_and_answered_in_its_thread(
    at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer
) -> None:
    dovecot.deliver(FORWARD.encode())
    assert _sweep(at_mail) == 0
    at_mail.run_jobs()
    [visit], [mail] = at_mail.visits(), smtp.mails
    assert visit.report.startswith("Vanmiddag bij Zuivelhuis Terwolde")
    assert mail["To"] == "noor@varenhof.example"
    assert mail["In-Reply-To"] == "<fwd-1@varenhof.example>"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert "Zuivelhuis Terwolde" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Zuivelhuis Terwolde" in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]


def test_the_same_mail_read_twice_and_under_a_new_uidvalidity_is_one_visit(
    at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer
) -> None:
    dovecot.deliver(FORWARD.encode())
    _sweep(at_mail)
    dovecot.deliver(FORWARD.encode())
    _sweep(at_mail)
    dovecot.recreate()
    dovecot.deliver(FORWARD.encode())
    _sweep(at_mail)
    at_mail.run_jobs()
    assert len(at_mail.visits()) == len(smtp.mails) == 1


def test_a_message_is_marked_as_seen_only_after_it_is_kept(
    at_mail: TestHouse, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.deliver(FORWARD.encode())
    monkeypatch.setattr(Assistant, "accept", _disk_is_full)
    assert _sweep(at_mail) == 1
    monkeypatch.undo()
    assert _sweep(at_mail) == 0
    assert len(at_mail.captures()) == 1
    with dovecot.client() as client:
        client.select_folder("INBOX")
        assert client.search(["UNSEEN"]) == []


def test_a_locked_database_leaves_the_mail_in_the_folder(
    at_mail: TestHouse, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.db.BUSY_TIMEOUT_MS", 200)
    at_mail.house.db.engine.dispose()
    dovecot.deliver(FORWARD.encode())
    with at_mail.house.db.engine.connect() as other:
        other.execute(text("SELECT 1"))
        assert _sweep(at_mail) == 1
        other.rollback()
    assert _sweep(at_mail) == 0
    assert len(at_mail.captures()) == 1


def test_a_new_mail_is_taken_at_once_while_the_folder_is_watched(at_mail: TestHouse, dovecot: Dovecot) -> None:
    with _watching(at_mail):
        time.sleep(1)
        began = time.monotonic()
        dovecot.deliver(FORWARD.encode())
        until(at_mail.captures, "the mail is kept")
        assert time.monotonic() - began < ALIVE_S - 2


def test_a_server_that_was_away_costs_nothing(at_mail: TestHouse, dovecot: Dovecot) -> None:
    with _watching(at_mail):
        time.sleep(0.5)
        dovecot.stop()
        dovecot.deliver(FORWARD.encode())
        time.sleep(1.5)
        dovecot.start()
        until(at_mail.captures, "the mail is kept", timeout_s=20)
    assert len(at_mail.captures()) == 1


def test_a_mail_that_is_too_large_is_not_taken_and_its_sender_is_told(
    at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer
) -> None:
    dovecot.deliver(FORWARD.encode() + b"x" * 300_000)
    _sweep(at_mail)
    at_mail.run_jobs()
    assert at_mail.visits() == []
    assert [capture.state for capture in at_mail.captures()] == ["failed"]
    assert smtp.mails[0]["In-Reply-To"] == "<fwd-1@varenhof.example>"


@pytest.mark.parametrize(
    "raw",
    [
        FORWARD.encode().replace(b"Subject: Fwd:", b"Subject: \xe9\xff Fwd:"),
        FORWARD.partition("\n\n")[0].encode() + b"\n\n",
        b"From: noor@varenhof.example\n\n",
        b"\x00\xff\xfe not a mail at all",
        FORWARD.replace("text/plain; charset=utf-8", "multipart/mixed; boundary=").encode(),
    ],
    ids=["8-bit header", "no body", "from alone", "no mail", "broken multipart"],
)  # fmt: skip
def test_whatever_lies_in_the_folder_is_kept_and_stops_nothing(
    at_mail: TestHouse, dovecot: Dovecot, raw: bytes
) -> None:
    dovecot.deliver(raw)
    dovecot.deliver(FORWARD.replace("fwd-1", "fwd-2").encode())
    assert _sweep(at_mail) == 0
    at_mail.run_jobs()
    assert len(at_mail.captures()) == 2
    assert len(at_mail.visits()) >= 1


def test_our_own_answer_and_an_away_note_are_never_answered(
    at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer
) -> None:
    dovecot.deliver(FORWARD.replace("MIME-Version", "X-Debrief-Letter: reply-1\nMIME-Version").encode())
    away = FORWARD.replace("fwd-1", "away").replace("MIME-Version", "Auto-Submitted: auto-replied\nMIME-Version")
    dovecot.deliver(away.encode())
    _sweep(at_mail)
    at_mail.run_jobs()
    assert [capture.state for capture in at_mail.captures()] == ["nothing", "nothing"]
    assert smtp.mails == []


def test_a_bounce_is_never_answered(at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer) -> None:
    dovecot.deliver(BOUNCE.encode())
    _sweep(at_mail)
    at_mail.run_jobs()
    assert [capture.state for capture in at_mail.captures()] == ["nothing"]
    assert smtp.mails == []


def test_a_stranger_is_told_once_a_day(at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer) -> None:
    for number in range(3):
        mail = FORWARD.replace("noor@varenhof.example>\nTo", "spy@elsewhere.example>\nTo")
        dovecot.deliver(mail.replace("fwd-1", f"spy-{number}").encode())
    _sweep(at_mail)
    at_mail.run_jobs()
    assert [mail["To"] for mail in smtp.mails] == ["spy@elsewhere.example"]
    assert "Terwolde" not in smtp.mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_a_mail_server_that_says_later_is_asked_later(at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer) -> None:
    smtp.refuse.append("451 try again")
    dovecot.deliver(FORWARD.encode())
    _sweep(at_mail)
    at_mail.run_jobs()
    assert len(smtp.mails) == 1


def test_an_answer_that_is_refused_for_good_is_shelved_and_can_be_tried_again(
    at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer
) -> None:
    smtp.refuse.append("550 no such user")
    dovecot.deliver(FORWARD.encode())
    _sweep(at_mail)
    at_mail.run_jobs()
    [shelved] = at_mail.house.jobs.shelf()
    assert "550" in shelved.reason
    at_mail.house.jobs.replay(shelved)
    at_mail.run_jobs()
    assert len(smtp.mails) == 1
    assert at_mail.house.jobs.shelf() == []


def test_handled_messages_move_where_the_settings_say(
    build_house: Callable[..., TestHouse], sqlite_url: str, dovecot: Dovecot
) -> None:
    house = build_house(
        sqlite_url,
        mailbox={
            "host": "127.0.0.1", "port": dovecot.port, "tls": False, "username": dovecot.user,
            "password": dovecot.password, "done_folder": "Done", "require_proof": False,
        },
    )  # fmt: skip
    dovecot.deliver(FORWARD.encode())
    _sweep(house)
    with dovecot.client() as client:
        assert client.select_folder("INBOX")[b"EXISTS"] == 0
        assert client.select_folder("Done")[b"EXISTS"] == 1


def test_when_a_mail_was_sent_is_its_date_unless_that_cannot_be() -> None:
    arrived = datetime(2026, 3, 2, 17, tzinfo=UTC)
    assert sent_at(arrived - timedelta(hours=3), arrived) == arrived - timedelta(hours=3)
    assert sent_at(None, arrived) == arrived
    assert sent_at(arrived + timedelta(days=1), arrived) == arrived
    assert sent_at(arrived - timedelta(days=400), arrived) == arrived


def _disk_is_full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_mailbox_is_described_without_its_password() -> None:
    assert "secret" not in repr(Mailbox("host", "user", "secret"))
