"""Every expression of time in a text with its span, its dates and where it looks."""

from datetime import datetime, time
from typing import Literal

from parsing.model import Found
from parsing.when.clauses import clauses, directions
from parsing.when.clock import settle
from parsing.when.model import Clock, Day, Moment, Piece
from parsing.when.reading import read
from parsing.when.resolve import due, resolve
from parsing.when.visit import month_first


def find_moments(text: str, now: datetime, language: str) -> list[Found[Moment]]:
    """Every date, time, range and duration of ``text`` in order; ``now`` is the local moment of sending."""
    lexed, pieces = read(text, language)
    all_clauses = clauses(text, language)
    looks = directions(text, language)
    american = month_first(text, now, language)
    found: list[Found[Moment]] = []
    at = 0
    for piece in pieces:
        while at + 1 < len(all_clauses) and all_clauses[at].last <= piece.first:
            at += 1
        look = looks[at] if all_clauses else None
        why = lexed.text[piece.start : piece.end]
        found.append(Found(_moment(piece, now, look, american=american), piece.start, piece.end, why=why))
    return found


def _moment(piece: Piece, now: datetime, look: Literal["past", "future"] | None, *, american: bool) -> Moment:
    said = piece.says
    if isinstance(said, Day):
        look = said.direction or ("future" if piece.deadline else look)
        plain = said.kind == "weekday" and look is None
        days = resolve(said, now.date(), "past" if plain else look, month_first=american)
        return Moment(
            start=days[0] if days else None,
            end=days[1] if days else None,
            direction=look or "unknown",
            due=due(said, now.date(), month_first=american),
            deadline=piece.deadline,
            kind=said.kind,
        )
    if isinstance(said, Clock):
        ends = None if said.until is None else _time(said.until, fixed=said.until >= said.minutes)
        return Moment(
            starts=_time(said.minutes, fixed=said.fixed),
            ends=ends,
            direction=look or "unknown",
            deadline=piece.deadline,
            kind="clock",
        )
    return Moment(direction=look or "unknown", kind="duration")


def _time(minutes: int, *, fixed: bool) -> time:
    return time(*divmod(settle(minutes, fixed, None), 60))
