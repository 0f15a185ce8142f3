"""The same customer's mail comes twice: two colleagues forward it, or one of them again."""

from collections.abc import Callable
from email.message import EmailMessage, Message
from email.utils import format_datetime

import httpx
import pytest

from mail_ingest.origins import origins
from mail_ingest.reading import read_mail
from tests.conftest import MONDAY, TestHouse
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.servers.web import served

CUSTOMERS = """\
Dag allemaal,

Dank voor het goede gesprek van vanmiddag over de koeling. De nieuwe pomp mag wat ons
betreft half april geplaatst worden; stuur je de offerte deze week nog?

Groet, Kees
"""


@pytest.fixture
def at_mail(build_house: Callable[..., TestHouse], sqlite_url: str, dovecot: Dovecot, smtp: SmtpServer) -> TestHouse:
    return build_house(
        sqlite_url,
        mailbox={
            "host": "127.0.0.1", "port": dovecot.port, "tls": False, "username": dovecot.user,
            "password": dovecot.password, "require_proof": False,
        },
        smtp={"host": "127.0.0.1", "port": smtp.port, "tls": "none", "sender": "Debrief <debrief@varenhof.example>"},
    )  # fmt: skip


def gmail(rep: str, note: str, body: str = CUSTOMERS, **headers: str) -> EmailMessage:
    """As Gmail forwards, in Dutch."""
    mail = _new(rep, headers)
    mail.set_content(
        f"{note}\n\n---------- Forwarded message ---------\n"
        "Van: Kees Bruinsma <k.bruinsma@zuivelhuis-terwolde.example>\n"
        f"Date: ma 2 mrt 2026 om 15:02\nSubject: Pomp\nTo: Noor <noor@varenhof.example>\n\n{body}"
    )
    return mail


def outlook(rep: str, note: str, body: str = CUSTOMERS, **headers: str) -> EmailMessage:
    """As Outlook forwards, in HTML, with the paragraphs on one line each and a link about the address."""
    mail = _new(rep, headers)
    paragraphs = "".join(f"<p>{' '.join(one.split())}</p>" for one in body.split("\n\n"))
    mail.set_content(
        f"<html><body><p>{note}</p><hr><p><b>From:</b> Kees Bruinsma "
        "&lt;k.bruinsma@zuivelhuis-terwolde.example&gt;<br><b>Sent:</b> Monday, 2 March 2026 15:02<br>"
        f"<b>To:</b> Jonas<br><b>Subject:</b> Pomp</p>{paragraphs}</body></html>",
        subtype="html",
    )
    return mail


def attached(rep: str, note: str, body: str = CUSTOMERS) -> EmailMessage:
    """As Apple Mail or Thunderbird hand on a mail as an attachment."""
    inner = EmailMessage()
    inner["From"], inner["To"] = "Kees Bruinsma <k.bruinsma@zuivelhuis-terwolde.example>", "noor@varenhof.example"
    inner["Subject"], inner["Message-ID"] = "Pomp", "<kees-1@zuivelhuis-terwolde.example>"
    inner["Date"] = "Mon, 02 Mar 2026 15:02:00 +0100"
    inner.set_content(body)
    mail = _new(rep, {})
    mail.set_content(note + "\n")
    mail.add_attachment(inner)
    return mail


def _new(rep: str, headers: dict[str, str]) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = f"{rep}@varenhof.example", "debrief@varenhof.example"
    mail["Subject"], mail["Date"] = "Fwd: Pomp", format_datetime(MONDAY)
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    return mail


def _arrive(house: TestHouse, dovecot: Dovecot, *mails: Message) -> None:
    for mail in mails:
        mail["Message-ID"] = f"<m{len(house.captures())}-{id(mail)}@varenhof.example>"
        dovecot.deliver(bytes(mail))
        [watcher] = house.house.watchers()
        assert 0 == watcher.sweep()
        house.run_jobs()


def _words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


NOTE = "Vandaag bij Zuivelhuis Terwolde geweest, zie mail van Kees."


@pytest.mark.parametrize("second", [gmail, outlook, attached])
def test_two_colleagues_forward_one_mail_and_it_is_one_visit_with_two_sources(
    at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer, second: Callable[[str, str], EmailMessage]
) -> None:
    _arrive(at_mail, dovecot, gmail("noor", NOTE), second("jonas", "War heute mit Noor bei Zuivelhuis Terwolde."))
    [visit] = at_mail.visits()
    assert ["filed", "filed"] == [capture.state for capture in at_mail.captures()]
    to_noor, to_jonas = smtp.mails
    assert "jonas@varenhof.example" == to_jonas["To"]
    assert "Noor Wijngaard hatte diesen Besuch schon gemeldet" in " ".join(_words(to_jonas).split())
    assert visit.number in _words(to_jonas)
    assert "schon gemeldet" not in _words(to_noor)
    with served(at_mail.house.web()) as url:
        page = httpx.get(f"{url}/visits/{visit.id}?tab=report").text
        assert "Told again by Jonas Edelhoff" in page
        assert "War heute mit Noor" in page
        assert "Told again by Jonas" in httpx.get(f"{url}/visits/{visit.id}?tab=history").text


def test_the_same_mail_forwarded_again_by_the_same_rep_is_no_second_visit(
    at_mail: TestHouse, dovecot: Dovecot, smtp: SmtpServer
) -> None:
    _arrive(at_mail, dovecot, gmail("noor", NOTE), outlook("noor", NOTE))
    assert 1 == len(at_mail.visits())
    assert "Je had dit bezoek al gemeld" in _words(smtp.mails[1])


def test_another_day_or_another_customer_is_another_visit(at_mail: TestHouse, dovecot: Dovecot) -> None:
    _arrive(
        at_mail, dovecot,
        gmail("noor", NOTE),
        gmail("noor", "Donderdag bij Zuivelhuis Terwolde geweest, zie mail van Kees."),
        gmail("noor", "Vandaag bij Brouwerij De Kraanvogel geweest, Kees schreef erover."),
    )  # fmt: skip
    assert 3 == len(at_mail.visits())


def test_another_mail_is_another_visit(at_mail: TestHouse, dovecot: Dovecot) -> None:
    other = CUSTOMERS.replace("koeling", "stoomketel")
    _arrive(at_mail, dovecot, gmail("noor", NOTE), gmail("noor", NOTE, other))
    assert 2 == len(at_mail.visits())


def test_a_visit_that_was_taken_back_is_filed_by_the_next_who_tells(at_mail: TestHouse, dovecot: Dovecot) -> None:
    _arrive(at_mail, dovecot, gmail("noor", NOTE))
    at_mail.house.assistant.correct(at_mail.visits()[0].id, "noor@varenhof.example", "undo")
    _arrive(at_mail, dovecot, gmail("jonas", "War heute bei Zuivelhuis Terwolde."))
    assert [False, True] == [visit.withdrawn_at is None for visit in at_mail.visits()]


def test_a_mail_is_known_by_its_innermost_original_however_often_it_was_handed_on() -> None:
    once = origins(read_mail(bytes(gmail("noor", NOTE))))
    again = outlook("jonas", "Zie hieronder.", bytes(gmail("noor", NOTE)).decode().partition("\n\n")[2])
    assert set(once) & set(origins(read_mail(bytes(attached("bas", NOTE)))))
    assert 1 == len(once)
    assert () == origins(read_mail(b"From: noor@varenhof.example\n\nVandaag bij Terwolde geweest."))
    assert once != origins(read_mail(bytes(gmail("noor", NOTE, "Tot morgen!\n"))))
    assert origins(read_mail(bytes(again)))


def test_what_the_program_names_as_forwarded_is_known_by_its_message_id() -> None:
    named = {"In_Reply_To": "<kees-1@zuivelhuis-terwolde.example>"}
    short = "Prima, tot dan!\n"
    assert set(origins(read_mail(bytes(gmail("noor", NOTE, short, **named))))) & set(
        origins(read_mail(bytes(attached("jonas", NOTE, short))))
    )
