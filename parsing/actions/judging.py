"""Whether a unit is something that we still have to do: points for what speaks for it and against it."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from parsing.actions.lexicon import Promises
from parsing.actions.signs import Signs, gerund, ordered, signs_of
from parsing.actions.units import Unit
from parsing.when.model import Day, Direction, Piece
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
    gives: bool
    """Whether the customer is to have it from us: "he'll have it Friday"."""


def coming(piece: Piece, look: Direction | None, today: date, *, american: bool, doing: bool) -> date | None:
    """The day that a piece sets for something to come; None where it looks back or names no day.

    ``look`` is where its clause looks; ``doing`` whether the clause says by itself that something is to be done.
    """
    said = piece.says
    if (
        not isinstance(said, Day)
        or said.direction == "past"
        or (piece.origin and not piece.deadline and not (piece.until and doing))
    ):
        return None
    sure = piece.deadline or doing
    if said.kind == "relative" and said.offset == 0 and not sure:
        return None
    if said.direction is None and not sure:
        if said.kind in ("weekday", "week_day", "unit") and look == "past":
            return None
        if said.kind in ("date", "day_of_month", "week", "feast") and look != "future":
            feast = said.kind in ("week", "feast") and look == "past"
            nearest = resolve(said, today, "past" if feast else None, month_first=american)
            if nearest is None or nearest[1] <= today:
                return None
    day = due(said, today, month_first=american)
    if day is None or day < today or (not piece.deadline and _just_past(said, day, today, american=american)):
        return None
    return day


def _just_past(said: Day, day: date, today: date, *, american: bool) -> bool:
    """Whether a date without a year was a few weeks ago, and would come again only after most of a year."""
    if said.kind != "date" or said.year is not None or (day - today).days < FAR:
        return False
    past = resolve(said, today, "past", month_first=american)
    return past is not None and 0 <= (today - past[0]).days < NEAR


FAR, NEAR = 240, 60


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


def owed(
    unit: Unit, look: Direction | None, today: date, *, american: bool, doing: bool, meant: bool = False
) -> tuple[date | None, Piece | None]:
    """The day a unit is owed: of several the most precise, deadlines first; ``meant`` whether "until" is one."""
    best: tuple[float, date, Piece] | None = None
    for piece in unit.days:
        if piece.until and not meant:
            continue
        day = coming(piece, look, today, american=american, doing=doing)
        if day is None or not isinstance(piece.says, Day):
            continue
        rank = precision(piece)
        if best is None or rank > best[0]:
            best = rank, day, piece
    return (best[1], best[2]) if best else (None, None)


def precision(piece: Piece) -> float:
    """How exactly a piece names the day something is owed; a deadline counts more."""
    said = piece.says
    if not isinstance(said, Day):
        return 0.0
    return _RANK.get(said.kind, 2) + 2 * piece.deadline


def judge(
    unit: Unit,
    promises: Promises,
    today: date,
    *,
    american: bool,
    lent: Piece | None = None,
    asked: bool = False,
    exact: bool = False,
) -> Judged:
    """Weigh one unit; ``lent`` is a date that stands in a clause beside it, ``asked`` that a colleague is asked.

    ``exact``: what is lent says anew when it is, "by next Friday, that is the 28th".
    """
    signs = signs_of(unit, promises, asked=asked)
    look: Direction | None = "future" if signs.busy or lent else unit.look
    meant = promises.language == "en" and not promises.lasts.found(unit.said, unit.folded)
    day, piece = owed(unit, look, today, american=american, doing=signs.busy, meant=meant)
    if lent is not None and (exact or piece is None or precision(lent) >= precision(piece)):
        day = coming(lent, "future", today, american=american, doing=True) or day
    dated = day is not None
    until = piece is not None and piece.deadline and not _wants_to(unit)
    points = _for(unit, promises, signs, dated=dated, until=until)
    points -= _against(unit, promises, signs, dated=dated, until=until)
    if day is not None and not signs.own:
        points += _ahead(signs, sure=_sure(piece) and lent is None)
    if day is None and _passive_wish(unit, promises, signs):
        points = max(points, ENOUGH)
    return Judged(
        points=points,
        due=day,
        dated=day is not None,
        own=signs.own,
        doing=signs.doing,
        obliged=signs.obliged,
        wished=signs.wished,
        goods=signs.goods,
        gives=signs.gives and day is not None,
    )


def _for(unit: Unit, promises: Promises, signs: Signs, *, dated: bool, until: bool) -> float:
    said, folded = unit.said, unit.folded
    points = 3.0 * signs.own + 2.0 * signs.doing + 1.0 * signs.goods + 1.0 * signs.asked
    points += (3.0 if signs.mine or (dated and not signs.other) else 1.0) * signs.obliged
    points += 1.5 * promises.appointments.found(said, folded)
    if dated:
        points += 3.0 * (signs.gives and not signs.own)
        return (
            points
            + 2.0
            + 1.0 * (_asked_for(signs) or (signs.wished and until))
            + 1.5 * promises.fixed.found(said, folded)
        )
    soon = promises.soon.found(said, folded)
    few = 4
    if signs.leaves and promises.follows.found(said, folded):
        points += 4.0
    elif signs.busy:
        points += 1.5 * (soon or _sometime(unit))
    elif soon and signs.goods and not signs.done and len(said) <= few:
        points += 4.0
    return points


def _wants_to(unit: Unit) -> bool:
    """As in "they want to decide by May": what they mean to do themselves."""
    return any(
        one in ("want", "wants", "wanted", "like", "hope", "hopes", "need", "needs") and other == "to"
        for one, other in pairwise(unit.said)
    )


def _sure(piece: Piece | None) -> bool:
    """Whether a day lies ahead by its own words: "tomorrow", "3.11." before the 3rd; a weekday may lie behind."""
    said = piece.says if piece else None
    if piece is None or not isinstance(said, Day):
        return False
    if piece.deadline or said.direction == "future":
        return True
    return said.kind not in ("weekday", "feast") and not (said.kind == "relative" and not said.offset)


def _ahead(signs: Signs, *, sure: bool) -> float:
    """Points of a unit with a day to come that no word of its own makes a promise."""
    points = 1.5 * (signs.deed and not signs.doing) + 1.5 * (signs.leaves and not signs.goods)
    if sure:
        points += 1.5 * (signs.speaks or signs.returns) + 1.0 * (signs.bare and not signs.doing and not signs.own)
    return points


def _against(unit: Unit, promises: Promises, signs: Signs, *, dated: bool, until: bool) -> float:
    points = (1.0 if dated and signs.doing else 3.0) * (signs.done and not signs.own)
    points += 4.0 * promises.refused.found(unit.said, unit.folded) + 9.0 * promises.idle.found(unit.said, unit.folded)
    points += 3.0 * (signs.theirs and not (signs.own or (signs.obliged and signs.mine) or signs.asked))
    if signs.other and not signs.own and not (dated and (_asked_for(signs) or (signs.wished and until))):
        points += 3.0
    if dated:
        return points
    if unit.closed == ":" and not signs.own:
        points += 3.0  # "Vertrag verlängern: sie drückt auf …" is what was talked of
    if any(isinstance(one.says, Day) and one.says.direction == "past" for one in unit.days):
        points += 3.0
    if signs.wished and not signs.own and not (signs.obliged and signs.mine):
        points += 2.0
    if not signs.own and not signs.obliged and not signs.asked:
        order = signs.doing and ordered(unit.said, promises)
        points += -1.0 if order else 0.0 if signs.doing and signs.goods else 2.0
    return points


def _asked_for(signs: Signs) -> bool:
    """Whether somebody wishes for goods of ours; with a day that is a promise, whoever is the subject."""
    return signs.wished and (signs.goods or signs.vague)


def _passive_wish(unit: Unit, promises: Promises, signs: Signs) -> bool:
    """As in "they want the spec sheet emailing over": British for an order."""
    emailing = promises.language == "en" and any(gerund(word, promises) for word in unit.said[2:])
    return emailing and signs.wished and signs.goods


def _sometime(unit: Unit) -> bool:
    """Whether a unit names a time to come that sets no day: "in March", "after the summer"."""
    return any(isinstance(piece.says, Day) and piece.says.direction != "past" for piece in unit.days)
