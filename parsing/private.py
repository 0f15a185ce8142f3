"""What a rep marked as meant for nobody else: told from the report before anything reads it."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import islice

from parsing.model import LANGUAGES
from parsing.text import fold
from parsing.words import table

LONGEST_LEAD = 40
"""Characters up to the colon."""
LONGEST_HEAD = 80
"""Characters up to the note itself, with whatever adorns the words."""
MOST_SENTENCES = 200
"""Of one line that are looked at."""
WRAPPED = 60
"""A line of a mail that is as long was broken by the program that wrote it: the next one goes on with it."""
_START = re.compile(r"(?:^|(?<=[.!?;])[ \t]+)(?=\S)", re.MULTILINE)
_DASH = r"\u2013\u2014\-"
_ORNAMENT = rf"[\s>*_~•·‣▪{_DASH}\"“”„'#]{{0,12}}"
_COLON = r"[:\uff1a]"
_LEAD = rf"(?P<lead>[^:\uff1a\n]{{2,{LONGEST_LEAD}}}?(?::\w{{2,4}}(?={_COLON}))?)"  # Finnish inflects behind a colon
_BRACKETED = re.compile(rf"{_ORNAMENT}[(\[](?P<lead>[^()\[\]\n]{{2,{LONGEST_LEAD}}})[)\]]{_ORNAMENT}[:;,]?[ \t]*")
_LED = re.compile(rf"{_ORNAMENT}{_LEAD}{_ORNAMENT}{_COLON}[*_~]*[ \t]*")
_DASHED = re.compile(rf"{_ORNAMENT}{_LEAD}[ \t]+[{_DASH}]{{1,2}}[ \t]+")
_TAGGED = re.compile(r"[ \t>*•\-]*#(?P<lead>\w{4,20})\b[ \t]*")
_REACHED = re.compile(r"[^\s@]+@[^\s@]+|[+(]?\d[\d\s()/.\-]*|\b(?:tel|mob|mobil|gsm|nr|puh|fax)\b\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Apart:
    """A text without its private notes, and these, each on lines of its own; None where there are none."""

    text: str
    note: str | None = None


def told_apart(text: str, *, wrapped: bool = False) -> Apart:
    """The report and what is private in it.

    A note begins with words such as "private:" at the beginning of a line or sentence, and goes on to the end of the
    line; where the words stand alone on theirs, to the next empty line. ``wrapped``: long lines were broken on the
    way, as in mails. Somebody's private number is no note.
    """
    notes: list[str] = []
    kept: list[str] = []
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        found = _note_in(lines[at])
        if found is None:
            kept.append(lines[at])
            at += 1
            continue
        before, note = found
        at, more = _rest(lines, at, alone=not note, wrapped=wrapped)
        said = "\n".join(one for one in (note, *more) if one.strip())
        if said:
            notes.append(said)
        if before:
            kept.append(before)
    return Apart("\n".join(kept).strip(), "\n".join(notes)) if notes else Apart(text)


def _note_in(line: str) -> tuple[str, str] | None:
    """What stands before a note in this line, and the note itself, empty where it follows on the next lines."""
    for start in islice(_START.finditer(line), MOST_SENTENCES):
        here = line[start.end() :]
        ways = (_BRACKETED, _LED, _DASHED, _TAGGED) if not line[: start.start()].strip() else (_BRACKETED, _LED)
        for way in ways:
            match = way.match(here[:LONGEST_HEAD])
            if match and _is_lead(match["lead"]):
                note = here[match.end() :].strip()
                if not note or not _is_address(note):
                    return line[: start.start()].rstrip(), note
    return None


def _rest(lines: list[str], at: int, *, alone: bool, wrapped: bool) -> tuple[int, list[str]]:
    """Where the note that begins in line ``at`` ends, and the lines that still belong to it."""
    end = at + 1
    while end < len(lines) and lines[end].strip():
        if not alone and not (wrapped and len(lines[end - 1]) >= WRAPPED):
            break
        end += 1
    return end, [line.strip() for line in lines[at + 1 : end]]


def _is_lead(words: str) -> bool:
    return _key(words) in _leads()


def _is_address(note: str) -> bool:
    """Whether it is but a number or an address where somebody is reached."""
    rest = _REACHED.sub(" ", note)
    return rest != note and sum(letter.isalpha() for letter in rest) <= len("oder")


def _key(words: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", fold(words)).split())


@cache
def _leads() -> frozenset[str]:
    """Of all languages: who writes in one may mark in another."""
    return frozenset(_key(lead) for language in LANGUAGES for lead in table(language, "private")["leads"])
