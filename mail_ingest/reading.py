"""A raw mail to what it says: the sender's own words, the mail that they forwarded, the meeting, the files.

``read_mail`` is pure and raises nothing: bytes in, `Reading` out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.message import Message as MimeMessage
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256
from typing import Any

from mail_ingest.charsets import LONGEST_HEADER, decode_words, keepable
from mail_ingest.dates import read_date
from mail_ingest.forwards import (
    Cut,
    ForwardedMail,
    bare_subject,
    body_lines,
    complete,
    find_cut,
    read_nested,
    subject_handed_on,
    subject_mark,
)
from mail_ingest.html import read_html
from mail_ingest.invitations import read_invitation
from mail_ingest.lines import Line, joined, split_lines
from mail_ingest.mime import Attachment, Parts, parse, read_parts
from mail_ingest.signatures import split_signature
from parsing.model import Address, Forwarded, Invitation, Message

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,980}>")
_MOST_REFERENCES = 200
_DEEPEST = 10
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a mail says. Texts are without quote marks; ``forwarded`` is the outermost mail that was handed on."""

    message_id: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    sender: Address | None = None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str | None = None
    """As written; `Message.subject` is without reply and forward marks."""
    date: datetime | None = None
    """Aware, by the Date header; a header without a zone is read as UTC."""
    note: str = ""
    """The sender's own words above what is forwarded or quoted, without signature, telephone's line and disclaimer."""
    signature: str | None = None
    forwarded: ForwardedMail | None = None
    quoted: ForwardedMail | None = None
    """The mail that this one answers, where it quotes it."""
    body: str = ""
    """The whole plain text."""
    attachments: tuple[Attachment, ...] = ()
    invitation: Invitation | None = None
    automatic: str | None = None
    """Why no person sent this: the header and its value; None where nothing says so."""
    authentication: tuple[str, ...] = ()
    """The values of Authentication-Results, topmost first, unfolded."""
    problems: tuple[str, ...] = ()
    """What could not be read, in a few words each: ``"encrypted"``, ``"winmail.dat kept as attachment"``…"""
    content_hash: str = field(default="", repr=False)
    """SHA-256 of sender, date, subject and text: the same for each delivery of one mail."""

    @property
    def source_id(self) -> str:
        """What this mail is known by: its Message-ID, else its content."""
        return self.message_id or f"sha256:{self.content_hash}"

    def message(self, rep: str, sent_at: datetime | None = None) -> Message:
        """What ``rep`` said by this mail; ``sent_at`` is asked for where the mail has no readable date."""
        return Message(
            via="email",
            rep=rep,
            sent_at=sent_at or self.date or _EPOCH,
            text=self.note,
            source_id=self.source_id,
            subject=bare_subject(self.subject) or None if self.subject else None,
            forwarded=_model(self.forwarded) if self.forwarded else None,
            invitation=self.invitation,
        )


def read_mail(raw: bytes) -> Reading:
    """What the message ``raw`` (RFC 5322, or what is left of it) says. Raises nothing."""
    message = parse(raw)
    parts = read_parts(message)
    text = parts.words()
    subject = decode_words(_header(message, "Subject")) or None
    sender = next(iter(_people(message, "From")), None) or next(iter(_people(message, "Sender")), None)
    in_reply_to = next(iter(_ids(message, "In-Reply-To")), None)
    date = _date(message)
    lines = split_lines(text)
    cut = find_cut(lines)
    forwards = cut is not None and _forwards(cut, subject or "", answers=in_reply_to is not None)
    own, rest = (list(lines[: cut.start]), list(lines[cut.start :])) if cut else (lines, [])
    mail = _inner(cut, lines)
    conversation = not forwards and (cut is not None or any(line.depth for line in own))
    note, signature = _own_words(own, sender, conversation=conversation)
    if cut and not note and rest:
        note, below = _own_words(_below(lines, cut), sender, conversation=conversation)
        signature = signature or below
    forwarded = mail if forwards else None
    if forwarded and not forwarded.subject and subject:
        # Outlook for Mac and others write "On … wrote:" above what they hand on; its subject is that of the mail.
        forwarded = replace(forwarded, subject=subject_handed_on(subject))
    attachments, calendars = list(parts.attachments), list(parts.calendars)
    if parts.enclosed:
        inner = read_parts(parts.enclosed[0])
        attachments += inner.attachments
        calendars += inner.calendars
        forwarded = forwarded or _enclosed(parts.enclosed[0], inner)
    return Reading(
        message_id=next(iter(_ids(message, "Message-ID")), None),
        in_reply_to=in_reply_to,
        references=tuple(_ids(message, "References")),
        sender=sender,
        to=_people(message, "To"),
        cc=_people(message, "Cc"),
        subject=subject,
        date=date,
        note=note,
        signature=signature or None,
        forwarded=forwarded,
        quoted=mail if not forwards else None,
        body=text.strip("\n"),
        attachments=tuple(attachments),
        invitation=read_invitation(calendars, date),
        automatic=_automatic(message),
        authentication=tuple(decode_words(value) for value in _all(message, "Authentication-Results")),
        problems=tuple(parts.problems),
        content_hash=_hash(message, sender, subject, text, parts),
    )


def to_json(reading: Reading) -> dict[str, Any]:
    """A reading as one JSON object: note, and of what was forwarded from, to, cc, subject, date (wall time), body."""
    mail = reading.forwarded
    if mail is None:
        return {"note": reading.note, "from": None, "to": None, "cc": None, "subject": None, "date": None, "body": None}
    return {
        "note": reading.note,
        "from": _shown(mail.sender) if mail.sender else None,
        "to": [_shown(one) for one in mail.to],
        "cc": [_shown(one) for one in mail.cc],
        "subject": mail.subject,
        "date": mail.date.strftime("%Y-%m-%dT%H:%M") if mail.date else None,
        "body": mail.body,
    }


def _shown(address: Address) -> dict[str, str | None]:
    return {"name": address.name, "address": address.email}


def _model(mail: ForwardedMail) -> Forwarded:
    return Forwarded(sender=mail.sender, to=mail.to, cc=mail.cc, subject=mail.subject, date=mail.date, body=mail.body)


def _forwards(cut: Cut, subject: str, *, answers: bool) -> bool:
    """Whether what begins at ``cut`` was handed on, not answered: by its separator, else by the mark of the subject."""
    if cut.kind == "forward":
        return True
    mark = subject_mark(subject)
    if mark == "both":
        # "VS:" answers in Finnish and forwards in Danish and Norwegian.
        mark = "reply" if answers and "fi" in cut.languages else "forward"
    if cut.kind in {"block", "original"}:
        return mark != "reply"
    return cut.kind == "reply" and mark == "forward"


def _inner(cut: Cut | None, lines: Sequence[Line]) -> ForwardedMail | None:
    """The mail that begins at ``cut``, with its body and those nested in it."""
    if cut is None or cut.mail is None:
        return None
    return complete(cut.mail, body_lines(lines, cut)[0])


def _below(lines: Sequence[Line], cut: Cut) -> list[Line]:
    """What its sender wrote under the quotes that begin at ``cut``, or between them."""
    if cut.depth == 0:
        return []
    return [line if line.depth < cut.depth else Line(0, "", "") for line in body_lines(lines, cut)[1]]


def _own_words(lines: list[Line], sender: Address | None, *, conversation: bool) -> tuple[str, str]:
    """The words and the signature; quotes at the end belong to neither."""
    own, signature = split_signature(lines, sender, conversation=conversation)
    trimmed = _without_last_quotes(own)
    if len(trimmed) < len(own):
        own, more = split_signature(trimmed, sender, conversation=conversation)
        signature = [*more, *signature]
    return joined(own), joined(signature)


def _without_last_quotes(lines: list[Line]) -> list[Line]:
    end = len(lines)
    while end and (lines[end - 1].blank or lines[end - 1].depth):
        end -= 1
    return lines[:end] if end else lines


def _enclosed(message: MimeMessage, parts: Parts, level: int = 0) -> ForwardedMail:
    """A mail that came as an attachment (message/rfc822), with those inside it."""
    text = parts.words()
    nested = read_nested(text)
    if nested is None and parts.enclosed and level < _DEEPEST:
        nested = _enclosed(parts.enclosed[0], read_parts(parts.enclosed[0]), level + 1)
    return ForwardedMail(
        sender=next(iter(_people(message, "From")), None),
        to=_people(message, "To"),
        cc=_people(message, "Cc"),
        subject=decode_words(_header(message, "Subject")) or None,
        date=_date(message),
        body=joined(split_lines(text)),
        nested=nested,
        message_id=next(iter(_ids(message, "Message-ID")), None),
    )


# ------------------------------------------------------------------------------------------------------- headers


def _all(message: MimeMessage, name: str) -> list[str]:
    """All values of a header, raw: reading them through ``get`` would parse each."""
    wanted = name.lower()
    return [str(value)[:LONGEST_HEADER] for key, value in message.raw_items() if key.lower() == wanted]


def _header(message: MimeMessage, name: str) -> str:
    return next(iter(_all(message, name)), "")


def _people(message: MimeMessage, name: str) -> tuple[Address, ...]:
    """The people of a header. Names are decoded after the list is split: a decoded one may hold a comma."""
    values = [" ".join(value.split())[:20_000] for value in _all(message, name)[:5]]
    if not values:
        return ()
    try:
        pairs = getaddresses(values)
    except (ValueError, IndexError, TypeError, AttributeError, HeaderParseError, RecursionError):
        pairs = []
    people = []
    for shown, email in pairs[:500]:
        said = decode_words(shown)
        if "@" in email or said or email:
            bare = decode_words(email).lower()
            people.append(
                Address(email=bare if "@" in bare else "", name=(said or (None if "@" in bare else bare)) or None)
            )
    return tuple(replace(one, name=None) if one.name and one.name.lower() == one.email else one for one in people)


def _ids(message: MimeMessage, name: str) -> list[str]:
    said = keepable(" ".join(_all(message, name)))
    found = _MESSAGE_ID.findall(said)[:_MOST_REFERENCES]
    return found or ([said.split()[0][:980]] if said.split() and name != "References" else [])


def _date(message: MimeMessage) -> datetime | None:
    said = " ".join(_header(message, "Date").split())[:200]
    if not said:
        return None
    try:
        found: datetime | None = parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        found = read_date(said)
    if found is None:
        return None
    try:
        aware = found if found.tzinfo else found.replace(tzinfo=UTC)
        aware.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return aware


def _automatic(message: MimeMessage) -> str | None:
    """Why no person sent this (RFC 3834 5, RFC 2919, and what programs did before those)."""
    for name, personal in (("Auto-Submitted", {"no"}), ("Precedence", {"first-class", "normal", "special-delivery"})):
        said = decode_words(_header(message, name)).strip().lower()
        if said and said.split(";")[0].strip() not in personal:
            return f"{name}: {said}"
    names = {key.lower() for key, _ in message.raw_items()}
    for name in (
        "List-Id",
        "List-Unsubscribe",
        "X-Autoreply",
        "X-Autorespond",
        "X-Auto-Reply-From",
        "X-Autogenerated",
        "X-Failed-Recipients",
        "X-Loop",
        "Feedback-ID",
    ):
        if name.lower() in names:
            return f"{name}: {decode_words(_header(message, name))[:200]}"
    if decode_words(_header(message, "Return-Path")).strip() == "<>":
        return "Return-Path: <>"
    return None


def _hash(message: MimeMessage, sender: Address | None, subject: str | None, text: str, parts: Parts) -> str:
    files = [sha256(one.data).hexdigest() for one in parts.attachments]
    said = (
        sender.email if sender else "",
        _header(message, "Date"),
        subject or "",
        " ".join((text or read_html(parts.html)).split()),
        *files,
    )
    return sha256("\x00".join(said).encode("utf-8", "surrogateescape")).hexdigest()
