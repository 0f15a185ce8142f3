"""Whether somebody is still reached: one table of what each sign weighs, and what they add up to. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

State = Literal["alive", "doubtful", "stale"]

POINTS: Mapping[str, float] = MappingProxyType(
    {
        "unknown_user": 1.0, "unknown_domain": 1.0, "moved": 1.0, "disabled": 1.0, "full": 0.25,
        "left": 2.0,  # somebody there, or one of us, says so
        # These say something of us or of the way there, and nothing of the person.
        "delay": 0.0, "sender": 0.0, "content": 0.0, "system": 0.0, "unclear": 0.0, "feedback": 0.0,
    }
)  # fmt: skip
"""What a sign weighs. An automatic answer that says nothing of leaving is no sign at all."""
CLEARING = frozenset({"met", "answered", "still_there"})
"""Signs of life: met by one of us, answered as people do, or one of us says so."""
DOUBTFUL, STALE = 1.0, 2.0
MOST_A_DAY = 1.0
"""Of one address: a newsletter that goes out three times in a day bounces three times."""
MOST_UNPROVED = 1.0
"""Of all automatic mails together that answer nothing of ours and prove no sender: anybody can write such ones."""
QUIET = timedelta(days=30)
"""After so long without another sign what was gathered is halved."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign: what, on which day, and the words that it was told by."""

    kind: str
    on: date
    words: str = ""
    proved: bool = True
    """Whether it answers a mail of ours, or its sender is proved."""


@dataclass(frozen=True, slots=True)
class Liveliness:
    """What the signs add up to, since when, and those that it rests on."""

    state: State
    since: date | None = None
    signs: tuple[Sign, ...] = ()


def liveliness(signs: Iterable[Sign], today: date) -> Liveliness:
    """The state on ``today``, by the signs up to then in the order of their days."""
    points = unproved = 0.0
    last: date | None = None
    since: dict[State, date] = {}
    counted: list[Sign] = []
    for day, of_day in _by_day(one for one in signs if one.on <= today):
        if any(one.kind in CLEARING for one in of_day):
            points, unproved, last, counted, since = 0.0, 0.0, None, [], {}
            continue
        weighing = [one for one in of_day if POINTS.get(one.kind, 0.0)]
        before = _kept(unproved, last, day, counted)
        sure = _weight([one for one in weighing if one.proved])
        doubted = min(_weight(weighing) - sure, MOST_UNPROVED - before)
        if sure + doubted <= 0:
            continue
        points, unproved, last = _kept(points, last, day, counted) + sure + doubted, before + doubted, day
        counted += weighing
        for state in _reached(points):
            since.setdefault(state, day)
    reached = _reached(_kept(points, last, today, counted))
    return Liveliness(reached[-1], since.get(reached[-1]), tuple(counted)) if reached else Liveliness("alive")


def _reached(points: float) -> tuple[State, ...]:
    """The states that so many points have come to, the worst last."""
    if points >= STALE:
        return "doubtful", "stale"
    return ("doubtful",) if points >= DOUBTFUL else ()


def _by_day(signs: Iterable[Sign]) -> Sequence[tuple[date, list[Sign]]]:
    days: dict[date, list[Sign]] = {}
    for one in signs:
        days.setdefault(one.on, []).append(one)
    return sorted(days.items())


def _weight(signs: Sequence[Sign]) -> float:
    """What the signs of one day weigh: that somebody left weighs whole, all others together a point at most."""
    if any(one.kind == "left" for one in signs):
        return POINTS["left"]
    return min(MOST_A_DAY, sum(POINTS[one.kind] for one in signs))


def _kept(points: float, last: date | None, day: date, counted: Sequence[Sign]) -> float:
    """What is left of the points on a day; that somebody left, said in words, does not fade: silence follows it."""
    if last is None or any(one.kind == "left" and one.proved for one in counted):
        return points
    return points / float(2 ** ((day - last) // QUIET))
