"""The line above a quoted mail that says who wrote it: ``On 3 March 2026 at 14:05, Dana Ruiz <dana@…> wrote:``."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mail_ingest.addresses import read_addresses
from mail_ingest.dates import read_date
from mail_ingest.lines import Line
from mail_ingest.tables import WROTE, WROTE_FILLERS, WROTE_OPENER, fold
from parsing.model import Address

_MOST_LINES = 4
_EDGES = " \t-*_–—\"'«„“"
_LONGEST = 350
_TIME = re.compile(r"\d{1,2}\s?[:.h時时]\s?\d\d")
_DAY = re.compile(r"\d{1,4}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{1,4}|(?:19|20)\d\d")
_ANGLED = re.compile(r"[<(\[][^<>\s]*@[^<>\s]*[>)\]]")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who wrote what is quoted below, and when, as its line says; ``end`` is the first line after it."""

    start: int
    end: int
    depth: int
    sender: Address | None
    date: datetime | None


def find_attribution(lines: Sequence[Line], start: int) -> Attribution | None:
    """The attribution that begins at line ``start``, over at most four lines; None where there is none."""
    said = ""
    for at in range(start, min(start + _MOST_LINES, len(lines))):
        line = lines[at]
        if line.blank:
            return None
        said = f"{said} {line.text.strip()}".strip()
        if len(said) > _LONGEST:
            return None
        if at == start and not re.search(r"[\d@]", said):
            return None
        if _attributes(said, quoted_below=_quoted_below(lines, at + 1)):
            if not WROTE_OPENER.match(fold(said.strip(_EDGES))) and _opens_later(lines, start, at):
                return None
            sender, date = _who_and_when(said)
            return Attribution(start, at + 1, lines[start].depth, sender, date)
    return None


def _opens_later(lines: Sequence[Line], start: int, end: int) -> bool:
    """Whether the attribution begins below ``start``: the line above it ended a sentence of the note."""
    return any(WROTE_OPENER.match(fold(lines[at].text.strip(_EDGES))) and find_attribution(lines, at) for at in range(start + 1, end + 1))


def _quoted_below(lines: Sequence[Line], at: int) -> bool:
    while at < len(lines) and lines[at].blank:
        at += 1
    return at < len(lines) and (lines[at].depth > 0 or lines[at].text.lstrip().startswith("|"))


def _attributes(said: str, *, quoted_below: bool) -> bool:
    ended = said.rstrip().endswith((":", "：", "----"))
    if not ended and not (quoted_below and "@" in said):
        return False
    words = fold(said.strip(_EDGES))
    timed, dated, mailed = _TIME.search(words), _DAY.search(words), "@" in words
    verb = WROTE.search(words)
    if verb and ended:
        opened = WROTE_OPENER.match(words)
        after = words[verb.end() :]
        return bool((mailed and (timed or dated or opened)) or (opened and (timed or dated))) and len(after) <= 70  # noqa: PLR2004
    return (
        bool(_ANGLED.search(words) and dated and (timed or quoted_below))
        and len(words) < 200
        and bool(re.search(r"[>)\]]\W*$", words))
    )  # noqa: PLR2004


def _who_and_when(said: str) -> tuple[Address | None, datetime | None]:
    bare = said.strip(" -*_")
    people = [one for one in read_addresses(bare) if one.email]
    date = read_date(_ANGLED.sub(" ", bare))
    if people:
        at = bare.lower().find(people[0].email)
        name = _name(bare[:at]) or _name(bare[at + len(people[0].email) :])
        return Address(email=people[0].email, name=name), date
    name = _name(bare)
    return (Address(email="", name=name) if name else None), date


def _name(said: str) -> str | None:
    """The name among the words before an address: what is quoted, else the words after the last of the date's."""
    if quoted := re.search(r"[\"“„«]\s*([^\"”“»]{2,80}?)\s*[\"”“»]", said):
        return quoted.group(1)
    words = re.sub(r"[<(\[:：,;]+", " ", said).split()
    kept: list[str] = []
    for word in reversed(words):
        folded = fold(word.strip("\"'«»„“”"))
        if re.search(r"\d", word) or (folded in WROTE_FILLERS and (not word[:1].isupper() or len(word) < 3)):  # noqa: PLR2004
            if kept:
                break
            continue
        if re.search(r"[^\W\d_]", word):
            kept.append(word.strip("\"'«»„“”,"))
    name = " ".join(reversed(kept))
    return name if name and fold(name) not in WROTE_FILLERS and len(kept) <= 6 else None  # noqa: PLR2004 - a name's words
