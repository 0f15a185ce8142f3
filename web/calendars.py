"""A person's calendar for Outlook, Google and the like: what they promised with a day, and the visits they plan.

An event says what is to be done and where; nobody's name, address or number is in it unless the rep wrote it there.
Actions are events of a whole day that leave one free: Outlook and Google show nothing but events of a subscription.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import Response
from icalendar import Calendar, Event

from capture.tokens import CALENDAR, Tokens
from store import agenda
from store.agenda import Entry
from web.shared import Shared

BACK = timedelta(days=60)
"""How long what is overdue stays in the calendar."""
SHORT = timedelta(hours=1)
"""How long a visit takes of which no end was told."""
HOURS = 1
"""How often a program is to look again."""
Token = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{20,100}$")]


def router(shared: Shared, tokens: Tokens, url: str | None) -> APIRouter:
    """The route. ``url`` is where people reach the pages, if they do."""
    routes = shared.routes()

    @routes.get("/calendar/{token}.ics")
    def calendar(token: Token, request: Request) -> Response:
        """The calendar of whom the token in the address is; 404 where it is nobody's any more."""
        caller = tokens.who(token)
        if caller is None or CALENDAR not in caller.scopes or not caller.who.may("read", "own"):
            raise HTTPException(404, "There is no such calendar.")
        since = caller.who.today(shared.clock()) - BACK
        with shared.db.read() as tx:
            entries = agenda.of(tx, caller.who.rep_id, since)
        body = written(entries, caller.who.name, url)
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers, media_type="text/calendar; charset=utf-8")

    return routes


def written(entries: list[Entry], name: str, url: str | None) -> bytes:
    """The entries as iCalendar has them (RFC 5545): the same entries are the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Debrief//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Debrief: {name}")
    calendar.add("refresh-interval", timedelta(hours=HOURS), parameters={"VALUE": "DURATION"})  # RFC 7986, 5.7
    calendar.add("x-published-ttl", f"PT{HOURS}H")  # Outlook's name for it
    for entry in entries:
        calendar.add_component(_event(entry, url))
    body: bytes = calendar.to_ical()
    return body


def _event(entry: Entry, url: str | None) -> Event:
    event = Event()
    host = urlsplit(url or "").hostname or "debrief"
    event.add("uid", f"{entry.kind}-{entry.id}@{host}")
    event.add("dtstamp", entry.made_at)
    event.add("summary", " · ".join(part for part in (entry.what, entry.account) if part) or entry.number)
    event.add("description", entry.number)
    if url:
        event.add("url", f"{url.rstrip('/')}/visits/{entry.visit_id}")
    if entry.starts is None:
        event.add("dtstart", entry.on)
        event.add("dtend", entry.on + timedelta(days=1))
    else:
        begins = _moment(entry, entry.starts.hour, entry.starts.minute)
        event.add("dtstart", begins)
        event.add("dtend", _end(entry, begins))
    event.add("transp", "TRANSPARENT" if entry.kind == "action" else "OPAQUE")
    event.add("class", "PRIVATE")
    return event


def _end(entry: Entry, begins: datetime) -> datetime:
    """When it ends: on the next day where it would end before it begins (RFC 5545, 3.6.1)."""
    if entry.ends is None:
        return begins + SHORT
    ends = _moment(entry, entry.ends.hour, entry.ends.minute)
    return ends if ends > begins else ends + timedelta(days=1)


def _moment(entry: Entry, hour: int, minute: int) -> datetime:
    """A time of the entry's day as a moment in UTC, which needs no description of a zone beside it."""
    there = datetime(entry.on.year, entry.on.month, entry.on.day, hour, minute, tzinfo=ZoneInfo(entry.timezone))
    return there.astimezone(UTC)
