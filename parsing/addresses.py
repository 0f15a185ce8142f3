"""Postcode and street of the visit's place as the message writes them."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from parsing.lexicon import LONGEST
from parsing.model import Crm, Found, KnownAccount
from parsing.places import is_known, key_of_town, postcodes
from parsing.text import tokens
from parsing.words import table

_BESIDE = 4
_LONGEST_TOWN = 3

# A capital in the middle of a word begins nothing; without this a line of capitals takes minutes.
_CAPITAL = r"(?<!\w)[^\W\d_a-z\u00df-\u00f6\u00f8-\u00ff]"
_NAME = rf"{_CAPITAL}[\w'\u2019-]*"


@cache
def _words_of(language: str) -> tuple[str, str, str]:
    """Endings of streets, words that begin one with a number behind, and words that are one, as patterns."""
    known = table(language, "places").get("streets", {})
    ends, openers, words = (
        "|".join(sorted(map(re.escape, known.get(key, ())), key=len, reverse=True)) or "(?!)"
        for key in ("ends", "openers", "words")
    )
    return ends, openers, words


_NUMBER = r"\d{1,4}(?:\s?[a-zA-Z](?!\w)|[-/]\d{1,3}(?!\d))?"


@cache
def _streets(language: str) -> re.Pattern[str]:
    """Street and number after the words of the table: "...straat 12", "Am Markt 3", "12 High Street"."""
    ends, openers, words = _words_of(language)
    if language == "en":
        return re.compile(
            rf"\b\d{{1,5}}[A-Za-z]?,?\s(?:{_NAME}\.?\s){{1,3}}(?:{words})(?!\w)\.?"
            rf"|\b(?:{openers})\s\d{{1,4}}[A-Za-z]?,?\s(?:{_NAME}\s){{0,3}}(?:{words}|{_NAME})(?!\w)"
            rf"|(?:{_NAME}\s){{1,2}}(?:{words})\s\d{{1,4}}[A-Za-z]?(?!\w)"
        )
    return re.compile(
        rf"(?:{_NAME}[ ](?:[a-z]{{1,4}}[ ])?){{0,{2 if language == 'nl' else 0}}}"
        rf"(?:{_CAPITAL}[\w'\u2019-]{{0,40}}(?:{ends})|{_NAME}[ -](?:(?i:{words})))\s{_NUMBER}"
        rf"|\b(?:{openers})\s(?:[\w'\u2019-]{{1,40}}\s){{1,3}}{_NUMBER}"
    )


@cache
def _posted(language: str) -> re.Pattern[str]:
    """A street of any name, for a postcode stands behind: "Damrak 70, 1012 AB", "9 Boroughgate, Otley LS21 1AE"."""
    if language == "en":
        named = rf"\d{{1,5}}[A-Za-z]?,?\s{_NAME}(?:\s{_NAME}){{0,3}}"
        behind = (
            rf",\s*(?:{_NAME}(?:[ -]{_NAME}){{0,2}},?\s*){{0,2}}(?:[A-Z]{{1,2}}\d[A-Z\d]?\s?\d[A-Z]{{2}}|\d{{5}})(?!\w)"
        )
    else:
        code = {"nl": r"(?:[1-9]\d{3}\s?[A-Z]{2}|(?:B-)?[1-9]\d{3}\s+[A-Z]\w)", "fi": r"\d{5}\s+[A-Z\u00c4\u00d6]\w"}
        named = rf"{_NAME}(?:\s(?:[a-z]{{1,4}}\s)?{_NAME}){{0,3}}\s{_NUMBER}"
        behind = r",?\s*" + code.get(language, r"(?:[A-Z]{1,2}-)?\d{4,5}\s+[A-Z\u00c4\u00d6\u00dc]\w")
    return re.compile(rf"(?<![\w'\u2019])(?:{named})(?={behind})")


@cache
def _unnumbered(language: str) -> re.Pattern[str]:
    """A street that is named without a number, after a word that says "in" or "on": "aan de Lindelaan"."""
    ends, _, words = _words_of(language)
    leads = "|".join(map(re.escape, table(language, "places").get("streets", {}).get("leads", ()))) or "(?!)"
    ended = rf"{_CAPITAL}[\w'\u2019-]{{1,40}}(?:{ends})(?!\w)"
    street = rf"(?:{_NAME}\s){{1,2}}(?:{words})(?!\w)" if language == "en" else ended
    return re.compile(rf"\b(?:{leads})\s(?P<street>{street})(?!\s\d)")


def find_postcode(
    text: str, language: str, crm: Crm, account: KnownAccount | None, taken: Sequence[tuple[int, int]]
) -> Found[str] | None:
    """The postcode of the visit's place as written, in the notation of the language's countries."""
    del crm, account
    for match in postcodes(language).finditer(text[:LONGEST]):
        group = "sure" if match["sure"] else "code"
        start, end = match.span(group)
        sure = (language in {"en", "nl"} and group == "sure") or _after_street(text, start, language)
        town = _town_before(text, start) if language == "en" else _town_follows(text, end)
        if _free(start, end, taken) and (sure or town):
            return Found(match[group], start, end, confidence=0.95, why="a postcode", cue="postcode")
    return None


def _after_street(text: str, start: int, language: str) -> bool:
    low = max(0, start - 80)
    streets = [*_streets(language).finditer(text, low), *_posted(language).finditer(text, low)]
    return any(start - _BESIDE <= match.end() <= start for match in streets)


def _town_follows(text: str, end: int) -> bool:
    following = tokens(text[end : end + 40])
    return bool(following) and is_known(following[0].key)


def _town_before(text: str, start: int) -> bool:
    """Whether an American postcode stands behind a state or a town."""
    before = text[max(0, start - 40) : start].rstrip(" ,")
    words = tokens(before)
    if before[-2:].isupper() and len(words) > 1 and words[-1].text.isupper():
        return True
    return any(is_known(key_of_town(" ".join(word.text for word in words[-size:]))) for size in range(1, _LONGEST_TOWN))


def find_street(
    text: str, language: str, crm: Crm, account: KnownAccount | None, taken: Sequence[tuple[int, int]]
) -> Found[str] | None:
    """Street and number of the visit's place as written."""
    del crm, account
    text = text[:LONGEST]
    for start, end, confidence in _candidates(text, language):
        # What stands before the street in one breath may be the company's name.
        begin = max((right for left, right in taken if left <= start < right), default=start)
        street = text[begin:end].strip(" ,.;:")
        begin = text.index(street, begin) if street else begin
        if street and _free(begin, begin + len(street), taken):
            return Found(
                street, begin, begin + len(street), confidence=confidence, why="a street is named", cue="street"
            )
    return None


def _candidates(text: str, language: str) -> Iterator[tuple[int, int, float]]:
    """Start, end and confidence of what may be a street, the surest first."""
    for match in _streets(language).finditer(text):
        yield *match.span(), 0.9
    for match in _posted(language).finditer(text):
        yield *match.span(), 0.85
    for match in _unnumbered(language).finditer(text):
        yield *match.span("street"), 0.75


def _free(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    return all(end <= left or start >= right for left, right in taken)
