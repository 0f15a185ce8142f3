"""The zone that a calendar means: an IANA name, a Windows name, or what Outlook shows beside a clock."""

# ruff: noqa: RUF001 - characters that look alike are what mail holds

import re
from collections.abc import Mapping
from datetime import timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from mail_ingest.tables import ZONES_BY_OFFSET, ZONES_BY_TOWN

_SHOWN_OFFSET = re.compile(r"\((?:utc|gmt)\s*(?:([+\-−])\s*(\d{1,2})(?::?(\d\d))?)?\)", re.IGNORECASE)


@cache
def _towns() -> Mapping[str, str]:
    """Per town of the IANA list its zone."""
    return {
        name.rpartition("/")[2].replace("_", " ").lower(): name
        for name in sorted(available_timezones(), reverse=True)
        if "/" in name
    } | ZONES_BY_TOWN


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
    """A zone whose winter time is so many minutes east of Greenwich; a fixed one where summer time is no other."""
    if abs(minutes) >= 24 * 60:
        return None
    if summer is not None and summer == minutes:
        return timezone(timedelta(minutes=minutes))
    name = ZONES_BY_OFFSET.get(minutes)
    return _zone(name) if name else timezone(timedelta(minutes=minutes))
