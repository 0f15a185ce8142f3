"""Numbers in words, as people write sums when they dictate: "ninety two thousand", "vierduizend", "zwölfhundert"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from parsing.lexicon import Word, fold, read_words
from parsing.words import table

_HALF = Decimal("0.5")
_TEN = 10
_HUNDRED = 100
_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in words: ``text[start:end]`` says ``value``."""

    value: Decimal
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Pieces:
    add: dict[str, Decimal]
    multiply: dict[str, int]
    joiners: frozenset[str]
    ones_first: bool
    pattern: re.Pattern[str]


def find_numerals(text: str, language: str) -> list[Numeral]:
    """Numbers of two or more pieces in the order of the text.

    A thousand or million at the very end is left out, for it scales what stands before it: of "ninety two thousand"
    this is "ninety two"; of "two thousand five hundred" it is all.
    """
    found = []
    for run in _runs(read_words(text, language), language):
        pieces = [(word, _split(word.text, language)) for word in run]
        last = pieces[-1][1]
        if len(pieces) > 1 and len(last) == 1 and _scale(last[0], language) >= _THOUSAND:
            pieces.pop()
        parts = [part for _, some in pieces for part in some]
        if len([part for part in parts if part not in _pieces(language).joiners]) > 1:
            found.append(Numeral(_value(parts, language), pieces[0][0].start, pieces[-1][0].end))
    return found


def _runs(words: Sequence[Word], language: str) -> Iterator[list[Word]]:
    """Words beside each other that say one number; what joins them stands neither first nor last."""
    run: list[Word] = []
    for word in words:
        if not _split(word.text, language):
            yield from _closed(run, language)
            run = []
        elif run and word.sentence == run[-1].sentence and word.start - run[-1].end == 1:
            if not _goes_on(run, word, language):
                yield from _closed(run, language)
                run = []
            run.append(word)
        else:
            yield from _closed(run, language)
            run = [word]
    yield from _closed(run, language)


def _goes_on(run: Sequence[Word], word: Word, language: str) -> bool:
    """Whether ``word`` carries on the number: "ninety two", "two hundred and five", not "forty and fifty"."""
    known = _pieces(language)
    first = _split(word.text, language)[0]
    if first in known.joiners or first in known.multiply:
        return True
    said = [piece for one in run for piece in _split(one.text, language)]
    before = next((piece for piece in reversed(said) if piece not in known.joiners), "")
    if before in known.multiply or known.add[first] == _HALF:
        return True
    left, right = known.add.get(before, Decimal(0)), known.add[first]
    if said[-1] in known.joiners:
        return known.ones_first and (right == 1 or left < _TEN <= right)
    return right < _TEN < left


def _closed(run: Sequence[Word], language: str) -> Iterator[list[Word]]:
    joiners = _pieces(language).joiners
    ends = [at for at, word in enumerate(run) if word.text not in joiners]
    if ends:
        yield list(run[ends[0] : ends[-1] + 1])


def _value(parts: Sequence[str], language: str) -> Decimal:
    """What the pieces say together: a hundred multiplies what stands before it, a thousand closes it."""
    known = _pieces(language)
    total = current = last = Decimal(0)
    for before, part in zip(("", *parts), parts, strict=False):
        factor = known.multiply.get(part)
        if factor is None:
            said = known.add.get(part, Decimal(0))
            # "Twee en een half" is two and a half: the one before the half counts nothing.
            current += said - (1 if said == _HALF and known.add.get(before) == 1 else 0)
            last = said
        elif factor == _TEN:  # "kaksisataakolmekymmentä": of 203 only the three is multiplied
            current += last * (_TEN - 1) if last else _TEN
        elif factor == _HUNDRED:
            current = (current or Decimal(1)) * factor
        else:
            total += (current or Decimal(1)) * factor
            current = Decimal(0)
    return total + current


def _scale(part: str, language: str) -> int:
    return _pieces(language).multiply.get(part, 0)


@cache
def _pieces(language: str) -> _Pieces:
    known = table(language, "numerals")
    add = {fold(word, language): Decimal(str(value)) for word, value in known.get("add", {}).items()}
    multiply = {fold(word, language): int(value) for word, value in known.get("multiply", {}).items()}
    joiners = frozenset(fold(word, language) for word in known.get("joiners", ()))
    one = "|".join(sorted({*add, *multiply, *joiners}, key=len, reverse=True))
    return _Pieces(add, multiply, joiners, known.get("ones_first", False), re.compile(one))


@cache
def _split(word: str, language: str) -> tuple[str, ...]:
    """The pieces of which a word is made; empty where it is no number."""
    known = _pieces(language)
    parts: list[str] = []
    at = 0
    while at < len(word):
        piece = known.pattern.match(word, at)
        if piece is None:
            return ()
        parts.append(piece[0])
        at = piece.end()
    return tuple(parts) if parts else ()
