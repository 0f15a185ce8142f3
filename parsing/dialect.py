"""Finnish as it is spoken in the east and the north, brought to the spelling that the word tables have.

"Jäläkeen" is "jälkeen", "tulloo" is "tulee", "uuvet" is "uudet", "tullunna" is "tullut": Savo and Pohjanmaa put a
vowel between consonants, double a consonant before a long vowel, and have no d. Only a word that the language does
not know is read anew, and only as one that it does know (VISK § 31, § 38).
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from parsing.inflection import bases
from parsing.words import frequency, given_names, surnames, towns

_SHORTEST = 4
_KNOWN = 3.3
"""Zipf frequency from which a word is one of the language."""
_STEPS = 3
"""Traits of a dialect that one word may have at once."""

_RULES = tuple(
    (re.compile(pattern), tuple(spellings))
    for pattern, *spellings in (
        (r"([aeiouy])([lhn])\1(?=[bcdfghjkmnprstv])", r"\1\2"),
        (r"hh", "hd"),
        (r"p$", ""),
        (r"([bdfgjklmnprstv])\1(?=[aeiouy]{2})(?!iin$)", r"\1"),
        (r"oo$", "oa", "ee", "aa"),
        (r"ee$", "ea", "aa"),
        (r"ou", "au"),
        (r"(?<=[hjklmnprstv])ua|(?<=^[hjklmnprstv])ia", "aa"),
        (r"(?<=[aeiouy]h)(?=[aeiouy])", "d"),
        (r"(?<=[aeiouy][aeiouy])[vj](?=[aeiouy])", "d"),
        (r"(?<=[aeiouy])tt(?=[aeouy])", "ts"),
        (r"(?<=[aeiouy])ht(?=[aeiouy])", "ts"),
        (r"([uy])nn[aouy]$", r"\1t", r"\1n\1t"),
        (r"oova(?=t$)", "eeva"),
    )
)
_OWN = {
    "manna": "menna", "manny": "mennyt", "mannynna": "mennyt", "mannyt": "mennyt", "nahha": "nahda", "naha": "nahda",
}  # fmt: skip
"""Common words that no trait explains."""


@lru_cache(maxsize=20_000)
def standard(word: str) -> str:
    """The standard spelling of a folded Finnish ``word``, or ``word`` itself where it is known or nothing fits."""
    if word in _OWN:
        return _OWN[word]
    if len(word) < _SHORTEST or not word.isalpha() or _is_known(word) or word in surnames() or word in given_names():
        return word
    seen = {word}
    tried = [word]
    for _ in range(_STEPS):
        tried = [one for before in tried for one in _respelled(before) if one not in seen]
        seen.update(tried)
        for one in tried:
            if len(one) >= _SHORTEST - 1 and _is_known(one):
                return one
    return word


def _respelled(word: str) -> Iterator[str]:
    for pattern, spellings in _RULES:
        if pattern.search(word):
            for spelling in spellings:
                yield pattern.sub(spelling, word)


def _is_known(word: str) -> bool:
    known = frequency("fi")
    if known.get(word, 0.0) >= _KNOWN or word in towns():
        return True
    return any(known.get(base, 0.0) >= _KNOWN for base in bases(word, "fi"))
