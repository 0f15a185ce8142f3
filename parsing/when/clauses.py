"""A text cut into sentences and clauses, and where each looks: back to the visit or ahead to what is promised."""

import re
from dataclasses import dataclass
from functools import lru_cache

from parsing.when.lexer import Lexed
from parsing.when.lexicon import Lexicon, lexicon
from parsing.when.model import Day, Direction, Piece
from parsing.when.reading import read
from parsing.words import table

_ABBREVIATED = re.compile(
    r"(?:^|[^\w])(?:fr|hr|hrn|mr|mrs|ms|dr|mevr|dhr|ing|ir|mag|dipl|prof|st|str|nr|no|tel|incl|inkl|excl|exkl|ca|bzw|bijv|bv|"
    r"z|zgn|evt|evtl|ggf|resp|zus|angeb|offr|vgl|abt|ref|z\.b|d\.h|u\.a|o\.ä|n\.a\.v|i\.v\.m|e\.g|i\.e|dipl\.-ing|getr|sped|"
    r"esim|ks|ym|tj|puh|approx|ltd|inc|jr|sr|vs|dept|qty|fa|geb|tht|mbt|ivm|tav|t\.a\.v|wg|[a-z]\.[a-z]|(?-i:[A-ZÄÖÜ]))\.?$",
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


def _breaks_sentence(lexed: Lexed, at: int) -> bool:
    letter = lexed.letters[at]
    token = lexed.tokens[at]
    if letter == "\n":
        return True
    if letter == "!" and token.text in "!?…;•●▪◦‣·►➡→➔":
        return True
    if letter == ";":
        return True
    if len(token.text) > 1 and token.text.endswith(".") and letter != "Z":
        if letter in "DMH" or _ABBREVIATED.search(lexed.text[max(0, token.start - 8) : token.end]):
            return False
        return _SENTENCE_AFTER.match(lexed.text, token.end) is not None
    if letter != ".":
        return letter in "->" and _arrow(lexed, at)
    follows = lexed.text[token.end : token.end + 1]
    if follows and not follows.isspace() and follows not in "\"')”“’<*_":
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
LONG = 14
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


def _opens(lexed: Lexed, at: int, words: frozenset[str]) -> bool:
    return lexed.letters[at] not in " \n" and lexed.tokens[at].text in words


@lru_cache(maxsize=64)
def clauses(text: str, language: str) -> tuple[Clause, ...]:
    """The clauses of a text in order; dates, times and abbreviations keep their full stops."""
    lexed, pieces = read(text, language)
    inside = {at for piece in pieces for at in range(piece.first, piece.last)}
    ending = {piece.last - 1 for piece in pieces if _piece_ends_sentence(lexed, piece)}
    openers = frozenset(table(language, "actions").get("clause_openers", ()))
    found: list[Clause] = []
    first = 0
    sentence = 0
    size = len(lexed.letters)
    for at in range(size):
        if at in inside and at not in ending:
            continue
        ends = at in ending or _breaks_sentence(lexed, at)
        pause = not ends and (
            (lexed.letters[at] == "," and lexed.letters[at + 1 : at + 2] not in ("n", "9"))
            or (
                lexed.letters[at] == "-"
                and lexed.letters[max(at - 1, 0)] == " "
                and lexed.letters[at + 1 : at + 2] == " "
            )
            or (lexed.letters[at] == ":" and lexed.letters[at + 1 : at + 2] in (" ", "\n", ""))
            or lexed.letters[at] in "()"
        )
        opens = not ends and not pause and _opens(lexed, at, openers)
        numeral = lexed.letters[at] == "Z" and lexed.tokens[at].value == "numeral"
        if numeral and at > first:
            found.append(_clause(lexed, first, at, sentence))
            first, sentence = at, sentence + 1
        if numeral:
            first = at + 1
            continue
        if ends or pause or opens:
            until = at if opens else at + 1
            if until > first:
                found.append(_clause(lexed, first, until, sentence))
            first = until
            sentence += ends
    if first < size:
        found.append(_clause(lexed, first, size, sentence))
    words = table(language, "actions")
    joiners = frozenset(words.get("joiners", ())) - {"+", "&"}
    subjects = words.get("subjects", {})
    speakers = frozenset((*subjects.get("own", ()), *subjects.get("other", ())))
    turns = frozenset(words.get("cues", {}).get("wishes", ())) | {"muss", "moet", "soll"}
    return tuple(part for clause in found for part in _shorter(lexed, clause, inside, joiners, speakers, turns))


def _shorter(
    lexed: Lexed,
    clause: Clause,
    inside: set[int],
    joiners: frozenset[str],
    speakers: frozenset[str],
    turns: frozenset[str],
) -> list[Clause]:
    """A clause as dictated, without commas, cut at every "and" and before "er will", "ich muss"."""
    if lexed.letters.count("x", clause.first, clause.last) <= LONG:
        return [clause]
    cuts = [
        at
        for at in range(clause.first + 3, clause.last - 2)
        if at not in inside
        and (
            lexed.tokens[at].text in joiners
            or (lexed.tokens[at].text in speakers and lexed.tokens[at + 2].text in turns)
        )
    ]
    edges = [clause.first, *cuts, clause.last]
    return [_clause(lexed, first, last, clause.sentence) for first, last in zip(edges, edges[1:], strict=False)]


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


def _own(lexed: Lexed, clause: Clause, pieces: tuple[Piece, ...]) -> Direction | None:
    """Where the days named in a clause look, by their own words."""
    for piece in pieces:
        if clause.first <= piece.first < clause.last and isinstance(piece.says, Day):
            if piece.says.kind == "feast":
                continue
            if piece.deadline and piece.says.direction != "past":
                return "future"
            if piece.says.direction:
                return piece.says.direction
            if piece.says.kind == "relative" and piece.says.part:
                return "past" if lexed.language else None
    return None


@lru_cache(maxsize=64)
def directions(text: str, language: str) -> tuple[Direction | None, ...]:
    """Where each clause of `clauses` looks; a clause without a sign of its own looks where its sentence does."""
    lexed, pieces = read(text, language)
    folded = "".join(token.text for token in lexed.tokens)
    offset = [0]
    for token in lexed.tokens:
        offset.append(offset[-1] + len(token.text))
    all_clauses = clauses(text, language)
    said: list[Direction | None] = []
    for clause in all_clauses:
        part = folded[offset[clause.first] : offset[clause.last]]
        said.append(_clause_direction(lexed, clause, pieces, part))
    for index, clause in enumerate(all_clauses):
        if said[index] is None:
            near = [
                i
                for i, other in enumerate(all_clauses[max(0, index - 6) : index + 7], max(0, index - 6))
                if other.sentence == clause.sentence and said[i]
            ]
            if near:
                said[index] = said[min(near, key=lambda i, index=index: (abs(i - index), i))]  # type: ignore[misc]
    return tuple(said)


def _clause_direction(lexed: Lexed, clause: Clause, pieces: tuple[Piece, ...], part: str) -> Direction | None:
    own = _own(lexed, clause, pieces)
    if own:
        return own
    words = set(re.findall(r"[^\W\d_]+", part))
    language = lexed.language
    if _cues(language, "ahead").found(part, words):
        return "future"
    if _cues(language, "past").found(part, words):
        return "past"
    return "future" if _cues(language, "future").found(part, words) else None
