"""Names in texts that are typed without capitals: which words would bear one."""

# ruff: noqa: PLR2004 - frequencies are read best where they are weighed

from collections.abc import Container, Sequence
from dataclasses import replace
from functools import cache

from parsing.people import PARTICLES, nicknames
from parsing.text import Token, fold
from parsing.vocabulary import SHORT_WORDS, commonness, is_trade, legal_forms
from parsing.words import frequency, given_names, surnames, table, towns

_FROM = frozenset({"uit", "in", "te", "aus", "from", "at", "of", "near", "bij", "bei", "z'n", "nabij"})
"""Words between a customer and its town."""
_LINKS = frozenset(table("names", "lists")["links"]) | PARTICLES
_LONGEST_NAME = 4


_FEW = 15
"""Words to one that may bear a capital in a text typed without: brands and models keep theirs."""


def is_caseless(words: Sequence[Token], text: str) -> bool:
    """Whether hardly anything but a sentence's first word, "I" and abbreviations begins with a capital."""
    shown = 0
    for word in words:
        if not word.capital or word.text.isupper():
            continue
        before = text[max(0, word.start - 3) : word.start].rstrip(" \t\"'(")
        shown += bool(before) and before[-1] not in ".!?:;\n"
    return shown <= (len(words) // _FEW if text.lstrip()[:1].islower() else 0)


def with_capitals(words: Sequence[Token], text: str, language: str, names: Container[str]) -> tuple[Token, ...]:
    """The tokens, those of a text without capitals marked as capital where they look like parts of names.

    ``names`` are keys of the words of the names of people who are known.
    """
    if not words or not is_caseless(words, text):
        return tuple(words)
    marked = _people(words, language, names) | _companies(words, language)
    return tuple(
        replace(word, capital=True) if at in marked and not word.capital else word for at, word in enumerate(words)
    )


def _beside(words: Sequence[Token], at: int) -> bool:
    """Whether token ``at`` follows the one before it after one blank or hyphen."""
    return 0 < at < len(words) and words[at].start - words[at - 1].end == 1


def _people(words: Sequence[Token], language: str, names: Container[str]) -> set[int]:
    """First names that are no everyday words, with the surnames after them; surnames that begin the text."""
    found: set[int] = set()
    for at, word in enumerate(words):
        folded = fold(word.text)
        if len(folded) < 3:
            continue
        if (word.key in names or word.key in nicknames()) and commonness(folded) < 4.0:
            found.add(at)
        if folded not in given_names() or frequency(language).get(folded, 0.0) >= 4.6:
            continue
        found.add(at)
        after = at + 1
        while after - at < 4 and _beside(words, after) and words[after].key in PARTICLES:
            after += 1
        noble = after > at + 1 and fold(words[after - 1].text) in {"der", "den", "ter", "ten"}
        if _beside(words, after) and (
            _is_surname(words, after, language)
            or (noble and len(words[after].key) > 3 and not is_trade(words[after].key))
        ):
            found.add(after)
    if words and fold(words[0].text) in surnames() and frequency(language).get(fold(words[0].text), 0.0) < 4.6:
        found.add(0)
    return found


def _is_surname(words: Sequence[Token], at: int, language: str) -> bool:
    """Whether the word after a first name is a surname: a known one, one whose person's role or address follows."""
    folded = fold(words[at].text)
    if len(folded) < 3 or folded in SHORT_WORDS or folded.isdigit() or folded in given_names():
        return False
    if folded in surnames():
        return frequency(language).get(folded, 0.0) < 4.8
    if is_trade(words[at].key):
        return False
    following = " ".join(fold(word.text) for word in words[at + 1 : at + 2])
    if following and following in _role_words(language):
        return commonness(folded) < 4.8
    return folded not in towns() and commonness(folded) == 0.0


@cache
def _role_words(language: str) -> frozenset[str]:
    """The first words of what people do at a customer."""
    return frozenset(fold(role).split()[0] for role in table(language, "people")["roles"]["words"])


def _companies(words: Sequence[Token], language: str) -> set[int]:
    """Words before a legal form, and from a word of trade to the "in" or "from" before a town."""
    found: set[int] = set()
    for at, word in enumerate(words):
        if len(word.key) > 1 and word.key in legal_forms() and commonness(word.key) < 5.2:
            first = at
            while at - first < _LONGEST_NAME and _beside(words, first) and _is_named(words, first - 1, language):
                first -= 1
            if first < at:
                found |= set(range(first, at + 1))
        if is_trade(word.key) and len(word.key) > 4:
            found |= _before_town(words, at, language)
    return {at for at in found if fold(words[at].text) not in _LINKS}


def _is_named(words: Sequence[Token], at: int, language: str) -> bool:
    folded = fold(words[at].text)
    return folded in _LINKS or frequency(language).get(folded, 0.0) < 4.4


def _before_town(words: Sequence[Token], at: int, language: str) -> set[int]:
    """The words from a trade to a town: "zorgcentrum de lelie uit gouda"; empty where no town follows."""
    for end in range(at, min(len(words) - 2, at + _LONGEST_NAME + 1)):
        if fold(words[end + 1].text) in _FROM and fold(words[end + 2].text) in towns():
            inside = [place for place in range(at + 1, end + 1) if fold(words[place].text) not in _LINKS]
            named = all(frequency(language).get(fold(words[place].text), 0.0) < 5.0 for place in inside)
            return set(range(at, end + 1)) if inside and named else set()
        if not _beside(words, end + 1):
            break
    return set()
