"""Where a person's own words end and a mail that they forwarded, or answered, begins; and what that mail says."""

# ruff: noqa: RUF001 - characters that look alike are what mail holds

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from mail_ingest.addresses import read_address, read_addresses
from mail_ingest.blocks import Block, broken_before, inline_block, label_of, read_block, read_unmarked_block
from mail_ingest.dates import read_date
from mail_ingest.lines import Line, joined, next_words, split_lines, unquote
from mail_ingest.quotes import find_attribution
from mail_ingest.tables import BOTH_MARKS, FORWARD_LINES, FORWARD_MARKS, ORIGINAL_LINES, REPLY_MARKS, WALL, fold
from parsing.model import Address

_EDGES = " \t-–—_=*>~#:：<.|\"'“”«»•"
_DASHED = re.compile(r"^[\s>]*[-–—_=*~]{2,}")
_ON_ONE_LINE = re.compile(r"^\s*[-–—_]{3,}\s*(?P<words>[^-–—_].{2,60}?)\s*[-–—_]{3,}\s*(?P<rest>[^\s\-–—_].*)$")
_RULE = re.compile(r"^\s*(?:[-–—_=*~#]\s?){5,}\s*$")
_MARK = re.compile(r"^\s*(?P<mark>[^\W\d_][\w. ()/-]{0,18}?)\s*(?:[\[(]\d+[\])])?\s*[:：]\s*")
_DEEPEST = 12
_LABEL_WITHIN = 50
_LONGEST_SEPARATOR = 90
_LONGEST_ON_ONE_LINE = 2_000
_LONGEST_ATTRIBUTION = 350
_MOST_SPILLED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardedMail:
    """A mail inside another, as its header block or its attribution tells it; ``nested`` is the next one inside."""

    sender: Address | None = None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str | None = None
    date: datetime | None = None
    """Wall time as shown; aware where the block names a zone."""
    body: str = ""
    """All below the block, what is nested included, without quote marks."""
    nested: "ForwardedMail | None" = None
    message_id: str | None = None
    """Known only of a mail that came as an attachment."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Where another's mail begins.

    ``kind`` is ``"forward"``, ``"block"``, ``"original"``, ``"reply"`` or ``"wall"``.
    """

    kind: str
    start: int
    end: int
    depth: int
    mail: ForwardedMail | None
    languages: tuple[str, ...] = field(default=())


def find_cut(lines: Sequence[Line]) -> Cut | None:
    """The first place where another's mail begins, or None."""
    for at, line in enumerate(lines):
        text = line.text
        if not text or text.isspace():
            continue
        cut = _separator(lines, at)
        if cut is None and (":" in text[:_LABEL_WITHIN] or "：" in text[:_LABEL_WITHIN]):
            cut = _bare_block(lines, at)
        if cut is None and len(text) <= _LONGEST_ATTRIBUTION:
            cut = _reply(lines, at)
        if cut:
            return cut
        if WALL.search(fold(text)):
            return Cut("wall", at, len(lines), line.depth, None)
    return None


def _separator(lines: Sequence[Line], at: int) -> Cut | None:
    """A line such as ``---------- Forwarded message ---------`` with the header block below it."""
    text = lines[at].text
    dashed = _DASHED.match(text) is not None
    if len(text) > (_LONGEST_ON_ONE_LINE if dashed else _LONGEST_SEPARATOR):
        return None
    if dashed and (match := _ON_ONE_LINE.match(text)) and (found := _on_one_line(lines, at, match)):
        return found
    words = fold(text.strip(_EDGES))
    kind = "forward" if words in FORWARD_LINES else "original" if words in ORIGINAL_LINES else ""
    if kind:
        alone = dashed or (text.rstrip().endswith((":", "：")) and len(words.split()) > 1)
        return _announced(lines, at, kind) or (_announced_alone(lines, at, kind) if alone else None)
    # "---- Doorgezonden door Jan ----": words that no table has, but a block below them.
    unknown = dashed and re.search(r"\w", words) and re.search(r"[-–—_=*~]{2,}\s*$", text)
    return _announced(lines, at, "") if unknown else None


def _announced(lines: Sequence[Line], at: int, kind: str) -> Cut | None:
    """The header block, or the attribution, below the separator in line ``at``."""
    following = next_words(lines, at + 1)
    if following < len(lines) and _RULE.match(lines[following].text):
        following = next_words(lines, following + 1)
    if following >= len(lines):
        return None
    block = read_block(lines, following) or (read_unmarked_block(lines, following) if kind else None)
    # One label that is no sender is a coincidence.
    if block and (block.whole or (kind and ("from" in block.values or len(block.values) > 1))):
        # Some say it twice, above and below the block.
        below = next_words(lines, block.end)
        end = below + 1 if below < len(lines) and lines[below].text.strip() == lines[at].text.strip() else block.end
        return Cut(kind or "original", at, end, block.depth, _mail(block), block.likely())
    if kind and (attribution := find_attribution(lines, following)):
        mail = ForwardedMail(sender=attribution.sender, date=attribution.date)
        return Cut(kind, at, attribution.end, attribution.depth, mail)
    return None


def _announced_alone(lines: Sequence[Line], at: int, kind: str) -> Cut:
    """A separator without any header below it."""
    following = next_words(lines, at + 1)
    depth = max(lines[at].depth, lines[following].depth if following < len(lines) else 0)
    return Cut(kind if kind == "forward" else "wall", at, at + 1, depth, ForwardedMail())


def _on_one_line(lines: Sequence[Line], at: int, match: re.Match[str]) -> Cut | None:
    """Separator and headers on one line, which another program may have wrapped."""
    words = fold(match.group("words").strip(_EDGES))
    rest = match.group("rest")
    end = at + 1
    found = inline_block(rest)
    while (found is None or "subject" not in found) and end < min(at + 12, len(lines)) and not lines[end].blank:
        rest = f"{rest} {lines[end].text.strip()}"
        end += 1
        found = inline_block(rest)
    if found is None:
        return None
    while end < min(at + 16, len(lines)) and not lines[end].blank and broken_before(lines, end):
        rest = f"{rest} {lines[end].text.strip()}"
        end += 1
        found = inline_block(rest) or found
    block = Block(start=at, end=end, depth=lines[at].depth, values={name: value for name, (_, value) in found.items()})
    block.languages.update(language for language, _ in found.values())
    kind = "original" if words in ORIGINAL_LINES else "forward"
    return Cut(kind, at, end, block.depth, _mail(block), block.likely())


def _bare_block(lines: Sequence[Line], at: int) -> Cut | None:
    """A header block that nothing announces, or only a rule: Outlook's."""
    label = label_of(lines[at].text)
    if label is None or label[0] == "other":
        return None
    block = read_block(lines, at)
    if block is None or not block.whole:
        return None
    start = at
    while start > 0 and (lines[start - 1].blank or _RULE.match(lines[start - 1].text)):
        start -= 1
    return Cut("block", start, block.end, block.depth, _mail(block), block.likely())


def _reply(lines: Sequence[Line], at: int) -> Cut | None:
    found = find_attribution(lines, at)
    if found is None:
        return None
    depth = found.depth
    following = next_words(lines, found.end)
    if following < len(lines):
        depth = max(depth, lines[following].depth)
    return Cut("reply", at, found.end, depth, ForwardedMail(sender=found.sender, date=found.date))


def _mail(block: Block) -> ForwardedMail:
    values = block.values
    languages = block.likely()
    subject = values.get("subject")
    return ForwardedMail(
        sender=read_address(values.get("from", "")),
        to=read_addresses(values.get("to", "")),
        cc=read_addresses(values.get("cc", "")),
        subject=" ".join(subject.split()) if subject else None,
        date=read_date(values.get("date", ""), languages),
    )


def body_lines(lines: Sequence[Line], cut: Cut) -> tuple[list[Line], list[Line]]:
    """The lines of the mail that begins at ``cut``, without its quote marks, and those that follow it."""
    rest = list(lines[cut.end :])
    if cut.depth == 0:
        return rest, []
    end = 0
    for at, line in enumerate(rest):
        if line.depth >= cut.depth and not line.blank:
            end = at + 1
        elif not line.blank and not _spilled(rest, at, cut.depth):
            break
    inner = [line if line.depth >= cut.depth else Line(cut.depth, line.text, line.raw) for line in rest[:end]]
    return unquote(inner, cut.depth), rest[end:]


def _spilled(lines: Sequence[Line], at: int, depth: int) -> bool:
    """Whether an unquoted line is the end of a quoted one that a program broke: quoted lines touch it on both sides."""
    first = at
    while first > 0 and lines[first - 1].depth < depth and not lines[first - 1].blank:
        first -= 1
    last = at
    while (
        last + 1 < len(lines)
        and lines[last + 1].depth < depth
        and not lines[last + 1].blank
        and last - first < _MOST_SPILLED
    ):
        last += 1
    if first == 0 or last + 1 >= len(lines):
        return False
    above, below = lines[first - 1], lines[last + 1]
    return above.depth >= depth and not above.blank and below.depth >= depth


def complete(mail: ForwardedMail, body: Sequence[Line], level: int = 0) -> ForwardedMail:
    """``mail`` with its body and with all mails that are nested in that, the outermost first."""
    nested = None
    cut = find_cut(body) if level < _DEEPEST else None
    if cut and cut.mail and cut.kind != "wall":
        nested = complete(cut.mail, body_lines(body, cut)[0], level + 1)
    return replace(mail, body=joined(body), nested=nested)


def read_nested(text: str) -> ForwardedMail | None:
    """The mail that is forwarded or quoted inside ``text``, with those inside it."""
    lines = split_lines(text)
    cut = find_cut(lines)
    return complete(cut.mail, body_lines(lines, cut)[0], 1) if cut and cut.mail and cut.kind != "wall" else None


def subject_mark(subject: str) -> str:
    """``"forward"``, ``"reply"``, ``"both"`` or ``""``: what the first mark before a subject says."""
    match = _MARK.match(subject)
    mark = fold(match.group("mark")) if match else ""
    if mark in BOTH_MARKS:
        return "both"
    return "forward" if mark in FORWARD_MARKS else "reply" if mark in REPLY_MARKS else ""


def bare_subject(subject: str) -> str:
    """``subject`` without any reply and forward marks before it."""
    while (match := _MARK.match(subject)) and subject_mark(subject):
        subject = subject[match.end() :]
    return subject.strip()


def subject_handed_on(subject: str) -> str | None:
    """The subject that a forwarded mail had: ``subject`` without the forward mark before it."""
    match = _MARK.match(subject)
    if match and subject_mark(subject) in {"forward", "both"}:
        return subject[match.end() :].strip() or None
    return None
