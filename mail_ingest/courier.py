"""From a `Letter` to an e-mail."""

import re
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any, Literal

from letters import CourierError, Letter
from mail_ingest.tokens import TokenRefusedError, Tokens

TIMEOUT_S = 30
LONGEST_LINE = 998
"""RFC 5322, 2.1.1."""
OURS = "X-Debrief-Letter"
"""Marks our own mails, so that one that comes back is never answered."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """The server that answers go out by."""

    host: str
    sender: str
    port: int = 587
    tls: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password: str = field(default="", repr=False)
    tokens: Tokens | None = None
    """Where there are some, the login is by XOAUTH2, and the password is not used."""


class MailCourier:
    """Answers a mail with one mail, in its thread."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    def send(self, letter_id: str, letter: Letter, to: Mapping[str, Any]) -> dict[str, Any]:
        """Send ``letter`` to ``to`` (``address``, ``subject``, ``message_id``, ``references``).

        One that nobody asked for has a ``list`` that it belongs to, and where one may ``unsubscribe``.
        """
        mail = self._mail(letter_id, letter, to)
        try:
            with connected(self._server) as smtp:
                smtp.send_message(mail)
        except (smtplib.SMTPAuthenticationError, TokenRefusedError) as error:
            # It says nothing against the letter; asked too often, many servers lock the account.
            raise CourierError(
                f"the mail server refused our login for {letter_id}: {error}", after_s=600, away="email"
            ) from error
        except smtplib.SMTPResponseException as error:
            # 5yz is a permanent negative completion reply (RFC 5321, 4.2.1).
            raise _refused(letter_id, error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _refused(letter_id, code, said) from error
        except (smtplib.SMTPException, OSError) as error:
            raise CourierError(
                f"the mail server could not be reached for {letter_id}: {error}", away="email"
            ) from error
        return {**to, "sent": mail["Message-ID"]}

    def update(self, letter_id: str, letter: Letter, receipt: Mapping[str, Any]) -> dict[str, Any]:
        """A mail cannot be changed: the letter as it is now is sent into the same thread."""
        again = int(receipt.get("again", 0)) + 1
        return {**self.send(f"{letter_id}.{again}", letter, receipt), "again": again}

    def _mail(self, letter_id: str, letter: Letter, to: Mapping[str, Any]) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self._server.sender
        mail["To"] = to["address"]
        mail["Subject"] = _one_line(f"Re: {to['subject']}" if to.get("subject") else letter.subject)
        mail["Date"] = formatdate()
        domain = self._server.sender.rpartition("@")[2].rstrip(">")
        # The same letter has the same id, so that a mail said twice is shown once by most clients.
        mail["Message-ID"] = f"<{letter_id}.debrief@{domain}>"
        if to.get("message_id"):
            mail["In-Reply-To"] = _one_line(to["message_id"])
            mail["References"] = _one_line(f"{to.get('references') or ''} {to['message_id']}".strip())
        # RFC 3834: what a machine answers says so, and nobody's machine answers it again.
        mail["Auto-Submitted"] = "auto-generated" if to.get("list") else "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
        mail[OURS] = letter_id
        if to.get("list"):
            mail["List-Id"] = f"<{to['list']}.debrief.{domain}>"
        if to.get("unsubscribe"):
            # RFC 8058: a program may end it by one POST; both headers must be signed by DKIM to be believed.
            mail["List-Unsubscribe"] = f"<{to['unsubscribe']}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail.set_content(letter.text)
        mail.add_alternative(letter.html, subtype="html")
        # An address that is longer than a line would be written as an encoded word, which no program follows.
        mail.policy = mail.policy.clone(max_line_length=LONGEST_LINE)
        return mail


def connected(server: SmtpServer) -> smtplib.SMTP:
    """A connection to ``server``, logged in where it has a login.

    Raises OSError, SMTPException, and `TokenRefusedError` where no token for the login is given.
    """
    if server.tls == "tls":
        context = ssl.create_default_context()
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    try:
        if server.tls == "starttls":
            smtp.starttls(context=ssl.create_default_context())
        if server.username:
            _log_in(smtp, server)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _log_in(smtp: smtplib.SMTP, server: SmtpServer) -> None:
    if server.tokens is None:
        smtp.login(server.username, server.password)
        return
    said = f"user={server.username}\1auth=Bearer {server.tokens.access()}\1\1"
    smtp.ehlo_or_helo_if_needed()
    try:
        # A challenge is how a refusal is explained; it is answered with nothing, and the refusal follows.
        smtp.auth("XOAUTH2", lambda challenge=None: said if challenge is None else "")
    except smtplib.SMTPAuthenticationError:
        server.tokens.forget()
        raise


def letter_id(message_id: str) -> str | None:
    """The id of the letter of ours that goes by this Message-ID, also one that was sent anew; None for others' mail."""
    found = re.fullmatch(r"<([\w-]+)(?:\.\d+)?\.debrief@[^>]*>", message_id.strip())
    return found[1] if found else None


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _refused(letter_id: str, code: int, said: bytes | str) -> CourierError:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return CourierError(f"the mail server would not take {letter_id}: {code} {words}", permanent=500 <= code < 600)  # noqa: PLR2004
