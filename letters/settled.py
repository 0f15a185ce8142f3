"""What came of an answer to a digest, said line by line."""

from dataclasses import dataclass
from datetime import date

from letters.filters import line
from letters.wording import Wording

NAME, WORDS, UNCLEAR = 100, 140, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledLine:
    """A line of a digest that was answered. ``how``: ``done``, ``drop``, ``open``, ``due`` or ``words``."""

    number: int
    name: str
    how: str
    due: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """An answer, and what came of it. ``value`` is what the button that takes it back hands over."""

    value: str
    lines: tuple[SettledLine, ...] = ()
    unclear: tuple[str, ...] = ()
    """What was not understood, as it was said."""
    undone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledLetter:
    """Everything that the letter says."""

    subject: str
    heading: str
    lines: tuple[str, ...]
    unclear: str | None
    hint: str | None
    value: str | None
    """None where there is nothing to take back."""


def settled_letter(words: Wording, settled: Settled, today: date | None) -> SettledLetter:
    """The answer to an answer."""
    heading = words.say(
        "settled.undone" if settled.undone else "settled.heading" if settled.lines else "settled.nothing"
    )
    unclear = ", ".join(f"“{line(one, WORDS)}”" for one in settled.unclear[:UNCLEAR])
    changed = any(one.how != "open" for one in settled.lines)
    return SettledLetter(
        subject=heading.rstrip(":"),
        heading=heading,
        lines=() if settled.undone else tuple(_line(words, one, today) for one in settled.lines),
        unclear=words.say("settled.unclear", said=unclear) if unclear and not settled.undone else None,
        hint=words.say("digest.how_to_answer") if unclear and not settled.undone else None,
        value=settled.value if changed and not settled.undone else None,
    )


def _line(words: Wording, one: SettledLine, today: date | None) -> str:
    day = words.day(one.due, today) if one.due else ""
    what = words.say(f"settled.{one.how}", day=day, words=line(one.words, WORDS))
    return " · ".join(part for part in (f"{one.number}. {line(one.name, NAME)}".strip(), what) if part)
