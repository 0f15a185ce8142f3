"""Calendar invitations (RFC 5545, iTIP RFC 5546) that came with a mail: which meeting, with whom, when.

A small reader of our own: it takes what calendars of all makers get wrong (zones by display name, lines broken
anywhere, missing ends) and never raises.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo

from mail_ingest.recurrences import days, read_rule
from mail_ingest.zones import by_offset, find_zone
from parsing.model import Address, Invitation

_LONGEST = 1_000_000
_MOST_LINES = 20_000
_MOST_PEOPLE = 500
_DEEPEST = 8
_MOMENTS = frozenset({"DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"})
_LINE = re.compile(
    r"^(?P<name>[A-Za-z0-9-]+)(?P<params>(?:;[^:\";]*(?:\"[^\"]*\"[^:\";]*)*)*):(?P<value>.*)$", re.DOTALL
)
_PARAM = re.compile(r";([A-Za-z0-9-]+)=(\"[^\"]*\"|[^;:]*)")
_DURATION = re.compile(r"^([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$")
_ESCAPED = re.compile(r"\\([\\;,nN:\"])")


@dataclass(slots=True)
class _Event:
    """One VEVENT: its lines by name, each with its parameters."""

    lines: dict[str, list[tuple[dict[str, str], str]]] = field(default_factory=dict)

    def value(self, name: str) -> str | None:
        found = self.lines.get(name)
        return found[0][1] if found else None

    def text(self, name: str) -> str | None:
        value = self.value(name)
        return _unescape(value).strip() or None if value is not None else None


def read_invitation(calendars: Iterable[str], sent_at: datetime | None) -> Invitation | None:
    """The meeting of the first calendar that invites to one, changes it or calls it off; answers are none.

    Of a meeting that recurs it is the instance nearest before ``sent_at``, or the first where all are later.
    """
    for said in calendars:
        method, events, zones = _read_calendar(said)
        if method in {"REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER"} or not events:
            continue
        return _invitation(events, zones, method, sent_at)
    return None


def _read_calendar(said: str) -> tuple[str, list[_Event], dict[str, tzinfo]]:
    """The method, the events, and the zones that the calendar brings with it."""
    method, events = "", list[_Event]()
    offsets: dict[str, dict[str, int]] = {}
    tzid = ""
    for place, name, params, value in _placed_lines(said):
        if place == ("VEVENT",) and name == "BEGIN":
            events.append(_Event())
        elif place == ("VEVENT",) and events and len(events[-1].lines.setdefault(name, [])) < _MOST_PEOPLE:
            events[-1].lines[name].append((params, value))
        elif not place and name == "METHOD":
            method = value.strip().upper()
        elif place == ("VTIMEZONE",) and name == "TZID":
            tzid = value.strip()
        elif place[:1] == ("VTIMEZONE",) and name == "TZOFFSETTO" and (minutes := _offset(value)) is not None:
            offsets.setdefault(tzid, {})[place[-1]] = minutes
    return method, events, _own_zones(offsets)


def _own_zones(offsets: dict[str, dict[str, int]]) -> dict[str, tzinfo]:
    """Zones that a calendar defines, by their names or else by their offsets of winter and summer."""
    zones = {}
    for name, kinds in offsets.items():
        winter = kinds.get("STANDARD", 0)
        zone = find_zone(name) or by_offset(winter, kinds.get("DAYLIGHT", winter))
        if zone:
            zones[name] = zone
    return zones


def _placed_lines(said: str) -> Iterable[tuple[tuple[str, ...], str, dict[str, str], str]]:
    """Each line with the components that it stands in, the calendar itself aside; a ``BEGIN`` stands in its own."""
    place: tuple[str, ...] = ()
    for name, params, value in _lines(said):
        component = value.upper().strip()
        if name == "BEGIN":
            if component != "VCALENDAR" and len(place) < _DEEPEST:
                place = (*place, component)
        elif name == "END":
            place = place[: len(place) - 1 - place[::-1].index(component)] if component in place else place
            continue
        yield place, name, params, value


def _lines(said: str) -> Iterable[tuple[str, dict[str, str], str]]:
    unfolded = re.sub(r"\r?\n[ \t]", "", said[:_LONGEST].replace("\r\n", "\n"))
    for line in unfolded.split("\n")[:_MOST_LINES]:
        if ":" not in line or (match := _LINE.match(line.strip("\r\ufeff"))) is None:
            continue
        name, params, value = match.group("name").upper(), match.group("params"), match.group("value")
        if name in _MOMENTS and "TZID=" in params and not re.match(r"\s*\d{8}", value):
            # A zone's display name has a colon, and not every calendar quotes it: "TZID=(UTC+01:00) Berlin".
            more, _, value = value.rpartition(":")
            params = f"{params}:{more}"
            yield name, {"TZID": params.partition("TZID=")[2].strip('"')}, value
        else:
            yield name, {key.upper(): said.strip('"') for key, said in _PARAM.findall(params)}, value


def _offset(value: str) -> int | None:
    match = re.match(r"^\s*([+-])(\d\d)(\d\d)", value)
    if match is None:
        return None
    return (-1 if match.group(1) == "-" else 1) * (int(match.group(2)) * 60 + int(match.group(3)))


def _invitation(events: list[_Event], zones: dict[str, tzinfo], method: str, sent_at: datetime | None) -> Invitation:
    master = next((event for event in events if "RECURRENCE-ID" not in event.lines), events[0])
    start = _moment(master, "DTSTART", zones)
    end = _end(master, start, zones)
    length = _length(start, end)
    shown = master
    if start is not None and sent_at is not None and master.value("RRULE"):
        start = _instance(master, start, sent_at, zones)
        for event in events:
            if "RECURRENCE-ID" in event.lines and _moment(event, "RECURRENCE-ID", zones) == start:
                shown, start = event, _moment(event, "DTSTART", zones) or start
                length = _length(start, _end(event, start, zones)) or length
        end = start + length if length is not None else None
    return Invitation(
        subject=shown.text("SUMMARY") or master.text("SUMMARY"),
        organizer=next(iter(_people(shown, "ORGANIZER")), None),
        attendees=tuple(_people(shown, "ATTENDEE")),
        place=shown.text("LOCATION") or master.text("LOCATION"),
        start=start,
        end=end,
        description=shown.text("DESCRIPTION") or "",
        cancelled=method == "CANCEL" or (shown.value("STATUS") or "").strip().upper() == "CANCELLED",
    )


def _people(event: _Event, name: str) -> list[Address]:
    """The people of a property; rooms and other things that were booked are none."""
    found = []
    for params, value in event.lines.get(name, []):
        if params.get("CUTYPE", "").upper() in {"RESOURCE", "ROOM"}:
            continue
        email = re.sub(r"^\s*mailto:\s*", "", value, flags=re.IGNORECASE).strip().strip("<>").lower()
        email = params.get("EMAIL", "").lower() if "@" not in email else email
        shown = _unescape(params.get("CN", "")).strip().strip("'\"") or None
        if email or shown:
            found.append(Address(email=email, name=shown if shown and shown.lower() != email else None))
    return found


def _moment(event: _Event, name: str, zones: dict[str, tzinfo]) -> datetime | date | None:
    for params, value in event.lines.get(name, []):
        return _read_moment(value, params, zones)
    return None


def _read_moment(value: str, params: dict[str, str], zones: dict[str, tzinfo]) -> datetime | date | None:
    """A DATE or DATE-TIME; naive where it floats or its zone is unknown."""
    match = re.match(r"^\s*(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d):?(\d\d):?(\d\d)?(Z)?)?", value)
    if match is None:
        return None
    year, month, day, hour, minute, second, zulu = match.groups()
    try:
        if hour is None:
            return date(int(year), int(month), int(day))
        wall = datetime(int(year), int(month), int(day), int(hour), int(minute), min(int(second or 0), 59))  # noqa: DTZ001 - it may float
    except ValueError:
        return None
    if zulu:
        return wall.replace(tzinfo=UTC)
    tzid = params.get("TZID", "")
    return wall.replace(tzinfo=find_zone(tzid) or zones.get(tzid)) if tzid else wall


def _end(event: _Event, start: datetime | date | None, zones: dict[str, tzinfo]) -> datetime | date | None:
    end = _moment(event, "DTEND", zones)
    if end is not None or start is None:
        return end
    match = _DURATION.match((event.value("DURATION") or "").strip().upper())
    if match is None:
        return None
    weeks, days, hours, minutes, seconds = (min(int(part or 0), 100_000) for part in match.groups()[1:])
    try:
        return start + timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        return None


def _length(start: datetime | date | None, end: datetime | date | None) -> timedelta | None:
    if isinstance(start, datetime) and isinstance(end, datetime):
        return (
            end.replace(tzinfo=None) - start.replace(tzinfo=None)
            if (end.tzinfo is None) != (start.tzinfo is None)
            else end - start
        )
    if isinstance(start, datetime) or isinstance(end, datetime) or start is None or end is None:
        return None
    return end - start


def _instance(event: _Event, start: datetime | date, sent_at: datetime, zones: dict[str, tzinfo]) -> datetime | date:
    """The start of the instance nearest before ``sent_at``; ``start`` where the rule cannot be read."""
    rule = read_rule(event.value("RRULE") or "")
    zone = start.tzinfo if isinstance(start, datetime) else None
    now = sent_at.astimezone(zone).replace(tzinfo=None) if zone else sent_at.replace(tzinfo=None)
    wall = start.replace(tzinfo=None) if isinstance(start, datetime) else datetime(start.year, start.month, start.day)  # noqa: DTZ001 - a date has no zone
    if rule is None or wall > now:
        return start
    gone = {
        _wall(_read_moment(one, params, zones), zone)
        for params, value in event.lines.get("EXDATE", [])
        for one in value.split(",")
    }
    until = min(now, _until(event.value("RRULE") or "", zone) or now)
    last = wall
    for day in days(rule, wall.date(), until.date()):
        moment = datetime.combine(day, wall.time())
        if moment <= until and moment not in gone:
            last = moment
    return last.replace(tzinfo=zone) if isinstance(start, datetime) else last.date()


def _wall(moment: datetime | date | None, zone: tzinfo | None) -> datetime | None:
    """A moment as wall time in ``zone``, so that it may be compared with the others of its rule."""
    if isinstance(moment, datetime):
        return moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo and zone else moment.replace(tzinfo=None)
    return datetime(moment.year, moment.month, moment.day) if moment else None  # noqa: DTZ001 - a date has no zone


def _until(rule: str, zone: tzinfo | None) -> datetime | None:
    match = re.search(r"(?:^|;)UNTIL=([0-9TZ]+)", rule.strip(), re.IGNORECASE)
    moment = _read_moment(match.group(1), {}, {}) if match else None
    if moment is not None and not isinstance(moment, datetime):
        return datetime(moment.year, moment.month, moment.day, 23, 59, 59)  # noqa: DTZ001 - a date has no zone
    return _wall(moment, zone)


def _unescape(value: str) -> str:
    return _ESCAPED.sub(lambda match: "\n" if match.group(1) in "nN" else match.group(1), value)
