"""What a word may be an inflected form of: case endings and possessives taken off, consonant gradation undone.

Finnish is undone on the message's side ("Virtasella" may be "virtanen", "Lahden" "lahti", "Kurjen" "kurki"), so that
an index of names holds base forms alone. Rules: the noun types of Iso suomen kielioppi (VISK § 41-45, 63-81).
"""

# ruff: noqa: PLR2004 - lengths and points are read best where they are weighed

from collections.abc import Iterator
from functools import lru_cache

from parsing.text import key_of

_ENDINGS = (
    "lla", "lle", "lta", "ssa", "sta", "n", "a", "ta", "na", "ksi", "tta", "seen", "hin", "han", "hun", "in", "en",
    "an", "on", "un", "yn", "l", "lt", "s", "st", "t", "kin", "llakin", "llekin", "ltakin", "ssakin", "nkin", "lles",
    "ille", "illa", "issa", "ista", "ilta", "ien", "jen", "den",
)  # fmt: skip
"""Singular (and the plural ones of names such as "Aallot") endings, folded; with those of speech (Lahes)."""

_STRONG = (
    ("nk", "ng"), ("mp", "mm"), ("nt", "nn"), ("lt", "ll"), ("rt", "rr"), ("kk", "k"), ("pp", "p"), ("tt", "t"),
    ("t", "d"), ("p", "v"), ("k", "j"), ("k", ""), ("t", ""),
)  # fmt: skip
"""Consonants before the last vowel: strong grade, weak grade."""

_GERMANIC = {
    "nl": ("s", "se", "es", "tje"),
    "de": ("s", "es", "n", "en", "sche", "schen", "scher", "sches", "e", "er"),
    "en": ("s", "es"),
}
_VOWELS = "aeiouy"


def _strong(stem: str) -> Iterator[str]:
    """The stem, and what its last consonants are in the strong grade: "auringo" -> "aurinko", "lahde" -> "lahte"."""
    yield stem
    if len(stem) < 3 or stem[-1] not in _VOWELS:
        return
    body, vowel = stem[:-1], stem[-1]
    for strong, weak in _STRONG:
        if weak and body.endswith(weak):
            yield body[: -len(weak)] + strong + vowel
        elif not weak and body[-1] in _VOWELS + "lrh":
            yield body + strong + vowel


def _weak(stem: str) -> Iterator[str]:
    """Nouns in -e have the weak grade in their base form: "rintee" -> "rinne"."""
    if len(stem) > 3 and stem[-2:] == "ee":
        body = stem[:-2]
        yield body + "e"
        for strong, weak in _STRONG[:9]:
            if body.endswith(strong):
                yield body[: -len(strong)] + weak + "e"


def _nominatives(stem: str) -> Iterator[str]:
    """Base forms that have this stem before their endings."""
    if stem.endswith("se"):
        yield stem[:-2] + "nen"
    if stem.endswith("s"):  # the partitive "Virtasta" has the short stem
        yield stem[:-1] + "nen"
    if stem.endswith("kse"):
        yield stem[:-3] + "s"
    for strong in _strong(stem):
        yield strong
        if strong[-1:] == "e":
            yield strong[:-1] + "i"
    yield from _weak(stem)
    if stem.endswith("o"):  # "Seinäjoella": the key has lost the e of -joe-
        yield stem + "ki"
    if stem.endswith("aa"):  # "vieras, vieraan", "Paras, Parhaan"
        yield stem[:-1] + "s"
    if stem[-1:] in {"i", "e"} and len(stem) > 3 and stem[-2] not in _VOWELS:  # "Bergin" of Berg
        yield stem[:-1]
    if stem[-2:-1] == stem[-1:] and stem[-1:] in _VOWELS:  # the illative's long vowel: "Poriin"
        yield stem[:-1]


@lru_cache(maxsize=20_000)
def bases(key: str, language: str) -> tuple[str, ...]:
    """Folded words that ``key`` may be a form of, likeliest first, without ``key`` itself; empty for short words."""
    if len(key) < 4:
        return ()
    found: dict[str, None] = {}
    if language == "fi":
        for ending in _ENDINGS:
            if key.endswith(ending) and len(key) - len(ending) >= 3:
                for base in _nominatives(key[: -len(ending)]):
                    if len(base) >= 3:
                        found[key_of(base)] = None
    else:
        for ending in _GERMANIC.get(language, ()):
            if key.endswith(ending) and len(key) - len(ending) >= 3:
                found[key[: -len(ending)]] = None
        if key.endswith("ss"):  # "Janssens's", "Jones's"
            found[key[:-1]] = None
    found.pop(key, None)
    return tuple(found)
