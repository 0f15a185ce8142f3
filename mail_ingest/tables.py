"""The words of mail clients and of people who sign, read once from the TOML files in ``labels/``.

Words are data: a language is added there, not here. What this file offers is ready to be asked: folded words
(`fold`), sets and compiled patterns.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).with_name("labels")


def fold(text: str) -> str:
    """``text`` as labels are compared: composed, without case, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))


def _fields(table: Mapping[str, Mapping[str, list[str]]]) -> dict[str, dict[str, str]]:
    """Per folded label: the field it stands for, by language."""
    found: dict[str, dict[str, str]] = {}
    for language, fields in table.items():
        for field, labels in fields.items():
            for label in labels:
                found.setdefault(fold(label), {})[language] = field
    return found


def _months(table: Mapping[str, Mapping[str, list[str]]]) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """Per folded name of a month its number in the first language that has it, and per language all of its own."""
    own = {
        language: {fold(name): int(number) for number, names in months.items() for name in names}
        for language, months in table.items()
    }
    common: dict[str, int] = {}
    # Croatian has Slavic names that its neighbours use for the month after: it may not speak for them.
    for language in sorted(own, key=lambda one: one in {"hr", "bs", "sr"}):
        for month, number in own[language].items():
            common.setdefault(month, number)
    return common, own


def _alternatives(words: Iterable[str]) -> str:
    """A regular expression for any of ``words``, the longest first."""
    return "|".join(re.escape(word) for word in sorted({fold(word) for word in words}, key=len, reverse=True))


_SEPARATORS = _read("separators.toml")
_PHRASES = _read("phrases.toml")

LABELS = _fields(_read("headers.toml"))
"""Folded header label → {language: field}; fields are from, to, cc, bcc, date, subject, reply_to, other."""

MONTHS, MONTHS_BY_LANGUAGE = _months(_read("months.toml"))


def _prefixes(names: Mapping[str, int]) -> dict[str, int]:
    """Beginnings of three letters and more that only one month has: clients shorten each in their own way."""
    found: dict[str, set[int]] = {}
    for name, number in names.items():
        for length in range(3, len(name)):
            found.setdefault(name[:length], set()).add(number)
    return {start: numbers.pop() for start, numbers in found.items() if len(numbers) == 1 and start not in names}


MONTH_BEGINNINGS = _prefixes(MONTHS)

FORWARD_LINES = frozenset(fold(line) for line in _SEPARATORS["forward"])
ORIGINAL_LINES = frozenset(fold(line) for line in _SEPARATORS["original"])

FORWARD_MARKS = frozenset(fold(mark) for mark in _PHRASES["forward_marks"])
REPLY_MARKS = frozenset(fold(mark) for mark in _PHRASES["reply_marks"])
BOTH_MARKS = frozenset(fold(mark) for mark in _PHRASES["both_marks"])

# Inline labels of clients that put a whole header block on one line; tried where a label of two letters may stand.
WROTE = re.compile(rf"(?:(?<!\w)(?:{_alternatives(_PHRASES['wrote'])})(?!\w)|写道|寫道|のメール|は書きました)")
WROTE_OPENER = re.compile(
    rf"^(?:\d|(?:{_alternatives(_PHRASES['wrote_openers'])})(?!\w)[^\d]{{0,30}}\d|(?:{_alternatives(_PHRASES['wrote_weak_openers'])})[.,]*\s+\d)"
)
WROTE_FILLERS = frozenset(
    fold(word)
    for word in (
        *_PHRASES["wrote_fillers"],
        *_PHRASES["wrote"],
        *_PHRASES["wrote_openers"],
        *_PHRASES["wrote_weak_openers"],
    )
)

CLOCK_WORDS = frozenset(fold(word) for word in _PHRASES["clock_words"])
NAME_PARTICLES = frozenset(fold(word) for word in _PHRASES["name_particles"])

_DEVICE = "|".join(_PHRASES["devices"])
MOBILE_LINE = re.compile(
    "|".join(f"(?:{pattern.replace('DEVICE', _DEVICE)})" for pattern in _PHRASES["mobile"]), re.IGNORECASE
)
CLOSINGS = frozenset(
    form
    for words in _PHRASES["closings"].values()
    for word in words
    for form in (fold(word), fold(word).strip(" .,:!"))
)
FOOTER = re.compile(rf"(?<!\w)(?:{_alternatives(_PHRASES['footers']['words'])})")
WALL = re.compile(_alternatives(_PHRASES["footers"]["walls"]))

_ZONES = _read("zones.toml")
ZONES_BY_OFFSET: dict[int, str] = {int(minutes): zone for minutes, zone in _ZONES["by_offset"].items()}
ZONES_BY_TOWN: dict[str, str] = _ZONES["by_town"]
ZONE_HOURS: dict[str, int] = _ZONES["hours"]

_FILES = _read("files.toml")
FILE_BEGINNINGS = tuple((bytes.fromhex(start), kind) for start, kind in _FILES["beginnings"].items())
OFFICE_FILES = tuple((part.encode(), kind) for part, kind in _FILES["office"].items())
CHARSETS_MEANT: dict[str, str] = _FILES["charsets"]
NO_CHARSETS = frozenset(_FILES["no_charsets"]["names"])

PLAIN_WORDS = frozenset(fold(word) for word in _PHRASES["closings_plain"])
WARNING = re.compile(rf"(?:{_alternatives(_PHRASES['warnings'])})(?!\w)")
