"""The zone that a calendar means: an IANA name, a Windows name, or what Outlook shows beside a clock."""

import re
from collections.abc import Mapping
from datetime import timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

# Zones that stand for the standard offset of a display name, "(UTC+01:00) …", when none of its towns is known.
_BY_OFFSET = {
    0: "Europe/London", 60: "Europe/Berlin", 120: "Europe/Helsinki", 180: "Europe/Moscow", 240: "Asia/Dubai", 330: "Asia/Kolkata",
    480: "Asia/Shanghai", 540: "Asia/Tokyo", 600: "Australia/Sydney", 720: "Pacific/Auckland", -180: "America/Sao_Paulo",
    -240: "America/Halifax", -300: "America/New_York", -360: "America/Chicago", -420: "America/Denver", -480: "America/Los_Angeles",
}  # fmt: skip
# Towns of display names that are no IANA name, in the languages of the product.
_TOWNS = {
    "berlijn": "Europe/Berlin", "berliini": "Europe/Berlin", "wenen": "Europe/Vienna", "wien": "Europe/Vienna", "bern": "Europe/Zurich",
    "rom": "Europe/Rome", "rooma": "Europe/Rome", "stockholm": "Europe/Stockholm", "tukholma": "Europe/Stockholm", "brussel": "Europe/Brussels",
    "brüssel": "Europe/Brussels", "bryssel": "Europe/Brussels", "parijs": "Europe/Paris", "pariisi": "Europe/Paris", "kopenhagen": "Europe/Copenhagen",
    "kööpenhamina": "Europe/Copenhagen", "londen": "Europe/London", "lontoo": "Europe/London", "edinburgh": "Europe/London", "dublin": "Europe/Dublin",
    "lissabon": "Europe/Lisbon", "warschau": "Europe/Warsaw", "varsova": "Europe/Warsaw", "kiew": "Europe/Kyiv", "kiova": "Europe/Kyiv", "kyiv": "Europe/Kyiv",
    "tallinn": "Europe/Tallinn", "tallinna": "Europe/Tallinn", "riga": "Europe/Riga", "riika": "Europe/Riga", "vilnius": "Europe/Vilnius", "vilna": "Europe/Vilnius",
    "prag": "Europe/Prague", "praag": "Europe/Prague", "praha": "Europe/Prague", "boedapest": "Europe/Budapest", "budapest": "Europe/Budapest",
    "athene": "Europe/Athens", "athen": "Europe/Athens", "ateena": "Europe/Athens", "sofia": "Europe/Sofia", "moskau": "Europe/Moscow", "moskou": "Europe/Moscow",
    "moskova": "Europe/Moscow", "eastern time": "America/New_York", "central time": "America/Chicago", "mountain time": "America/Denver",
    "pacific time": "America/Los_Angeles", "arizona": "America/Phoenix", "indiana": "America/Indiana/Indianapolis",
}  # fmt: skip
_SHOWN_OFFSET = re.compile(r"\((?:utc|gmt)\s*(?:([+\-−])\s*(\d{1,2})(?::?(\d\d))?)?\)", re.IGNORECASE)


@cache
def _towns() -> Mapping[str, str]:
    """Per town of the IANA list its zone."""
    return {
        name.rpartition("/")[2].replace("_", " ").lower(): name
        for name in sorted(available_timezones(), reverse=True)
        if "/" in name
    } | _TOWNS


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, IsADirectoryError):
        return None


@cache
def find_zone(said: str) -> tzinfo | None:
    """The zone meant by a TZID, or None where the words name none."""
    name = said.strip().strip('"').strip()[:200]
    if not name:
        return None
    if name.upper() in {"UTC", "GMT", "Z", "ETC/UTC"}:
        return timezone.utc if name.upper() != "GMT" else _zone("UTC")  # noqa: UP017 - the name is the value here
    candidates = [name, WINDOWS_TO_OLSON.get(name, ""), WINDOWS_TO_OLSON.get(re.sub(r"\s\d+$", "", name), "")]
    parts = name.strip("/").split("/")
    candidates += ["/".join(parts[-count:]) for count in (3, 2) if len(parts) >= count]
    for candidate in candidates:
        if candidate and (found := _zone(candidate)):
            return found
    return _shown_zone(name)


def _shown_zone(name: str) -> tzinfo | None:
    """The zone of a display name such as "(UTC+01:00) Amsterdam, Berlin, Bern, Rome"."""
    towns = re.sub(r"\(.*?\)", " ", name, count=1)
    for town in re.split(r"[,;/&]", towns):
        zone = _towns().get(" ".join(town.split()).lower())
        if zone:
            return _zone(zone)
    if match := _SHOWN_OFFSET.search(name):
        sign = -1 if match.group(1) in {"-", "−"} else 1
        return by_offset(sign * (int(match.group(2) or 0) * 60 + int(match.group(3) or 0)))
    return None


def by_offset(minutes: int, summer: int | None = None) -> tzinfo | None:
    """A zone whose standard time is so many minutes east of Greenwich; a fixed one where it has no other summer time."""
    if abs(minutes) >= 24 * 60:
        return None
    if summer is not None and summer == minutes:
        return timezone(timedelta(minutes=minutes))
    name = _BY_OFFSET.get(minutes)
    return _zone(name) if name else timezone(timedelta(minutes=minutes))
