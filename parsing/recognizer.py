"""Names that no table holds: what a small trained model (a CRF) takes for a person, a customer or a competitor.

One more piece of evidence beside the rules of `parsing.names` and `parsing.companies`: it speaks only where they are
silent. ``docs/model-card.md`` tells what it was trained on and how it scores; ``make model`` trains it anew.
"""

# ruff: noqa: PLR2004 - lengths are read best where they are weighed

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from threading import Lock
from typing import Any

from parsing.inflection import bases
from parsing.people import PARTICLES, sex_of_title
from parsing.text import Token, fold
from parsing.vocabulary import commonness, is_trade, legal_forms
from parsing.words import frequency, given_names, surnames, table, towns

MODEL = "names_model.crfsuite"
LONGEST = 220
"""Tokens that are read of one text: what follows are lists and logs."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A name at tokens ``first`` to ``last``; ``sure`` is the least probability of its tokens."""

    first: int
    last: int
    label: str
    """``PER`` a person, ``ORG`` a customer, ``RIV`` a competitor or supplier, ``LOC`` a place."""
    sure: float


# ------------------------------------------------------------------------------------------------------ features


@cache
def _role_words(language: str) -> frozenset[str]:
    words = table(language, "people").get("roles", {}).get("words", ())
    return frozenset(fold(word) for word in words if " " not in word)


@lru_cache(maxsize=30_000)
def _word_features(word: str, key: str, language: str) -> tuple[str, ...]:
    """What a word says by itself: its form, its tables, how common it is."""
    folded = fold(word)
    forms = {folded, key}
    if language == "fi":
        forms.update(bases(key, "fi"))
    elif len(folded) > 4 and folded.endswith(("'s", "s")):
        forms.add(folded.removesuffix("s").rstrip("'"))
    zipf = max(commonness(folded), commonness(key))
    own = frequency(language).get(folded, 0.0)
    flags = [
        name
        for name, holds in (
            ("given", any(form in given_names() for form in forms)),
            ("family", any(form in surnames() for form in forms)),
            ("town", any(form in towns() for form in forms)),
            ("trade", is_trade(key)),
            ("legal", key in legal_forms() and len(key) > 1),
            ("title", bool(sex_of_title(key))),
            ("particle", key in PARTICLES),
            ("role", folded in _role_words(language)),
        )
        if holds
    ]
    shape = "d" if any(c.isdigit() for c in word) else "A" if word.isupper() and len(word) > 1 else "x"
    shape = "X" if shape == "x" and word[:1].isupper() else shape
    size = min(len(folded), 8)
    found = [
        f"z{min(int(zipf), 7)}",
        f"o{min(int(own), 7)}",
        f"s{shape}",
        f"f{'+'.join(flags) or '-'}",
        f"fs{'+'.join(flags) or '-'}{shape}",
        f"fo{'+'.join(flags) or '-'}{min(int(own), 7)}",
        f"n{size}",
        f"e{folded[-3:]}",
        f"e2{folded[-2:]}",
    ]
    if zipf >= 3.6:
        found.append(f"w{folded}")
    return tuple(found)


@lru_cache(maxsize=60_000)
def _placed(word: str, key: str, language: str, place: int) -> tuple[str, ...]:
    """What a word says to the one ``place`` words away from it."""
    near = abs(place) == 1
    kept = (one for one in _word_features(word, key, language) if near or one[0] in "fw")
    return tuple(f"{place}{one}" for one in kept if not one.startswith(("e", "n")) or near)


def features(words: Sequence[Token], text: str, language: str) -> list[list[str]]:
    """For each token what the model is told of it, in the order of the tokens."""
    rows: list[list[str]] = []
    gaps = _gaps(words, text)
    small = not any(map(_capital, words[1:]))
    for at, word in enumerate(words):
        row = ["b", f"l{language}", f"g{gaps[at]}", f"h{gaps[at + 1]}", f"t{gaps[at]}{_capital(word):d}{language}"]
        row.append(f"c{small:d}{_capital(word):d}")
        row += _word_features(word.text, word.key, language)
        for place in (-2, -1, 1, 2):
            if 0 <= at + place < len(words):
                beside = words[at + place]
                row += _placed(beside.text, beside.key, language, place)
        if at:
            before = words[at - 1]
            row.append(f"p{_flags(before, language)}{gaps[at]}{_flags(word, language)}")
        if at + 1 < len(words):
            row.append(f"q{_flags(word, language)}{gaps[at + 1]}{_flags(words[at + 1], language)}")
        rows.append(row)
    return rows


def _capital(word: Token) -> bool:
    """As it was typed: the finders may see a capital where there should be one (`parsing.casing`)."""
    return word.text[:1].isupper()


def _flags(word: Token, language: str) -> str:
    return _word_features(word.text, word.key, language)[3]


def _gaps(words: Sequence[Token], text: str) -> list[str]:
    """What stands before each token, and after the last: a space, a line's end, a comma."""
    gaps = []
    behind = 0
    for word in words:
        gap = text[behind : word.start]
        gaps.append("\n" if "\n" in gap or not behind else gap.strip()[:1] or gap[:1])
        behind = word.end
    gaps.append(text[behind:].strip()[:1] or "\n")
    return gaps


# --------------------------------------------------------------------------------------------------------- model


class Recognizer:
    """A trained model; one at a time reads with it."""

    def __init__(self, model: bytes) -> None:
        """``model`` is a file as CRFsuite writes it."""
        import pycrfsuite  # noqa: PLC0415 - an import must not load a library that a short command has no need of

        self._model = model  # CRFsuite reads in these bytes as long as it lives, and keeps no hold of them itself
        self._tagger: Any = pycrfsuite.Tagger()
        self._tagger.open_inmemory(model)
        self._lock = Lock()

    def guesses(self, words: Sequence[Token], text: str, language: str) -> tuple[Guess, ...]:
        """The names in a text in their order."""
        words = words[:LONGEST]
        if not words:
            return ()
        rows = features(words, text, language)
        with self._lock:
            self._tagger.set(rows)
            labels = self._tagger.tag()
            return tuple(
                Guess(first, last, label, self._sure(labels, first, last)) for first, last, label in spans(labels)
            )

    def _sure(self, labels: Sequence[str], first: int, last: int) -> float:
        return min(float(self._tagger.marginal(labels[at], at)) for at in range(first, last + 1))


def spans(labels: Sequence[str]) -> list[tuple[int, int, str]]:
    """First token, last token and label of each name in a row of ``B-PER I-PER O`` labels."""
    found: list[tuple[int, int, str]] = []
    for at, label in enumerate(labels):
        mark, _, name = label.partition("-")
        if mark == "O":
            continue
        if mark == "I" and found and found[-1][1] == at - 1 and found[-1][2] == name:
            found[-1] = (found[-1][0], at, name)
        else:
            found.append((at, at, name))
    return found


@cache
def recognizer() -> Recognizer:
    """The model that comes with the product, read once a process."""
    return Recognizer((files("parsing.words") / MODEL).read_bytes())


@lru_cache(maxsize=256)
def _read(words: tuple[Token, ...], text: str, language: str) -> tuple[Guess, ...]:
    return recognizer().guesses(words, text, language)


def guesses(words: Sequence[Token], text: str, language: str) -> tuple[Guess, ...]:
    """The names that the model sees in a text, remembered for the finders that ask for the same text."""
    return _read(tuple(words), text, language)
