"""Text as the finders see it: markup and noise taken out with offsets kept, tokens, folding, language."""

# ruff: noqa: PLR2004 - lengths and points are read best where they are weighed

import html
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from parsing.model import LANGUAGES

LONGEST = 6_000
"""Characters that are read of one text: twice the longest report seen; what follows are logs and threads."""

_MARKUP = re.compile(
    r"<(?P<scheme>mailto:|tel:)?(?P<target>[^<>|\s]{1,400})\|(?P<label>[^<>]{0,400})>"
    r"|<(?P<plain>(?:mailto:|tel:)[^<>|\s]{1,400})>"
    r"|<(?P<link>https?://[^<>|\s]{1,400})>"
    r"|(?P<tag></?[a-zA-Z][^<>]{0,200}>)"
    r"|(?P<entity>&(?:amp|lt|gt|quot|nbsp|apos|\#\d{1,6});)"
)
_WORD = re.compile(
    r"\b[^\W\d_] ?& ?[^\W\d_]\b"  # J&L
    r"|\b[^\W\d_][.](?:[^\W\d_][.])+"  # P.J., A.B.C.
    r"|(?<![^\W_])[ds]['\u2019](?=[A-ZÄÖÜ])"  # d'Barbara
    r"|[^\W_]+(?:['\u2019][^\W\d_]+)*['\u2019]?"
    r"(?::(?:n|a|ä|in|en|hin|lla|llä|lle|lta|ltä|ssa|ssä|sta|stä|ta|tä)\b)?[.]?"
)


@dataclass(frozen=True, slots=True)
class View:
    """A text without markup, marks and control characters; ``places[i]`` is where character i stood before."""

    text: str
    places: tuple[int, ...] = field(repr=False)

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the text as it was sent that ``text[start:end]`` was read from."""
        if start >= end:
            return (0, 0)
        return self.places[start], self.places[end - 1] + 1


@dataclass(frozen=True, slots=True)
class Token:
    """A word with its place in the view; ``key`` is what names are compared by (`key_of`)."""

    text: str
    start: int
    end: int
    key: str
    capital: bool
    dotted: bool
    """Whether a full stop follows: it may be an abbreviation."""
    line: int = 0


@cache
def _folded(character: str) -> str:
    """One character for one: lower-case and without its accents ("É" -> "e", "ß" stays)."""
    base = unicodedata.normalize("NFKD", character)[:1] or character
    low = base.lower()
    return low if len(low) == 1 else base


def fold(text: str) -> str:
    """Lower-case without accents, of the same length, so that an offset means the same in both."""
    return text.lower() if text.isascii() else "".join(map(_folded, text))


@lru_cache(maxsize=100_000)
def key_of(word: str) -> str:
    """A word as names are compared: folded, umlauts written either way and without apostrophes and dots."""
    key = fold(word)
    if not word.isascii():
        key = key.replace("ß", "ss")
    for pair, single in (("ae", "a"), ("oe", "o"), ("ue", "u")):
        key = key.replace(pair, single)
    return key if key.isalnum() else re.sub(r"[^\w]", "", key)


def _invisible(character: str) -> bool:
    """Marks, format and control characters: nothing that a name or a date is written with."""
    return character not in "\n\t" and unicodedata.category(character) in {"Mn", "Me", "Cf", "Cc", "Co", "Cs", "Cn"}


def _visible(text: str, places: list[int]) -> tuple[list[str], list[int]]:
    """Without marks and controls; a letter with exactly one mark is composed, so that a typed "é" stays one."""
    kept: list[str] = []
    where: list[int] = []
    for index, character in enumerate(text):
        if not _invisible(character):
            kept.append("\n" if character in "\r\x0b\x0c\u2028\u2029\x85" else character)
            where.append(places[index])
        elif kept and unicodedata.category(character) == "Mn" and not _stacked(text, index):
            composed = unicodedata.normalize("NFC", kept[-1] + character)
            kept[-1] = composed if len(composed) == 1 else kept[-1]
    return kept, where


def _stacked(text: str, index: int) -> bool:
    """Whether the mark at ``index`` has another one beside it, as zalgo has and no language here."""
    return any(0 <= at < len(text) and unicodedata.combining(text[at]) for at in (index - 1, index + 1))


def view_of(text: str) -> View:
    """The text as people see it: Slack links as their labels, entities as characters, no tags, no zalgo."""
    text = text[:LONGEST]
    pieces: list[str] = []
    places: list[int] = []
    end = 0
    for found in _MARKUP.finditer(text):
        pieces.append(text[end : found.start()])
        places.extend(range(end, found.start()))
        end = found.end()
        shown, at = _shown(found)
        pieces.append(shown)
        places.extend(min(at + offset, end - 1) for offset in range(len(shown)))
    pieces.append(text[end:])
    places.extend(range(end, len(text)))
    joined = "".join(pieces)
    if joined.isascii() and joined.isprintable():
        return View(joined, tuple(places))
    kept, where = _visible(joined, places)
    return View("".join(kept), tuple(where))


def _shown(found: re.Match[str]) -> tuple[str, int]:
    """What a piece of markup shows a reader, and where that stands in the text."""
    if found["entity"]:
        return html.unescape(found["entity"]), found.start()
    if found["tag"]:
        return " ", found.start()
    group = "label" if found["label"] is not None else "plain" if found["plain"] else "link"
    shown = found[group] or ""
    at = found.start(group)
    if group == "plain":
        scheme, _, shown = shown.partition(":")
        at += len(scheme) + 1
    return shown, at


def tokens(text: str) -> list[Token]:
    """The words of a text in order; hyphens part words, an apostrophe, a dot in initials and a case ending do not."""
    found = []
    line = behind = 0
    for match in _WORD.finditer(text):
        word = match.group()
        dotted = word.endswith(".")
        start, end = match.span()
        if dotted:
            word, end = word[:-1], end - 1
        line += text.count("\n", behind, start)
        behind = start
        found.append(Token(word, start, end, key_of(word.partition(":")[0]), word[:1].isupper(), dotted, line))
    return found


def words_of(text: str) -> list[tuple[str, str]]:
    """The words of `tokens` as they are written, without a full stop, each with its key: a name needs no places."""
    found = []
    for word in _WORD.findall(text):
        bare = word[:-1] if word[-1] == "." else word
        found.append((bare, key_of(bare.partition(":")[0] if ":" in bare else bare)))
    return found


@cache
def _identifier() -> Any:
    """The language model of py3langid, limited to the four languages; loaded by the first message."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - an import must not load a model

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier


def language_of(text: str, spoken: str) -> str:
    """One of nl, de, fi, en: what the text is written in, and where that is not clear what its rep speaks."""
    plain = (
        word for word in text[:3000].split() if word[0] != "<" and not any(mark in "@/0123456789" for mark in word)
    )
    letters = " ".join(plain)
    spoken = spoken if spoken in LANGUAGES else "en"
    if sum(map(str.isalpha, letters)) < 12:  # two short words say nothing
        return spoken
    ranked: Mapping[str, float] = dict(_identifier().rank(letters.lower()))
    best = max(ranked, key=lambda language: ranked[language])
    return best if best == spoken or ranked[best] > 0.9 + 0.1 * ranked[spoken] else spoken
