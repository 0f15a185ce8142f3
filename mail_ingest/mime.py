"""A message's bytes to its parts: texts, HTML, attachments, calendars, enclosed messages; nothing about their words.

``email``'s ``compat32`` policy is seven times as fast as ``policy.default`` and never reads headers that nobody
asks for. Nested deeper than 40 levels or made of more than 1,000 parts, a message is read as far as that.
"""

import re
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import Message as MimeMessage
from email.policy import Compat32
from email.utils import collapse_rfc2231_value
from urllib.parse import unquote

from mail_ingest.charsets import LONGEST_HEADER, decode, decode_words, keepable
from mail_ingest.html import read_html
from mail_ingest.tables import FILE_BEGINNINGS, OFFICE_FILES

_DEEPEST = 40
_MOST_PARTS = 1000
_LONGEST_PARAMETERS = 4_000
_MOST_FOLDED = 2_000
_MOST_MULTIPARTS = 150
_MOST_DASHES = 20_000
"""Lines that begin as a boundary does: a mail of that many parts is not taken apart."""
_LONGEST_HEAD = 1_000_000
_MOST_LINES = 600_000
"""An attachment of 25 MB in base64 has half as many lines; what follows is not read."""
_HEAD_ENDS = re.compile(rb"\r?\n\r?\n")
_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)
_MOST_TEXT = 400_000
"""Characters of text that are read for words; a person does not write more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that came with a mail. ``inline`` ones are pictures that the text itself shows, by ``content_id``."""

    name: str | None
    content_type: str
    """By the first bytes where these tell, else as its sender declared it."""
    data: bytes = field(repr=False)
    inline: bool = False
    content_id: str | None = None

    @property
    def size_bytes(self) -> int:
        """The length of the decoded file."""
        return len(self.data)


@dataclass(slots=True)
class Parts:
    """What a message is made of, in its order."""

    text: str = ""
    html: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    calendars: list[str] = field(default_factory=list)
    enclosed: list[MimeMessage] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def note_problem(self, problem: str) -> None:
        """Say once what could not be read."""
        if problem not in self.problems:
            self.problems.append(problem)

    def words(self) -> str:
        """The text to read: plain where there is a real one, else what the HTML says."""
        plain = self.text
        if not self.html or len(plain.split()) > _TOO_FEW_WORDS:
            return plain
        seen = read_html(self.html)
        # A plain part of a few words beside a long HTML one says "your program cannot show this".
        return seen if not plain.strip() or len(seen.split()) > 10 * len(plain.split()) + _TOO_FEW_WORDS else plain


_TOO_FEW_WORDS = 12


class _Bounded(Compat32):
    """``compat32`` that keeps only the beginning of a header of a megabyte.

    The standard library reads parameters in quadratic time, and does so while it parses.
    """

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Name and value; long ones are cut."""
        name, value = super().header_source_parse(sourcelines[:_MOST_FOLDED])
        return name, value[: _LONGEST_PARAMETERS if name.lower().startswith("content-") else LONGEST_HEADER]


_POLICY = _Bounded()


def parse(raw: bytes) -> MimeMessage:
    """The message; one that nests too deep for the parser is its headers and its text alone. Raises nothing."""
    # The parser compares each line with every boundary that is open: deep nesting would cost it minutes.
    if len(_BOUNDARY.findall(raw)) > _MOST_MULTIPARTS or raw.count(b"\n--") > _MOST_DASHES:
        return _headers_alone(raw)
    raw = _bounded(raw)
    try:
        return message_from_bytes(raw, policy=_POLICY)
    except (RecursionError, ValueError, LookupError, AssertionError, TypeError, AttributeError):
        return _headers_alone(raw)


def _bounded(raw: bytes) -> bytes:
    """``raw`` without the end of a header or of a body that no person and no program of good will writes."""
    head = _HEAD_ENDS.search(raw)
    if head and head.start() > _LONGEST_HEAD:
        raw = raw[: raw.rfind(b"\n", 0, _LONGEST_HEAD) + 1] + raw[head.start() :]
    lines = raw.count(b"\n")
    return raw if lines <= _MOST_LINES else raw[: len(raw) * _MOST_LINES // lines]


def _headers_alone(raw: bytes) -> MimeMessage:
    """The message without its structure: `read_parts` says so."""
    head, _, body = raw[:_MOST_TEXT].replace(b"\r\n", b"\n").partition(b"\n\n")
    message = MimeMessage()
    for line in re.sub(rb"\n[ \t]+", b" ", head[:LONGEST_HEADER]).split(b"\n")[:500]:
        name, colon, value = line.partition(b":")
        if colon and re.fullmatch(rb"[!-9;-~]+", name) and not name.lower().startswith(b"content-"):
            message[name.decode("ascii")] = value.strip().decode("ascii", "surrogateescape")
    message.set_payload(body.decode("utf-8", "replace"))
    message["X-Unreadable"] = "yes"
    return message


def read_parts(message: MimeMessage) -> Parts:
    """Everything in ``message``, found without recursion."""
    parts = Parts()
    if "X-Unreadable" in message:
        parts.note_problem("structure unreadable")
    stack: list[tuple[MimeMessage, int, bool]] = [(message, 0, False)]
    seen = 0
    while stack:
        part, depth, alternative = stack.pop()
        seen += 1
        if seen > _MOST_PARTS or depth > _DEEPEST:
            parts.note_problem("too many parts")
            break
        kind = _kind(part)
        # Of a part that is no multipart ``get_payload`` would decode the text, and raise on a broken charset.
        payload = part.get_payload() if part.is_multipart() else None
        if kind == "message/rfc822" or (kind == "message/global" and isinstance(payload, list)):
            _enclose(parts, part, payload)
        elif isinstance(payload, list):
            _note_wrapper(parts, kind)
            inner = [child for child in payload[: _MOST_PARTS + 1] if isinstance(child, MimeMessage)]
            stack.extend((child, depth + 1, kind == "multipart/alternative") for child in reversed(inner))
        else:
            _leaf(parts, part, kind, alternative=alternative)
    parts.text = parts.text[:_MOST_TEXT]
    shown = {unquote(cid) for cid in re.findall(r"cid:([^\"'\s>)]{1,300})", parts.html)} if parts.attachments else set()
    parts.attachments = [
        replace(one, inline=True) if one.content_id in shown and one.content_type.startswith("image/") else one
        for one in parts.attachments
    ]
    return parts


def _kind(part: MimeMessage) -> str:
    try:
        return keepable(part.get_content_type())
    except (ValueError, TypeError, AttributeError):
        return "text/plain"


def _note_wrapper(parts: Parts, kind: str) -> None:
    if kind == "multipart/encrypted":
        parts.note_problem("encrypted")
    elif kind == "multipart/signed":
        parts.note_problem("signed, signature not checked")


def _enclose(parts: Parts, part: MimeMessage, payload: object) -> None:
    if isinstance(payload, list) and payload and isinstance(payload[0], MimeMessage):
        parts.enclosed.append(payload[0])
        return
    data = _bytes(part)
    parts.enclosed.append(parse(data))


def _leaf(parts: Parts, part: MimeMessage, kind: str, *, alternative: bool) -> None:
    name = _name(part)
    disposition = str(part.get("Content-Disposition") or "").strip().lower()
    data = _bytes(part)
    if kind == "text/calendar" or (name or "").lower().endswith(".ics") or kind == "application/ics":
        parts.calendars.append(decode(data, _charset(part) or "utf-8"))
        if disposition.startswith("attachment") or name:
            parts.attachments.append(_attachment(part, name, kind, data))
        return
    if kind in {"text/plain", "text/html"} and not disposition.startswith("attachment") and (not name or alternative):
        said = decode(data, _charset(part) or (_meta_charset(data) if kind == "text/html" else None))
        if kind == "text/html":
            parts.html += said
        else:
            parts.text += ("\n" if parts.text and not parts.text.endswith("\n") else "") + _unflow(part, said)
        return
    if kind == "text/plain" and _looks_uuencoded(data):
        parts.note_problem("uuencoded attachment kept as text")
    if kind in {"application/pkcs7-mime", "application/x-pkcs7-mime"}:
        smime = str(part.get_param("smime-type") or "").lower()
        parts.note_problem("signed, content unreadable" if "signed" in smime else "encrypted")
    elif kind == "application/ms-tnef" or (name or "").lower() == "winmail.dat":
        parts.note_problem("winmail.dat kept as attachment")
    elif kind in {
        "application/pgp-encrypted",
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
    }:
        return
    parts.attachments.append(_attachment(part, name, kind, data))


def _looks_uuencoded(data: bytes) -> bool:
    return re.search(rb"^begin [0-7]{3} \S", data[:_MOST_TEXT], re.MULTILINE) is not None


def _attachment(part: MimeMessage, name: str | None, kind: str, data: bytes) -> Attachment:
    content_id = keepable(str(part.get("Content-ID") or "")).strip().strip("<>") or None
    disposition = str(part.get("Content-Disposition") or "").strip().lower()
    shown = kind.startswith("image/") and not disposition.startswith("attachment") and content_id is not None
    return Attachment(
        name=name,
        content_type=_content_type(data, kind),
        data=data,
        inline=shown or (disposition.startswith("inline") and kind.startswith("image/")),
        content_id=content_id,
    )


def _content_type(data: bytes, declared: str) -> str:
    found = next((kind for magic, kind in FILE_BEGINNINGS if data.startswith(magic)), None)
    if found == "application/zip":
        return next(
            (kind for mark, kind in OFFICE_FILES if mark in data[:4000]),
            declared if "zip" in declared or "officedocument" in declared else found,
        )
    if (
        found == "application/x-ole-storage"
        and declared.startswith("application/")
        and declared != "application/octet-stream"
    ):
        return declared
    return found or declared


def _bytes(part: MimeMessage) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError, TypeError, AttributeError, UnicodeError):
        payload = None
    return payload if isinstance(payload, bytes) else b""


def _charset(part: MimeMessage) -> str | None:
    try:
        declared = part.get_param("charset")
    except (ValueError, TypeError, AttributeError):
        return None
    if isinstance(declared, tuple):
        declared = declared[2]
    return declared if isinstance(declared, str) else None


def _meta_charset(data: bytes) -> str | None:
    match = re.search(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]+)", data[:4000], re.IGNORECASE)
    return match.group(1).decode("ascii", "replace") if match else None


def _name(part: MimeMessage) -> str | None:
    """The file name as a person reads it, without a path."""
    try:
        said = part.get_filename()
    except (ValueError, TypeError, LookupError, AttributeError):
        return None
    if not said:
        return None
    try:
        said = collapse_rfc2231_value(said)
    except (ValueError, TypeError, LookupError):
        said = str(said)
    return re.split(r"[/\\]", decode_words(said))[-1].strip()[:255] or None


def _unflow(part: MimeMessage, said: str) -> str:
    """Text of ``format=flowed`` (RFC 3676) with its paragraphs on one line again."""
    try:
        flowed = str(part.get_param("format") or "").lower() == "flowed"
        delete = str(part.get_param("delsp") or "").lower() == "yes"
    except (ValueError, TypeError, AttributeError):
        return said
    if not flowed:
        return said
    lines: list[str] = []
    open_depth = -1
    for raw in said.replace("\r\n", "\n").split("\n"):
        marks = re.match(r">*", raw)
        depth = marks.end() if marks else 0
        line = raw[depth:].removeprefix(" ") if depth or raw.startswith(" ") else raw
        soft = line.endswith(" ") and line != "-- "
        kept = line[:-1] if soft and delete else line
        if open_depth == depth and lines and line != "-- ":
            lines[-1] += kept
        else:
            lines.append((">" * depth + " " if depth else "") + kept)
        open_depth = depth if soft else -1
    return "\n".join(lines)
