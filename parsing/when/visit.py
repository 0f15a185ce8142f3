"""The day of the visit itself, told apart from coming appointments, deadlines and old papers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from parsing.model import Found
from parsing.when.clauses import Clause, clause_of, clauses, directions, has, own_directions
from parsing.when.lexer import Lexed
from parsing.when.model import Day, Direction, Piece
from parsing.when.neighbours import find_neighbours_day
from parsing.when.reading import read
from parsing.when.resolve import due, resolve

SINGLE = frozenset(
    {
        "relative",
        "weekday",
        "date",
        "day_of_month",
        "week_day",
        "weekday_by_feast",
        "workdays",
        "next_weekday",
        "week",
        "feast",
    }
)
"""Kinds that name one day."""
AMERICAN_OFFSET = timedelta(hours=-3)
NEAR = timedelta(days=400)
RECENT = timedelta(days=21)
"""How long ago a feast may be whose day is that of the visit."""


def month_first(text: str, now: datetime, language: str) -> bool:
    """Whether figures are month first: English by a rep in an American zone, unless a date can only be day first."""
    offset = now.utcoffset()
    if language != "en" or offset is None or offset > AMERICAN_OFFSET:
        return False
    _, pieces = read(text, language)
    months = 12
    return not any(
        isinstance(piece.says, Day)
        and piece.says.kind == "date"
        and not piece.says.swapped
        and (piece.says.day or 0) > months
        for piece in pieces
    )


@dataclass(frozen=True, slots=True)
class _Scene:
    """What every candidate for the day of the visit is judged against."""

    lexed: Lexed
    clauses: tuple[Clause, ...]
    looks: tuple[Direction | None, ...]
    today: date
    american: bool


Plan = tuple[int, int, date]
"""Something to come: the stretch of the text that tells of it, and its day."""


def find_day(text: str, now: datetime, language: str, plans: Sequence[Plan] = ()) -> Found[date] | None:
    """The day of the visit as ``text`` names it; None where it names none. ``now`` is the local moment of sending.

    A day that one of ``plans`` is owed on is none of the visit.
    """
    lexed, pieces = read(text, language)
    american = month_first(text, now, language)
    scene = _Scene(
        lexed,
        clauses(text, language),
        from_before(directions(text, language), own_directions(text, language), clauses(text, language)),
        now.date(),
        american,
    )
    best: tuple[float, date, Piece] | None = None
    for place, piece in enumerate(pieces):
        day = _day(piece, scene)
        if day is None or planned(piece, plans, scene.today, american=american):
            continue
        rank = _rank(piece, place, scene)
        if rank >= LEAST and (best is None or rank > best[0]):
            best = rank, day, piece
    if best is None:
        return find_neighbours_day(text, now)
    rank, day, piece = best
    why = f"said “{text[piece.start : piece.end]}”"
    cue = piece.says.kind if isinstance(piece.says, Day) else ""
    return Found(day, piece.start, piece.end, confidence=min(max(rank, 0.0), 20.0) / 20.0, why=why, cue=cue)


def _day(piece: Piece, scene: _Scene) -> date | None:
    """The day not after today that a piece may name; None for stretches, deadlines and what lies ahead."""
    said = piece.says
    if not isinstance(said, Day) or said.kind not in SINGLE or said.direction == "future" or piece.deadline:
        return None
    if said.kind == "week" and said.weekday is None:
        return None
    if said.kind == "feast" and (said.edge is not None or piece.origin):
        return None
    days = resolve(said, scene.today, "past", month_first=scene.american)
    if days is None or days[0] > scene.today or scene.today - days[0] > NEAR:
        return None
    if said.kind == "feast" and (days[0] != days[1] or scene.today - days[0] > RECENT):
        return None
    return days[0] if said.to is None else min(days[1], scene.today)


def planned(piece: Piece, plans: Sequence[Plan], today: date, *, american: bool) -> bool:
    """Whether a day is the one that something to come is owed on."""
    said = piece.says
    if not isinstance(said, Day) or said.direction == "past":
        return False
    days = {day for start, end, day in plans if start <= piece.start < end}
    return bool(days) and due(said, today, month_first=american) in days


LEAST, SURE = 5.0, 11.0
"""The points a day needs to be taken for that of the visit, and those that leave no doubt."""


def _rank(piece: Piece, place: int, scene: _Scene) -> float:
    """How likely a piece names the day of the visit: where its clause looks, how it is said, what stands before it."""
    said = piece.says
    if not isinstance(said, Day):
        return 0.0
    where = clause_of(scene.clauses, piece)
    look = scene.looks[where]
    rank = 10.0 - min(place, 8) * 0.4 - scene.clauses[where].sentence * 0.05
    rank += {"past": 3.0, "future": -6.0, None: 0.0}["past" if said.direction else look]
    rank += _by_kind(piece, said, look, scene.clauses[where].sentence)
    rank += _by_calendar(said, look, scene)
    rank -= _by_words_before(piece, said, scene)
    if scene.lexed.text[piece.end : piece.end + 1] == "?":
        rank -= 4.0  # "vorgestern?? nein, gestern"
    return rank


def _by_kind(piece: Piece, said: Day, look: Direction | None, sentence: int) -> float:
    if said.kind == "weekday" and said.direction is None:
        return 0.5 if piece.announced else -1.0 if look or not sentence else -5.0
    if said.kind == "feast":
        return 1.0 if look == "past" else -2.0
    if said.kind != "relative":
        return 0.0
    if said.offset:
        return 3.0
    if said.part:
        return 1.0
    return -9.5 if look == "future" else -0.5


def _by_calendar(said: Day, look: Direction | None, scene: _Scene) -> float:
    if _future_otherwise(said, scene.today, look, american=scene.american):
        return -9.0
    plain = said.kind == "date" and said.weekday is not None and look == "future"
    return 4.0 if plain and not _future_otherwise(said, scene.today, None, american=scene.american) else 0.0


def _by_words_before(piece: Piece, said: Day, scene: _Scene) -> float:
    lexed = scene.lexed
    against = 0.0
    if piece.origin and not has(fold_words(lexed, piece.first - 5, piece.first), lexed.language, "meetings"):
        against = 9.0 if said.kind in ("date", "day_of_month") else 3.0
    if has(fold_words(lexed, piece.first - 8, piece.first), lexed.language, "background"):
        against += 4.0
    if _RELATIVE[lexed.language].search(fold_words(lexed, piece.first - 10, piece.first)):
        against += 6.0
    return against


_RELATIVE = {
    "en": re.compile(r"[^\W\d_]+ (?:that|which|who) (?:[^\W\d_]+ ){1,3}(?:on )?$"),
    "nl": re.compile(r"[^\W\d_]+ (?:die|dat) (?:hij|ze|zij|we|wij|ik) (?:[^\W\d_]+ ){0,2}$"),
    "de": re.compile(r"[^\W\d_]+,? (?:die|der|das|den|dem) (?:er|sie|wir|ich) (?:[^\W\d_]+ ){0,2}$"),
    "fi": re.compile(r"[^\W\d_]+,? (?:joka|jonka|jotka|mika|minka) (?:[^\W\d_]+ ){0,3}$"),
}
"""A day behind "the trial that finished", "die ze gisteren": of something else."""


def fold_words(lexed: Lexed, first: int, last: int) -> str:
    return "".join(token.text for token in lexed.tokens[max(0, first) : max(0, last)])


def _future_otherwise(said: Day, today: date, look: Direction | None, *, american: bool) -> bool:
    """Whether a date without a year lies nearer ahead than behind, in a clause that does not look back."""
    if said.kind not in ("date", "day_of_month") or said.year is not None:
        return False
    nearest = resolve(said, today, None, month_first=american)
    if nearest is None or nearest[0] <= today:
        return False
    past = resolve(said, today, "past", month_first=american)
    return look != "past" or past is None or today - past[0] > timedelta(days=31)


def from_before(
    looks: tuple[Direction | None, ...], own: tuple[Direction | None, ...], all_clauses: tuple[Clause, ...]
) -> tuple[Direction | None, ...]:
    """The looks without a future that a clause would have from a later one: "um 14 Uhr bei Roth, Demo am 25."."""
    ahead: set[int] = set()
    kept: list[Direction | None] = []
    for look, sign, clause in zip(looks, own, all_clauses, strict=True):
        if sign == "future":
            ahead.add(clause.sentence)
        lent = look == "future" and sign is None and clause.sentence not in ahead
        kept.append(None if lent else look)
    return tuple(kept)
