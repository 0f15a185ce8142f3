"""The card of a filed visit, said in the words of one language: the same lines for every medium."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date

from letters.filters import cut, line
from letters.model import ActionLine, ChangeLine, Choice, Counter, Doubt, Filed, Lack, PersonLine, Tap, VisitCard
from letters.wording import Wording

VISITS = 10
"""Visits shown in one letter: at four blocks each they leave room within Slack's fifty."""
CHARS = 6_000
"""Of people's words, shared by the visits: Slack takes some 13,200 characters of blocks in a message (bolt-js issue
2509), and labels, buttons and what is cut no shorter than it can be read need the rest."""
FEW_VISITS = CHARS // 3
"""Room of a card of at most three: where there are more, their facts are told in words or by *Fix*."""
PEOPLE, ACTIONS, TERMS, CHOICES, LACKS = 8, 8, 12, 5, 4
NAME, PHRASE = 80, 240


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled line of a card."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Press:
    """A button: what it reads, and what it does."""

    text: str
    action_id: str
    value: str


@dataclass(frozen=True, slots=True)
class Link:
    """A button's words and where it leads, for a medium without buttons."""

    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A visit in words, in plain text that is neither escaped nor longer than a card may be."""

    id: int
    number: str
    stamp: str
    """Changes with what the card shows: Slack wants a new ``block_id`` when a message is updated."""
    title: str
    new: str | None = None
    """Said of an account that this message brought."""
    city: str | None = None
    when: str
    facts: tuple[Fact, ...] = ()
    todo: tuple[str, ...] = ()
    question: str | None = None
    hint: str | None = None
    choices: tuple[Choice, ...] = ()
    asks: bool = False
    """Whether the account may be looked up among all of them."""
    taps: tuple[Press, ...] = ()
    answers: tuple[Link, ...] = ()
    """The choices once more, as links; empty where there are buttons."""
    links: tuple[Link, ...] = ()
    """The other buttons as links."""
    told: str | None = None
    """Said where the visit was there already."""
    mine: bool = True
    """Whether the rep may change it."""
    withdrawn: str | None = None
    """Said in place of everything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """Everything that the letter ``filed`` says."""

    subject: str
    cards: tuple[Card, ...]
    more: str | None
    counter: str
    left_out: str | None
    url: str | None


def filed_cards(words: Wording, filed: Filed, today: date | None = None) -> Cards:
    """The letter's content; ``today`` lets days that are near be called so."""
    shown = filed.visits[:VISITS]
    room = CHARS // max(1, len(shown))
    cards = tuple(_linked(words, _card(words, visit, today, room), filed) for visit in shown)
    hidden = filed.visits[VISITS:]
    numbers = " · ".join(visit.number for visit in hidden[:20])
    return Cards(
        subject=line(_subject(words, filed.visits, today), 140),
        cards=cards,
        more=f"{words.say('common.more', n=len(hidden))}: {numbers}" if hidden else None,
        counter=counter_line(words, filed.counter),
        left_out=_left_out(words, filed),
        url=filed.url,
    )


def counter_line(words: Wording, counter: Counter) -> str:
    """Where the rep stands: ``6 of 10 this week, 4 working days left``, or how many there were without a target."""
    if counter.target is None:
        return words.say(f"filed.{counter.period}_free", n=counter.done)
    stand = words.say(f"filed.{counter.period}", n=counter.done, target=counter.target)
    if counter.done >= counter.target:
        return f"{stand}, {words.say('filed.reached')}"
    days = counter.working_days_left
    if counter.period == "day":
        return stand
    return f"{stand}, {words.say('filed.days_left', n=days) if days else words.say('filed.days_none')}"


def _subject(words: Wording, visits: tuple[VisitCard, ...], today: date | None) -> str:
    standing = [visit for visit in visits if not visit.withdrawn]
    if not standing:
        return words.say("filed.subject_withdrawn", number=", ".join(visit.number for visit in visits[:5]))
    if len(standing) > 1:
        return words.say("filed.subject_many", n=len(standing))
    visit = standing[0]
    day = words.day(visit.on, today)
    if visit.account is None:
        return words.say("filed.subject_question", day=day)
    return words.say("filed.subject", account=line(visit.account, NAME), day=day)


def _card(words: Wording, visit: VisitCard, today: date | None, room: int) -> Card:
    """The card in some ``room`` characters."""
    stamp = hashlib.sha256(repr((visit, today, *visit.lacks)).encode()).hexdigest()[:8]
    title = line(visit.account, room // 8) if visit.account else words.say("filed.account_open")
    if visit.withdrawn:
        gone = words.say("filed.withdrawn", number=visit.number)
        return Card(id=visit.id, number=visit.number, stamp=stamp, title=title, when="", withdrawn=gone)
    todo = [_action(words, action, today) for action in visit.actions[:ACTIONS]]
    if len(visit.actions) > ACTIONS:
        todo.append(words.say("common.more", n=len(visit.actions) - ACTIONS))
    question, hint, choices = _question(words, visit, room // 16)
    by = line(visit.told_by, NAME) if visit.told_by else None
    again = words.say("filed.told_again") if visit.told_before else None
    return Card(
        id=visit.id,
        number=visit.number,
        stamp=stamp,
        title=title,
        new=words.say("common.new") if visit.account_new else None,
        city=line(visit.city, room // 16) if visit.city else None,
        when=cut(_when(words, visit, today), room // 6),
        facts=tuple(Fact(fact.label, cut(fact.text, room // 8)) for fact in _facts(words, visit)),
        todo=tuple(cut(told, max(24, room // (4 * len(todo)))) for told in todo),
        question=question,
        hint=hint,
        choices=choices,
        asks=visit.question is not None,
        taps=tuple(_tap(words, tap) for tap in visit.taps) if room >= FEW_VISITS else (),
        told=words.say("filed.told_by", name=by) if by else again,
        mine=by is None,
    )


def _linked(words: Wording, card: Card, filed: Filed) -> Card:
    """The card with a link for each button, where the medium wants links."""
    link = filed.link
    if link is None or card.withdrawn or not card.mine:
        return card
    undo = Press(words.say("filed.undo"), "undo", str(card.id))
    presses = (*card.taps, undo)
    return replace(
        card,
        answers=tuple(
            Link(one.label, link(f"account:{n}", one.value, one.label)) for n, one in enumerate(card.choices, 1)
        ),
        links=tuple(Link(one.text, link(one.action_id, one.value, one.text)) for one in presses),
    )


def _when(words: Wording, visit: VisitCard, today: date | None) -> str:
    """The line below the account: day, hours, status, type, medium, outcome, as far as they are known."""
    day = words.day(visit.on, today)
    said = [line(part, NAME) for part in (visit.status, visit.type, visit.medium, visit.outcome) if part]
    parts = (day[:1].upper() + day[1:], words.hours(visit.starts, visit.ends), *said)
    return " · ".join(part for part in parts if part)


def _facts(words: Wording, visit: VisitCard) -> list[Fact]:
    """The labelled lines that have something to say; what is still to be done is a list of its own."""
    people = [_person(words, person) for person in visit.people]
    amounts = [words.money(value, line(currency, 10)) for value, currency in visit.amounts]
    terms = [line(term, NAME) for term in visit.keywords]
    changes = [_change(words, change) for change in visit.changes]
    doubts = [_doubt(words, doubt) for doubt in visit.doubts]
    lacks = [lack_line(words, lack) for lack in visit.lacks]
    lines = (
        ("people", _some(words, people, PEOPLE)),
        ("amounts", _some(words, amounts, TERMS)),
        ("keywords", _some(words, terms, TERMS)),
        ("changes", _some(words, changes, PEOPLE, "; ")),
        ("doubts", _some(words, doubts, TERMS, "; ")),
        ("lacks", _some(words, lacks, LACKS, "; ")),
    )
    return [Fact(words.say(f"filed.{name}"), text) for name, text in lines if text]


def _some(words: Wording, parts: list[str], most: int, between: str = ", ") -> str:
    told = [part for part in parts if part]
    hidden = len(told) - most
    rest = [words.say("common.more", n=hidden)] if hidden > 0 else []
    return between.join([*told[:most], *rest])


def _person(words: Wording, person: PersonLine) -> str:
    extra = [line(person.role, NAME)] if person.role else []
    if person.new:
        extra.append(words.say("common.new"))
    name = line(person.name, NAME)
    return f"{name} ({', '.join(extra)})" if extra else name


def _action(words: Wording, action: ActionLine, today: date | None) -> str:
    text = line(action.text, PHRASE)
    if action.done:
        text = f"✓ {text}"
    if action.who:
        text += f" → {line(action.who, NAME)}"
    return f"{text} · {words.say('filed.by', day=words.day(action.due, today))}" if action.due else text


def _change(words: Wording, change: ChangeLine) -> str:
    name = line(change.name, NAME)
    if change.successor is None:
        return words.say("filed.left", name=name)
    return words.say("filed.left_successor", name=name, successor=line(change.successor, NAME))


def _doubt(words: Wording, doubt: Doubt) -> str:
    return words.say("filed.doubt", field=words.say(f"fields.{doubt.field}"), said=line(doubt.said, 60))


def lack_line(words: Wording, lack: Lack) -> str:
    """What is missing, and the house's own reason: ``Result (“…”)``."""
    name = line(lack.label, NAME) if lack.label else words.say(f"fields.{lack.field}")
    return words.say("filed.lack", field=name, reason=line(lack.reason, PHRASE)) if lack.reason else name


def _tap(words: Wording, tap: Tap) -> Press:
    about = line(tap.about, 40) if tap.about else ""
    return Press(words.say(f"filed.tap_{tap.fact}", about=about), f"fact:{tap.fact}", tap.value)


def _question(words: Wording, visit: VisitCard, most: int) -> tuple[str | None, str | None, tuple[Choice, ...]]:
    """What is asked, how to answer in words where there are buttons, and the answers that take one tap."""
    if visit.question is None:
        return None, None, ()
    offered = visit.question.choices[:CHOICES]
    choices = tuple(Choice(label=line(choice.label, min(NAME, most)), value=choice.value) for choice in offered)
    hint = words.say("filed.answer") if choices else None
    if visit.question.about == "account_near":
        asked = words.say("filed.ask_account_near", account=line(visit.account or "", min(NAME, most)))
        return asked, hint, (Choice(label=words.say("filed.is_new"), value=f"{visit.id}:new"), *choices)
    asked = words.say(f"filed.ask_{visit.question.about}")
    why = visit.question.reason
    return words.say("filed.lack", field=asked, reason=line(why, most)) if why else asked, hint, choices


def _left_out(words: Wording, filed: Filed) -> str | None:
    told = []
    for key, names in (("left_out", filed.left_out), ("not_fetched", filed.not_fetched)):
        if names:
            shown = [line(name, NAME) for name in names]
            told.append(words.say(f"filed.{key}", n=len(names), names=_some(words, shown, TERMS)))
    if filed.private:
        told.append(words.say("filed.private"))
    return " ".join(told) or None
