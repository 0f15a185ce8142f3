"""The files of a mail: kept once, as far as they fit, typed by their content, handed out and never shown."""

from collections.abc import Callable
from email.message import EmailMessage

import httpx
import pytest
from sqlalchemy import func, select

from store import captures
from store.tables import Blob, Capture
from tests.conftest import TestHouse
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.servers.web import served

PDF = b"%PDF-1.7\n" + b"a" * 900
SCRIPT = b"<html><script>alert(document.cookie)</script></html>"


@pytest.fixture
def at_mail(build_house: Callable[..., TestHouse], sqlite_url: str, dovecot: Dovecot, smtp: SmtpServer) -> TestHouse:
    return build_house(
        sqlite_url,
        mailbox={
            "host": "127.0.0.1", "port": dovecot.port, "tls": False, "username": dovecot.user,
            "password": dovecot.password, "require_proof": False, "max_files_bytes": 2_000,
        },
        smtp={"host": "127.0.0.1", "port": smtp.port, "tls": "none", "sender": "debrief@varenhof.example"},
    )  # fmt: skip


def _mail(*files: tuple[str, str, bytes], number: int = 1) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = "noor@varenhof.example", "debrief@varenhof.example"
    mail["Subject"], mail["Message-ID"] = "Terwolde", f"<m-{number}@varenhof.example>"
    mail.set_content("Vandaag bij Zuivelhuis Terwolde geweest, Kees wil een offerte.\n")
    for name, declared, data in files:
        mail.add_attachment(data, *declared.split("/"), filename=name)
    return bytes(mail)


def _arrive(house: TestHouse, dovecot: Dovecot, *mails: bytes) -> None:
    for mail in mails:
        dovecot.deliver(mail)
    [watcher] = house.house.watchers()
    assert 0 == watcher.sweep()
    house.run_jobs()


def _kept(house: TestHouse) -> list[tuple[str, str, int]]:
    with house.house.db.read() as tx:
        files = [file for one in tx.scalars(select(Capture).order_by(Capture.id)) for file in one.attachments]
        return [(file.name, file.content_type, file.size_bytes) for file in files]


def test_files_beyond_the_size_are_named_in_the_answer_and_the_visit_is_filed(
    at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer
) -> None:
    _arrive(at_mail, dovecot, _mail(
        ("plan.pdf", "application/pdf", PDF),
        ("film.mov", "video/quicktime", b"x" * 5_000),
        ("prijs.pdf", "application/pdf", PDF),
        ("foto.jpg", "image/jpeg", b"\xff\xd8\xff" + b"y" * 500),
    ))  # fmt: skip
    assert 1 == len(at_mail.visits())
    assert ["plan.pdf", "prijs.pdf"] == [name for name, *_ in _kept(at_mail)]
    body = smtp.mails[0].get_body(("plain",))
    assert body is not None
    assert "Te groot om te bewaren: film.mov, foto.jpg" in body.get_content()
    with at_mail.house.db.read() as tx:
        assert len(captures.raw(tx, at_mail.captures()[0].id) or b"") <= 2_000


def test_the_same_file_is_kept_once_whoever_sends_it(at_mail: TestHouse, dovecot: Dovecot) -> None:
    plan = ("plan.pdf", "application/pdf", PDF)
    _arrive(at_mail, dovecot, _mail(plan), _mail(("kopie.pdf", "application/pdf", PDF), number=2))
    assert ["plan.pdf", "kopie.pdf"] == [name for name, *_ in _kept(at_mail)]
    with at_mail.house.db.read() as tx:
        assert 1 == tx.scalar(select(func.count()).select_from(Blob))


def test_a_file_is_what_it_holds_not_what_it_is_called(at_mail: TestHouse, dovecot: Dovecot) -> None:
    _arrive(at_mail, dovecot, _mail(
        ("offerte.txt", "application/octet-stream", PDF), ("../../etc/cron.d/x", "text/x-sh", b"#!/bin/sh\n"),
        ("gnp.\u202eexe", "image/png", b"MZ"),
    ))  # fmt: skip
    assert [("offerte.txt", "application/pdf", len(PDF)), "x", "gnp.exe"] == [
        _kept(at_mail)[0], *(name for name, *_ in _kept(at_mail)[1:]),
    ]  # fmt: skip


def test_a_file_is_handed_out_to_be_saved_and_never_shown_as_a_page_of_ours(
    at_mail: TestHouse, dovecot: Dovecot
) -> None:
    _arrive(at_mail, dovecot, _mail(('plan"; x="é.html', "text/html", SCRIPT)))
    with served(at_mail.house.web()) as url:
        answer = httpx.get(f"{url}/attachments/1")
    assert SCRIPT == answer.content.replace(b"\r\n", b"\n").rstrip(b"\n")
    assert "application/octet-stream" == answer.headers["content-type"]
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''plan%22%3B")
    assert "nosniff" == answer.headers["x-content-type-options"]
    assert "default-src 'self'" in answer.headers["content-security-policy"]
