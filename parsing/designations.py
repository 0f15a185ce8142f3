"""What names a thing by its form alone: model names, articles of a catalogue, words such as "x-ray"."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from parsing.words import table

_SHORTEST = 3
_MOST_CODES = 3
_CODE = re.compile(
    r"(?<![\w.,@/:-])(?=[\w./-]{0,20}\d)(?=[\w./-]{0,20}[^\W\d_])[^\W_]{1,14}(?:[-/.]?[^\W_]{1,14}){0,4}(?![\w@])"
)
_UNITS = (
    "x e de ste st nd rd th k m h u uur uhr min std kg g mg l ml cl dl m2 m3 cm mm km kw kwh w v a hp pk ps t eur "
    "chf gbp usd am pm kpl stk pcs s er ers n mio mln te gb tb mb bar c d y yr jr kk pv vko wk hlö gr rpm"
)
_NO_CODE = re.compile(
    rf"(?i)\d+(?:[.,:/-]\d+)*\.?(?:{'|'.join(_UNITS.split())})|(?:kw|wk|vko|vk|q|week|nr|no|tel|fax|b|a|h)\.?-?\d+"
    r"|\d{1,2}[hu]\d{0,2}|\d+x\d+\w*|[a-z]{1,2}\d|[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}|\d[a-z]{2}|covid19?|mp3"
    r"|[\d./-]+[a-z]{0,2}"
)
_NUMBERED = re.compile(
    r"(?<![\w.,/-])(?P<term>(?P<name>[A-Z\u00c4\u00d6\u00dc][A-Za-z\u00c0-\u024f]{2,14})[ -]\d{2,4})"
    r"(?![\w:./%\u20ac-]\w|\w)"
    r"(?P<after>\s+[^\W\d_]+)?"
)
_JOINED = re.compile(r"(?<![\w.@/-])[A-Za-z]-[a-z\u00c0-\u024f]{3,14}(?:\s[a-z]{3,12}(?=[\s.,]|$))?(?![\w@-])")


_MODEL = re.compile(
    r"[ -](?:\d{1,4}[A-Za-z]{0,3}(?![\w:/%]|[., -]\d)|[A-Z]{2}(?![\w])|[IVX]{2,4}(?!\w)|\dD(?!\w)"
    r"|(?:Pro|Plus|Max|Mini|Lite|Ultra|Compact|Duo|Evo|Neo|Basic|Comfort|Deluxe|Premium|Junior|Maxi|Turbo|Eco)(?!\w))"
)


def is_model(text: str, end: int) -> bool:
    """Whether what follows the word that ends at ``end`` makes it the name of a model: "Stella 40", "Mia XL"."""
    return _MODEL.match(text, end) is not None


def find_designations(
    text: str, language: str, taken: Sequence[tuple[int, int]]
) -> Iterator[tuple[str, int, int, float]]:
    """Text, start, end and weight of what names a thing by its form, outside of ``taken``.

    Letters with digits ("TS-620", "GT40"), a name and a number ("Vento 500"), a letter and a word ("x-ray").
    """
    for match in _NUMBERED.finditer(text):
        name = match["name"].lower()
        if _free(*match.span(), taken) and not _counts(match["after"]) and name not in _named_numbers(language):
            yield match["term"], match.start("term"), match.end("term"), 8.6
    for match in _JOINED.finditer(text):
        if _free(*match.span(), taken):
            yield match.group(), *match.span(), 5.5
    found = 0
    for match in _CODE.finditer(text):
        code = match.group()
        if _NO_CODE.fullmatch(code) or len(code) <= _SHORTEST - 1 or not _free(*match.span(), taken):
            continue
        found += 1
        if found > _MOST_CODES:
            return
        yield code, *match.span(), 9.0


def _counts(after: str | None) -> bool:
    """Whether the word behind a number is a unit, so that the number counts."""
    return (after or "").strip().lower() in _UNITS.split()


@cache
def _named_numbers(language: str) -> frozenset[str]:
    """Words with a capital whose number tells of a day, a place or a count: "Juli 2026", "Halle 12", "Stand 40"."""
    words = {*table(language, "dates").get("months", {}), *table(language, "dates").get("weekdays", {})}
    words |= set(table(language, "keywords").get("numbered", ()))
    return frozenset(word.lower() for word in words)


def _free(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    return all(end <= left or start >= right for left, right in taken)
