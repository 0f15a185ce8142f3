"""What an expression of time says before it is known when it was said."""

from dataclasses import dataclass
from datetime import date, time
from typing import Literal

Direction = Literal["past", "future"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day or a stretch of days as said: ``resolve.resolve`` turns it into dates.

    ``kind`` is ``relative`` (``offset`` days), ``weekday``, ``date``, ``day_of_month``, ``week`` (ISO number), ``unit``
    (``offset`` weeks, months or years away from this one), ``month``, ``feast`` or ``weekday_by_feast``.
    ``edge`` is ``end``, ``begin`` or ``middle`` of the stretch, where one is named.
    """

    kind: str
    offset: int = 0
    weekday: int | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    week: int | None = None
    unit: str | None = None
    edge: str | None = None
    feast: str | None = None
    part: str | None = None
    """Part of the day: ``morning``, ``noon``, ``afternoon``, ``evening`` or ``night``."""
    direction: Direction | None = None
    """Where the words themselves look: "yesterday" is past, "next week" is future, "Monday" may be either."""
    swapped: bool = False
    """Whether a numeric date is month first, as Americans write."""
    to: "Day | None" = None
    """The last day of a range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A time of day as said, in minutes after midnight; ``fixed`` where no half of the day is left open."""

    minutes: int
    fixed: bool = False
    until: int | None = None
    """The end of a range, in minutes after midnight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """How long something took, in minutes."""

    minutes: int
    explicit: bool = False
    """Whether a word says that it is a duration ("2 uur lang", "for an hour")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One expression: tokens ``first`` up to ``last`` (not included) and what they say."""

    first: int
    last: int
    start: int
    end: int
    says: Day | Clock | Span
    deadline: bool = False
    """Whether a word such as "by", "uiterlijk", "bis", "mennessä" makes it a deadline."""
    origin: bool = False
    """Whether a word such as "since", "from", "vom" makes it the beginning of something else."""
    until: bool = False
    """Whether a word such as "until" says how long something lasts; who learnt English may mean "by"."""
    announced: bool = False
    """Whether a preposition of time stands before it ("am Freitag", "on Friday")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment or stretch of time that a message names, resolved against the moment of sending.

    ``due`` is the day a promise for it is owed (the Friday of a week, the last day of a month's end), None where the
    words name no such day ("in March").
    """

    start: date | None = None
    end: date | None = None
    starts: time | None = None
    ends: time | None = None
    direction: Literal["past", "future", "unknown"] = "unknown"
    due: date | None = None
    deadline: bool = False
    kind: str = ""
