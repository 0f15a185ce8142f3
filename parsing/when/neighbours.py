"""A date in a neighbour's language: reps in Brussels, Turku or Bern write "le 3 mars" and "den 3 mars" between others.

The grammar of this package reads four languages. What it leaves goes to dateparser, and only under three gates:
an article that is said before a date stands there, a day and a month are named, and the day lies in the past half-year.
Without them dateparser answers too much ("14 Uhr" is the 14th to it).
"""

import re
from datetime import date, datetime, timedelta
from typing import Any

from parsing.model import Found

_WRITTEN = re.compile(
    r"\b(?:le|den|il|el|du|dal)\s+(?P<date>\d{1,2}(?:er|º|\.)?\s+[^\W\d_]{3,12}\.?(?:\s+\d{4})?)\b", re.IGNORECASE
)
LANGUAGES = ["fr", "sv", "it", "da", "es"]
HALF_A_YEAR = timedelta(days=183)


def find_neighbours_day(text: str, now: datetime) -> Found[date] | None:
    """The first such day in ``text`` that is not after ``now``; None where there is none."""
    for written in _WRITTEN.finditer(text):
        day = _read(written["date"], now)
        if day is not None and timedelta(0) <= now.date() - day <= HALF_A_YEAR:
            why = f"said “{written['date']}”"
            return Found(day, *written.span("date"), why=why, cue="foreign")
    return None


def _read(words: str, now: datetime) -> date | None:
    import dateparser  # noqa: PLC0415  # half a second, for a few messages in a thousand

    settings: Any = {
        "RELATIVE_BASE": now.replace(tzinfo=None),
        "PREFER_DATES_FROM": "past",
        "REQUIRE_PARTS": ["day", "month"],
        "PARSERS": ["absolute-time"],
    }
    read = dateparser.parse(words, languages=LANGUAGES, settings=settings)
    return read.date() if read else None
