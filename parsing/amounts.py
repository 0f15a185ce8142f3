"""Money in running text, as stated: not quantities, percentages or what the rep paid for parking."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any

from parsing.lexicon import LONGEST, Word, fold, lexicon, read_words
from parsing.model import Found, Money
from parsing.numerals import find_numerals
from parsing.words import frequency, table

_NUMBER = r"(?:\d{1,3}(?:[.,' \u2019\u00a0\u202f]\d{3})+(?![\d])(?:[.,]\d{1,2}(?!\d))?|\d{1,9}(?:[.,]\d{1,3})?(?!\d))"
_SYMBOLS = {
    "€": "EUR",
    "£": "GBP",
    "$": "USD",
    "us$": "USD",
    "eur": "EUR",
    "chf": "CHF",
    "usd": "USD",
    "gbp": "GBP",
    "sek": "SEK",
    "nok": "NOK",
    "dkk": "DKK",
    "pln": "PLN",
    "czk": "CZK",
    "t€": "EUR",
    "k€": "EUR",
    "keur": "EUR",
    "teur": "EUR",
    "m€": "EUR",
    "meur": "EUR",
    "tchf": "CHF",
    "kchf": "CHF",
    "zł": "PLN",
    "us-dollar": "USD",
}
_SCALES = {
    "k": 1000,
    "t€": 1000,
    "k€": 1000,
    "keur": 1000,
    "teur": 1000,
    "tchf": 1000,
    "kchf": 1000,
    "m€": 1_000_000,
    "meur": 1_000_000,
    "mio": 1_000_000,
    "mln": 1_000_000,
}
_UNNAMED = "?"
"""The currency of "12.500,-", which is money of a currency that is not said."""
_LEAST = 100
"""Below this a bare number beside "budget" or "price" is as well a count."""
_THOUSAND = 1000
_HOUR = 60
_BIDS = Decimal("1.6")
"""The higher of two bids for one thing is seldom more than so many times the lower."""
_LAST_MINUTE = 2400
"""Below this a plain number may be a time of day: "1130. down to three percent"."""
_NEIGHBOURS = 4
_GRAMMAR = 5.9
"""Zipf frequency of words such as "for" and "per"."""
_COINS = frozenset(map(Decimal, ("0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10", "20", "50", "100", "200")))
"""Coins and notes: what a machine takes or gives is no sum of the business."""
_YEARS = range(1950, 2100)


@dataclass(frozen=True, slots=True)
class _Sum:
    """A number with what stands around it; ``scale`` and ``currency`` None where it has none of its own."""

    value: Decimal
    start: int
    end: int
    scale: int | None
    currency: str | None
    plain: bool = False
    """A whole number without separators: it may be a year, a count, a house number."""


@dataclass(frozen=True, slots=True)
class _Words:
    currencies: Mapping[str, str]
    scales: Mapping[str, int]
    numbers: Mapping[str, str]
    loose: frozenset[str]
    implied: Mapping[str, str]
    pattern: re.Pattern[str]


def find_amounts(text: str, language: str, home: str | None = None) -> list[Found[Money]]:
    """Sums of the business in the order of the text, both ends of a range.

    A sum that names no currency is in the only one that the text names, else in ``home``, that of the customer's
    country, else in EUR.
    """
    text, begins = _in_digits(text[:LONGEST], language)
    words = _words(language) if home is None else replace(_words(language), implied={})
    sums = [_scaled(_read(match, words, language), begins) for match in words.pattern.finditer(text)]
    named = {one.currency for one in sums if one.currency not in {None, _UNNAMED}}
    usual = named.pop() if len(named) == 1 else home
    unscaled = _ranges(sums, text, language)
    return [
        Found(
            Money(value=one.value * (one.scale or 1), currency=_currency(one, usual or "EUR")),
            begins.get(one.start, one.start),
            one.end,
            why="a sum of money",
            cue="currency" if one.currency else "scaled" if one.scale else "bare",
        )
        for one in unscaled
        if _is_money(one, text, words, language, unscaled)
    ]


def is_haggled(text: str, language: str, sums: Sequence[Found[Money]]) -> bool:
    """Whether two of the sums are bids for one thing: of about one size, where a word of haggling stands."""
    values = sorted(one.value.value for one in sums)
    if not any(low < high <= low * _BIDS for low, high in pairwise(values)):
        return False
    return any(
        hit.label == "haggled" for hit in lexicon(language, "amounts", "beside").hits(read_words(text, language))
    )


def _currency(one: _Sum, usual: str) -> str:
    return usual if one.currency is None or one.currency == _UNNAMED else one.currency


def _in_digits(text: str, language: str) -> tuple[str, dict[int, int]]:
    """The text with long numbers in words as digits at the end of their words, and where those words begin."""
    begins: dict[int, int] = {}
    for numeral in find_numerals(text, language):
        digits = f"{numeral.value.normalize():f}"
        width = numeral.end - numeral.start
        if numeral.value >= 1 and len(digits) < width:
            begins[numeral.end - len(digits)] = numeral.start
            text = text[: numeral.start] + digits.rjust(width) + text[numeral.end :]
    return text, begins


def _scaled(one: _Sum, begins: Mapping[int, int]) -> _Sum:
    """Thousands in one word, "vijfentwintigduizend", read like "25 thousand"."""
    if one.start not in begins or one.scale or one.value < _THOUSAND or one.value % _THOUSAND:
        return one
    return replace(one, value=one.value / _THOUSAND, scale=_THOUSAND)


@cache
def _words(language: str) -> _Words:
    known: Mapping[str, Any] = table(language, "amounts")
    currencies = {**_SYMBOLS, **{fold(k, language): v for k, v in known.get("currencies", {}).items()}}
    scales = {**_SCALES, **{fold(k, language): v for k, v in known.get("scales", {}).items()}}
    numbers = {fold(k, language): str(v) for k, v in known.get("numbers", {}).items()}
    loose = frozenset(fold(word, language) for word in known.get("loose", ()))
    spelled = {word for source in (known.get("currencies", {}), known.get("scales", {})) for word in source}
    either = "|".join(re.escape(word) for word in sorted({*_SYMBOLS, *_SCALES, *spelled}, key=len, reverse=True))
    said = "|".join(re.escape(word) for word in sorted(known.get("numbers", {}), key=len, reverse=True)) or r"(?!)"
    before = "|".join(re.escape(word) for word in sorted(_SYMBOLS, key=len, reverse=True))
    pattern = re.compile(
        rf"(?P<before>(?:(?<![^\W\d_])(?:{before}|fr)\.?|[€£$])\s?)?"
        rf"(?:(?<![\w.,:/+])(?<!(?<!\d)[^\W\d_]-)(?P<number>{_NUMBER})|(?<![\w-])(?P<said>{said})(?=\s|-\s))"
        rf"(?P<first>\s?(?:{either})(?![^\W\d_])\.?)?"
        rf"(?P<second>\s?(?:{either})(?![^\W\d_]))?"
        r"(?P<tenths>(?<=\dk)\d{1,2}(?!\w))?"
        r"(?P<dash>[.,](?:--|-|\u2013|\u2014)(?!\w))?",
        re.IGNORECASE,
    )
    return _Words(currencies, scales, numbers, loose, known.get("implied", {}), pattern)


def _read(match: re.Match[str], words: _Words, language: str) -> _Sum:
    scale: int | None = None
    currency: str | None = _UNNAMED if match["dash"] else None
    for piece in (match["before"], match["first"], match["second"]):
        key = (piece or "").strip().rstrip(".").lower()
        key = key if key in _SYMBOLS or key in _SCALES else fold(key, language)
        if key in words.scales:
            scale = (scale or 1) * words.scales[key]
        if key == "fr":
            currency = "CHF"
        if key in words.currencies:
            currency = words.currencies[key]
        elif currency in {None, _UNNAMED} and key in words.implied:
            currency = words.implied[key]
    digits = match["number"]
    value = _value(digits) if digits else Decimal(words.numbers[fold(match["said"], language)])
    if match["tenths"]:  # "5k8" is 5,800
        value += Decimal(f"0.{match['tenths']}")
    start, end = match.span()
    return _Sum(value, start, end, scale, currency, plain=bool(digits) and digits.isdigit())


def _value(digits: str) -> Decimal:
    """12.500 and 12,500 are thousands, 12,5 and 12.50 are not; of two marks the last is the decimal one."""
    bare = re.sub(r"[ '\u2019\u00a0\u202f]", "", digits)
    marks = [mark for mark in bare if mark in ".,"]
    if not marks:
        return Decimal(bare)
    if len(set(marks)) == 2:  # noqa: PLR2004
        return Decimal(bare.replace(marks[0], "").replace(marks[-1], "."))
    if len(marks) > 1 or (re.search(r"[.,]\d{3}$", bare) and not bare.startswith("0")):
        return Decimal(re.sub("[.,]", "", bare))
    return Decimal(bare.replace(",", "."))


def _ranges(sums: list[_Sum], text: str, language: str) -> list[_Sum]:
    """The left end of a range takes scale and currency from its right end: "10 à 12k", "von 8 auf 7,5 T€"."""
    between = re.compile(_either(language, "between"), re.IGNORECASE)
    done = list(sums)
    for index in range(len(sums) - 2, -1, -1):
        left, right = done[index], done[index + 1]
        if (right.scale is None and right.currency is None) or not between.fullmatch(_gap(text, left, right)):
            continue
        scale = left.scale or (right.scale if left.currency is None or left.value < _LEAST else None)
        if left.scale is None and left.value >= _THOUSAND and right.scale:
            scale = None
        done[index] = _Sum(left.value, left.start, left.end, scale, left.currency or right.currency or _UNNAMED)
    for index in range(1, len(done)):
        left, right = done[index - 1], done[index]
        scale = right.scale or left.scale
        if left.currency and not right.currency and between.fullmatch(_gap(text, left, right)):
            other = replace(right, scale=scale, currency=left.currency)
            # "Ninety thousand dollars and two others": what is ten times less is no other end.
            if _like(left, other):
                done[index] = other
    return done


def _gap(text: str, left: _Sum, right: _Sum) -> str:
    """What stands between two numbers, its spaces as one: "twintig- en vijfentwintigduizend"."""
    return re.sub(r"^-\s|\s+", " ", text[left.end : right.start])


def _like(one: _Sum, other: _Sum) -> bool:
    """Whether two sums are of one size, give or take a nought."""
    return one.value * (one.scale or 1) * 10 > other.value * (other.scale or 1) > one.value * (one.scale or 1) / 10


@cache
def _either(language: str, key: str) -> str:
    words = table(language, "amounts").get(key, ())
    return r"\s?(?:-|\u2013|\u2014|/|" + "|".join(re.escape(word) for word in words) + r")\s?(?:€|£|\$)?\s?"


def _is_money(one: _Sum, text: str, words: _Words, language: str, sums: Sequence[_Sum]) -> bool:
    around = _around(text, one.start, one.end, language)
    following = _following(text, one.end, language)
    coins = "cash" in around and one.value in _COINS and not one.scale
    if "own" in around or coins or following in {"%", *_words_of(language, "units")} or _is_friday(one, text):
        return False
    if one.currency or following in _words_of(language, "net"):
        return True
    if one.scale:
        return _is_scaled_money(_scale_word(text, one, language), following, around, words, language)
    if _counted(following, language) or _is_part_of_phone(one, text):
        return False
    if one.value < _LEAST:
        return "priced" in around and _has_cents(one, text, language)
    return _is_bare_money(one, text, around, language, sums)


def _is_friday(one: _Sum, text: str) -> bool:
    """Whether "Fr" is the weekday of a date, "Fr 24.10. in Rostock", and no currency."""
    said = re.match(r"fr\.?\s?(\d{1,2})\.(\d{1,2})\.(?:\s|\d)", text[one.start : one.end + 2], re.IGNORECASE)
    return said is not None and 1 <= int(said[1]) <= 31 and 1 <= int(said[2]) <= 12  # noqa: PLR2004


def _has_cents(one: _Sum, text: str, language: str) -> bool:
    """Whether a small number is written as a price: "at 99.50", on the continent "99,50"."""
    mark = "." if language == "en" else ","
    return mark in text[one.start : one.end] and one.value.as_tuple().exponent == -2  # noqa: PLR2004


def _is_bare_money(one: _Sum, text: str, around: set[str], language: str, sums: Sequence[_Sum]) -> bool:
    """Whether a number with neither currency nor "thousand" is a sum, by the words around it."""
    if one.plain and int(one.value) in _YEARS:
        return False
    if "priced" in around or ("bargained" in around and not _may_be_clock(one)):
        return True
    if one.plain:
        return "traded" in around and not _may_be_clock(one) and _stands_alone(one, text)
    traded = "traded" in around and _is_led(one, text, language)
    return one.value >= _THOUSAND and (traded or _beside_money(one, text, sums))


def _is_part_of_phone(one: _Sum, text: str) -> bool:
    joined = re.match(r"[ -]?\d", text[one.end : one.end + 2]) or re.search(r"\d[ /-]\Z", text[: one.start][-2:])
    return text[one.start] == "0" or joined is not None


def _is_led(one: _Sum, text: str, language: str) -> bool:
    """Whether a mark or a word such as "of" leads to the number."""
    before = text[: one.start].rstrip(" \u00a0")
    word = re.search(r"[^\W\d_]+\Z", before[-20:])
    return before[-1:] in set(",=:(-") if word is None else fold(word[0], language) in _words_of(language, "leads")


def _may_be_clock(one: _Sum) -> bool:
    """Whether a plain number reads as a time of day: "930", "1645"."""
    return one.plain and one.value < _LAST_MINUTE and one.value % 100 < _HOUR


def _stands_alone(one: _Sum, text: str) -> bool:
    """Whether marks or an end stand on both sides of a number, as of a sum after what it buys: "kit ordered, 395."."""
    before, after = text[: one.start].rstrip(" \u00a0"), text[one.end :].lstrip(" \u00a0")
    return before[-1:] in {",", "=", ":", "("} and (not after or after[0] in ",.;)!\n")


def _is_scaled_money(said: str, following: str, around: set[str], words: _Words, language: str) -> bool:
    """Whether "12k", "4 ton", "3 mille" without a currency is money and no count."""
    if said in _words_of(language, "sure") or "priced" in around:
        return True
    return not (_counted(following, language) or (said in words.loose and "scaled" not in around))


def _following(text: str, end: int, language: str) -> str:
    if text[end - 1 : end] == ".":
        return ""
    after = re.match(r"[ \u00a0]?(?:([^\W\d_]+)|(%))", text[end : end + 40])
    return fold(after[1] or after[2], language) if after else ""


def _counted(following: str, language: str) -> bool:
    """Whether the word after "10k" may be what is counted: words of grammar are far more frequent."""
    if not following or following in _words_of(language, "follows"):
        return False
    rare = frequency(language).get(following, 0.0) < _GRAMMAR or following == "of"
    return rare and "scaled" not in _of_word(following, language)


def _of_word(word: str, language: str) -> set[str]:
    return {hit.label for hit in lexicon(language, "amounts", "beside").hits((Word(word, 0, len(word), 0, 0),))}


def _start_of(one: _Sum) -> int:
    return one.start


def _beside_money(one: _Sum, text: str, sums: Sequence[_Sum]) -> bool:
    """Whether a grouped number stands in one breath with a sum: "they offer 9.800 €, we wanted 11.400"."""
    at = bisect_right(sums, one.start, key=_start_of)
    near = sums[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS]
    return any(
        other.currency
        and not re.search(r"[.!?]\s|\n", text[min(one.end, other.end) : max(one.start, other.start)])
        and _like(one, other)
        for other in near
    )


def _scale_word(text: str, one: _Sum, language: str) -> str:
    said = re.sub(r"[\d.,'\u2019]+", " ", text[one.start : one.end]).split()
    return fold(said[-1], language) if said else ""


@cache
def _words_of(language: str, key: str) -> frozenset[str]:
    return frozenset(fold(word, language) for word in table(language, "amounts").get(key, ()))


def _end_of(word: Word) -> int:
    return word.end


def _around(text: str, start: int, end: int, language: str) -> set[str]:
    """What the words near a number say: ``priced``, ``bargained``, ``scaled``, ``own``, ``cash``, ``traded``."""
    words = read_words(text, language)
    if not words:
        return set()
    at = min(bisect_right(words, start, key=_end_of), len(words) - 1)
    near = words[max(0, at - 3) : at]
    found = {hit.label for hit in lexicon(language, "amounts", "before").hits(near)}
    clause = [word for word in words[max(0, at - 25) : at + 25] if word.sentence == words[at].sentence]
    found |= {hit.label for hit in lexicon(language, "amounts", "beside").hits(clause)}
    return found & {"priced", "scaled", "own", "cash", "bargained", "traded"} if end > start else set()
