"""The line above a quoted mail that says who wrote it: ``On 3 March 2026 at 14:05, Dana Ruiz <dana@…> wrote:``."""

# ruff: noqa: RUF001 - characters that look alike are what mail holds

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mail_ingest.addresses import read_addresses
from mail_ingest.dates import read_date
from mail_ingest.lines import Line
from mail_ingest.tables import CLOCK_WORDS, NAME_PARTICLES, WROTE, WROTE_FILLERS, WROTE_OPENER, fold
from parsing.model import Address

_MOST_LINES = 4
_LONGEST = 350
_LONGEST_AFTER_VERB = 70
_LONGEST_WITHOUT_VERB = 200
_MOST_OTHER_WORDS = 7
"""Words that a line may have besides address and date and still be nothing but an attribution."""
_LONGEST_NAME = 6
_EDGES = " \t-*_–—\"'«„“"
_TIME = re.compile(r"\d{1,2}\s?[:.h時时]\s?\d\d")
_DAY = re.compile(r"\d{1,4}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{1,4}|(?:19|20)\d\d")
_ENDS_IN_ADDRESS = re.compile(r"\s[^<>\s@]{1,64}@[^<>\s@]{1,200}$")
_ANGLED = re.compile(r"[<(\[]\s?[^<>\s]{0,200}@[^<>\s]{0,200}\s?[>)\]]")


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
        if len(said) > _LONGEST or (at == start and not re.search(r"[\d@]", said)):
            return None
        if _attributes(said, quoted_below=_quoted_below(lines, at + 1)):
            if not WROTE_OPENER.match(fold(said.strip(_EDGES))) and _opens_later(lines, start, at):
                return None
            sender, date = _who_and_when(said)
            return Attribution(start, at + 1, lines[start].depth, sender, date)
    return None


def _opens_later(lines: Sequence[Line], start: int, end: int) -> bool:
    """Whether the attribution begins below ``start``: the line above it ended a sentence of the note."""
    return any(
        WROTE_OPENER.match(fold(lines[at].text.strip(_EDGES))) and find_attribution(lines, at)
        for at in range(start + 1, end + 1)
    )


def _quoted_below(lines: Sequence[Line], at: int) -> bool:
    while at < len(lines) and lines[at].blank:
        at += 1
    return at < len(lines) and (lines[at].depth > 0 or lines[at].text.lstrip().startswith("|"))


def _attributes(said: str, *, quoted_below: bool) -> bool:
    ended = said.rstrip().endswith((":", "：", "----"))
    if not ended and not (quoted_below and "@" in said):
        return False
    bare = said.strip(_EDGES)
    words = fold(bare)
    timed, dated, mailed = _TIME.search(words) is not None, _DAY.search(words) is not None, "@" in words
    opened = WROTE_OPENER.match(words) is not None
    verb = WROTE.search(words)
    if verb and ended and mailed:
        short = len(words) - verb.end() <= _LONGEST_AFTER_VERB
        return short and (timed or dated or opened or quoted_below)
    if verb and ended:
        named = (opened and _is_name_or_date(bare, verb.end())) or (dated and _named_writer(bare, words, verb.start()))
        return named and (timed or dated)
    if not _ANGLED.search(words) or len(words) > _LONGEST_WITHOUT_VERB:
        # As in "2. März 2026, 11:02 von ann@house.example:".
        bare_address = _ENDS_IN_ADDRESS.search(words) is not None and len(words.split()) <= _MOST_OTHER_WORDS
        return ended and timed and dated and bare_address
    # No verb that we know: an address, and a day and a time with hardly a word more.
    other = re.sub(r"[\W\d_]+", " ", _ANGLED.sub(" ", words)).split()
    last = re.search(r"[>)\]]\W*$", words) is not None
    few = len(other) <= _MOST_OTHER_WORDS
    if dated and (timed or quoted_below):
        return last or (opened and ended and few)
    return quoted_below and ended and few


def _is_name_or_date(bare: str, at: int) -> bool:
    """Whether what follows the verb is a name or a date, not the rest of a sentence ("she wrote down these points")."""
    return not any(
        word[:1].islower() and fold(word) not in NAME_PARTICLES | WROTE_FILLERS | CLOCK_WORDS
        for word in re.findall(r"[^\W\d_]{2,}", bare[at:])
    )


def _named_writer(bare: str, words: str, verb: int) -> bool:
    """Whether a line reads "Matti Virtanen kirjoitti 3.3.2026 klo 14.05:": a name, the verb, then only the day."""
    if len(bare) != len(words):
        return False
    name, rest = bare[:verb].split(), re.sub(r"[\W\d_]+", " ", words[verb:]).split()
    return (
        0 < len(name) <= _LONGEST_NAME
        and name[0][:1].isupper()
        and name[-1][:1].isupper()
        and len(rest) <= _MOST_OTHER_WORDS
    )


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
    """The name among the words before an address: what is quoted, else the capitalised words that stand last."""
    if quoted := re.search(r"[\"“„«]\s*([^\"”“»]{2,80}?)\s*[\"”“»]", said):
        return quoted.group(1)
    direct = re.split(r"\s(?:via|namens|on behalf of|im auftrag von)\s", said, maxsplit=1)[0]
    words = re.sub(r"[<(\[:：,;|]+", " ", direct).split()
    return _last_name(words, capitals=True) or _last_name(words, capitals=False)


def _last_name(words: Sequence[str], *, capitals: bool) -> str | None:
    """The last run of words that can be a name; where ``capitals`` are asked for, "van der" may stand between them."""
    kept: list[str] = []
    for word in reversed(words):
        bare = word.strip("\"'«»„“”*_")
        folded = fold(bare)
        if capitals:
            fits = (bare[:1].isupper() and folded not in CLOCK_WORDS) or (bool(kept) and folded in NAME_PARTICLES)
        else:
            fits = folded not in WROTE_FILLERS and folded not in CLOCK_WORDS
        if fits and not re.search(r"[\d@]", word) and re.search(r"[^\W\d_]", word):
            kept.append(bare)
        elif kept:
            break
    while kept and fold(kept[-1]) in NAME_PARTICLES and kept[-1][:1].islower():
        kept.pop()
    return " ".join(reversed(kept)) if 0 < len(kept) <= _LONGEST_NAME else None
