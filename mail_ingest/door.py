"""From a fetched mail to the assistant: read, name the sender, hand on."""

from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

from capture import Assistant
from letters.filters import one_line
from mail_ingest.bounces import read_bounce
from mail_ingest.courier import OURS, letter_id
from mail_ingest.mailbox import Fetched, Mailbox, Right, Watcher
from mail_ingest.maildir import MaildirWatcher
from mail_ingest.origins import origins
from mail_ingest.reading import Reading, read_mail
from mail_ingest.senders import NotNowError, SenderRules, doubt
from store.captures import File

AHEAD = timedelta(minutes=15)
"""How far a sender's clock may be ahead of the server's."""
LATE = timedelta(days=14)
"""How long a phone may sit on a mail before it is sent."""
MOST_FILES_BYTES = 25 * 1024 * 1024
"""Of the files of one mail, together."""
PATIENCE = timedelta(hours=1)
"""How long a mail waits for a DNS that does not answer before its sender counts as not proved."""


def watcher(
    mailbox: Mailbox, assistant: Assistant, rules: SenderRules, most_bytes: int = MOST_FILES_BYTES,
    right: Right | None = None,
) -> Watcher:  # fmt: skip
    """A watcher that hands what comes into ``mailbox`` to ``assistant``, as long as it has the ``right``."""
    return Watcher(mailbox, lambda fetched: take_mail(assistant, fetched, rules, most_bytes), right)


def maildir_watcher(
    folder: Path, max_size_bytes: int, assistant: Assistant, rules: SenderRules, most_bytes: int = MOST_FILES_BYTES
) -> MaildirWatcher:
    """A watcher that hands what is delivered into a maildir to ``assistant``."""
    return MaildirWatcher(folder, lambda fetched: take_mail(assistant, fetched, rules, most_bytes), max_size_bytes)


def take_posted(assistant: Assistant, raw: bytes, rules: SenderRules, most_bytes: int = MOST_FILES_BYTES) -> None:
    """Have a mail kept that came in one piece and now. Raises as `take_mail`."""
    take_mail(assistant, Fetched(raw, datetime.now(UTC), len(raw), too_large=False), rules, most_bytes)


def take_mail(assistant: Assistant, fetched: Fetched, rules: SenderRules, most_bytes: int = MOST_FILES_BYTES) -> None:
    """Have a mail kept, whatever is in it: what cannot be read is kept too, with the reason.

    Of its files those that fit into ``most_bytes``; the names of the others are kept, for the answer. Raises
    `NotNowError` while the DNS does not answer that could prove the sender: the mail stays where it is.
    """
    reading = read_mail(fetched.raw)
    automatic = _automatic(reading, fetched)
    message = reading.message(
        rep=reading.sender.email if reading.sender else "unknown", sent_at=sent_at(reading.date, fetched.arrived_at)
    )
    files, left_out = _files(reading, most_bytes)
    assistant.accept(
        message,
        raw=fetched.raw[:most_bytes] if left_out else fetched.raw,
        reply_to={**_reply_to(reading), **({"files": left_out} if left_out else {})},
        files=files,
        automatic=automatic,
        doubt=None if automatic else _doubt(assistant, reading, fetched, rules),
        problem="too_large" if fetched.too_large else None,
        origins=origins(reading),
    )


def _files(reading: Reading, most_bytes: int) -> tuple[list[File], list[dict[str, str]]]:
    """The files that are kept, in the mail's order as far as they fit, and what is told of the others."""
    kept: list[File] = []
    left_out: list[dict[str, str]] = []
    room = most_bytes
    for one in reading.attachments:
        name = one_line(one.name or "") or "attachment"
        if one.size_bytes > room:
            left_out.append({"name": name, "lost": "large"})
            continue
        room -= one.size_bytes
        kept.append(File(name=name, content_type=one.content_type, data=one.data))
    return kept, left_out


def sent_at(said: datetime | None, arrived_at: datetime) -> datetime:
    """When a mail was sent: as its Date says, unless that is missing or cannot be."""
    if said is None or said.tzinfo is None or not arrived_at - LATE <= said <= arrived_at + AHEAD:
        return arrived_at
    return said.astimezone(UTC)


def _doubt(assistant: Assistant, reading: Reading, fetched: Fetched, rules: SenderRules) -> str | None:
    """Why it is not proved who sent the mail; a stranger's waits for no DNS."""
    try:
        return doubt(fetched.raw, rules, header_alone=fetched.too_large)
    except NotNowError as error:
        late = datetime.now(UTC) - fetched.arrived_at > PATIENCE
        if late or reading.sender is None or not assistant.knows(reading.sender.email):
            return f"the DNS did not answer: {error}"
        raise


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
