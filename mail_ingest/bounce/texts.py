"""Free-text notices: what a mail system says where it writes no delivery status part, or beside one.

A notice is read line by line up to the mail that it returns. The address that failed stands at the head of a line, after
a label, in an SMTP answer or, last of all, somewhere in a sentence; the first of these four that holds any decides.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from mail_ingest.bounce.addresses import all_addresses, find_addresses, without
from mail_ingest.bounce.parts import Headers, Mail, split_headers
from mail_ingest.bounce.words import SIGNS, holds_any

MAX_LINES = 400
_HEADER_AT_START = re.compile(
    r"(?:return-path|received|message-id|mime-version|dkim-signature|x-originating-ip|domainkey-signature|x-mailer"
    r"|from|date|subject|to|reply-to|content-type|delivered-to|arc-seal|user-agent)[ \t]?:",
    re.IGNORECASE,
)
_SURE_HEADER = re.compile(r"(?:return-path|received|mime-version|dkim-signature|domainkey-signature|arc-seal)[ \t]?:", re.I)
_HEAD = re.compile(r"[\s>*\"'`<(\[{|=·•–—-]{0,20}(?:\d{1,2}[.)]\s{0,5})?<?(?:mailto:)?[^\s<>@:;,\"]{1,64}@", re.IGNORECASE)
_NAMED_HEAD = re.compile(r"\s{0,20}\"?[^<>@:]{0,80}\"?\s?[<(](?:mailto:)?[^\s<>@]{1,64}@[^\s<>@]{1,255}[>)]\s*[:;,.]?\s*$", re.IGNORECASE)
_LABEL = re.compile(r"([^@:]{2,80}):\s{0,20}[<\"'(\[]{0,3}(?:rfc822;|smtp:)?\s?[^\s<>@]{1,64}@", re.IGNORECASE)
_LABEL_OF_ORIGINAL = re.compile(
    r"^\W*(?:to|cc|from|sender|reply-to|von|an|van|aan|subject|betreff|message-id|de|envelope-from|mail from"
    r"|received|original (?:sender|message)|sent|return-path|lähettäjä|vastaanottaja|host|reporting-mta|x-[a-z-]+)\s*$",
    re.IGNORECASE,
)
_REPLY = re.compile(r"(?:^|[\s:(\[#<])[45]\d\d[\s-]")
_NOT_ABOUT_THEM = ("please contact", "contact us", "for assistance", "for help", "questions", "reply to", "bitte wenden", "neem contact",
                   "send mail to", "mailto:postmaster", "from:", "envelope-from", "sender:", "on behalf of", "support@", "abuse@")  # fmt: skip
_EMBEDDED = frozenset({"message/rfc822", "message/global", "message/partial", "text/rfc822-headers", "message/rfc822-headers",
                       "message/global-headers"})  # fmt: skip


class Place(IntEnum):
    """Where in a line an address stands, the more telling the smaller."""

    HEAD = 0
    LABEL = 1
    REPLY = 2
    SENTENCE = 3


@dataclass(frozen=True, slots=True)
class Notice:
    """The text of a notice up to the mail that it returns, and that mail's headers, where they are shown."""

    text: str
    original: Headers | None


@dataclass(frozen=True, slots=True)
class Told:
    """An address and what the notice says of it."""

    address: str
    said: str


def read_notice(mail: Mail) -> Notice:
    """The mail system's own words, without the returned mail. Text parts are taken up to the first embedded message."""
    said: list[str] = []
    original: Headers | None = None
    shown_as_html: list[str] = []
    for part in mail.parts:
        bare = part.headers is not mail.headers and _is_message(part.headers)
        if bare or part.type in _EMBEDDED:
            if original is None:
                original = (part.headers if bare else split_headers(part.body.lstrip(b"\n"), junk_lines=3)[0]) or None
        elif part.type == "text/html":
            shown_as_html.append(part.text())
        elif part.type.startswith("text/") and original is None and len(said) < 4:
            said.append(part.text())
    if not any(one.strip() for one in said):
        said = shown_as_html[:2]
    elif shown_as_html and not any("@" in one for one in said):
        said.append(shown_as_html[0])
    text, below = split_original("\n".join(said))
    if original is None and below:
        original = split_headers(below.encode("utf-8", "replace"), junk_lines=6)[0] or None
    return Notice(text, original)


def _is_message(headers: Headers) -> bool:
    """A part whose own headers are those of a mail: an original that was put in without a header of its own."""
    return len(headers) > 4 and "from" in headers and ("received" in headers or "message-id" in headers) and (
        "subject" in headers or "to" in headers
    )


def split_original(text: str) -> tuple[str, str]:
    """The notice and, below the line that parts them or from its first header on, the returned mail."""
    lines = text.split("\n")
    for at, line in enumerate(lines[:MAX_LINES]):
        stripped = line.strip()
        if _SURE_HEADER.match(line) and at > 0:
            return "\n".join(lines[:at]), "\n".join(lines[at:])
        if at and len(stripped) < 120 and holds_any(stripped.lower(), SIGNS.separators) and _parts(stripped, lines, at):
            return "\n".join(lines[:at]), "\n".join(lines[at + 1 :]).lstrip("\n-= ")
        if _HEADER_AT_START.match(line) and at > 1 and _headers_follow(lines, at):
            return "\n".join(lines[:at]), "\n".join(lines[at:])
    return "\n".join(lines[:MAX_LINES]), ""


def _parts(stripped: str, lines: Sequence[str], at: int) -> bool:
    """A separator is a ruled or labelled line, or has nothing but the mail below it."""
    if stripped[:2] in {"--", "==", "**", "__"} or stripped.endswith((":", "-", ".", "=")) or stripped.startswith("---"):
        return not any("@" in line and _HEAD.match(line) for line in lines[at + 1 : at + 4] if not _HEADER_AT_START.match(line))
    return at + 1 >= len(lines) or not lines[at + 1].strip()


def _headers_follow(lines: Sequence[str], at: int) -> bool:
    near = [line for line in lines[at : at + 12] if line.strip()]
    return sum(1 for line in near if _HEADER_AT_START.match(line)) >= 4


def read_addresses(notice: Notice, ours: frozenset[str]) -> list[Told]:
    """Who failed, by the notice's own text, with the lines about each of them; ``ours`` are never among them."""
    lines = notice.text.split("\n")[:MAX_LINES]
    placed: dict[Place, dict[str, int]] = {place: {} for place in Place}
    for at, line in enumerate(lines):
        if "@" not in line:
            continue
        addresses = without(find_addresses(line), ours)
        if not addresses:
            continue
        place = _place(line)
        if place is Place.HEAD:
            addresses = addresses[:1] if not _is_list(line) else addresses
        for address in addresses:
            placed[place].setdefault(address, at)
    best = next((place for place in Place if placed[place]), None)
    if best is None:
        return []
    chosen = placed[best]
    if best is Place.SENTENCE and notice.original is not None:
        written_to = set(all_addresses((*notice.original.get("to", ()), *notice.original.get("cc", ()))))
        chosen = {address: at for address, at in chosen.items() if address in written_to} or chosen
    starts = sorted(set(chosen.values()))
    return [Told(address, _said(lines, at, starts)) for address, at in chosen.items()]


def _place(line: str) -> Place:
    low = line.lower()
    if _HEAD.match(line) or _NAMED_HEAD.match(line):
        return Place.HEAD
    label = _LABEL.match(line)
    if label is not None and not _LABEL_OF_ORIGINAL.match(label[1]) and not holds_any(low, _NOT_ABOUT_THEM):
        return Place.LABEL
    if _REPLY.search(line) and "mail from" not in low:
        return Place.REPLY
    return Place.SENTENCE


def _is_list(line: str) -> bool:
    return line.count("@") > 1 and "," in line and len(line) < 300 and not _REPLY.search(line)


def _said(lines: Sequence[str], at: int, starts: Sequence[int]) -> str:
    """The lines from ``at`` to the next address, at most a screenful."""
    end = next((start for start in starts if start > at), at + 14)
    return " ".join(" ".join(lines[at : min(end, at + 14)]).split())[:1500]
