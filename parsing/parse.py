"""The one place that decides: a message and what names mean become the visits that were reported."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from parsing import literals
from parsing.accounts import Choice, Context, choose, weigh
from parsing.amounts import find_amounts
from parsing.contacts import Presence, known_mentions
from parsing.kinds import find_medium, find_outcome, find_type
from parsing.linking import Matcher, matcher_of
from parsing.model import AccountMention, ContactMention, Crm, Extraction, Found, Message, VisitMention
from parsing.reports import why_not_a_report
from parsing.text import Token, View, language_of, tokens, view_of


@dataclass(frozen=True, slots=True)
class Reading:
    """A message on its way to an extraction: its text as people see it, its words and its moment."""

    view: View
    words: tuple[Token, ...]
    language: str
    now: datetime
    matcher: Matcher
    message: Message


def parse(message: Message, crm: Crm) -> Extraction:
    """The visits that ``message`` reports, each value with its evidence; none, and why, where it reports none.

    Pure: reads no clock, network, database or setting, and raises nothing whatever the text is.
    """
    view = view_of(message.text)
    rep = next((one for one in crm.reps if one.email == message.rep), None)
    language = language_of(view.text, rep.language if rep else "en")
    why = why_not_a_report(view.text, language, mail=message.via == "email")
    if why:
        return Extraction(language=language, not_a_report=why)
    now = local(message.sent_at, rep.timezone if rep else "UTC")
    reading = Reading(view, tuple(tokens(view.text)), language, now, matcher_of(crm), message)
    visits = tuple(at_home(visit, view) for visit in read_visits(reading))
    return Extraction(visits=visits, language=language)


def local(sent_at: datetime, timezone: str) -> datetime:
    """The moment as the rep's clock showed it; UTC where the zone is not known."""
    try:
        return sent_at.astimezone(ZoneInfo(timezone))
    except (ZoneInfoNotFoundError, ValueError):
        return sent_at.astimezone(UTC)


def read_visits(reading: Reading) -> list[VisitMention]:
    """One visit for each stretch that tells of one."""
    return [read_visit(reading, reading.view.text, reading.words)]


def read_visit(reading: Reading, text: str, words: Sequence[Token]) -> VisitMention:
    """All that a stretch of text says of one visit."""
    language = reading.language
    crm = reading.matcher.crm
    context = Context(reading.matcher, language, reading.message.rep, (), literals.emails(text), literals.phones(text))
    choice = choose(weigh(words, text, context))
    account = account_found(choice, crm, words)
    presence = Presence(text, language)
    contacts: list[Found[ContactMention]] = []
    if choice.account is not None and choice.standing is not None:
        people = choice.standing.people
        spans = [(words[one.first].start, words[one.last].end) for one in people]
        contacts = known_mentions(people, spans, presence, [contact.id for contact in crm.contacts])
    outcome = find_outcome(text, language)
    if outcome is not None and outcome.value == "no_show":
        contacts = []
    return VisitMention(
        account=account,
        contacts=tuple(contacts),
        on=Found(reading.now.date(), part="sent_at", confidence=0.9, why="no day is named: the day it was sent"),
        type=find_type(text, language),
        medium=find_medium(text, language),
        outcome=outcome,
        amounts=tuple(find_amounts(text, language)),
    )


def account_found(choice: Choice, crm: Crm, words: Sequence[Token]) -> Found[AccountMention] | None:
    """The choice with its evidence."""
    if choice.standing is None:
        return None
    mention = choice.standing.mention
    people = choice.standing.people
    start = end = 0
    if mention is not None:
        start, end = words[mention.first].start, words[mention.last].end
    elif people:
        start, end = words[people[0].first].start, words[people[0].last].end
    why = "; ".join(dict.fromkeys(choice.standing.why))
    if choice.account is not None:
        return Found(AccountMention(id=crm.accounts[choice.account].id), start, end, "text", choice.confidence, why)
    ids = tuple(crm.accounts[one].id for one in choice.candidates)
    return Found(AccountMention(candidates=ids), start, end, "text", 0.5, why) if ids else None


def at_home(visit: VisitMention, view: View) -> VisitMention:
    """The visit with offsets in the text as it was sent."""

    def home(found: Found[object]) -> Found[object]:
        if found.part != "text" or found.start >= found.end:
            return found
        start, end = view.origin(found.start, min(found.end, len(view.text)))
        return replace(found, start=start, end=end)

    changes: dict[str, object] = {}
    for name, _ in visit.found():
        value = getattr(visit, name)
        changes[name] = tuple(home(one) for one in value) if isinstance(value, tuple) else home(value)
    return replace(visit, **changes)  # type: ignore[arg-type]
