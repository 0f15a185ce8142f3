"""What was filed, told to somebody who asks: a few lines, the same for every medium."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from letters.card import counter_line
from letters.filters import line
from letters.model import ActionLine, Counter, PersonLine
from letters.wording import Wording

PARTS, VISITS, LINES = 3, 3, 8
BRIEF_PARTS, BRIEF_LINES = 4, 4
"""Of a brief, which tells more at once and has to fit one message all the same."""
NAME, SAID, PHRASE = 80, 160, 160


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldVisit:
    """A visit as a line; ``facts`` are labels in the language of the letter."""

    id: int
    number: str
    on: date
    rep: str
    people: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAction:
    """An action with the visit that it was promised at, and the customer where that is not said above."""

    action: ActionLine
    visit_id: int
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A visit that is planned."""

    on: date
    rep: str
    starts: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """One of us who goes there, and when last."""

    rep: str
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What to know of a customer before the next visit, beside the latest ones, what is to do and who works there."""

    town: str | None = None
    grade: str | None = None
    owner: str | None = None
    goers: tuple[Going, ...] = ()
    due: date | None = None
    """By when the next visit is owed."""
    planned: tuple[Coming, ...] = ()
    complaints: tuple[ToldVisit, ...] = ()
    terms: tuple[str, ...] = ()
    """What is spoken of most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is told of one customer, or of whoever asks where ``account`` is None."""

    about: str
    """``last``, ``open``, ``people``, ``brief`` or ``count``."""
    account: str | None = None
    account_id: int | None = None
    visits: tuple[ToldVisit, ...] = ()
    actions: tuple[ToldAction, ...] = ()
    people: tuple[PersonLine, ...] = ()
    counter: Counter | None = None
    brief: Brief | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The whole answer."""

    parts: tuple[Part, ...] = ()
    unknown: str | None = None
    """The name of a customer whom nobody knows."""
    url: str | None = None
    ahead: time | None = None
    """When the visit begins before which the brief comes that the first part is; None where somebody asked."""

    def subject(self, words: Wording) -> str:
        """What the letter is called."""
        if self.ahead is None or not self.parts:
            return words.say("answer.subject")
        account = line(self.parts[0].account or "", NAME)
        return words.say("answer.subject_brief", account=account, time=words.hours(self.ahead, None))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of plain text; ``mark`` is what stands before it and leads to ``url``, where there is one."""

    text: str
    mark: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A title, and the lines below it."""

    title: Line
    lines: tuple[Line, ...] = ()


def paragraphs(words: Wording, answer: Answer, today: date | None = None) -> tuple[Paragraph, ...]:
    """What the letter says."""
    if answer.unknown is not None:
        return (Paragraph(Line(words.say("answer.unknown", name=line(answer.unknown, NAME)))),)
    is_brief = any(part.brief is not None for part in answer.parts)
    parts, most = (BRIEF_PARTS, BRIEF_LINES) if is_brief else (PARTS, LINES)
    return tuple(_part(words, part, answer.url, today, most=most) for part in answer.parts[:parts])


def _part(words: Wording, part: Part, url: str | None, today: date | None, *, most: int) -> Paragraph:
    if part.about == "count":
        return Paragraph(Line(counter_line(words, part.counter or Counter(done=0))))
    own = "_own" if part.account is None else ""
    title = words.say(f"answer.{part.about}{own}", account=line(part.account or "", NAME))
    link = f"{url}/accounts/{part.account_id}" if url and part.account_id else None
    if part.brief is not None:
        lines = tuple(_brief(words, part.brief, url, today)) or (Line(words.say("answer.no_brief")),)
        return Paragraph(Line(title, url=link and f"{link}/brief"), lines)
    lines = tuple(_lines(words, part, url, today, most=most)) or (Line(words.say(f"answer.no_{part.about}")),)
    return Paragraph(Line(title, url=link), lines)


def _lines(words: Wording, part: Part, url: str | None, today: date | None, *, most: int) -> Iterator[Line]:
    if part.about == "last":
        for visit in part.visits[:VISITS]:
            yield Line(_visit(words, visit, today), visit.number, f"{url}/visits/{visit.id}" if url else None)
    elif part.about == "open":
        for one in part.actions[:most]:
            yield Line(_action(words, one, today), "", f"{url}/visits/{one.visit_id}" if url else None)
    else:
        yield from (Line(_person(person)) for person in part.people[:most])
    hidden = len(part.actions) - most if part.about == "open" else len(part.people) - most
    if hidden > 0:
        yield Line(words.say("common.more", n=hidden))


def _brief(words: Wording, brief: Brief, url: str | None, today: date | None) -> Iterator[Line]:
    facts = [
        line(brief.town or "", NAME),
        words.say("answer.class", grade=brief.grade) if brief.grade else "",
        words.say("answer.owner", name=line(brief.owner, NAME)) if brief.owner else "",
    ]
    yield from (Line(told) for told in [" · ".join(fact for fact in facts if fact)] if told)
    if brief.goers:
        there = [f"{line(one.rep, NAME)} ({words.day(one.last, today)})" for one in brief.goers[:BRIEF_LINES]]
        yield Line(words.say("answer.goers", names=", ".join(there)))
    for one in brief.planned[:VISITS]:
        when = " ".join([words.day(one.on, today), *([words.hours(one.starts, None)] if one.starts else [])])
        yield Line(words.say("answer.planned", day=when, name=line(one.rep, NAME)))
    if brief.due:
        yield Line(words.say("answer.due", day=words.day(brief.due, today)))
    for visit in brief.complaints[:VISITS]:
        told = words.say("answer.complaint", told=f"{words.day(visit.on, today)}: “{line(visit.said, SAID)}”")
        yield Line(told, visit.number, f"{url}/visits/{visit.id}" if url else None)
    if brief.terms:
        yield Line(words.say("answer.terms", terms=", ".join(line(term, NAME) for term in brief.terms[:BRIEF_LINES])))


def _visit(words: Wording, visit: ToldVisit, today: date | None) -> str:
    people = ", ".join(line(name, NAME) for name in visit.people[:LINES])
    facts = [words.day(visit.on, today), line(visit.rep, NAME), people, *(line(fact, NAME) for fact in visit.facts)]
    told = " · ".join(fact for fact in facts if fact)
    return f"{told}: “{line(visit.said, SAID)}”" if visit.said.strip() else told


def _action(words: Wording, told: ToldAction, today: date | None) -> str:
    action = told.action
    parts = [
        line(action.text, PHRASE),
        line(told.account, NAME) if told.account else "",
        words.say("filed.by", day=words.day(action.due, today)) if action.due else "",
        line(action.who, NAME) if action.who else "",
    ]
    return " · ".join(part for part in parts if part)


def _person(person: PersonLine) -> str:
    return f"{line(person.name, NAME)} ({line(person.role, NAME)})" if person.role else line(person.name, NAME)
