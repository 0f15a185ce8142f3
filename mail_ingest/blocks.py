"""Header blocks in the text of a mail: ``From: … Sent: … To: … Subject: …`` in any language, however they are marked.

Labels may be bold (``*Van:*``), their values wrapped by hand, the whole block on one line as Yahoo writes it, or
each header a paragraph of its own. Which words are labels is in ``labels/headers.toml``.
"""

# ruff: noqa: RUF001 - characters that look alike are what mail holds

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from mail_ingest.lines import Line, next_words
from mail_ingest.tables import LABELS, fold

_LABEL = re.compile(r"^[\s*_]{0,12}(?P<label>[^\s:：*_|][^:：*|\n]{0,28}?)[\s*_]{0,6}[:：][*_]{0,2}(?P<value>.*)$")
_UNKNOWN = re.compile(r"^[^\W\d_][\w .'’/-]{1,28} ?: ")
_INLINE = {
    language: re.compile(
        "(?P<label>"
        + "|".join(
            sorted(
                (re.escape(label) for label, tongues in LABELS.items() if language in tongues), key=len, reverse=True
            )
        )
        + r")\s?[:：]\s",
        re.IGNORECASE,
    )
    for language in {tongue for tongues in LABELS.values() for tongue in tongues}
}
_LONGEST_BLOCK = 60
_WRAPPED_FROM = 52
"""A line as long as this, or longer, may have been broken by a program that wraps at 72 or so."""
_WRAPPED_AT = 67
_WIDEST = 100
"""A longer line was not broken by any program: it would have been broken before."""


@dataclass(slots=True)
class Block:
    """A header block: its values by field as written, and where it stands among the lines."""

    start: int
    end: int = 0
    depth: int = 0
    values: dict[str, str] = field(default_factory=dict)
    languages: Counter[str] = field(default_factory=Counter)

    def likely(self) -> tuple[str, ...]:
        """The languages that most of the labels are in."""
        most = max(self.languages.values(), default=0)
        return tuple(sorted(language for language, count in self.languages.items() if count == most))

    @property
    def whole(self) -> bool:
        """Whether it can stand without a line that announces it: a sender and two more, or one that is an address."""
        named = sum(one in self.values for one in ("date", "to", "subject", "cc"))
        return "from" in self.values and (named >= 2 or (named == 1 and "@" in self.values["from"]))  # noqa: PLR2004 - as said


def label_of(text: str) -> tuple[str, dict[str, str], str] | None:
    """The field of a header line, the languages of its label, and its value; None for any other line."""
    match = _LABEL.match(text)
    if match is None:
        return None
    languages = LABELS.get(fold(match.group("label")))
    if languages is None:
        return None
    found = Counter(languages.values()).most_common(1)[0][0]
    return found, languages, match.group("value").strip(" \t*")


def read_block(lines: Sequence[Line], start: int) -> Block | None:
    """The header block whose first line is ``start``, or None where that line has no label."""
    first = label_of(lines[start].text)
    if first is None or first[0] == "other":
        return None
    block = Block(start=start, depth=lines[start].depth)
    current = ""
    at = start
    while at < min(len(lines), start + _LONGEST_BLOCK):
        line = lines[at]
        if line.blank:
            following = next_words(lines, at)
            if not _goes_on(block, lines, following):
                break
            at = following
            continue
        label = label_of(line.text)
        if label and label[0] in block.values and label[0] != "other" and (block.whole or block.values[label[0]]):
            break
        if label:
            current = label[0]
            if current != "other":
                block.values[current] = label[2]
                block.languages.update(label[1].keys())
        elif _continues(block, current, lines, at):
            if current and current != "other" and not _UNKNOWN.match(line.text):
                block.values[current] = f"{block.values.get(current, '')} {line.text.strip(' *')}".strip()
        else:
            break
        at += 1
    block.end = at
    return block


def read_unmarked_block(lines: Sequence[Line], start: int) -> Block | None:
    """The header block of a client that writes no colons (``From "Kees" <k@x>``, ``Date 2-3-2026 11:02``), or None.

    Every line up to the next empty one begins with a label of one language; the sender is an address.
    """
    block = Block(start=start, depth=lines[start].depth)
    at = start
    while at < min(len(lines), start + _LONGEST_BLOCK) and not lines[at].blank:
        found = _unmarked(lines[at].text.strip())
        if found is None:
            return None
        name, languages, value = found
        block.values.setdefault(name, value)
        block.languages.update(languages)
        at += 1
    block.end = at
    one_language = block.languages and max(block.languages.values()) == at - start
    return block if block.whole and one_language and "@" in block.values["from"] else None


def _unmarked(text: str) -> tuple[str, list[str], str] | None:
    words = text.split()
    for many in (2, 1):
        label = fold(" ".join(words[:many]))
        languages = LABELS.get(label)
        if languages and len(words) > many and text[:1].isupper():
            name = Counter(languages.values()).most_common(1)[0][0]
            return name, [tongue for tongue, one in languages.items() if one == name], " ".join(words[many:])
    return None


def _goes_on(block: Block, lines: Sequence[Line], following: int) -> bool:
    """Whether a block that meets an empty line has more headers below it."""
    if following >= len(lines) or {"from", "subject", "date"} <= block.values.keys():
        return False
    label = label_of(lines[following].text)
    if label is None or label[0] in block.values or label[0] == "other":
        return False
    # The body of a whole block may begin with words like "Date: …"; only one that lacks its sender or its subject
    # goes on, and only with a header such as those.
    return not block.whole or ("subject" not in block.values and label[0] in {"subject", "to", "cc", "date"})


def _continues(block: Block, current: str, lines: Sequence[Line], at: int) -> bool:
    """Whether a line without a label belongs to the header above it."""
    line = lines[at]
    value = block.values.get(current, "")
    if current in {"to", "cc", "bcc", "from", "reply_to"}:
        if value.endswith((",", ";", "<")) or not value or value.count("<") > value.count(">"):
            return True
        if re.match(r"^\s*(?:<[^>\s]+@|[^\s<]{0,60}@|[\w .'-]{0,60}<[^>\s]+@)", line.text):
            return True
        if line.text.startswith((" ", "\t")) and "@" in line.text:
            return True
    if not value and current:
        return True
    # A value broken in the middle: another header follows at once, or the line above is as long as a wrapped one.
    for ahead in range(at + 1, min(at + 3, len(lines))):
        if lines[ahead].blank:
            break
        label = label_of(lines[ahead].text)
        if label and label[0] not in block.values:
            return True
    last = at + 1 >= len(lines) or lines[at + 1].blank
    return bool(current) and last and broken_before(lines, at)


def broken_before(lines: Sequence[Line], at: int) -> bool:
    """Whether line ``at`` was one with the line above until a program wrapped it: its first word had no room there."""
    above, words = lines[at - 1].raw.rstrip(), lines[at].text.split(maxsplit=1)
    return bool(words) and _WRAPPED_FROM <= len(above) <= _WIDEST and len(above) + 1 + len(words[0]) > _WRAPPED_AT


def inline_block(text: str) -> dict[str, tuple[str, str]] | None:
    """Headers that stand on one line: ``From: a <a@x>To: b <b@y>Sent: …Subject: …`` as {field: (language, value)}."""
    best: dict[str, tuple[str, str]] | None = None
    first = label_of(text)
    for language in first[1] if first else _INLINE:
        pattern = _INLINE[language]
        found: dict[str, tuple[str, str]] = {}
        matches = []
        for match in pattern.finditer(text):
            name = LABELS.get(fold(match.group("label")), {}).get(language, "other")
            # A short label ("A:", "To:") stands at the start, after an address or after a space; "CETSubject" is
            # allowed for the long ones, since Yahoo puts nothing between a header and the next.
            glued = match.start() > 0 and text[match.start() - 1].isalpha() and len(match.group("label")) < 4  # noqa: PLR2004
            if name not in found and not glued and not (match.start() and match.group("label")[0].islower()):
                found[name] = (language, "")
                matches.append((name, match))
        ends = [match.start() for _, match in matches[1:]] + [len(text)]
        for (name, match), end in zip(matches, ends, strict=False):
            found[name] = (language, text[match.end() : end].strip())
        if "from" in found and len(found) >= 3 and (best is None or len(found) > len(best)):  # noqa: PLR2004 - a block
            best = found
    return best
