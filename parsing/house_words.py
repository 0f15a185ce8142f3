"""Words that a house gives to its own terms and kinds, found in running text with the endings that they may carry."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from parsing.lexicon import Word, as_compared

LEAST = 4
"""Letters of a word that may carry an ending, and of the longest such ending."""

Given = tuple[tuple[str, str], ...]
"""Words, and what they mean here."""
_Index = Mapping[str, list[tuple[str, tuple[str, ...]]]]


@dataclass(frozen=True, slots=True)
class Said:
    """That words ``first`` to ``last`` (both included) mean ``value`` here."""

    value: str
    first: int
    last: int


def find_said(given: Given, language: str, words: Sequence[Word]) -> Iterator[Said]:
    """Each of the ``given`` that is said, in the order of the text; a word may carry an ending."""
    index = _indexed(given, language)
    if not index:
        return
    for at, word in enumerate(words):
        for value, parts in index.get(word.text[:LEAST], ()):
            run = words[at : at + len(parts)]
            if len(run) == len(parts) and all(map(_says, run, parts)):
                yield Said(value, at, at + len(parts) - 1)


@lru_cache(maxsize=64)
def _indexed(given: Given, language: str) -> _Index:
    """What is looked for by the first letters of its first word."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for words, value in given:
        parts = tuple(as_compared(part, language) for part in re.findall(r"[^\W_]+", words))
        if parts:
            found.setdefault(parts[0][:LEAST], []).append((value, parts))
    return found


def _says(word: Word, part: str) -> bool:
    if word.text == part:
        return True
    return len(part) >= LEAST and word.text.startswith(part) and len(word.text) - len(part) <= LEAST
