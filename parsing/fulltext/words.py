"""A text's words as a search compares them: folded, with their stems by language beside them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock
from typing import Any, NamedTuple

from parsing.fulltext.finnish import shortened
from parsing.model import LANGUAGES
from parsing.text import fold

LONGEST = 20_000
"""Characters of one text that are read; what follows are logs and threads."""
LONGEST_WORD = 60
SHORTEST_STEM = 3
"""Letters; a shorter word is looked for as it stands."""
MARK = "="
"""Stands in a stem ("nl=offert") and in no word: what is compared with stems is compared with nothing else."""
PARTED = "="
"""Stands between texts that do not go on: no phrase reaches across."""

_WORD = re.compile(r"[^\W_]+")
_SPELT = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "þ": "th", "ð": "d"})
_STEMMERS = {"nl": "dutch", "de": "german", "fi": "finnish", "en": "english"}
_stemming = Lock()  # a stemmer keeps the word that it works on


class Term(NamedTuple):
    """One word: as it is compared, and where it stands in the text."""

    plain: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A visit's words for the index. ``names`` and ``words`` stand in order; ``stems`` holds each stem once."""

    names: tuple[str, ...]
    words: tuple[str, ...]
    stems: tuple[str, ...]


def read_text(text: str) -> str:
    """The text as `terms` reads it and as it is shown: each letter one character, of a very long text its beginning."""
    return unicodedata.normalize("NFC", text[:LONGEST])


def terms(text: str) -> Iterator[Term]:
    """The words of a text that `read_text` gave."""
    for match in _WORD.finditer(text):
        yield Term(plain(match.group()[:LONGEST_WORD]), match.start(), match.end())


@lru_cache(maxsize=100_000)
def plain(word: str) -> str:
    """A word lower-case, without accents, and with what no keyboard here has spelt out."""
    folded = fold(word)
    return folded if folded.isascii() else folded.translate(_SPELT)


@lru_cache(maxsize=100_000)
def key(word: str) -> str:
    """A plain word with umlauts that were spelt out as their vowel alone: "mueller" is then "muller"."""
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """The stem of a plain word in a language, with the language before it; empty where it is too short or a number."""
    if len(word) < SHORTEST_STEM or not word.isalpha():
        return ""
    with _stemming:
        found: str = _stemmer(language).stemWord(word)
    return f"{language}{MARK}{shortened(found) if language == 'fi' else found}"


@cache
def _stemmer(language: str) -> Any:
    import snowballstemmer  # noqa: PLC0415  # some tenths of a second, for those who search or file

    return snowballstemmer.stemmer(_STEMMERS[language])


def document(language: str, names: Iterable[str], texts: Iterable[str]) -> Document:
    """What the index keeps of a visit: ``names`` it goes by, and what was said of it in ``language``."""
    language = language if language in LANGUAGES else "en"
    named, said = _joined(names), _joined(texts)
    stems = {stem(word, language): None for word in said}
    # A name is spelt either way whatever the language of the report; other words only German spells so.
    stems |= {f"{MARK}{key(word)}": None for word in (*named, *(said if language == "de" else ())) if key(word) != word}
    stems.pop("", None)
    return Document(named, said, tuple(stems))


def _joined(texts: Iterable[str]) -> tuple[str, ...]:
    words: list[str] = []
    for text in texts:
        found: Sequence[str] = [term.plain for term in terms(read_text(text))]
        if found:
            words += [PARTED, *found] if words else found
    return tuple(words)
