"""A text cut into sentences and clauses, and where each looks: back to the visit or ahead to what is promised."""

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from parsing.when.dictated import cuts, turns
from parsing.when.lexer import Lexed
from parsing.when.lexicon import Lexicon, lexicon
from parsing.when.model import Day, Direction, Piece
from parsing.when.reading import read

_ABBREVIATED = re.compile(
    r"(?:^|[^\w])(?:fr|hr|hrn|mr|mrs|ms|dr|mevr|dhr|ing|ir|mag|dipl|prof|st|str|nr|no|tel|incl|inkl|excl|exkl|ca|bzw|bijv|bv|"
    r"z|zgn|evt|evtl|ggf|resp|zus|angeb|offr|vgl|abt|ref|z\.b|d\.h|u\.a|o\.ä|n\.a\.v|i\.v\.m|e\.g|i\.e|dipl\.-ing|getr|sped|"
    r"toim|asenn|vahv|tark|huolt|palav|afspr|verv|lief|inst|mont|bespr|appt|mtg|deliv|volg|kommiss|esim|ks|ym|tj|puh|approx|ltd|inc|jr|sr|vs|dept|qty|fa|geb|tht|mbt|ivm|tav|t\.a\.v|wg|[a-z]\.[a-z]|(?-i:[A-ZÄÖÜ]))\.?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """Tokens ``first`` up to ``last``, in the text ``start`` to ``end``; ``sentence`` counts from 0."""

    first: int
    last: int
    start: int
    end: int
    sentence: int


_STOPS = "!?…;•●▪◦‣·►➡→➔"


def _breaks_sentence(lexed: Lexed, at: int) -> bool:
    letter, token = lexed.letters[at], lexed.tokens[at]
    if letter in "\n;" or (letter == "!" and (token.text in _STOPS or _pictured(lexed, at))):
        return True
    if letter == ".":
        return _full_stop(lexed, at)
    if len(token.text) > 1 and token.text.endswith(".") and letter not in "ZDMH":
        abbreviated = _ABBREVIATED.search(lexed.text[max(0, token.start - 8) : token.end])
        return abbreviated is None and _SENTENCE_AFTER.match(lexed.text, token.end) is not None
    return letter in "->" and _arrow(lexed, at)


SPOKEN = 24
"""Characters before a picture that it may end a sentence of."""


def _pictured(lexed: Lexed, at: int) -> bool:
    """Whether a picture stands where others put a full stop: "signed it 🎉 I've to countersign it"."""
    token = lexed.tokens[at]
    before = lexed.text[max(0, token.start - SPOKEN) : token.start]
    if unicodedata.category(token.text[:1]) != "So" or token.text in "®©™°№":
        return False
    follows = lexed.text[token.end : token.end + 8].lstrip(" \ufe0f")[:1]
    if follows.islower() and not lexed.text.islower():
        return False
    return sum(map(str.isalpha, before)) > SPOKEN // 2


def _full_stop(lexed: Lexed, at: int) -> bool:
    """Whether a full stop ends a sentence rather than an abbreviation."""
    token = lexed.tokens[at]
    follows = lexed.text[token.end : token.end + 1]
    if follows and not follows.isspace() and follows not in "\"')”“’<*_":  # noqa: RUF001
        return False
    before = lexed.text[max(0, token.start - 12) : token.start]
    if _LOWER_AFTER.match(lexed.text, token.end) and _SHORT_WORD.search(before):
        return False
    return _ABBREVIATED.search(before) is None


_SHORT_WORD = re.compile(
    r"(?:^|[^\w])(?!btw$|mwst$|alv$|vat$|kpl$|stk$|hp$|pm$|kg$)[^\W\d_aeiouyäöü]{1,5}$", re.IGNORECASE
)
_LOWER_AFTER = re.compile(r" (?:[a-zäöü]{2}|\d)")
_SENTENCE_AFTER = re.compile(r"\s+[\"'*_]?[^\W\d_a-zäöüß]|\s*\n|\s*$")
LONG = 8
"""Words of a clause that is cut at every "and": dictated text has no commas."""


def _piece_ends_sentence(lexed: Lexed, piece: Piece) -> bool:
    """Whether the full stop that a date or unit ends in ends its sentence too ("… on 30 Sept. He wants …")."""
    last = lexed.tokens[piece.last - 1]
    if not last.text.endswith(".") or not _SENTENCE_AFTER.match(lexed.text, last.end):
        return False
    figures = (
        isinstance(piece.says, Day)
        and piece.says.kind in ("date", "day_of_month")
        and lexed.letters[piece.last - 2] == "n"
    )
    return not (figures and lexed.language == "de" and not piece.deadline)


def _arrow(lexed: Lexed, at: int) -> bool:
    start = lexed.tokens[at].start
    return lexed.text[start : start + 2] in ("->", "=>") or lexed.text[max(0, start - 1) : start + 1] in ("->", "=>")


@lru_cache(maxsize=64)
def clauses(text: str, language: str) -> tuple[Clause, ...]:
    """The clauses of a text in order; dates, times and abbreviations keep their full stops."""
    lexed, pieces = read(text, language)
    inside = {at for piece in pieces for at in range(piece.first, piece.last)}
    ending = {piece.last - 1 for piece in pieces if _piece_ends_sentence(lexed, piece)}
    opening = turns(language).openers
    found: list[Clause] = []
    first = sentence = 0
    for at, letter in enumerate(lexed.letters):
        if letter == "Z" and lexed.tokens[at].value == "numeral":
            if at > first:
                found.append(_clause(lexed, first, at, sentence))
                sentence += 1
            first = at + 1
            continue
        if at in inside and at not in ending:
            continue
        ends = at in ending or _breaks_sentence(lexed, at)
        opens = not ends and letter not in " \n" and lexed.tokens[at].text in opening
        if not (ends or opens or _pauses(lexed.letters, at)):
            continue
        until = at if opens else at + 1
        if until > first:
            found.append(_clause(lexed, first, until, sentence))
        first = until
        sentence += ends
    if first < len(lexed.letters):
        found.append(_clause(lexed, first, len(lexed.letters), sentence))
    return tuple(part for clause in found for part in _shorter(lexed, clause, inside))


def _pauses(letters: str, at: int) -> bool:
    """Whether a comma, colon, dash or bracket parts two clauses here."""
    letter, after = letters[at], letters[at + 1 : at + 2]
    if letter == ",":
        return after not in ("n", "9")
    if letter == ":":
        return after in (" ", "\n", "")
    if letter == "-":
        return after == " " and letters[max(at - 1, 0)] == " "
    return letter in "()"


def _shorter(lexed: Lexed, clause: Clause, inside: set[int]) -> list[Clause]:
    """A clause as dictated, without commas, cut where its words turn to another."""
    if lexed.letters.count("x", clause.first, clause.last) <= LONG:
        return [clause]
    edges = [clause.first, *cuts(lexed, clause.first, clause.last, inside, lexed.language), clause.last]
    return [_clause(lexed, first, last, clause.sentence) for first, last in pairwise(edges)]


def _clause(lexed: Lexed, first: int, last: int, sentence: int) -> Clause:
    return Clause(first, last, lexed.tokens[first].start, lexed.tokens[last - 1].end, sentence)


@dataclass(frozen=True, slots=True)
class _Cues:
    words: frozenset[str]
    phrases: re.Pattern[str] | None

    def found(self, said: str, words: set[str]) -> bool:
        return not self.words.isdisjoint(words) or (self.phrases is not None and self.phrases.search(said) is not None)


def _compiled(lexicon_: Lexicon, name: str) -> _Cues:
    entries = lexicon_.cue(name)
    phrases = sorted((entry for entry in entries if not entry.isalpha()), key=len, reverse=True)
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, phrases)) + r")(?!\w)") if phrases else None
    return _Cues(frozenset(entry for entry in entries if entry.isalpha()), pattern)


@lru_cache(maxsize=256)
def _cues(language: str, name: str) -> _Cues:
    return _compiled(lexicon(language), name)


def has(text: str, language: str, name: str) -> bool:
    """Whether a folded stretch of text holds a word of the cue list ``name``."""
    return _cues(language, name).found(text, set(re.findall(r"[^\W\d_]+", text)))


def _own(pieces: list[Piece]) -> Direction | None:
    """Where the days named in a clause look, by their own words."""
    for piece in pieces:
        if not isinstance(piece.says, Day) or piece.says.kind == "feast":
            continue
        if piece.deadline and piece.says.direction != "past":
            return "future"
        if piece.says.direction:
            return piece.says.direction
        if piece.says.kind == "relative" and piece.says.part:
            return "past"
    return None


def clause_of(all_clauses: tuple[Clause, ...], piece: Piece) -> int:
    """The index of the clause that a piece begins in."""
    return max(0, bisect_right(all_clauses, piece.first, key=lambda clause: clause.first) - 1)


@lru_cache(maxsize=64)
def directions(text: str, language: str) -> tuple[Direction | None, ...]:
    """Where each clause of `clauses` looks; a clause without a sign of its own looks where its sentence does."""
    all_clauses, said = clauses(text, language), list(own_directions(text, language))
    return tuple(look or _nearby(all_clauses, said, index) for index, look in enumerate(said))


@lru_cache(maxsize=64)
def own_directions(text: str, language: str) -> tuple[Direction | None, ...]:
    """Where each clause looks by signs of its own; None where it has none."""
    lexed, pieces = read(text, language)
    folded = "".join(token.text for token in lexed.tokens)
    offset = [0]
    for token in lexed.tokens:
        offset.append(offset[-1] + len(token.text))
    all_clauses = clauses(text, language)
    inside: dict[int, list[Piece]] = defaultdict(list)
    for piece in pieces:
        inside[clause_of(all_clauses, piece)].append(piece)
    return tuple(
        _clause_direction(language, inside[index], folded[offset[clause.first] : offset[clause.last]])
        for index, clause in enumerate(all_clauses)
    )


REACH = 6
"""Clauses of a sentence over which one tells another where it looks."""


def _nearby(all_clauses: tuple[Clause, ...], said: list[Direction | None], index: int) -> Direction | None:
    """Where the nearest clause of the same sentence looks; of two as near the earlier."""
    around = range(max(0, index - REACH), min(len(said), index + REACH + 1))
    near = [at for at in around if said[at] and all_clauses[at].sentence == all_clauses[index].sentence]
    return said[min(near, key=lambda at: (abs(at - index), at))] if near else None


def _clause_direction(language: str, pieces: list[Piece], part: str) -> Direction | None:
    own = _own(pieces)
    if own:
        return own
    words = set(re.findall(r"[^\W\d_]+", part))
    if _cues(language, "ahead").found(part, words):
        return "future"
    if _cues(language, "past").found(part, words):
        return "past"
    return "future" if _cues(language, "future").found(part, words) else None
