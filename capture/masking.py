"""A person's name, addresses and numbers, found in any text and covered, letter for letter."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from parsing.text import fold

COVER = "█"
SHORTEST = 3
"""Letters of a part of a name; shorter ones (de, van, von) are everybody's."""
PARTICLES = frozenset({"van", "von", "den", "der", "het", "ten", "ter", "zum", "zur", "dos", "las", "des", "dr", "ing"})
DIGITS = 7
"""The last digits of a number by which it is known, however its beginning is written."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What a person is known by: ``names`` they bore, mail addresses, phone numbers, what the outside calls them."""

    names: tuple[str, ...]
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def sure(self) -> re.Pattern[str]:
        """What can be nobody else: whole names, addresses and numbers."""
        ways = [re.escape(one) for one in (*self.emails, *self.others) if one]
        ways += [_number(phone) for phone in self.phones if len(_digits(phone)) >= DIGITS]
        ways += [way for name in self.names for way in _whole(name)]
        return _any(ways)

    def near(self, others: Collection[str] = ()) -> re.Pattern[str]:
        """Parts of the names too, for texts that are about this person; but for those that ``others`` bear as well."""
        theirs = {part for name in others for part in fold(name).split()}
        parts = {part for name in self.names for part in _parts(name) if fold(part) not in theirs}
        return _any([self.sure().pattern, *(rf"\b{_inflected(part)}\b" for part in sorted(parts, key=len)[::-1])])

    def chunks(self) -> list[list[str]]:
        """Lower-case ASCII runs of which at least one list is whole in any text that `sure` finds a name in.

        They are what a database looks for, beside the `numbers`: it may keep other letters escaped.
        """
        found = [[run] for one in (*self.emails, *self.others) if (run := _run(one))]
        return found + [[run for part in _parts(name) if (run := _run(part))] for name in self.names]

    def numbers(self) -> list[str]:
        """The digits by which the phone numbers are known, close together."""
        return [_digits(phone)[-DIGITS:] for phone in self.phones if len(_digits(phone)) >= DIGITS]


def cover(text: str, pattern: re.Pattern[str]) -> str:
    """The text with every find covered, of the same length: what points into it still points right."""
    return pattern.sub(lambda found: COVER * len(found.group()), text)


def cover_all(value: Any, pattern: re.Pattern[str]) -> Any:
    """The same of any JSON value, its keys too."""
    if isinstance(value, str):
        return cover(value, pattern)
    if isinstance(value, list):
        return [cover_all(one, pattern) for one in value]
    if isinstance(value, dict):
        return {cover(key, pattern): cover_all(one, pattern) for key, one in value.items()}
    return value


def _whole(name: str) -> Iterable[str]:
    """The name as it is written, and with the last word first."""
    words = name.split()
    if not words or (len(words) == 1 and len(words[0]) < SHORTEST):
        return
    *first, last = (_inflected(word) for word in words)
    yield r"\b" + r"\W+".join([*first, last]) + r"\b"
    if first:
        yield rf"\b{last},\s*" + r"\W+".join(first) + r"\b"


def _parts(name: str) -> list[str]:
    words = [word.strip(".,") for word in re.split(r"[\s\-]+", name)]
    return [word for word in words if len(word) >= SHORTEST and fold(word) not in PARTICLES]


def _inflected(word: str) -> str:
    """The word with the endings that the four languages put to names."""
    if len(word) < SHORTEST:
        return re.escape(word)
    if fold(word).endswith("nen"):  # Finnish: Virtanen, Virtasen, Virtaselle
        return rf"{re.escape(word[:-3])}(?:nen|s)\w{{0,6}}"
    return rf"{re.escape(word)}(?:['\u2019]?\w{{1,4}}|['\u2019])?"


def _number(phone: str) -> str:
    apart = r"[\s()/.\-]*"
    return r"[+(]?[\d\s()/.\-]*" + apart.join(_digits(phone)[-DIGITS:])


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)


def _run(text: str) -> str:
    runs = re.findall(r"[a-z0-9@._+\-]+", text.lower())
    return max(runs, key=len, default="")


def _any(ways: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{way})" for way in ways) or r"(?!)", re.IGNORECASE)
