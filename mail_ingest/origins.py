"""What a mail hands on, by names that every other forward of the same mail has too."""

import re
from hashlib import sha256

from mail_ingest.forwards import ForwardedMail, bare_subject
from mail_ingest.reading import Reading
from mail_ingest.tables import fold

_DEEPEST = 40
_FEWEST_WORDS = 8
"""A mail of fewer words ("Tot morgen!") is like too many others."""
_LINK = re.compile(r"<?\bhttps?://\S+|\bwww\.\S+|\[(?:cid|image|bild|afbeelding|kuva)\b[^\]]*\]", re.IGNORECASE)
_MAIL = re.compile(r"<?(?:mailto:)?[^\s<>@]+@[^\s<>@]+>?")


def origins(reading: Reading) -> tuple[str, ...]:
    """The names of the innermost mail that was forwarded, and of the invitation; none where nothing was handed on.

    A Message-ID where the mail, or the program that forwarded it, tells one; and a hash of who wrote which words, which
    a forward as text and one as an attachment have in common.
    """
    found = []
    if reading.forwarded:
        inner, levels = _innermost(reading.forwarded)
        if inner.message_id:
            found.append(f"id:{inner.message_id}")
        elif levels == 1 and reading.in_reply_to:
            # Gmail, Outlook and Apple Mail name the mail that they forward as if they answered it.
            found.append(f"id:{reading.in_reply_to}")
        found += _content(inner)
    if reading.invitation and reading.invitation.start:
        event = reading.invitation
        organizer = event.organizer.email if event.organizer else ""
        told = "\x00".join((organizer, event.start.isoformat() if event.start else "", fold(event.subject or "")))
        found.append(f"event:{sha256(told.encode('utf-8', 'surrogateescape')).hexdigest()}")
    return tuple(dict.fromkeys(found))


def _innermost(mail: ForwardedMail) -> tuple[ForwardedMail, int]:
    levels = 1
    while mail.nested and levels < _DEEPEST:
        mail, levels = mail.nested, levels + 1
    return mail, levels


def _content(mail: ForwardedMail) -> list[str]:
    """A hash of sender, subject and words, without what programs add or change: marks, links, breaks."""
    words = re.findall(r"[^\W_]+", _MAIL.sub(" ", _LINK.sub(" ", fold(mail.body))))
    if len(words) < _FEWEST_WORDS:
        return []
    sender = mail.sender.email if mail.sender else ""
    told = "\x00".join((sender, fold(bare_subject(mail.subject or "")), "".join(words)))
    return [f"words:{sha256(told.encode('utf-8', 'surrogateescape')).hexdigest()}"]
