"""Pages out of templates, with dates and money as English has them."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from capture.rights import HOST
from letters import wording

ENGLISH = wording("en")
KILO = 1000


def moment(at: datetime, timezone: str, now: datetime) -> str:
    """The time of day in the zone, with the day unless it is today's."""
    there, today = at.astimezone(ZoneInfo(timezone)), now.astimezone(ZoneInfo(timezone)).date()
    hour = ENGLISH.hours(there.time(), None)
    return hour if there.date() == today else f"{ENGLISH.day(there.date(), today)}, {hour}"


def size(size_bytes: int) -> str:
    """The size as people say it."""
    for unit, one in (("MB", KILO**2), ("kB", KILO)):
        if size_bytes >= one:
            return f"{size_bytes / one:.1f} {unit}"
    return f"{size_bytes} bytes"


def initials(name: str) -> str:
    """Two letters for a person's picture."""
    words = name.split() or ["?"]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def day(on: date, today: date | None = None) -> str:
    """The weekday and the day."""
    return ENGLISH.day(on, today)


def month(year: int, number: int) -> str:
    """The month in three letters."""
    return date(year, number, 1).strftime("%b")


def first_upper(text: str) -> str:
    """The text with its first letter as at a line's beginning; the others keep theirs, as months do."""
    return text[:1].upper() + text[1:]


_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=StrictUndefined,
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters.update(
    moment=moment, size=size, initials=initials, day=day, first_upper=first_upper, money=ENGLISH.money
)
_environment.globals.update(hours=ENGLISH.hours)


def page(template: str, values: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    """The template as an answer, for whoever sits at this machine unless ``viewer`` is given.

    Raises jinja2.UndefinedError where a value is missing.
    """
    return HTMLResponse(_environment.get_template(template).render({"viewer": HOST, **values}), status)
