"""Whether a unit is something that we still have to do: points for what speaks for it and against it."""

from dataclasses import dataclass
from datetime import date

from parsing.actions.lexicon import Promises
from parsing.actions.units import Unit
from parsing.when.model import Day, Piece
from parsing.when.resolve import due, resolve

ENOUGH = 3.0


@dataclass(slots=True)
class Judged:
    """The verdict on a unit: its points, the day it is owed, and what spoke for it."""

    points: float
    due: date | None
    dated: bool
    own: bool
    """Whether the rep speaks of something the rep does."""
    doing: bool
    obliged: bool
    wished: bool
    goods: bool


def coming(piece: Piece, unit: Unit, today: date, *, american: bool) -> date | None:
    """The day that a piece sets for something to come; None where it looks back or names no day."""
    said = piece.says
    if not isinstance(said, Day) or said.direction == "past":
        return None
    if said.kind == "relative" and said.offset == 0 and not piece.deadline and unit.look == "past":
        return None
    if said.direction is None and not piece.deadline:
        if said.kind in ("weekday", "week_day") and unit.look == "past":
            return None
        if said.kind in ("date", "day_of_month", "week", "feast") and unit.look != "future":
            nearest = resolve(
                said, today, "past" if unit.look == "past" and said.year is None else None, month_first=american
            )
            if nearest is None or nearest[1] <= today:
                return None
    day = due(said, today, month_first=american)
    return day if day is not None and day >= today else None


_RANK = {
    "date": 4,
    "day_of_month": 3,
    "weekday": 3,
    "week_day": 3,
    "weekday_by_feast": 3,
    "relative": 3,
    "feast": 1,
    "week": 3,
}


def owed(unit: Unit, today: date, *, american: bool) -> tuple[date | None, Piece | None]:
    """The day a unit is owed: of several the most precise, deadlines first."""
    best: tuple[float, date, Piece] | None = None
    for piece in unit.days:
        day = coming(piece, unit, today, american=american)
        if day is None or not isinstance(piece.says, Day):
            continue
        rank = _RANK.get(piece.says.kind, 2) + 2 * piece.deadline - 3 * piece.origin
        if best is None or rank > best[0]:
            best = rank, day, piece
    return (best[1], best[2]) if best else (None, None)


def judge(unit: Unit, promises: Promises, today: date, *, american: bool) -> Judged:
    """Weigh one unit."""
    day, piece = owed(unit, today, american=american)
    said, folded = unit.said, unit.folded
    own = own_verb(said, promises)
    obliged = promises.obligation.found(said, folded)
    doing = _verb_at_its_place(said, promises)
    wished = promises.wishes.found(said, folded)
    goods = promises.goods.found(said, folded)
    other = promises.other.found(said[:6], folded) if promises.language != "en" else _english_other(said, promises)
    done = promises.done.found(said, folded)
    points = 0.0
    points += 3.0 * own + 3.0 * obliged + 2.0 * doing + 1.0 * goods
    points += 1.5 * promises.appointments.found(said, folded)
    if day is not None and piece is not None:
        points += 2.0
    elif any(isinstance(one.says, Day) and one.says.direction == "past" for one in unit.days):
        points -= 3.0
    if done and not own:
        points -= 3.0
    if other and not own and not (wished and goods and day):
        points -= 3.0
    if promises.refused.found(said, folded):
        points -= 4.0
    if wished and not day and not own:
        points -= 2.0
    if day is None and not own and not obliged and not doing:
        points -= 2.0
    return Judged(
        points=points, due=day, dated=day is not None, own=own, doing=doing, obliged=obliged, wished=wished, goods=goods
    )


def _english_other(said: list[str], promises: Promises) -> bool:
    return bool(said) and any(promises.other.has(word) for word in said[:3])


def own_verb(said: list[str], promises: Promises) -> bool:
    """Whether the rep tells of doing something now or later: "stuur ik", "ich schicke", "lähetän"."""
    return own_verb_at(said, promises) is not None


def own_verb_at(said: list[str], promises: Promises) -> int | None:
    """The index of the rep's own verb in the present tense, or None."""
    if promises.language == "fi":
        return next(
            (i for i, word in enumerate(said) if word in promises.finite and not promises.states.has(word)), None
        )
    for index, word in enumerate(said):
        if not promises.own.has(word):
            continue
        near = [index - 1, index + 1]
        if promises.language == "en":
            near = [index + 1, index + 2]
        for at in near:
            if 0 <= at < len(said) and said[at] in promises.finite and not promises.states.has(said[at]):
                return at
    return None


def _verb_at_its_place(said: list[str], promises: Promises) -> bool:
    """An infinitive at the end (Dutch, German, Finnish) or a bare verb at the beginning (English, orders)."""
    if not said:
        return False
    if promises.language == "en":
        return _english_order(said, promises)
    content = [word for word in said if not promises.after.has(word)] or said
    ends = any(word in promises.infinitive for word in content[-2:])
    opens = content[0] in promises.finite and len(content) > 1 and promises.language in ("nl", "de")
    return ends or opens


def _english_order(said: list[str], promises: Promises) -> bool:
    rest = [word for word in said if not promises.before.has(word)]
    return bool(rest) and rest[0] in promises.finite and len(said) > 1
