"""The words of time of one language, from ``words/<language>/dates.toml``: what class a word has, and what value.

A class is one letter, so that a text becomes a short string of letters that the rules read (see `rules`).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from parsing.text import fold
from parsing.words import table

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

CLASSES = {
    "hour_mark": "H", "clock": "k", "am": "A", "pm": "A", "half": "h", "quarter": "q", "three_quarters": "T",
    "past": ">", "before": "B", "to": "t", "from": "f", "and": "&", "at": "@", "in": "i", "later": "j", "ago": "g",
    "by": "b", "by_after": "c", "last": "L", "next": "X", "this": "C", "coming": "V", "latest": "J", "end": "e",
    "begin": "a", "middle": "m", "article": "#", "suffix": "s", "week_mark": "K", "long": "~", "approx": "z",
    "before_last": "l", "after_next": "Y", "every": "E", "between": "<",
}  # fmt: skip
"""The section ``[marks]`` of the table: name of a list to the letter of its class."""

UNITS = {
    "day": "U",
    "week": "U",
    "month": "U",
    "year": "U",
    "hour": "S",
    "minute": "I",
    "quarter_hour": "Q",
    "half_hour": "Q",
    "three_quarter_hour": "Q",
}

SECTIONS: tuple[tuple[str, str, Callable[[str], Any]], ...] = (
    ("specials", "W", str),
    ("numbers", "w", float),
    ("ordinals", "o", int),
    ("dayparts", "P", str),
    ("clock_words", "N", str),
    ("feasts", "F", str),
    ("months", "M", lambda name: MONTHS.index(name) + 1),
)
"""Sections of the table whose keys are the values: the letter of the class, and how a key is read."""

_PIECE = re.compile(r"\d+|[^\W\d_]+|\s+|.", re.DOTALL)
_CHOICE = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Word:
    """What a word of the table stands for: the letter of its class and its value."""

    letter: str
    value: Any = None
    careful: bool = False
    """Whether the word has a more common meaning and counts only beside a number or a preposition of time."""


@dataclass(slots=True)
class Node:
    """One step in the tree of phrases: the word that ends here, and what may follow."""

    word: Word | None = None
    after: dict[str, "Node"] = field(default_factory=dict)


def spellings(entry: str) -> Iterator[str]:
    """Every spelling that an entry of a word table stands for: ``maandag(en|s|)`` is three."""
    choice = _CHOICE.search(entry)
    if choice is None:
        yield entry
        return
    for part in choice[1].split("|"):
        yield from spellings(entry[: choice.start()] + part + entry[choice.end() :])


def _digraphs(word: str) -> str:
    """German as typed without umlauts: "nächste" -> "naechste"."""
    return word.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")


def pieces(text: str) -> list[str]:
    """The folded tokens of a phrase; white space is one blank."""
    return [" " if piece.isspace() else piece for piece in _PIECE.findall(fold(text))]


class Lexicon:
    """All words of time of one language in a tree, so that the longest phrase is found in one walk."""

    def __init__(self, language: str) -> None:
        """Read the table of a language."""
        self.language = language
        self.words = table(language, "dates")
        self.root = Node()
        self.cues: dict[str, frozenset[str]] = {}
        named = (
            spelling for entries in self.words["months"].values() for entry in entries for spelling in spellings(entry)
        )
        self.months = frozenset(spelling for written in named for spelling in (written, written.capitalize()))
        """Names of months as written in a text."""
        self._fill()

    def _fill(self) -> None:
        """Later lists win over earlier ones where both have a word."""
        words = self.words
        for kind, letter in CLASSES.items():
            self._add(words["marks"].get(kind, []), letter, kind)
        for unit, entries in words["units"].items():
            self._add(entries, UNITS[unit], unit)
        for offset, entries in words["relative"].items():
            days, _, part = offset.partition(" ")
            self._add(entries, "R", (int(days), part or None))
        for section, letter, read in SECTIONS:
            for key, entries in words[section].items():
                self._add(entries, letter, read(key))
        for weekday, name in enumerate(WEEKDAYS):
            self._add(words["weekdays"][name], "D", (weekday, None))
        self._compounds(words["weekdays"], words["compounds"])
        self._except(words)

    def _except(self, words: Mapping[str, Any]) -> None:
        """Mark what is another word more often, and take out what is no time at all."""
        for entry in words.get("careful", ()):
            for spelling in spellings(entry):
                self._careful(spelling)
        for entry in words.get("ignored", ()):
            for spelling in spellings(entry):
                self._put(spelling, Word("x"))

    def _compounds(self, weekdays: Mapping[str, list[str]], parts: Mapping[str, list[str]]) -> None:
        """Words such as "vrijdagmiddag", "Freitagnachmittag", "perjantaiaamuna"."""
        for weekday, name in enumerate(WEEKDAYS):
            stem = next(spellings(weekdays[name][0]))
            for part, endings in parts.items():
                for ending in endings:
                    for spelling in spellings(ending):
                        self._put(stem + spelling, Word("D", (weekday, part)))

    def _add(self, entries: list[str], letter: str, value: Any) -> None:
        for entry in entries:
            for spelling in spellings(entry):
                self._put(spelling, Word(letter, value))

    def _put(self, spelling: str, word: Word) -> None:
        for written in {spelling, _digraphs(spelling)} if self.language == "de" else {spelling}:
            self._node(written).word = word

    def _careful(self, spelling: str) -> None:
        node = self._node(spelling)
        if node.word is not None:
            node.word = Word(node.word.letter, node.word.value, careful=True)

    def _node(self, spelling: str) -> Node:
        node = self.root
        for piece in pieces(spelling):
            node = node.after.setdefault(piece, Node())
        return node

    def cue(self, name: str) -> frozenset[str]:
        """The folded words of one list of ``[cues]``."""
        if name not in self.cues:
            entries = self.words["cues"].get(name, ())
            self.cues[name] = frozenset(fold(word) for entry in entries for word in spellings(entry))
        return self.cues[name]


@cache
def lexicon(language: str) -> Lexicon:
    """The words of time of a language: one of ``nl``, ``de``, ``fi``, ``en``; another is read as English."""
    return Lexicon(language if table(language, "dates") else "en")
