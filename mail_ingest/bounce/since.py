"""The day from which someone is gone, as an automatic answer writes it in Dutch, German, Finnish or English."""

import re
from datetime import date, timedelta
from functools import cache

from mail_ingest.bounce.phrases import folded, languages

NOTICE_PERIOD = timedelta(days=120)
"""Answers announce a leaving three months ahead at most, as notice periods go; all other dates lie behind."""
CENTURY = 100

_ISO = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")
# Day before month, as all of these countries but America write it.
_NUMBERS = re.compile(r"(?<![\d+(])(\d{1,2})[./-]\s?(\d{1,2})[./-]\s?(20\d\d|\d\d(?!\d)|(?=\s|$|[,;)]))")


@cache
def _months() -> dict[str, int]:
    return {
        word: number
        for language in languages()
        for number, words in enumerate(language.months, start=1)
        for word in words.split("|")
    }


@cache
def _words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    month = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    day_first = re.compile(
        rf"(?<![\d\w])(?:(\d{{1,2}})(?:st|nd|rd|th|e|ste|de)?\.?\s(?:of\s)?)?({month})\b\.?,?(?:\s(20\d\d))?"
    )
    month_first = re.compile(rf"(?<!\w)({month})\.?\s(\d{{1,2}})(?:st|nd|rd|th)?\b(?!\.\d)(?:,?\s(20\d\d))?")
    return day_first, month_first


def is_month(word: str) -> bool:
    """Whether ``word`` names a month in one of the languages."""
    return folded(word) in _months()


def find_since(sentence: str, sent_on: date | None) -> date | None:
    """The first date of ``sentence``; see `_near` for one without a year; without a day it is the first."""
    low = folded(" ".join(sentence.split()))
    if found := _ISO.search(low):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.search(low):
        year = int(found[3]) % CENTURY + 20 * CENTURY if found[3] else None
        return _near(year, int(found[2]), int(found[1]), sent_on)
    day_first, month_first = _words()
    if (found := month_first.search(low)) and not _has_day(day_first, low):
        return _near(int(found[3]) if found[3] else None, _months()[found[1]], int(found[2]), sent_on)
    for found in day_first.finditer(low):
        if found[1] or found[3]:
            return _near(int(found[3]) if found[3] else None, _months()[found[2]], int(found[1] or 1), sent_on)
    return None


def _has_day(pattern: re.Pattern[str], low: str) -> bool:
    """Whether the first month named has its day before it."""
    found = pattern.search(low)
    return found is not None and found[1] is not None


def _near(year: int | None, month: int, day: int, sent_on: date | None) -> date | None:
    """The day; without a year the latest such day up to a notice period ahead of the answer."""
    if year is not None or sent_on is None:
        return _day(year, month, day) if year is not None else None
    days = [one for one in (_day(sent_on.year + step, month, day) for step in (-1, 0, 1)) if one is not None]
    return max((one for one in days if one - sent_on <= NOTICE_PERIOD), default=None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None  # the thirty-first of a short month, or a number that is no date
