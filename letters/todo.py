"""The parts of a digest that its reader does something about: what is due, what lacks a word, whom to look after."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from letters.digest import Due, Gap, Gone, Line, Numbered, Owed, Part, Question, Quiet, Rhythm
from letters.filters import line
from letters.wording import Wording

DUE, GAPS, PEOPLE, OWED = 5, 3, 3, 3
"""Lines of each kind; what is more is told as a number."""
NAME, PHRASE = 60, 140
RHYTHMS = ("weekly", "daily", "never")
"""How often somebody may have digests, as they are offered."""


@dataclass(frozen=True, slots=True)
class Todos:
    """What is numbered in a letter: actions first, then what lacks a word."""

    due: tuple[Due, ...]
    gaps: tuple[Gap, ...]

    @property
    def numbers(self) -> tuple[Numbered, ...]:
        """What the numbers stand for, 1 first."""
        actions = (
            Numbered(kind="action", id=one.id, visit_id=one.visit_id, name=joined(one.text, one.account))
            for one in self.due[:DUE]
        )
        visits = (
            Numbered(kind="visit", id=one.visit_id, visit_id=one.visit_id, name=one.account or "", asks=one.asks)
            for one in self.gaps[:GAPS]
        )
        return (*actions, *visits)


def due_part(words: Wording, todos: Todos, day: date) -> Part | None:
    """Actions that are due, or were."""
    if not todos.due:
        return None
    lines = [
        Line(
            text=joined(line(one.text, PHRASE), one.account, words.say("filed.by", day=words.day(one.due, day))),
            place=f"/visits/{one.visit_id}",
            press=f"{one.visit_id}:{one.id}",
            mark=one.due < day,
            number=number,
        )
        for number, one in enumerate(todos.due[:DUE], 1)
    ]
    return Part(heading=words.say("digest.due"), lines=tuple(lines), more=more(words, len(todos.due) - DUE))


def gap_part(words: Wording, todos: Todos, day: date) -> Part | None:
    """Visits that one word would complete."""
    if not todos.gaps:
        return None
    first = len(todos.due[:DUE]) + 1
    lines = [
        Line(
            text=f"{upper(joined(words.day(one.on, day), one.account))}: {words.say(f'digest.gap_{one.asks}')}",
            place=f"/visits/{one.visit_id}",
            number=number,
        )
        for number, one in enumerate(todos.gaps[:GAPS], first)
    ]
    return Part(heading=words.say("digest.waiting"), lines=tuple(lines), more=more(words, len(todos.gaps) - GAPS))


def answered(words: Wording, parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts, the last one that is numbered with how it is answered."""
    last = max((at for at, part in enumerate(parts) if part.numbered), default=None)
    hint = words.say("digest.how_to_answer")
    return tuple(replace(part, hint=hint) if at == last else part for at, part in enumerate(parts))


def owed_part(words: Wording, owed: Sequence[Owed], day: date) -> Part | None:
    """Accounts that should have been visited by now."""
    lines = [
        Line(
            text=joined(line(one.account, NAME), words.say("digest.last_seen", day=words.day(one.last, day)))
            if one.last
            else joined(line(one.account, NAME), words.say("digest.never_seen")),
            place=f"/accounts/{one.account_id}",
        )
        for one in owed[:OWED]
    ]
    return _part(words, "owed", lines, len(owed) - OWED)


def gone_part(words: Wording, gone: Sequence[Gone]) -> Part | None:
    """People who seem to have left."""
    lines = [
        Line(text=joined(line(one.name, NAME), one.account), place=f"/accounts/{one.account_id}")
        for one in gone[:PEOPLE]
    ]
    return _part(words, "gone", lines, len(gone) - PEOPLE)


def quiet_part(words: Wording, quiet: Sequence[Quiet]) -> Part | None:
    """People whom nobody has met for long."""
    lines = [
        Line(
            text=words.say("digest.last_met", who=joined(line(one.name, NAME), one.account), day=words.day(one.met)),
            place=f"/accounts/{one.account_id}",
        )
        for one in quiet[:PEOPLE]
    ]
    return _part(words, "quiet", lines, len(quiet) - PEOPLE)


def question(words: Wording, rhythm: Rhythm) -> Question | None:
    """Whether once a week is enough, for somebody who left the last ones unread."""
    if not rhythm.asks:
        return None
    choices = tuple((one, words.say(f"digest.rhythm_{one}")) for one in RHYTHMS)
    return Question(text=words.say("digest.rhythm_ask"), choices=choices)


def upper(text: str) -> str:
    """As at the beginning of a line: "yesterday" -> "Yesterday"."""
    return text[:1].upper() + text[1:]


def more(words: Wording, number: int) -> str | None:
    """How many are not shown."""
    return words.say("common.more", n=number) if number > 0 else None


def joined(*parts: str | None) -> str:
    """The parts that there are, with dots between."""
    return " · ".join(line(part, PHRASE) for part in parts if part)


def _part(words: Wording, name: str, lines: Sequence[Line], rest: int) -> Part | None:
    return Part(heading=words.say(f"digest.{name}"), lines=tuple(lines), more=more(words, rest)) if lines else None
