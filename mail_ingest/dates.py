"""Dates as mail clients write them in a header block, in any of the languages of ``labels/months.toml``.

``read_date("Mi., 27. Okt. 2021 um 09:31 Uhr")`` is the wall time shown; it is aware where a zone is named and
naive where none is, since the reader's own zone is meant then.
"""

# ruff: noqa: RUF001 - characters that look alike are what mail holds

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

from mail_ingest.tables import MONTH_BEGINNINGS, MONTHS, MONTHS_BY_LANGUAGE, ZONE_HOURS, fold

_PM = r"p\.?\s?m\.?|nachm\.?|nachmittags|ip\.?|iltapäivällä|下午|午後|오후|м\.м\.|μ\.?μ\.?|odp\.?|du\.|öö|ös|م"
_AM = r"a\.?\s?m\.?|vorm\.?|vormittags|ap\.?|上午|午前|오전|π\.?μ\.?|dop\.?|de\.|ص"

_OFFSET = re.compile(r"(?:(?:utc|gmt|z)\s*)?(?<![\d/.])([+\-−–]\s?\d{1,2})(?::?(\d\d))?(?![\d/.])(?!\s*(?:/|\.\s?\d))")
_NAMED_ZONE = re.compile(r"(?<![\w])([a-zčé]{1,5})(?![\w])")
_TIME = re.compile(
    rf"(?:(?P<before>p\.?m\.?|下午|午後|오후|上午|午前|오전|μ\.μ\.|π\.μ\.)\s*)?(?<![\d.:/])(?P<hour>[01]?\d|2[0-4])\s?(?:[:.h时時시]|\sh\s)\s?(?P<minute>[0-5]\d)(?:[:.分분]?(?P<second>[0-5]\d)秒?)?(?![\d/])"
    rf"(?!\.\s?(?:19|20)\d\d)(?:\s*(?P<after>{_PM}|{_AM})(?!\w))?"
)
_HOUR_ONLY = re.compile(
    rf"(?:^|(?<=\s))(?P<hour>1[0-2]|[1-9])\s?(?P<after>{_PM}|{_AM})(?!\w)|(?:um|at|klo|kl\.?|om|à)\s(?P<whole>[01]?\d|2[0-3])(?:\s?(?:uhr|uur|h|klo)?)(?![\d:.])"
)
_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[-/.年년]\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"(?<![\d:])(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?[-/.]\s?((?:19|20)?\d\d)(?![\d:])")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_PM_ONLY = re.compile(_PM)


def read_date(text: str, languages: tuple[str, ...] = ()) -> datetime | None:
    """The moment that ``text`` tells, or None where it names no whole day with a year.

    ``languages`` are those that the labels beside it may be in; they decide between months that share a name.
    """
    said = fold(text)[:200].replace("\u202f", " ").replace("a las", " ").strip()
    day, rest = _day(said, languages)
    if day is None:
        return None
    at = _time(rest)
    return datetime.combine(day, at, tzinfo=_zone(rest))


def _day(said: str, languages: tuple[str, ...]) -> tuple[date | None, str]:
    """The day, and what is left of ``said`` without it."""
    if match := _YEAR_FIRST.search(said):
        year, month, day = (int(part) for part in match.groups())
        return _date(year, month, day), said[: match.start()] + " " + said[match.end() :]
    if named := _named_day(said, languages):
        return named
    if match := _NUMBERS.search(said):
        first, mark, second, year_said = match.groups()
        year = _year(year_said)
        rest = said[: match.start()] + " " + said[match.end() :]
        # With slashes and a twelve-hour clock the writer is American: the month comes first.
        american = mark == "/" and re.search(r"\d\s?[ap]\.?m\b", rest) is not None
        order = ((int(first), int(second)), (int(second), int(first)))
        for month, day in order if american else order[::-1]:
            if found := _date(year, month, day):
                return found, rest
    return None, said


def _named_day(said: str, languages: tuple[str, ...]) -> tuple[date, str] | None:
    """The day whose month is written as a word. The last such word counts: "mar." before is a Tuesday."""
    for word in reversed(list(_WORD.finditer(said))):
        month = _month(word.group(), languages)
        if month is None:
            continue
        before, after = said[: word.start()], said[word.end() :]
        for pattern in (_DAY_BEFORE_YEAR_AFTER, _YEAR_BEFORE_DAY_AFTER, _DAY_YEAR_AFTER, _YEAR_AND_DAY_BEFORE):
            if (match := pattern[0].search(before)) and (tail := pattern[1].match(after)):
                parts = {**match.groupdict(), **tail.groupdict()}
                year = _year(parts["year"])
                if found := _date(year, month, int(parts["day"])):
                    return found, before[: match.start()] + " " + after[tail.end() :]
    return None


_DAY_BEFORE_YEAR_AFTER = (
    re.compile(r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|º|°|er|:n|\.|-|,|\s|\s?de\s|\s?d['’]|-?\s?го|-?\s?en|/)*\s*$"),
    re.compile(r"^[\s.,\-/]*(?:de|del|r\.)?\s*(?P<year>(?:19|20)\d\d|\d\d(?![\d:.]))(?!\d)"),
)
_YEAR_BEFORE_DAY_AFTER = (
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)[\s.,\-]*(?:m\.|г\.|р\.)?\s*$"),
    re.compile(r"^[\s.,\-]*(?P<day>\d{1,2})(?![\d:])(?:st|nd|rd|th|\.|,|\s?d\.)*"),
)
_YEAR_AND_DAY_BEFORE = (
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)\.?\s?(?:gada|m\.|metų|\.)?\s*(?P<day>\d{1,2})\.?\s*$"),
    re.compile(r""),
)
_DAY_YEAR_AFTER = (
    re.compile(r"$"),
    re.compile(r"^[\s.,\-]*(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?[\s,.\-]+(?P<year>(?:19|20)\d\d|\d\d(?=\s))(?!\d)"),
)


def _month(word: str, languages: tuple[str, ...]) -> int | None:
    for language in languages:
        found = MONTHS_BY_LANGUAGE.get(language, {}).get(word)
        if found is not None:
            return found
    # Hebrew writes "in" and the month as one word.
    return MONTHS.get(word) or MONTH_BEGINNINGS.get(word) or MONTHS.get(word.removeprefix("ב"))


def _year(said: str) -> int:
    """A year of four digits or of two; mail is younger than 1970."""
    year = int(said)
    return year if year >= 100 else year + (1900 if year >= 70 else 2000)  # noqa: PLR2004 - as said


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _time(said: str) -> time:
    """The clock time in ``said``; midnight where there is none."""
    match = _TIME.search(said) or _HOUR_ONLY.search(said)
    if match is None:
        return time(0, 0)
    parts = match.groupdict()
    hour, minute = int(parts["hour"] or parts["whole"]) % 24, int(parts.get("minute") or 0)
    half = parts.get("before") or parts.get("after")
    if half and hour <= 12:  # noqa: PLR2004 - a twelve-hour clock
        hour = hour % 12 + (12 if _PM_ONLY.fullmatch(half) else 0)
    return time(hour, minute, int(parts.get("second") or 0))


def _zone(said: str) -> timezone | None:
    """The zone that ``said`` names as an offset or by an abbreviation, or None."""
    after = said[match.end() :] if (match := _TIME.search(said)) else said
    if offset := _OFFSET.search(after):
        hours, minutes = int(re.sub(r"[−–]", "-", offset.group(1)).replace(" ", "")), int(offset.group(2) or 0)
        if abs(hours) <= 14 and minutes < 60:  # noqa: PLR2004 - the widest offset in use, minutes of an hour
            sign = -1 if offset.group(1)[0] in "-−–" else 1
            return timezone(timedelta(hours=hours, minutes=sign * minutes))
    for word in _NAMED_ZONE.finditer(after):
        if word.group(1) in ZONE_HOURS:
            hours = ZONE_HOURS[word.group(1)]
            return UTC if hours == 0 else timezone(timedelta(hours=hours))
    return None
