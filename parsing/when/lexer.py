"""A text as a string of letters, one for each token, with what each token is worth.

``"di 27 mei 11u"`` becomes ``"D n M nH"``: what the rules of `rules` read, whatever the language.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from parsing.text import fold
from parsing.when.lexicon import Lexicon, Node, Word, lexicon

LONGEST = 20_000
"""Letters that are read of one text: what is longer is not a report of a visit."""

_TOKEN = re.compile(r"\d+|[^\W\d_]+|\s+|.", re.DOTALL)
_CALENDAR_YEARS = range(1990, 2100)

# What holds digits without being a date or a time: markup, addresses, money, shares, phones, part numbers.
_LITERAL = re.compile(
    r"<[^<>\n]{1,400}>"
    r"|\b(?:https?://|www\.)\S{1,400}"
    r"|[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}"
    r"|(?:[€$£¥]|\b(?:EUR|CHF|USD|GBP|euro|Fr\.|sFr\.?)) {0,2}\d[\d.,'’ ]{0,14}(?:-|(?<=\d)k\b|(?<=\d)m\b)?"  # noqa: RUF001
    r"|(?<![\w.,])\d{1,3}(?:[.,'’ ]?\d{3}){0,3}(?:[.,]\d{1,2})? {0,2}"  # noqa: RUF001
    r"(?:[€$£%‰°]|(?:EUR|CHF|USD|GBP|[Ee]uroa?|k€|t€|T€|TEUR|mille|franken|pounds|dollars|quid|grand|"
    r"proz\w*|percent|procent|pros)\b)"
    r"|(?<!\w)\+\d[\d ()/.-]{6,18}\d"
    r"|(?<![\w.,:])\(?0\d{1,5}\)?[ /-]{0,2}\d{2,8}(?:[ /-]\d{2,8}){0,4}(?![\w.:/]|,\d)"
    r"|\(\d{3}\) \d{3}-\d{4}"
    r"|(?<![\w])\d{3}-\d{3}-\d{4}"
    r"|\b[^\W\d_]{1,8}-?\d{1,6}(?:[./-]\d{1,6}){1,3}\b(?<![uUhH]\d\d)"
    r"|\b\d{1,5}[x×]\d{1,5}(?:[x×]\d{1,5})?\b"  # noqa: RUF001
    r"|\bv\d+(?:\.\d+)+"
)  # fmt: skip
_CLOSED = re.compile(r"(?<=\d)[.,]$")
_SHORT_ZERO = re.compile(r"0\d[./-]\d")
_GLUED_TIME = re.compile(
    r"(?i)(?:klo|kl|om|um|at|vko|wk|kw|vk|week|viikko|ab|bis|tot|fr|mo|di|mi|do|sa|so|ma|wo|vr|za|zo|ti|ke|to|pe|la|su)-?\d"
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its place in the text, and its value (a number, or what the table says of the word)."""

    start: int
    end: int
    text: str
    """Folded."""
    value: Any = None


@dataclass(frozen=True, slots=True)
class Lexed:
    """A text made ready for the rules: ``letters[i]`` is the class of ``tokens[i]``."""

    text: str
    language: str
    letters: str
    tokens: tuple[Token, ...]


def _literals(text: str, months: frozenset[str]) -> list[tuple[int, int]]:
    literal = [
        match.span()
        for match in _LITERAL.finditer(text)
        if not _SHORT_ZERO.match(match[0]) and not _GLUED_TIME.match(match[0])
    ]
    literal = [(start, end - 1 if _CLOSED.search(text, start, end) else end) for start, end in literal]
    return sorted([*literal, *_numerals(text, months)])


_NUMERAL = re.compile(r"(?<!\S)\(?([1-9])([.)])(?=\s{0,3}([^\W\d_]+))")
_STARTS_LIST = re.compile(r"(?:^|[^\w\s,])\s*$")


def _numerals(text: str, months: frozenset[str]) -> list[tuple[int, int]]:
    """The figures of a list in running text, "1. … 2. … 3. …" or "1) … 2) …": at least two of them, counting up."""
    expected, mark = 1, ""
    found: list[tuple[int, int]] = []
    for match in _NUMERAL.finditer(text):
        if int(match[1]) != expected or (mark and mark != match[2]) or match[3] in months:
            continue
        if not mark and match[2] == "." and not _STARTS_LIST.search(text[max(0, match.start() - 12) : match.start()]):
            continue
        found.append((match.start(1), match.end(2)))
        expected, mark = expected + 1, match[2]
    return found if len(found) > 1 else []


def _number(text: str) -> tuple[str, int]:
    day_or_hour, year = 2, 4
    if len(text) <= day_or_hour:
        return "n", int(text)
    if len(text) == year and int(text) in _CALENDAR_YEARS:
        return "y", int(text)
    return "9", 0


def _longest(words: Lexicon, raw: list[tuple[int, int, str]], at: int) -> tuple[Word, int] | None:
    """The longest phrase of the table that begins at token ``at``, and where it ends."""
    node: Node | None = words.root
    best = None
    for index in range(at, min(at + 14, len(raw))):
        piece = raw[index][2]
        node = node.after.get(" " if piece.isspace() else piece) if node else None
        if node is None:
            break
        if node.word is not None:
            best = node.word, index + 1
    return best


def _tokens(text: str, words: Lexicon) -> tuple[list[str], list[Token], list[bool]]:
    folded = fold(text)
    hidden = iter(_literals(text, words.months))
    blind = next(hidden, None)
    raw = [(match.start(), match.end(), match[0]) for match in _TOKEN.finditer(folded)]
    letters: list[str] = []
    tokens: list[Token] = []
    careful: list[bool] = []
    at = 0
    while at < len(raw):
        start, end, piece = raw[at]
        while blind is not None and blind[1] <= start:
            blind = next(hidden, None)
        value: Any = None
        mind = False
        following = at + 1
        if blind is not None and start >= blind[0]:
            while following < len(raw) and raw[following][0] < blind[1]:
                following += 1
            letter = "Z"
            end = raw[following - 1][1]
            value = "numeral" if _NUMERAL_ONLY.fullmatch(text[start:end]) else None
        elif piece[0].isdigit():
            letter, value = _number(piece) if piece.isascii() else ("9", 0)
        elif piece.isspace():
            letter = "\n" if "\n" in piece else " "
        elif (found := _longest(words, raw, at)) is not None:
            word, following = found
            letter, value, mind, end = word.letter, word.value, word.careful, raw[following - 1][1]
        elif piece[0].isalpha():
            letter = "x"
        else:
            letter = _PUNCTUATION.get(piece, "!")
        letters.append(letter)
        tokens.append(Token(start, end, folded[start:end], value))
        careful.append(mind)
        at = following
    return letters, tokens, careful


_NUMERAL_ONLY = re.compile(r"[1-9][.)]")
_PUNCTUATION = {mark: mark for mark in ".,:;/-()'+@&"} | {"–": "-", "—": "-", "−": "-", "‐": "-", "’": "'"}  # noqa: RUF001
_OPENS = "@btCLXVJKfBeamil<z#Y"
"""Classes that announce a day."""


def _settle(letters: list[str], tokens: list[Token], careful: list[bool], text: str, language: str) -> None:
    """Take the time out of words that mean something else here, and of "morgen" after another day."""
    titles = lexicon(language).cue("titles")
    solid = [index for index, letter in enumerate(letters) if letter not in " \n"]
    for place, index in enumerate(solid):
        letter, token = letters[index], tokens[index]
        if letter == "R" and token.value == (1, None) and token.text == "morgen":
            previous = solid[place - 1] if place else index
            if letters[previous] in "RDP" and tokens[previous].end + 1 == token.start:
                letters[index], tokens[index] = "P", Token(token.start, token.end, "morgen", "morning")
        elif letter in "DM" or careful[index]:
            around = _around(letters, solid, place)
            named = place and tokens[solid[place - 1]].text in titles and text[token.start].isupper()
            part = letter == "D" and (_hyphened(index, letters) or _umlauted(token, text))
            if named or part or (careful[index] and not _meant(letter, around, token, text, language)):
                letters[index] = "x"


def _around(letters: list[str], solid: list[int], place: int) -> tuple[str, str]:
    """The classes before and after a token; the full stop of "Mai." or "2. Mai" is looked past."""
    before = letters[solid[place - 1]] if place else ""
    after = letters[solid[place + 1]] if place + 1 < len(solid) else ""
    if before == "." and place > 1 and letters[solid[place - 2]] in "nw" and letters[solid[place]] == "M":
        before = "n"
    if after and after in ".," and place + 2 < len(solid) and letters[solid[place]] in "DM":
        beyond = letters[solid[place + 2]]
        after = beyond if after == "." or beyond in "ny" else after
    return before, after


def _hyphened(index: int, letters: list[str]) -> bool:
    """Whether a weekday is only half of a word: "Freitag-Termin"; "Mo-Mi" is a range."""
    return letters[index + 1 : index + 3] == ["-", "x"] or letters[max(0, index - 2) : index] == ["x", "-"]


def _umlauted(token: Token, text: str) -> bool:
    """Whether a short weekday is another word that folds to it: spoken Finnish "mä" is no Monday."""
    short = 2
    return len(token.text) <= short and not text[token.start : token.end].isascii()


_FRIDAY_OR_MRS = ("fr", "fr.")
_SUNDAYS = ("zo", "zon", "za", "sun", "sat", "so", "so.")
"""Weekdays whose short form is another word far more often."""
_DUTCH = ("wo", "do")
"""Short weekdays that are no other word in Dutch: "monteur gaat wo ter controle"; but "to do"."""


_CLOSERS = frozenset({",", ".", "!", "?", ";", ")", "", "\n", ":"})


def _meant(letter: str, around: tuple[str, str], token: Token, text: str, language: str) -> bool:
    """Whether a word that has a more common meaning is a day or month here."""
    before, after = around
    if (before and before in "nyo") or (after and after in "nyo"):
        return True
    capital = text[token.start].isupper()
    if letter != "D":
        return (capital or language != "en") and before != "" and before in "bBtCLXVJfieam@"
    titled = token.text in _FRIDAY_OR_MRS and text[token.end : token.end + 2].strip()[:1].isupper()
    if before == "-":
        return True  # the end of "ma-wo"; what is half of a word is out already
    if before and before in _OPENS:
        return not titled and not (before == "#" and token.text in _SUNDAYS)
    return _weekday_alone(around, token, text, language)


def _weekday_alone(around: tuple[str, str], token: Token, text: str, language: str) -> bool:
    """Whether a short weekday that nothing announces is one: "bring ich Di vorbei", "schreib ich fr"."""
    before, after = around
    capital = text[token.start].isupper()
    named = text[token.end : token.end + 2].strip()[:1].isupper()
    ends = text[token.end : token.end + 1] in _CLOSERS
    if token.text in _FRIDAY_OR_MRS:
        return ends or (capital and before == "x" and not named)
    if capital or token.text in _SUNDAYS:
        free = before != "x" or (language in ("de", "nl") and not named)
        if token.text in _SUNDAYS and capital and before != "x" and after in ("A", "P"):
            return True  # "Sat a.m.", "Za middag"
        return capital and free and token.text not in _SUNDAYS
    plain = language == "nl" and not re.search(
        r"(?i)\b(?:to|wo|do|x)[ -]?$", text[max(0, token.start - 4) : token.start]
    )
    return token.text.endswith(".") or ends or (after != "" and after in "cPk&-/") or (plain and token.text in _DUTCH)


@lru_cache(maxsize=64)
def lex(text: str, language: str) -> Lexed:
    """The tokens of ``text`` (of a very long one, its beginning) and their classes."""
    text = text[:LONGEST]
    letters, tokens, careful = _tokens(text, lexicon(language))
    _settle(letters, tokens, careful, text, language)
    return Lexed(text, language, "".join(letters), tuple(tokens))
