"""From a fetched mail to the assistant: read, name the sender, hand on."""

from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser
from typing import Any

from capture import Assistant
from mail_ingest.bounces import read_bounce
from mail_ingest.courier import OURS, letter_id
from mail_ingest.mailbox import Fetched, Mailbox, Watcher
from mail_ingest.reading import Reading, read_mail
from store.captures import File

AHEAD = timedelta(minutes=15)
"""How far a sender's clock may be ahead of the server's."""
LATE = timedelta(days=14)
"""How long a phone may sit on a mail before it is sent."""


def watcher(mailbox: Mailbox, assistant: Assistant) -> Watcher:
    """A watcher that hands what comes into ``mailbox`` to ``assistant``."""
    return Watcher(mailbox, lambda fetched: take_mail(assistant, fetched))


def take_mail(assistant: Assistant, fetched: Fetched) -> None:
    """Have a mail kept, whatever is in it: what cannot be read is kept too, with the reason."""
    reading = read_mail(fetched.raw)
    message = reading.message(
        rep=reading.sender.email if reading.sender else "unknown", sent_at=sent_at(reading.date, fetched.arrived_at)
    )
    assistant.accept(
        message,
        raw=fetched.raw,
        reply_to=_reply_to(reading),
        files=[
            File(name=one.name or "attachment", content_type=one.content_type, data=one.data)
            for one in reading.attachments
        ],
        automatic=_automatic(reading, fetched),
        problem="too_large" if fetched.too_large else None,
    )


def sent_at(said: datetime | None, arrived_at: datetime) -> datetime:
    """When a mail was sent: as its Date says, unless that is missing or cannot be."""
    if said is None or said.tzinfo is None or not arrived_at - LATE <= said <= arrived_at + AHEAD:
        return arrived_at
    return said.astimezone(UTC)


def _reply_to(reading: Reading) -> dict[str, Any]:
    return {
        "address": reading.sender.email if reading.sender else "",
        "subject": reading.subject,
        "message_id": reading.message_id,
        "references": " ".join(reading.references),
        "answers": letter_id(reading.in_reply_to or ""),
    }


def _automatic(reading: Reading, fetched: Fetched) -> str | None:
    """Why no person sent this; then nothing is answered (RFC 3834, section 2)."""
    if BytesHeaderParser().parsebytes(fetched.raw)[OURS]:
        return "our own letter"
    if reading.sender is None or "@" not in reading.sender.email:
        return "no sender who could be answered"
    bounced = read_bounce(fetched.raw)
    return reading.automatic or (bounced.kind if bounced.kind != "none" else None)
