"""Phrases that a speaker of the language can write down, found in running text in time linear in its length.

A phrase is words with a space between, compared without case, accents and (in German) the ae/oe/ue spelling:
``bestel*`` is any word that begins so, ``*messe`` one that ends so, ``*auftrag*`` one that holds it, ``a|b`` either,
``word?`` a word that may be missing, ``...`` up to four words between, ``#`` a number (in words from two on). A hyphen
is a space.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import NamedTuple

from parsing.dialect import standard
from parsing.words import table

GAP = 4
LONGEST = 12_000
"""Letters that are read of one text: a report is shorter, and what is longer is not worth a person's waiting."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_STOP = re.compile(r"[.!?;…](?=[\s.!?)\"'”“]|$)|\n|[•►→]|->|=>|\s[-\u2013\u2014]\s")
_PAUSE = re.compile(r"[,()/]|:(?=\s|$)|\s[-\u2013\u2014+&]\s")
_WITHIN_NUMBERS = frozenset({".", ",", ":", "/", "'", "\u2019"})
_MARKUP = re.compile(
    r"<[^<>\s|]{1,400}(?:\|[^<>]{0,200})?>|</?[a-zA-Z][^<>]{0,200}>|&[a-z]{2,6};|https?://\S{1,400}|[\w.+-]{1,64}@[\w.-]{1,100}"
)
_FOLDED_ALREADY = re.compile(r"[a-z0-9']*\Z")
_DIGRAPH = re.compile(r"(?<=[a-z])?([aou])e")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: ``text`` folded for comparison, ``start`` and ``end`` in the text as it was given."""

    text: str
    start: int
    end: int
    sentence: int
    clause: int
    asked: bool = False
    """Whether it is part of a question."""
    spoken: str = ""
    """In German the folded word of a dialect for which ``text`` has the standard one; the tables hold both."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found: words ``first`` to ``last`` (both included), ``phrase`` as the table writes it."""

    label: str
    first: int
    last: int
    phrase: str


def fold(word: str, language: str) -> str:
    """``word`` as it is compared: lower case, no accents, ß as ss, and in German ae, oe, ue as the plain vowel."""
    folded = word.lower()
    if not _FOLDED_ALREADY.match(folded):
        folded = folded.replace("ß", "ss").replace("\u2019", "'").replace("æ", "a").replace("ø", "o")
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return _DIGRAPH.sub(r"\1", folded) if language == "de" else folded


def as_compared(word: str, language: str) -> str:
    """``word`` folded, and in Finnish brought from the spelling of a dialect to the standard one."""
    folded = fold(word, language)
    return standard(folded) if language == "fi" else folded


@lru_cache(maxsize=32)
def read_words(text: str, language: str) -> tuple[Word, ...]:
    """The words of ``text`` with the sentence and the clause each stands in; of a very long text its beginning."""
    text = text[:LONGEST]
    new_clause = _openers(language)
    words: list[Word] = []
    sentence = clause = behind = 0
    asked: set[int] = set()
    shown = _MARKUP.sub(_blank, text)
    for match in _WORD.finditer(shown):
        start, end = match.span()
        between = shown[behind:start]
        folded = as_compared(match.group(), language)
        if words and between in _WITHIN_NUMBERS and shown[behind - 1].isdigit() and shown[start].isdigit():
            pass  # "1.8 million", "9.30": one number
        elif words and _STOP.search(between) and not _abbreviated(words[-1].text, between, match.group(), language):
            if "?" in between[:3]:
                asked.add(clause)
            sentence += 1
            clause += 1
        elif words and (_PAUSE.search(between) or folded in new_clause):
            clause += 1
        plain = standard(folded, language) if language == "de" else folded
        words.append(Word(plain, start, end, sentence, clause, spoken=folded if plain != folded else ""))
        behind = end
    if "?" in shown[behind : behind + 3]:
        asked.add(clause)
    return tuple(_questions(words, asked, language)) if asked else tuple(words)


def _abbreviated(before: str, between: str, following: str, language: str) -> bool:
    """Whether the full stop belongs to an initial, an abbreviation or a date: "Ton H. is", "Fr. Ebert", "15.3. um"."""
    if between.strip(" ()") != ".":
        return False
    if before.isdigit():
        return following[0].islower() or fold(following, language) in _months(language)
    return len(before) == 1 or before in _short_words(language)


@cache
def _months(language: str) -> frozenset[str]:
    """Names of months, which German writes with a capital after the day's full stop: "1. Oktober"."""
    names = (name for some in table(language, "dates").get("months", {}).values() for name in some)
    return frozenset(fold(name, language) for name in names)


@cache
def _short_words(language: str) -> frozenset[str]:
    known = table(language, "kinds").get("clauses", {}).get("abbreviations", ())
    return frozenset(fold(word.rstrip("."), language) for word in known)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _questions(words: Sequence[Word], asked: set[int], language: str) -> Iterator[Word]:
    """The words with what is asked marked.

    It is the last clause before a question mark, or the whole sentence where its first word asks ("When did I ...").
    """
    asking = _asking(language)
    opens = [0, *(at for at in range(1, len(words)) if words[at].sentence != words[at - 1].sentence)] if words else []
    whole = {words[at].sentence for at in opens if words[at].text in asking and not _clipped(words, at, language)}
    ends = {word.sentence for word in words if word.clause in asked}
    for word in words:
        if word.clause in asked or (word.sentence in whole and word.sentence in ends):
            yield replace(word, asked=True)
        else:
            yield word


def _clipped(words: Sequence[Word], at: int, language: str) -> bool:
    """As in "Wil offerte voor drie, stuur jij die?": a statement without its subject, and a question behind it."""
    after = words[at + 1] if at + 1 < len(words) else words[at]
    last = max(word.clause for word in words if word.sentence == words[at].sentence)
    wants = words[at].text in {"wil", "will", "heeft", "hat", "has", "moet", "muss", "zoekt", "sucht"}
    return wants and last > words[at].clause and after.text not in _SUBJECTS[language]


_SUBJECTS = {
    "nl": frozenset({"je", "jij", "u", "jullie", "iemand", "er", "ik", "we", "wij", "hij", "zij", "ze", "het", "die"}),
    "de": frozenset({"du", "ihr", "jemand", "wer", "ich", "wir", "er", "sie", "es", "man", "einer", "das"}),
    "en": frozenset({"you", "anyone", "anybody", "someone", "somebody", "i", "we", "he", "she", "they", "it"}),
    "fi": frozenset(),
}


@cache
def _asking(language: str) -> frozenset[str]:
    return frozenset(fold(word, language) for word in table(language, "reports").get("asking", {}).get("starts", ()))


@cache
def _openers(language: str) -> frozenset[str]:
    return frozenset(fold(word, language) for word in table(language, "kinds").get("clauses", {}).get("open", ()))


# ------------------------------------------------------------------------------------------------------ phrases

_LITERAL, _PREFIX, _SUFFIX, _INFIX, _NUMBER = range(5)
_INFIX_KEY = 4
_REMEMBERED = 20_000

Part = tuple[int, str]


class Slot(NamedTuple):
    """What a word of a phrase may be: one of ``whole``, or with one of these beginnings, ends or middles."""

    whole: frozenset[str] = frozenset()
    begins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    number: str = ""
    """The language of a number that it may be, empty where it may be none."""


Slots = tuple[Slot | None, ...]
"""The words of a phrase in their order; None where others may stand between."""
Entry = tuple[str, str, Slots]
"""A label, the phrase as the table writes it, and its slots."""


def _part(piece: str, language: str) -> Part:
    if piece == "#":
        return _NUMBER, language
    if "*" not in piece:
        return _LITERAL, as_compared(piece, language)
    folded = fold(piece.strip("*"), language)
    if piece.startswith("*"):
        return (_INFIX if piece.endswith("*") else _SUFFIX), folded
    return _PREFIX, folded


def _slot(parts: Sequence[Part]) -> Slot:
    of: list[list[str]] = [[text for kind, text in parts if kind == one] for one in range(_NUMBER + 1)]
    return Slot(
        frozenset(of[_LITERAL]), tuple(of[_PREFIX]), tuple(of[_SUFFIX]), tuple(of[_INFIX]), "".join(of[_NUMBER][:1])
    )


def _variants(phrase: str, language: str) -> Iterator[tuple[list[Part], Slots]]:
    """Each way to read a phrase once its optional words are in or out."""
    readings: list[tuple[list[Part] | None, ...]] = [()]
    for piece in phrase.replace("-", " ").split():
        if piece == "...":
            readings = [(*reading, None) for reading in readings]
            continue
        optional = piece.endswith("?")
        parts = [_part(one, language) for one in piece.removesuffix("?").split("|") if one]
        readings = [(*reading, parts) for reading in readings] + (readings if optional else [])
    for reading in readings:
        if reading and reading[0]:
            yield reading[0], tuple(None if one is None else _slot(one) for one in reading)


def _fits(slot: Slot, word: str) -> bool:
    if word in slot.whole or (slot.begins and word.startswith(slot.begins)):
        return True
    if (slot.ends and word.endswith(slot.ends)) or (slot.holds and any(text in word for text in slot.holds)):
        return True
    return bool(slot.number) and (word[:1].isdigit() or word in _number_words(slot.number))


def _is_word(slot: Slot, word: Word) -> bool:
    return _fits(slot, word.text) or (bool(word.spoken) and _fits(slot, word.spoken))


@cache
def _number_words(language: str) -> frozenset[str]:
    """Numbers from two on as words."""
    numbers = table(language, "amounts").get("numbers", {})
    return frozenset(fold(word, language) for word, value in numbers.items() if value >= 2)  # noqa: PLR2004


class Lexicon:
    """Phrases under labels, indexed by their first word."""

    def __init__(self, labels: Mapping[str, Iterable[str]], language: str) -> None:
        """``labels`` as a word table has them: each with a list of phrases."""
        self._literal: dict[str, list[Entry]] = defaultdict(list)
        self._prefix: dict[str, list[Entry]] = defaultdict(list)
        self._suffix: dict[str, list[Entry]] = defaultdict(list)
        self._infix: dict[str, list[Entry]] = defaultdict(list)
        self._language = language
        self._seen: dict[str, tuple[Entry, ...]] = {}
        self._number: list[Entry] = []
        self._kept: list[tuple[Sequence[Word], tuple[Hit, ...]]] = []
        for label, phrases in labels.items():
            for phrase in phrases:
                for first, slots in _variants(phrase, language):
                    self._add(first, (label, phrase, slots))

    def _add(self, first: Sequence[Part], entry: Entry) -> None:
        for kind, text in first:
            if kind == _LITERAL:
                self._literal[text].append(entry)
            elif kind == _PREFIX:
                self._prefix[text].append(entry)
            elif kind == _SUFFIX:
                self._suffix[text].append(entry)
            elif kind == _INFIX:
                self._infix[text[:_INFIX_KEY]].append(entry)
            else:
                self._number.append(entry)

    def _starting(self, word: str) -> tuple[Entry, ...]:
        """The phrases whose first word ``word`` may be; remembered, for most words of a message are common ones."""
        known = self._seen.get(word)
        if known is None:
            if len(self._seen) > _REMEMBERED:
                self._seen.clear()
            known = self._seen[word] = tuple(self._look_up(word))
        return known

    def _look_up(self, word: str) -> Iterator[Entry]:
        yield from self._literal.get(word, ())
        size = min(len(word), 40)
        for end in range(1, size + 1):
            yield from self._prefix.get(word[:end], ())
        if self._suffix:
            for end in range(1, size + 1):
                yield from self._suffix.get(word[-end:], ())
        if self._infix:
            for start in range(size - _INFIX_KEY + 1):
                yield from self._infix.get(word[start : start + _INFIX_KEY], ())
        if self._number and (word[:1].isdigit() or word in _number_words(self._language)):
            yield from self._number

    def hits(self, words: Sequence[Word]) -> Iterator[Hit]:
        """Every phrase found in ``words``, in the order of their first words; no phrase crosses a sentence's end.

        The hits of the last few messages are remembered, for several finders ask about the same words.
        """
        for kept, found in self._kept:
            if kept is words:
                return iter(found)
        found = tuple(self._find(words))
        if isinstance(words, tuple):
            self._kept = [(words, found), *self._kept[:3]]
        return iter(found)

    def _find(self, words: Sequence[Word]) -> Iterator[Hit]:
        starting = self._starting
        for first, word in enumerate(words):
            entries = starting(word.text)
            if word.spoken:
                entries = (*entries, *starting(word.spoken))
            for label, phrase, slots in entries:
                last = _follow(words, first, slots)
                if last is not None:
                    yield Hit(label, first, last, phrase)


def _follow(words: Sequence[Word], at: int, slots: Slots) -> int | None:
    """The last word of the phrase ``slots`` when it begins at word ``at``, or None."""
    first = slots[0]
    if first is None or not _is_word(first, words[at]):
        return None
    if len(slots) == 1:
        return at
    sentence = words[at].sentence
    last, reach, size = at, 1, len(words)
    for slot in slots[1:]:
        if slot is None:
            reach = GAP + 1
            continue
        for index in range(last + 1, min(last + 1 + reach, size)):
            word = words[index]
            if word.sentence != sentence:
                return None
            if _is_word(slot, word):
                last = index
                break
        else:
            return None
        reach = 1
    return last


@cache
def lexicon(language: str, topic: str, section: str) -> Lexicon:
    """The phrases of ``[section]`` in the word table ``topic`` of a language."""
    return Lexicon(table(language, topic).get(section, {}), language)
