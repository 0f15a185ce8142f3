"""What was typed into a search, taken apart: words, "phrases in quotes", -what -is -not wanted, an unfinished word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from parsing.fulltext.words import MARK, key, plain, read_text, stem, terms
from parsing.model import LANGUAGES
from parsing.words import table

LONGEST_QUERY = 200
"""Characters."""
MOST = 12
"""Pieces that are looked for."""
SHORTEST_BEGINNING = 3
"""Letters of an unfinished word that its ends are looked for with; fewer are in every report."""

_CHUNK = re.compile(
    r"""(?P<no>-?)(?:["\u201c\u201d\u201e](?P<phrase>[^"\u201c\u201d\u201e]*)(?P<end>["\u201c\u201d\u201e]|$)|(?P<word>\S+))"""
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing looked for: ``words`` one after the other, or where it is a single one any of ``others`` instead."""

    words: tuple[str, ...]
    others: frozenset[str] = frozenset()
    """Stems and spellings, as `Document.stems` has them, and plain words."""
    unfinished: bool = False
    """Whether the last of ``words`` may go on."""
    wanted: bool = True
    """False where it must not be there."""


@dataclass(frozen=True, slots=True)
class Query:
    """All that is looked for; every piece must be there, or not be there."""

    pieces: tuple[Piece, ...] = ()

    @property
    def wanted(self) -> tuple[Piece, ...]:
        """The pieces that must be there."""
        return tuple(piece for piece in self.pieces if piece.wanted)


def read_query(typed: str) -> Query:
    """What is looked for. Nothing that can be typed is an error; of very much only the beginning counts."""
    text = read_text(typed.replace("\0", " "))[:LONGEST_QUERY]
    chunks = list(_CHUNK.finditer(text))
    pieces = [piece for chunk in chunks if (piece := _piece(chunk, last=chunk.end() == len(text))) is not None]
    return Query(_worth(pieces)[:MOST])


def _piece(chunk: re.Match[str], *, last: bool) -> Piece | None:
    words = tuple(term.plain for term in terms(chunk["word"] if chunk["phrase"] is None else chunk["phrase"]))
    if not words:
        return None
    typing = last and not chunk["end"]
    unfinished = typing and (len(words[-1]) >= SHORTEST_BEGINNING or len(words) > 1)
    return Piece(words, _others(words, quoted=chunk["phrase"] is not None), unfinished, wanted=not chunk["no"])


def _others(words: Sequence[str], *, quoted: bool) -> frozenset[str]:
    """Other words that a single one stands for; what is in quotes stands for itself."""
    if quoted or len(words) > 1:
        return frozenset()
    [word] = words
    stems = {stem(word, language) for language in LANGUAGES} - {""}
    return frozenset(stems | {key(word), f"{MARK}{key(word)}"}) - {word}


def _worth(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Without the words that every report has, where anything else is looked for."""
    telling = tuple(piece for piece in pieces if not _unsaid(piece))
    return telling if any(piece.wanted for piece in telling) or not any(one.wanted for one in pieces) else tuple(pieces)


def _unsaid(piece: Piece) -> bool:
    return piece.wanted and len(piece.words) == 1 and bool(piece.others) and piece.words[0] in _unsaid_words()


@cache
def _unsaid_words() -> frozenset[str]:
    return frozenset(plain(word) for language in LANGUAGES for word in table(language, "fulltext").get("unsaid", ()))
