"""The one place that decides: a message and what names mean become the visits that were reported."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from parsing import literals, mails
from parsing.accounts import Context
from parsing.casing import with_capitals
from parsing.companies import company_by_rules
from parsing.confidence import asked_where_unsure, calibrated
from parsing.lessons import decide
from parsing.linking import matcher_of
from parsing.model import Crm, Extraction, Found, Message, VisitMention
from parsing.reading import Reading
from parsing.reports import why_not_a_report
from parsing.split import split
from parsing.text import View, language_of, view_of
from parsing.visits import read_visit
from parsing.when import find_moments

WEAK_REASONS = frozenset({"nothing", "chatter", "thanks"})
"""Reasons against a report that a customer's name outweighs."""

_NEW_CUSTOMER = 5.8
"""Points of a new customer's name that make a message a report."""
_PERSON_AND_TOWN = 8.0
"""Points of a customer of whom a person is named in full, or by the first name and with the town."""


def parse(message: Message, crm: Crm, *, wanted: bool = False) -> Extraction:
    """The visits that ``message`` reports, each value with its evidence; none, and why, where it reports none.

    ``wanted``: somebody says that it does report one, and nothing speaks against it.
    Pure: reads no clock, network, database or setting, and raises nothing whatever the text is.
    """
    rep = next((one for one in crm.reps if one.email == message.rep), None)
    zone = zone_of(rep.timezone if rep else "UTC")
    now = message.sent_at.astimezone(zone)
    mail = mails.enclosed(message, crm, zone)
    part = "text"
    said = message.text
    if mail is not None and not said.strip():
        part, said = "forwarded", mail.body
        now = written_at(message, zone) or now
    view = view_of(said)
    language = language_of(view.text, rep.language if rep else "en")
    matcher = matcher_of(crm)
    reading = Reading(
        text=view.text,
        words=with_capitals(literals.words(view.text), view.text, language, matcher.people.by_word),
        language=language,
        now=now,
        matcher=matcher,
        rep=message.rep,
        mail=mail,
        part=part,
        heading=message.subject,
    )
    why = None if wanted else reason_against(reading)
    if why is not None:
        return Extraction(language=language, not_a_report=why)
    read = (asked_where_unsure(calibrated(visit)) for visit in read_visits(reading))
    visits = tuple(at_home(visit, view, part) for visit in read)
    return Extraction(visits=visits, language=language)


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that IANA name; UTC where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def written_at(message: Message, zone: ZoneInfo) -> datetime | None:
    """When the forwarded mail was written, on the rep's clock: "yesterday" in it is the day before that."""
    date = message.forwarded.date if message.forwarded else None
    if date is None:
        return None
    aware = date if date.tzinfo else date.replace(tzinfo=zone)
    return aware.astimezone(zone) if aware.astimezone(UTC) <= message.sent_at.astimezone(UTC) else None


def context_of(reading: Reading, text: str) -> Context:
    """What the finders of names are asked with, for a stretch of the reading."""
    dates = tuple((one.start, one.end) for one in find_moments(text, reading.now, reading.language))
    emails = list(literals.emails(text))
    if reading.mail is not None:
        emails += [person.email for person in reading.mail.people]
    return Context(
        reading.matcher, reading.language, reading.rep, dates, tuple(dict.fromkeys(emails)), literals.phones(text)
    )


def reason_against(reading: Reading) -> str | None:
    """Why this is no report; a weak reason gives way to a customer who is named, or a meeting that was invited to."""
    mail = reading.mail
    by_mail = mail is not None or reading.part != "text"
    text = f"{reading.heading or ''}\n{reading.text}" if reading.part == "forwarded" else reading.text
    why = why_not_a_report(text, reading.language, mail=by_mail)
    if why not in WEAK_REASONS:
        return why
    if mail is not None and mail.invited and reading.text.strip():
        return None
    if len(reading.words) > 2 and "?" not in reading.text and reading.part == "text":  # noqa: PLR2004 - "ta 👌"
        choice = decide(reading.words, reading.text, context_of(reading, reading.text))
        if choice.account is not None and choice.standing is not None:
            named = choice.standing.mention is not None
            person = mail is None and why in {"nothing", "chatter"} and choice.standing.score >= _PERSON_AND_TOWN
            return None if named or person else why
        company = company_by_rules(reading.words, reading.text, reading.language, frozenset(), ())
        if why == "nothing" and mail is None and company is not None and company.points >= _NEW_CUSTOMER:
            return None
    return why


def read_visits(reading: Reading) -> list[VisitMention]:
    """One visit for each stretch of the text that tells of one; a mail's note tells of one."""
    context = context_of(reading, reading.text)
    segments = split(reading.text, reading.words, context, single=reading.mail is not None)
    return _on_the_same_day([read_visit(reading, segment, context) for segment in segments])


def _on_the_same_day(visits: list[VisitMention]) -> list[VisitMention]:
    """As in "Gestern bei Roth …, danach noch bei Lang …": a visit that names no day was on that of the one before."""
    found: list[VisitMention] = []
    for visit in visits:
        before = found[-1] if found else None
        told = before is not None and before.on.part != "sent_at" and visit.on.part == "sent_at"
        found.append(replace(visit, on=before.on) if before is not None and told else visit)
    return found


def at_home(visit: VisitMention, view: View, part: str) -> VisitMention:
    """The visit with offsets in the text as it was sent, in the ``part`` of the message that it was read from."""

    def home(found: Found[Any]) -> Found[Any]:
        if found.part != "text" or found.start >= found.end:
            return found
        start, end = view.origin(found.start, min(found.end, len(view.text)))
        return replace(found, start=start, end=end, part=part)

    changes: dict[str, Any] = {}
    for name in {name for name, _ in visit.found()}:
        value = getattr(visit, name)
        changes[name] = tuple(home(one) for one in value) if isinstance(value, tuple) else home(value)
    return replace(visit, **changes)
