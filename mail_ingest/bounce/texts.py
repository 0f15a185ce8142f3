"""Free-text notices: what a mail system says where it writes no delivery status part, or beside one.

The address that failed stands at the head of a line, after a label, in an SMTP answer or, last of all, somewhere in a
sentence; the first of these places that holds any decides.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from mail_ingest.bounce.addresses import all_addresses, find_addresses, without
from mail_ingest.bounce.notice import Notice
from mail_ingest.bounce.words import holds_any

SCREENFUL = 16
"""Lines that may speak of one address."""
MAX_SAID_CHARS = 1500
_ALONE_WORDS = 2
"""With no more words than these an address stands alone, and what is said of it comes in the next paragraph."""
_LONGEST_LIST = 300
_HEAD = re.compile(
    r"[\s>*\"'`<(\[{|=\u00b7\u2022\u2013\u2014-]{0,20}(?:\d{1,2}[.)]\s{0,5})?<?(?:mailto:)?[^\s<>@:;,\"]{1,64}@",
    re.IGNORECASE,
)
_NAMED_HEAD = re.compile(
    r"\s{0,20}\"?[^<>@:]{0,80}\"?\s?[<(](?:mailto:)?[^\s<>@]{1,64}@[^\s<>@]{1,255}[>)]\s*[:;,.]?\s*$", re.IGNORECASE
)
_LABEL = re.compile(r"([^@:]{2,80}):\s{0,20}[<\"'(\[]{0,3}(?:rfc822;|smtp:)?\s?[^\s<>@]{1,64}@", re.IGNORECASE)
_LABEL_OF_ORIGINAL = re.compile(
    r"^\W*(?:to|cc|from|sender|reply-to|von|an|van|aan|subject|betreff|message-id|de|envelope-from|mail from"
    r"|received|original (?:sender|message)|sent|return-path|lähettäjä|vastaanottaja|host|reporting-mta|x-[a-z-]+)\s*$",
    re.IGNORECASE,
)
_SENDER_LINE = re.compile(r"\W{0,6}(?:in:\s{1,4})?(?:mail\s)?from\s?:\s?<", re.IGNORECASE)
_REPLY = re.compile(r"(?:^|[\s:(\[#<])[45]\d\d[\s-]")
_NOT_ABOUT_THEM = (
    "please contact", "contact us", "for assistance", "for help", "questions", "reply to", "bitte wenden",
    "neem contact", "ota yhteyttä", "send mail to", "mailto:postmaster", "from:", "envelope-from", "sender:",
    "on behalf of",
    "support@", "abuse@",
)  # fmt: skip


class Place(IntEnum):
    """Where in a line an address stands, the more telling the smaller."""

    HEAD = 0
    NAMED = 1
    LABEL = 2
    REPLY = 3
    SENTENCE = 4


@dataclass(frozen=True, slots=True)
class Told:
    """An address and what the notice says of it."""

    address: str
    said: str


def read_addresses(notice: Notice, ours: frozenset[str]) -> list[Told]:
    """Who failed, by the notice's own text, with the lines about each of them; ``ours`` are never among them."""
    lines = notice.lines()
    placed: dict[Place, dict[str, int]] = {place: {} for place in Place}
    for at, line in enumerate(lines):
        if "@" not in line or _SENDER_LINE.match(line):
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
    if best is Place.REPLY:
        return [Told(address, _answered(lines, at)) for address, at in chosen.items()]
    stops = best is Place.HEAD
    return [Told(address, _said(lines, at, starts, stops=stops)) for address, at in chosen.items()]


def _place(line: str) -> Place:
    low = line.lower()
    if _HEAD.match(line):
        return Place.HEAD
    if _NAMED_HEAD.match(line) and not holds_any(low, _NOT_ABOUT_THEM):
        return Place.NAMED
    if "rcpt to:" in low:
        return Place.REPLY
    label = _LABEL.match(line)
    if label is not None and not _LABEL_OF_ORIGINAL.match(label[1]) and not holds_any(low, _NOT_ABOUT_THEM):
        return Place.LABEL
    if _REPLY.search(line) and "mail from" not in low:
        return Place.REPLY
    return Place.SENTENCE


def _is_list(line: str) -> bool:
    return line.count("@") > 1 and "," in line and len(line) < _LONGEST_LIST and not _REPLY.search(line)


def _said(lines: Sequence[str], at: int, starts: Sequence[int], *, stops: bool) -> str:
    """What is said below an address: its paragraph, with the next one where the address stands alone in its own.

    Without ``stops`` it is all up to the next address, at most a screenful.
    """
    end = min(next((start for start in starts if start > at), at + SCREENFUL), at + SCREENFUL)
    said, words = [lines[at]], len(lines[at].split()) - 1
    for line in lines[at + 1 : end]:
        if stops and not line.strip() and words > _ALONE_WORDS:
            break
        said.append(line)
        words += len(line.split())
    return " ".join(" ".join(said).split())[:MAX_SAID_CHARS]


def _answered(lines: Sequence[str], at: int) -> str:
    """The SMTP answer of line ``at`` with the lines that go on with it; what was asked where it is a question."""
    first = lines[at]
    if "rcpt to:" in first.lower():
        more = lines[at + 1 : at + 3]
    else:
        code = first.strip()[:3]
        more = [line for line in lines[at + 1 : at + 4] if "@" not in line and (line[:1].isspace() or line[:3] == code)]
    return " ".join(" ".join([first, *more]).split())[:MAX_SAID_CHARS]
