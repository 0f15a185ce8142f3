"""Whose mails are filed: a real Dovecot, a real SMTP server, and senders who are not who they say."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import httpx
import pytest

from app.doctor import _senders
from capture import admission
from capture.values import CorrectionError
from mail_ingest.door import take_mail
from mail_ingest.mailbox import Fetched
from mail_ingest.senders import NotNowError, SenderRules
from tests.conftest import TestHouse
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.servers.web import served

MX = "mx.varenhof.example"
FOUND = f"Authentication-Results: {MX}; dmarc=pass header.from=varenhof.example\n"
FAILED = f"Authentication-Results: {MX}; spf=fail smtp.mailfrom=noor@varenhof.example\n"
MAIL = """\
From: Noor Wijngaard <noor@varenhof.example>
To: debrief@varenhof.example
Subject: Terwolde
Date: Mon, 02 Mar 2026 17:55:00 +0100
Message-ID: <m-1@varenhof.example>

Vanmiddag bij Zuivelhuis Terwolde geweest, Kees wil een offerte.
"""


@pytest.fixture
def at_mail(build_house: Callable[..., TestHouse], sqlite_url: str, dovecot: Dovecot, smtp: SmtpServer) -> TestHouse:
    return build_house(
        sqlite_url,
        mailbox={
            "host": "127.0.0.1", "port": dovecot.port, "tls": False, "username": dovecot.user,
            "password": dovecot.password, "authserv_id": MX,
        },
        smtp={"host": "127.0.0.1", "port": smtp.port, "tls": "none", "sender": "Debrief <debrief@varenhof.example>"},
    )  # fmt: skip


def _arrive(house: TestHouse, dovecot: Dovecot, *mails: str) -> None:
    for mail in mails:
        dovecot.deliver(mail.encode())
    [watcher] = house.house.watchers()
    assert 0 == watcher.sweep()
    house.run_jobs()


def _sent(*minutes_ago: int) -> list[str]:
    """A proved mail for each, sent then."""
    now = datetime.now(UTC)
    dates = {ago: format_datetime(now - timedelta(minutes=ago)) for ago in minutes_ago}
    mail = FOUND + MAIL.replace("Mon, 02 Mar 2026 17:55:00 +0100", "{date}").replace("m-1@", "m{ago}@")
    return [mail.format(date=date, ago=ago) for ago, date in dates.items()]


def _words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_a_mail_that_its_server_proved_is_filed_and_answered(
    at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer
) -> None:
    _arrive(at_mail, dovecot, FOUND + MAIL)
    assert 1 == len(at_mail.visits()) == len(smtp.mails)


def test_a_forged_mail_is_kept_and_nobody_hears_of_it(at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer) -> None:
    _arrive(at_mail, dovecot, FAILED + MAIL)
    [capture] = at_mail.captures()
    assert ("forged", None) == (capture.state, capture.rep_id)
    assert f"no DKIM signature, and {MX} found no proof" == capture.problem
    assert ([], []) == (smtp.mails, at_mail.visits())


def test_a_forged_copy_does_not_stand_in_the_true_mails_way(
    at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer
) -> None:
    _arrive(at_mail, dovecot, FAILED + MAIL, FOUND + MAIL, FAILED + MAIL)
    assert ["filed", "forged"] == sorted(capture.state for capture in at_mail.captures())
    assert 1 == len(smtp.mails)


def test_a_stranger_who_is_not_proved_is_not_answered(at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer) -> None:
    stranger = MAIL.replace("<noor@", "<nobody@")
    _arrive(at_mail, dovecot, FAILED + stranger)
    assert [] == smtp.mails
    _arrive(at_mail, dovecot, FOUND + stranger.replace("m-1@", "m-2@"))
    assert ["nobody@varenhof.example"] == [mail["To"] for mail in smtp.mails]


def test_what_is_held_can_be_let_through_once(at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer) -> None:
    _arrive(at_mail, dovecot, FAILED + MAIL)
    [capture] = at_mail.captures()
    at_mail.house.assistant.release(capture.id, "command")
    at_mail.run_jobs()
    assert 1 == len(at_mail.visits()) == len(smtp.mails)
    with pytest.raises(CorrectionError):
        at_mail.house.assistant.release(capture.id, "command")


def test_what_is_held_has_a_page_with_a_button(at_mail: TestHouse, dovecot: Dovecot) -> None:
    _arrive(at_mail, dovecot, FAILED + MAIL)
    [capture] = at_mail.captures()
    with served(at_mail.house.web()) as url, httpx.Client(base_url=url, timeout=30) as client:
        page = client.get("/inbox").text
        assert "noor@varenhof.example" in page
        assert "found no proof" in page
        assert 303 == client.post(f"/inbox/{capture.id}/file").status_code
        assert 409 == client.post(f"/inbox/{capture.id}/file").status_code
        assert "Nothing is open" in client.get("/inbox").text


def test_the_doctor_says_what_to_set_for_senders_that_could_not_be_proved(at_mail: TestHouse, dovecot: Dovecot) -> None:
    assert _senders(at_mail.house).ok
    _arrive(at_mail, dovecot, FAILED + MAIL)
    told = _senders(at_mail.house)
    assert not told.ok
    assert "1 mails did not prove their sender, the last one by noor@varenhof.example" in told.says
    assert "set DEBRIEF_MAILBOX__AUTHSERV_ID" in told.says


@pytest.fixture
def three_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three mails instead of twenty: answers leave at one a second."""
    assert (20, timedelta(minutes=10)) == (admission.BURST, admission.BURST_WITHIN)
    monkeypatch.setattr(admission, "BURST", 3)


@pytest.mark.usefixtures("three_at_once")
def test_the_mail_beyond_the_burst_is_kept_and_said_once(
    at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer
) -> None:
    _arrive(at_mail, dovecot, *_sent(9, 8, 7, 6, 5))
    assert ["filed", "filed", "filed", "held", "held"] == [capture.state for capture in at_mail.captures()]
    told = [mail for mail in smtp.mails if "20 mails in 10 minuten" in _words(mail)]
    assert (4, 1) == (len(smtp.mails), len(told))
    _arrive(at_mail, dovecot, *_sent(-2))
    assert 4 == len(at_mail.visits())


@pytest.mark.usefixtures("three_at_once")
def test_a_mail_of_many_that_is_let_through_is_filed_and_its_letter_becomes_the_card(
    at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer
) -> None:
    _arrive(at_mail, dovecot, *_sent(9, 8, 7, 6))
    [held] = [capture for capture in at_mail.captures() if capture.state == "held"]
    at_mail.house.assistant.release(held.id, "command")
    at_mail.run_jobs()
    assert 4 == len(at_mail.visits())
    assert "Zuivelhuis Terwolde" in _words(smtp.mails[-1])


@pytest.mark.usefixtures("three_at_once")
def test_mails_of_hours_that_come_at_once_after_an_outage_are_all_filed(at_mail: TestHouse, dovecot: Dovecot) -> None:
    _arrive(at_mail, dovecot, *_sent(80, 60, 40, 20, 5))
    assert 5 == len(at_mail.visits())


def test_a_mail_waits_for_a_dns_that_does_not_answer_but_not_for_ever(at_mail: TestHouse) -> None:
    def silent(_: str) -> bytes:
        raise NotNowError("timeout")

    rules, assistant = SenderRules(txt=silent), at_mail.house.assistant
    signed = f"DKIM-Signature: v=1; a=rsa-sha256; d=varenhof.example; s=s; h=from; bh=AAAA; b=AAAA\n{MAIL}".encode()
    new = Fetched(signed, datetime.now(UTC), len(signed), too_large=False)
    with pytest.raises(NotNowError):
        take_mail(assistant, new, rules)
    assert [] == at_mail.captures()
    strangers = signed.replace(b"<noor@", b"<nobody@").replace(b"m-1@", b"m-2@")
    take_mail(assistant, Fetched(strangers, datetime.now(UTC), len(signed), too_large=False), rules)
    take_mail(assistant, Fetched(signed, datetime.now(UTC) - timedelta(hours=2), len(signed), too_large=False), rules)
    assert ["refused", "forged"] == [capture.state for capture in at_mail.captures()]
