"""What was filed, told to somebody who asks: a few lines, the same for every medium."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from letters.card import counter_line
from letters.filters import line
from letters.model import ActionLine, Counter, PersonLine
from letters.wording import Wording

PARTS, VISITS, LINES = 3, 3, 8
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
class Part:
    """What is told of one customer, or of whoever asks where ``account`` is None."""

    about: str
    """``last``, ``open``, ``people`` or ``count``."""
    account: str | None = None
    account_id: int | None = None
    visits: tuple[ToldVisit, ...] = ()
    actions: tuple[ToldAction, ...] = ()
    people: tuple[PersonLine, ...] = ()
    counter: Counter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The whole answer."""

    parts: tuple[Part, ...] = ()
    unknown: str | None = None
    """The name of a customer whom nobody knows."""
    url: str | None = None


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
    return tuple(_part(words, part, answer.url, today) for part in answer.parts[:PARTS])


def _part(words: Wording, part: Part, url: str | None, today: date | None) -> Paragraph:
    if part.about == "count":
        return Paragraph(Line(counter_line(words, part.counter or Counter(done=0))))
    own = "_own" if part.account is None else ""
    title = words.say(f"answer.{part.about}{own}", account=line(part.account or "", NAME))
    link = f"{url}/accounts/{part.account_id}" if url and part.account_id else None
    lines = tuple(_lines(words, part, url, today)) or (Line(words.say(f"answer.no_{part.about}")),)
    return Paragraph(Line(title, url=link), lines)


def _lines(words: Wording, part: Part, url: str | None, today: date | None) -> Iterator[Line]:
    if part.about == "last":
        for visit in part.visits[:VISITS]:
            yield Line(_visit(words, visit, today), visit.number, f"{url}/visits/{visit.id}" if url else None)
    elif part.about == "open":
        for one in part.actions[:LINES]:
            yield Line(_action(words, one, today), "", f"{url}/visits/{one.visit_id}" if url else None)
    else:
        yield from (Line(_person(person)) for person in part.people[:LINES])
    hidden = len(part.actions) - LINES if part.about == "open" else len(part.people) - LINES
    if hidden > 0:
        yield Line(words.say("common.more", n=hidden))


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
