"""A customer's signature fills in a new contact, and proposes what is empty of a known one."""

import re
from collections.abc import Callable
from email.message import EmailMessage

import httpx
import pytest
from sqlalchemy import select

from store.tables import Contact
from tests.conftest import TestHouse
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.servers.web import served

FORWARD = """\
From: Noor Wijngaard <noor@varenhof.example>
To: debrief@varenhof.example
Subject: Fwd: Levering week 11
Message-ID: <fwd-{number}@varenhof.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Vanmiddag bij Zuivelhuis Terwolde geweest, {first} wil een offerte.

---------- Forwarded message ---------
Van: {name} <{email}>
Date: ma 2 mrt 2026 om 11:02
Subject: Levering week 11
To: Noor Wijngaard <noor@varenhof.example>

Dag Noor,

Kom je vanmiddag nog langs? We willen het over levering {number} hebben.

Met vriendelijke groet,

{name}
{role}
Zuivelhuis Terwolde B.V.
Kaasweg 4, 7396 AB Terwolde
T +31 571 55 01 {number}0
"""
MARJA = {"first": "Marja", "name": "Marja Doornbos", "email": "m.doornbos@zuivelhuis-terwolde.example"}
KEES = {"first": "Kees", "name": "Kees Bruinsma", "email": "k.bruinsma@zuivelhuis-terwolde.example"}
NEW = {"first": "Tjitske", "name": "Tjitske Haanstra", "email": "t.haanstra@zuivelhuis-terwolde.example"}


@pytest.fixture
def at_mail(build_house: Callable[..., TestHouse], sqlite_url: str, dovecot: Dovecot, smtp: SmtpServer) -> TestHouse:
    return build_house(
        sqlite_url,
        mailbox={
            "host": "127.0.0.1", "port": dovecot.port, "tls": False, "username": dovecot.user,
            "password": dovecot.password, "require_proof": False,
        },
        smtp={"host": "127.0.0.1", "port": smtp.port, "tls": "none", "sender": "debrief@varenhof.example"},
        public_url="https://debrief.example",
    )  # fmt: skip


def _arrive(house: TestHouse, dovecot: Dovecot, who: dict[str, str], number: int = 1, role: str = "Inkoper") -> None:
    dovecot.deliver(FORWARD.format(number=number, role=role, **who).encode())
    [watcher] = house.house.watchers()
    assert 0 == watcher.sweep()
    house.run_jobs()


def _known(house: TestHouse, name: str) -> tuple[list[str], list[str | None]]:
    """The phones and roles of a contact."""
    with house.house.db.read() as tx:
        contact = tx.scalars(select(Contact).where(Contact.name == name)).one()
        return [one.phone for one in contact.phones], [job.role for job in contact.employments]


def _words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_an_empty_field_of_a_known_contact_is_proposed_and_filled_by_a_link(
    at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer
) -> None:
    _arrive(at_mail, dovecot, MARJA)
    assert ([], ["directeur"]) == _known(at_mail, "Marja Doornbos")
    found = re.search(r"Doornbos: \+31 571 55 01 10 toevoegen: https://debrief\.example(\S+)", _words(smtp.mails[0]))
    assert found is not None
    with served(at_mail.house.web()) as url, httpx.Client(base_url=url, timeout=30) as client:
        assert 200 == client.post(found[1]).status_code
    assert (["+31 571 55 01 10"], ["directeur"]) == _known(at_mail, "Marja Doornbos")
    at_mail.run_jobs()
    assert 2 == len(smtp.mails)
    assert "toevoegen" not in _words(smtp.mails[1])


def test_a_value_that_is_there_is_never_proposed_against(
    at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer
) -> None:
    _arrive(at_mail, dovecot, KEES, role="Hoofd inkoop")
    assert "toevoegen" not in _words(smtp.mails[0])
    assert (["06-00000001"], ["inkoper"]) == _known(at_mail, "Kees Bruinsma")


def test_what_nobody_took_up_is_not_proposed_again(at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer) -> None:
    _arrive(at_mail, dovecot, MARJA)
    again = FORWARD.format(number=2, role="Inkoper", **MARJA).replace("01 20", "01 10")
    dovecot.deliver(again.encode())
    [watcher] = at_mail.house.watchers()
    watcher.sweep()
    at_mail.run_jobs()
    assert ["toevoegen" in _words(mail) for mail in smtp.mails] == [True, False]


def test_a_new_contact_has_what_the_signature_tells(at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer) -> None:
    _arrive(at_mail, dovecot, NEW)
    assert (["+31 571 55 01 10"], ["Inkoper"]) == _known(at_mail, "Tjitske Haanstra")
    assert "toevoegen" not in _words(smtp.mails[0])
