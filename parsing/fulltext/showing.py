"""Where a text has what was looked for: the stretch to show, with the words marked, and how well it fits."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from parsing.fulltext.query import Piece, Query
from parsing.fulltext.words import MARK, Term, key, read_text, stem, terms

LENGTH = 180
"""Characters that are shown of a text."""
BEFORE = 50
"""Of these, characters before the first word that was found."""
EXACT, AKIN, BEGUN = 1.0, 0.8, 0.6
"""What a word counts that is the one looked for, of its stem, or begins like it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A stretch of text; ``found`` where it is what was looked for."""

    text: str
    found: bool = False


@dataclass(frozen=True, slots=True)
class _Hit:
    piece: int
    start: int
    end: int
    worth: float


def shown(text: str, language: str, query: Query) -> tuple[Shown, ...]:
    """The part of ``text`` where most of what was looked for stands, cut at words, in pieces; its beginning without."""
    text = read_text(text)
    hits = list(_hits(tuple(terms(text)), language, query))
    start, end = _stretch(text, hits)
    within = [hit for hit in hits if start <= hit.start and hit.end <= end]
    pieces = [Shown("…")] if start else []
    pieces += _cut(text, start, end, within)
    return tuple([*pieces, Shown("…")] if end < len(text) else pieces)


def fits(parts: Iterable[tuple[str, float]], language: str, query: Query) -> float:
    """How well a visit fits: ``parts`` are its texts with what a word found there counts. 0 where nothing is found."""
    best: dict[int, float] = {}
    for text, weight in parts:
        counted: dict[int, list[float]] = {}
        for hit in _hits(tuple(terms(read_text(text))), language, query):
            counted.setdefault(hit.piece, []).append(hit.worth)
        for piece, worths in counted.items():
            best[piece] = best.get(piece, 0.0) + weight * max(worths) * (1 + math.log(len(worths)) / 4)
    return sum(best.values())


def _hits(words: Sequence[Term], language: str, query: Query) -> Iterator[_Hit]:
    for number, piece in enumerate(query.wanted):
        if len(piece.words) > 1:
            yield from _phrases(words, number, piece)
            continue
        for word in words:
            worth = _worth(word.plain, language, piece)
            if worth:
                yield _Hit(number, word.start, word.end, worth)


def _worth(word: str, language: str, piece: Piece) -> float:
    [wanted] = piece.words
    if word == wanted:
        return EXACT
    if word in piece.others or f"{MARK}{key(word)}" in piece.others or stem(word, language) in piece.others:
        return AKIN
    return BEGUN if piece.unfinished and word.startswith(wanted) else 0.0


def _phrases(words: Sequence[Term], number: int, piece: Piece) -> Iterator[_Hit]:
    *first, last = piece.words
    size = len(piece.words)
    for at in range(len(words) - size + 1):
        stretch = words[at : at + size]
        ends = stretch[-1].plain
        whole = ends == last or (piece.unfinished and ends.startswith(last))
        if whole and [word.plain for word in stretch[:-1]] == first:
            yield _Hit(number, stretch[0].start, stretch[-1].end, EXACT)


def _stretch(text: str, hits: Sequence[_Hit]) -> tuple[int, int]:
    """Where to begin and to end: with the most different pieces, of several such stretches the first."""
    starts = sorted({hit.start for hit in hits})
    best, most = 0, 0
    for start in starts:
        seen = len({hit.piece for hit in hits if start <= hit.start and hit.end <= start + LENGTH - BEFORE})
        if seen > most:
            best, most = start, seen
    begin = max(0, best - BEFORE)
    if begin:
        begin = _at_word(text, begin, best)
    end = min(len(text), begin + LENGTH)
    if end < len(text):
        space = text.rfind(" ", begin + LENGTH // 2, end)
        end = space if space > best else end
    return begin, end


def _at_word(text: str, begin: int, latest: int) -> int:
    space = text.find(" ", begin, latest)
    return begin if space < 0 else space + 1


def _cut(text: str, start: int, end: int, hits: Sequence[_Hit]) -> Iterator[Shown]:
    at = start
    for hit in sorted(hits, key=lambda one: (one.start, -one.end)):
        if hit.start < at:
            continue  # within another that was found
        if hit.start > at:
            yield Shown(text[at : hit.start])
        yield Shown(text[hit.start : hit.end], found=True)
        at = hit.end
    if at < end:
        yield Shown(text[at:end])
