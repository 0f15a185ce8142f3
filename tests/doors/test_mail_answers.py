"""How a rep answers our mail: by a link that is good once, or in words."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage

import httpx
import pytest

from store.tables import Account
from tests.conftest import TestHouse
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.servers.web import served

REPORT = """\
From: Noor Wijngaard <noor@varenhof.example>
To: debrief@varenhof.example
Subject: Terwolde
Message-ID: <m-1@varenhof.example>

Vandaag bij Zuivelhuis Terwolde geweest, Kees wil een offerte.
"""
EITHER = REPORT.replace("Zuivelhuis Terwolde", "Hofstra").replace("Kees", "hij")


@pytest.fixture
def at_mail(build_house: Callable[..., TestHouse], sqlite_url: str, dovecot: Dovecot, smtp: SmtpServer) -> TestHouse:
    return build_house(
        sqlite_url,
        mailbox={
            "host": "127.0.0.1", "port": dovecot.port, "tls": False, "username": dovecot.user,
            "password": dovecot.password, "require_proof": False,
        },
        smtp={"host": "127.0.0.1", "port": smtp.port, "tls": "none", "sender": "Debrief <debrief@varenhof.example>"},
        public_url="https://debrief.example/",
    )  # fmt: skip


@pytest.fixture
def browser(at_mail: TestHouse) -> Iterator[httpx.Client]:
    with served(at_mail.house.web()) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client


def _arrive(house: TestHouse, dovecot: Dovecot, mail: str) -> None:
    dovecot.deliver(mail.encode())
    [watcher] = house.house.watchers()
    assert 0 == watcher.sweep()
    house.run_jobs()


def _reply(house: TestHouse, dovecot: Dovecot, answered: EmailMessage, words: str) -> None:
    head = REPORT.partition("\n\n")[0].replace("m-1@", f"m-{len(house.captures()) + 1}@")
    quoted = "".join(f"> {line}\n" for line in _words(answered).splitlines())
    body = f"{words}\n\nOp ma 2 mrt 2026 om 18:00 schreef Debrief <debrief@varenhof.example>:\n{quoted}"
    _arrive(house, dovecot, f"{head}\nIn-Reply-To: {answered['Message-ID']}\n\n{body}")


def _words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def _links(mail: EmailMessage) -> list[str]:
    """The places of the links in the text; those of the HTML are the same."""
    html = mail.get_body(("html",))
    assert html is not None
    found = re.findall(r"https://debrief\.example(/do/\S+)", _words(mail))
    assert set(found) == set(re.findall(r'href="https://debrief\.example(/do/[^"]+)"', html.get_content()))
    return found


def test_a_link_takes_a_visit_back_once_and_only_when_it_is_pressed(
    at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer, browser: httpx.Client
) -> None:
    _arrive(at_mail, dovecot, REPORT)
    undo = _links(smtp.mails[0])[-1]
    for _ in range(2):  # a program that looks for harm, then the rep
        page = browser.get(undo)
        assert (200, True) == (page.status_code, "Ongedaan maken</button>" in page.text)
    assert at_mail.visits()[0].withdrawn_at is None
    assert "Gedaan." in browser.post(undo).text
    assert at_mail.visits()[0].withdrawn_at is not None
    assert 410 == browser.post(undo).status_code == browser.get(undo).status_code
    at_mail.run_jobs()
    assert [] == _links(smtp.mails[-1])


def test_a_link_chooses_the_account(
    at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer, browser: httpx.Client
) -> None:
    _arrive(at_mail, dovecot, EITHER)
    assert at_mail.visits()[0].account_id is None
    butcher = next(link for link in _links(smtp.mails[0]) if "Slagerij Hofstra" in browser.get(link).text)
    assert 200 == browser.post(butcher).status_code
    [visit] = at_mail.visits()
    with at_mail.house.db.read() as tx:
        assert "Slagerij Hofstra" == tx.get_one(Account, visit.account_id).name
    at_mail.run_jobs()
    assert "Slagerij Hofstra" in _words(smtp.mails[-1])
    assert smtp.mails[-1]["In-Reply-To"] == "<m-1@varenhof.example>"


def test_a_link_that_is_changed_or_too_old_does_nothing(
    at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer, browser: httpx.Client
) -> None:
    _arrive(at_mail, dovecot, REPORT)
    undo = _links(smtp.mails[0])[-1]
    payload, _, signature = undo.rpartition(".")
    for bad in (f"{payload}A.{signature}", f"{payload}.{signature[:-2]}AA", "/do/x", "/do/%C3%A9.%C3%A9"):
        assert 410 == browser.get(bad).status_code == browser.post(bad).status_code
    at_mail.clock.passes(days=15)
    assert 410 == browser.post(undo).status_code
    assert at_mail.visits()[0].withdrawn_at is None


def test_a_link_for_what_is_no_longer_so_says_why(
    at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer, browser: httpx.Client
) -> None:
    _arrive(at_mail, dovecot, REPORT)
    undo = _links(smtp.mails[0])[-1]
    at_mail.house.assistant.correct(at_mail.visits()[0].id, "noor@varenhof.example", "undo")
    answer = browser.post(undo)
    assert 409 == answer.status_code
    assert "al ingetrokken" in answer.text


def test_another_sites_page_cannot_press_a_link(
    at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer, browser: httpx.Client
) -> None:
    _arrive(at_mail, dovecot, REPORT)
    undo = _links(smtp.mails[0])[-1]
    assert 403 == browser.post(undo, headers={"sec-fetch-site": "cross-site"}).status_code
    assert at_mail.visits()[0].withdrawn_at is None


def test_a_reply_in_words_changes_the_visit_and_the_record_follows(
    at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer
) -> None:
    at_mail.clock.now = datetime.now(UTC)  # mails arrive by the real clock
    _arrive(at_mail, dovecot, REPORT)
    before = at_mail.visits()[0].on
    _reply(at_mail, dovecot, smtp.mails[0], "nee, gisteren, en Marja was er ook bij")
    [visit] = at_mail.visits()
    assert 1 == (before - visit.on).days
    assert 2 == len(visit.contacts)
    assert ["filed", "answer"] == [capture.state for capture in at_mail.captures()]
    assert "Marja Doornbos" in _words(smtp.mails[-1])


def test_a_reply_in_words_answers_the_question(at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer) -> None:
    _arrive(at_mail, dovecot, EITHER)
    _reply(at_mail, dovecot, smtp.mails[0], "de slagerij")
    [visit] = at_mail.visits()
    assert visit.account_id is not None
    assert "Slagerij Hofstra" in _words(smtp.mails[-1])


def test_without_an_address_of_ours_a_mail_has_no_links(
    build_house: Callable[..., TestHouse], sqlite_url: str, dovecot: Dovecot, smtp: SmtpServer
) -> None:
    house = build_house(
        sqlite_url,
        mailbox={
            "host": "127.0.0.1", "port": dovecot.port, "tls": False, "username": dovecot.user,
            "password": dovecot.password, "require_proof": False,
        },
        smtp={"host": "127.0.0.1", "port": smtp.port, "tls": "none", "sender": "debrief@varenhof.example"},
    )  # fmt: skip
    _arrive(house, dovecot, EITHER)
    assert "/do/" not in _words(smtp.mails[0])
