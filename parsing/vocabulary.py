"""The words that names are made of: how much each says, and how a misspelt one is found."""

# ruff: noqa: PLR2004 - lengths and points are read best where they are weighed

from collections import defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from parsing.inflection import bases
from parsing.text import key_of
from parsing.words import frequency, given_names, surnames, table, towns

SHORT_WORDS = frozenset(table("names", "lists")["short_words"])
Ints = NDArray[np.int32]


@cache
def legal_forms() -> frozenset[str]:
    """Folded legal forms and other words that name no company by themselves."""
    return frozenset(table("names", "legal")["forms"])


@cache
def trades() -> frozenset[str]:
    """Folded words of the four languages for what a business does."""
    return frozenset(
        key_of(word) for language in ("nl", "de", "fi", "en") for word in table(language, "companies")["trade"]
    )


_ENDINGS = ("werk", "werke", "haus", "bau", "shop")


@cache
def is_trade(key: str) -> bool:
    """Whether a word says what a business does, by itself or as the end of a compound ("aardappelgroothandel")."""
    if key in trades():
        return True
    return len(key) > 7 and (key.endswith(_ENDINGS) or any(key[at:] in trades() for at in range(3, len(key) - 4)))


@cache
def commonness(word: str) -> float:
    """The highest Zipf frequency of a folded word in the four languages; 0 where it is rare."""
    return max(frequency(language).get(word, 0.0) for language in ("nl", "de", "fi", "en"))


@cache
def is_contraction(word: str) -> bool:
    """Whether a word is "she's", "I'll", "isn't": a name has an apostrophe too, but no pronoun or verb before it."""
    head, mark, tail = word.lower().replace("\u2019", "'").rpartition("'")
    return bool(mark and head) and (
        tail in {"ll", "re", "ve", "d", "m", "t"} or (tail == "s" and commonness(head) > 5.5)
    )


def weight_of(key: str, folded: str, place: frozenset[str]) -> float:
    """How much a word of a company's name tells it from others, 0.05 to 1; ``place`` are the keys of its town."""
    weight = _weight_anywhere(key, folded)
    if weight < 0.1 or not place:
        return weight
    if key in place or (any(town[:2] == key[:2] for town in place) and any(base in place for base in bases(key, "fi"))):
        return 0.35
    return weight


@lru_cache(maxsize=100_000)
def _weight_anywhere(key: str, folded: str) -> float:
    """The same for a company whose town is not known; less than 0.1 for words that name nothing, wherever it is."""
    if "&" not in folded and (key in SHORT_WORDS or len(key) == 1 or key in legal_forms()):
        return 0.05 if key in legal_forms() else 0.08
    if is_trade(key):
        return 0.45
    if folded in towns() and folded not in surnames():
        return 0.6
    everyday = commonness(folded) >= 4.3 and folded not in given_names() and folded not in surnames()
    return 0.7 if everyday else 1.0


@cache
def surname_keys() -> frozenset[str]:
    """Keys of surnames."""
    return frozenset(key_of(name) for name in surnames())


@cache
def proper_keys() -> frozenset[str]:
    """Keys of surnames, given names and towns."""
    return frozenset(key_of(name) for names in (surnames(), given_names(), towns()) for name in names)


class Words:
    """A vocabulary that finds a word by its key or, misspelt, by the trigrams it shares."""

    def __init__(self, keys: Iterable[str]) -> None:
        """``keys`` are folded words."""
        self.keys = sorted(set(keys))
        self.ids = {key: index for index, key in enumerate(self.keys)}
        grams: dict[str, list[int]] = defaultdict(list)
        for index, key in enumerate(self.keys):
            if len(key) > 3:
                for gram in _trigrams(key):
                    grams[gram].append(index)
        self._grams: dict[str, Ints] = {gram: np.array(found, dtype=np.int32) for gram, found in grams.items()}
        self._near: dict[str, tuple[tuple[str, float], ...]] = {}

    def near(self, key: str) -> tuple[tuple[str, float], ...]:
        """Words that ``key`` may misspell, with their likeness: one slip in five letters, two in ten."""
        if key not in self._near:
            if len(self._near) > 5_000:  # a memo, not a second vocabulary
                self._near.clear()
            self._near[key] = self._look_near(key)
        return self._near[key]

    def _look_near(self, key: str) -> tuple[tuple[str, float], ...]:
        lists = [self._grams[gram] for gram in _trigrams(key) if gram in self._grams]
        if not lists:
            return ()
        found, counts = np.unique(np.concatenate(lists), return_counts=True)
        enough = counts >= max(2, len(key) // 3)
        found, counts = found[enough], counts[enough]
        if len(found) > 40:
            found = found[np.argsort(-counts, kind="stable")[:40]]
        slips = 1 if len(key) < 9 else 2
        near = []
        for index in found:
            word = self.keys[int(index)]
            if abs(len(word) - len(key)) <= slips and min(len(word), len(key)) >= 5:
                distance = OSA.distance(key, word, score_cutoff=slips)
                if 0 < distance <= slips and (word[0] == key[0] or len(key) > 6):
                    near.append((word, 1 - 0.9 * distance / len(key)))
        return tuple(sorted(near, key=lambda pair: -pair[1])[:5])


def _trigrams(key: str) -> set[str]:
    padded = f"^{key}$"
    return {padded[at : at + 3] for at in range(len(padded) - 2)}
