"""Whether a unit is something that we still have to do: points for what speaks for it and against it."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from parsing.actions.lexicon import Promises
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
    if not isinstance(said, Day) or said.direction == "past" or (piece.origin and not piece.deadline):
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
    unit: Unit, look: Direction | None, today: date, *, american: bool, doing: bool
) -> tuple[date | None, Piece | None]:
    """The day a unit is owed: of several the most precise, deadlines first."""
    best: tuple[float, date, Piece] | None = None
    for piece in unit.days:
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


@dataclass(frozen=True, slots=True)
class _Signs:
    """What the words of a unit show."""

    own: bool
    obliged: bool
    doing: bool
    asked: bool
    wished: bool
    goods: bool
    vague: bool
    other: bool
    done: bool
    mine: bool
    leaves: bool
    gives: bool

    @property
    def busy(self) -> bool:
        """Whether the unit says by itself that something is to be done."""
        return self.own or self.obliged or self.doing or self.asked or self.leaves or self.gives


def _signs(unit: Unit, promises: Promises, *, asked: bool) -> _Signs:
    said, folded = unit.said, unit.folded
    of_another = bool(said) and promises.joiners.has(said[0]) and not unit.joined  # "he thinks about it and calls"
    named = any(promises.own.has(word) for word in said)
    own = (own_verb(said, promises) and (named or not of_another)) or (
        unit.joined and bool(said[1:]) and said_verb(said, promises)
    )
    obliged = promises.obligation.found(said, folded)
    goods = promises.goods.found(said, folded)
    done = promises.done.found(said, folded)
    few = 6
    given = goods or any(promises.vague.has(word) for word in said) or len(said) <= few
    gives = given and not done and unit.look != "past" and promises.receives.found(said, folded)
    speaks = own or asked or any(promises.own.has(word) for word in said[:5])
    return _Signs(
        own=own,
        obliged=obliged,
        doing=_verb_at_its_place(said, promises) or _deed_with_a_day(unit, promises),
        asked=asked,
        wished=promises.wishes.found(said, folded),
        goods=goods,
        vague=any(promises.vague.has(word) for word in said[:2]),
        other=not gives and _somebody_else(said, promises),
        done=done,
        mine=speaks or (obliged and promises.obligation.at(folded.lstrip(), 0) > 0),
        gives=gives,
        leaves=goods and unit.look != "past" and promises.leaving.found(said, folded),
    )


def judge(
    unit: Unit, promises: Promises, today: date, *, american: bool, lent: Piece | None = None, asked: bool = False
) -> Judged:
    """Weigh one unit; ``lent`` is a date that stands in a clause beside it, ``asked`` that a colleague is asked."""
    signs = _signs(unit, promises, asked=asked)
    look: Direction | None = "future" if signs.busy or lent else unit.look
    day, piece = owed(unit, look, today, american=american, doing=signs.busy)
    if lent is not None and (piece is None or precision(lent) >= precision(piece)):
        day = coming(lent, "future", today, american=american, doing=True) or day
    points = _for(unit, promises, signs, dated=day is not None) - _against(unit, promises, signs, dated=day is not None)
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


def _for(unit: Unit, promises: Promises, signs: _Signs, *, dated: bool) -> float:
    said, folded = unit.said, unit.folded
    points = 3.0 * signs.own + 2.0 * signs.doing + 1.0 * signs.goods + 1.0 * signs.asked
    points += (3.0 if signs.mine or dated else 1.0) * signs.obliged
    points += 1.5 * promises.appointments.found(said, folded)
    if dated:
        points += 3.0 * (signs.gives and not signs.own)
        return points + 2.0 + 1.0 * _asked_for(signs) + 1.5 * promises.fixed.found(said, folded)
    soon = promises.soon.found(said, folded)
    few = 4
    if signs.busy:
        points += 1.5 * (soon or _sometime(unit))
    elif soon and signs.goods and not signs.done and len(said) <= few:
        points += 4.0
    return points


def _against(unit: Unit, promises: Promises, signs: _Signs, *, dated: bool) -> float:
    points = (1.0 if dated and signs.doing else 3.0) * (signs.done and not signs.own)
    points += 4.0 * promises.refused.found(unit.said, unit.folded)
    if signs.other and not signs.own and not (dated and _asked_for(signs)):
        points += 3.0
    if dated:
        return points
    if any(isinstance(one.says, Day) and one.says.direction == "past" for one in unit.days):
        points += 3.0
    if signs.wished and not signs.own and not (signs.obliged and signs.mine):
        points += 2.0
    if not signs.own and not signs.obliged and not signs.asked:
        ordered = signs.doing and _ordered(unit.said, promises)
        points += -1.0 if ordered else 0.0 if signs.doing and signs.goods else 2.0
    return points


def _asked_for(signs: _Signs) -> bool:
    """Whether somebody wishes for goods of ours; with a day that is a promise, whoever is the subject."""
    return signs.wished and (signs.goods or signs.vague)


def _passive_wish(unit: Unit, promises: Promises, signs: _Signs) -> bool:
    """As in "they want the spec sheet emailing over": British for an order."""
    gerund = promises.language == "en" and any(_gerund(word, promises) for word in unit.said[2:])
    return gerund and signs.wished and signs.goods


def _sometime(unit: Unit) -> bool:
    """Whether a unit names a time to come that sets no day: "in March", "after the summer"."""
    return any(isinstance(piece.says, Day) and piece.says.direction != "past" for piece in unit.days)


def said_verb(said: list[str], promises: Promises) -> bool:
    """Whether what follows the joiner is a first person of its own: "en plan een sessie in"."""
    first = said[1] if promises.joiners.has(said[0]) else said[0]
    return promises.verb(first) is not None


def _gerund(word: str, promises: Promises) -> bool:
    return word.endswith("ing") and word in promises.finite and word not in promises.nouns


def _ordered(said: list[str], promises: Promises) -> bool:
    """Whether an undated verb is an order all the same: "maak nog een afspraak", "ask Helen about it"."""
    rest = [word for word in said if not promises.before.has(word)] or said
    return len(rest) > 1 and rest[0] in promises.finite and promises.pronouns.has(rest[1])


def _somebody_else(said: list[str], promises: Promises) -> bool:
    """Whether the subject is somebody else: a pronoun of a third person among the first words."""
    for index, word in enumerate(said[:3]):
        if promises.other.has(word) and (index == 0 or not promises.toward.has(said[index - 1])):
            return not (index and said[index - 1] in promises.base)
    return False


def own_verb(said: list[str], promises: Promises) -> bool:
    """Whether the rep tells of doing something now or later: "stuur ik", "ich schicke", "lähetän"."""
    return own_verb_at(said, promises) is not None


_ONCE = frozenset({"ever", "never", "already", "finally", "once", "first", "last", "recently", "previously", "even"})
"""As in "I ever set foot there": English verbs behind these tell of the past."""


def own_verb_at(said: list[str], promises: Promises) -> int | None:
    """The index of the rep's own verb in the present tense, or None."""
    if promises.language == "fi":
        return next((index for index, _ in enumerate(said) if _finnish_own(said, index, promises)), None)
    for index, word in enumerate(said):
        if not promises.own.has(word):
            continue
        near = [index + 1, index + 2] if promises.language == "en" else [index - 1, index + 1]
        for at in near:
            between = said[index + 1 : at]
            told = any(promises.states.has(one) or promises.done.has(one) for one in between)
            once = promises.language == "en" and (told or not _ONCE.isdisjoint(between))
            if 0 <= at < len(said) and promises.verb(said[at]) and not promises.states.has(said[at]) and not once:
                return at
    opens = next((index for index, word in enumerate(said[:3]) if not promises.before.has(word)), None)
    if promises.language != "en" and opens is not None and _clipped(said, opens, promises):
        return opens
    return None


def _clipped(said: list[str], at: int, promises: Promises) -> bool:
    """As in "Ruf sie an", "Maak nog een afspraak": the rep's own verb without "ik"."""
    word = said[at]
    base = word in promises.base or (
        promises.language == "de" and word.removesuffix("s").removesuffix("'") in promises.base
    )
    if not base or promises.states.has(word) or word in promises.infinitive:
        return False
    return word not in promises.nouns or (at + 1 < len(said) and promises.pronouns.has(said[at + 1]))


def _finnish_own(said: list[str], at: int, promises: Promises) -> bool:
    """A first person in the singular: "lähetän", not the passive "lähetetään"; a noun as often only with a sign."""
    word = said[at]
    if word not in promises.singular or promises.states.has(word):
        return False
    if word not in promises.nouns:
        return True
    return at == 0 or (at + 1 < len(said) and promises.pronouns.has(said[at + 1]))


def _verb_at_its_place(said: list[str], promises: Promises) -> bool:
    """An infinitive at the end (Dutch, German, Finnish) or a bare verb at the beginning (English, orders)."""
    if not said:
        return False
    if promises.language == "en":
        return _english_order(said, promises)
    content = [word for word in said if not promises.after.has(word)] or said
    ends = any(word in promises.infinitive for word in content[-2:]) or _followed_by_place(said, promises)
    passive = promises.language == "fi" and any(word in promises.finite for word in said)
    return ends or passive


def _deed_with_a_day(unit: Unit, promises: Promises) -> bool:
    """As in "Kennismaken met haar do 19/3": an infinitive that opens a unit with a day of its own."""
    said = unit.said
    opens = len(said) > 1 and said[0] in promises.infinitive and promises.toward.has(said[1])
    return promises.language in ("nl", "de") and opens and any(not piece.origin for piece in unit.days)


def _followed_by_place(said: list[str], promises: Promises) -> bool:
    """Whether an infinitive is followed by a joiner or, near the end, a prepositional phrase: "regelen met Jan"."""
    if any(one in promises.infinitive and promises.joiners.has(other) for one, other in pairwise(said[1:])):
        return True
    return any(
        word in promises.infinitive and 0 < index >= len(said) - 4 and promises.toward.has(said[index + 1])
        for index, word in enumerate(said[:-1])
    )


def _english_order(said: list[str], promises: Promises) -> bool:
    rest = [word for word in said if not promises.before.has(word)]
    if not rest or rest[0] not in promises.finite:
        return False
    if len(said) == 1:
        return _gerund(rest[0], promises)
    return rest[0] not in promises.nouns or (len(rest) > 1 and promises.pronouns.has(rest[1]))
