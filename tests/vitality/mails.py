"""Automatic mails about Karin, as they come back from a newsletter."""

from datetime import datetime
from email.message import EmailMessage

KARIN = "karin.bos@kolk.example"


def bounce(day: datetime, address: str = KARIN, status: str = "5.1.1") -> bytes:
    """As Postfix tells of a newsletter that nobody took."""
    return f"""From: MAILER-DAEMON@mail.varenhof.example (Mail Delivery System)
To: newsletter@varenhof.example
Subject: Undelivered Mail Returned to Sender
Date: {day:%a, %d %b %Y %H:%M:%S +0000}
Message-ID: <{day.timestamp()}.{address}@mail.varenhof.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

<{address}>: host mx.kolk.example said: 550 {status} User unknown

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.varenhof.example

Final-Recipient: rfc822; {address}
Action: failed
Status: {status}
Diagnostic-Code: smtp; 550 {status} User unknown

--b
Content-Type: text/rfc822-headers

From: Varenhof <newsletter@varenhof.example>
To: {address}
Subject: News of {day:%B}
Message-ID: <{day.timestamp()}.newsletter@varenhof.example>
List-Id: Varenhof News <news.varenhof.example>

--b--
""".encode()


def answer(day: datetime, text: str) -> bytes:
    """As a mailbox answers for somebody who left."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Karin Bos <{KARIN}>", "newsletter@varenhof.example"
    mail["Subject"], mail["Auto-Submitted"] = "Automatisch antwoord", "auto-replied"
    mail["Date"], mail["Message-ID"] = day, f"<answer.{day.timestamp()}@kolk.example>"
    mail["In-Reply-To"] = "<newsletter.1@varenhof.example>"
    mail.set_content(text)
    return bytes(mail)
