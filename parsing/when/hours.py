"""The times of the visit itself, told apart from those of coming appointments and deadlines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from parsing.model import Found
from parsing.when.atoms import DAY, HALF_DAY
from parsing.when.clauses import Clause, clause_of, clauses, directions, has, own_directions
from parsing.when.clock import settle
from parsing.when.lexer import Lexed
from parsing.when.lexicon import lexicon
from parsing.when.model import Clock, Day, Direction, Piece, Span
from parsing.when.reading import read
from parsing.when.resolve import resolve
from parsing.when.visit import Plan, fold_words, from_before, planned


@dataclass(slots=True)
class _Times:
    start: tuple[int, Piece] | None = None
    end: tuple[int, Piece] | None = None
    first: tuple[int, Piece] | None = None
    """A time beside a word of ending; the start after all where a later one is the end."""


def find_times(
    text: str,
    language: str,
    now: datetime | None = None,
    plans: Sequence[Plan] = (),
    *,
    missed: bool = False,
) -> tuple[Found[time] | None, Found[time] | None]:
    """Start and end of the visit; None for what the text does not say.

    ``now``, the local moment of sending, tells a coming "15.9. 8 Uhr" from a past one where no word does; times of
    ``plans`` are none of the visit. Of an appointment that was ``missed`` the time agreed on is the start.
    """
    lexed, pieces = read(text, language)
    all_clauses = clauses(text, language)
    looks = from_before(directions(text, language), own_directions(text, language), all_clauses)
    times = _Times()
    for index, piece in enumerate(pieces):
        if isinstance(piece.says, Clock):
            where = clause_of(all_clauses, piece)
            look = "past" if missed and looks[where] == "future" else looks[where]
            told = now is not None and _at_a_planned_day(pieces, index, plans, now.date())
            if not told and not _coming(lexed, pieces, index, all_clauses[where], look, now=now):
                _note(times, lexed, pieces, index, all_clauses[where])
        if times.start and times.end:
            break
    if times.start and not times.end:
        _add_duration(times, lexed, pieces, all_clauses)
    return _found(times.start, text), _found(times.end, text)


NEXT = 5
"""Tokens between a day and a time that is said with it: "17 March, 2.30pm"."""


def _at_a_planned_day(pieces: tuple[Piece, ...], index: int, plans: Sequence[Plan], today: date) -> bool:
    """Whether a time stands in the same stretch as the day that something to come is owed on."""
    own = pieces[index]
    before = pieces[index - 1] if index else None
    if before is not None and own.first - before.last < NEXT and planned(before, plans, today, american=False):
        return True
    spans = [(start, end) for start, end, _ in plans if start <= own.start < end]
    return any(
        start <= piece.start < end and planned(piece, plans, today, american=False)
        for start, end in spans
        for piece in pieces[max(0, index - REACH) : index + REACH]
    )


def _found(one: tuple[int, Piece] | None, text: str) -> Found[time] | None:
    if one is None:
        return None
    minutes, piece = one
    why = f"said “{text[piece.start : piece.end]}”"
    return Found(time(*divmod(minutes % DAY, 60)), piece.start, piece.end, why=why, cue="clock")


REACH = 6
"""Expressions before and after one that are looked at for its day."""


def _day_beside(pieces: tuple[Piece, ...], index: int, clause: Clause) -> Day | None:
    """The day that a time belongs to: the nearest one in its clause, the one before it first."""
    own = pieces[index]
    near = [
        (abs(piece.first - own.first), piece.first > own.first, piece)
        for piece in pieces[max(0, index - REACH) : index + REACH + 1]
        if isinstance(piece.says, Day) and clause.first <= piece.first < clause.last
    ]
    says = min(near, key=lambda one: one[:2])[2].says if near else None
    return says if isinstance(says, Day) else None


def _coming(
    lexed: Lexed, pieces: tuple[Piece, ...], index: int, clause: Clause, look: Direction | None, *, now: datetime | None
) -> bool:
    """Whether a time is that of a coming appointment or a deadline."""
    piece = pieces[index]
    ranged = isinstance(piece.says, Clock) and piece.says.until is not None
    day = _day_beside(pieces, index, clause)
    before = pieces[index - 1] if index else None
    if day is None and before is not None and isinstance(before.says, Day) and _touching(lexed, before, piece):
        day = before.says
    if day is not None:
        decided = _decided_by(day, pieces, look, now, ranged=ranged)
        if decided is not None:
            return decided
    if piece.deadline and not ranged and lexed.letters[piece.first - 2 : piece.first - 1] != "t":
        return True
    if look != "future" or (ranged and day is None):
        return False
    return day is not None or not _mere_meeting(lexed, clause)


def _mere_meeting(lexed: Lexed, clause: Clause) -> bool:
    """As in "Termin 13 Uhr mit Frau Roth": a word for a meeting alone, without a day, tells of the one that was."""
    words = lexicon(lexed.language)
    said = fold_words(lexed, clause.first, clause.last)
    ahead = {word for word in re.findall(r"[^\W\d_]+", said) if word in words.cue("future")}
    return bool(ahead) and ahead <= words.cue("meets") and not has(said, lexed.language, "ahead")


def _decided_by(
    day: Day, pieces: tuple[Piece, ...], look: Direction | None, now: datetime | None, *, ranged: bool
) -> bool | None:
    """Whether the day that a time is said with lies ahead; None where the day does not tell."""
    deadline = any(piece.deadline for piece in pieces if piece.says is day)
    if day.direction == "future" or (deadline and day.direction != "past"):
        return True
    if day.direction == "past" or (day.kind == "relative" and ranged):
        return False
    if now is not None and day.kind in ("date", "day_of_month") and look != "past":
        days = resolve(day, now.date(), None)
        return True if days is not None and days[0] > now.date() else None
    return None


def _touching(lexed: Lexed, one: Piece, other: Piece) -> bool:
    return set(lexed.letters[one.last : other.first]) <= set(" ,@k-.(")


def _part(lexed: Lexed, pieces: tuple[Piece, ...], index: int, clause: Clause) -> str | None:
    """The part of the day that a time is said with: "gisteravond 8 uur", "aamulla kuudelta"."""
    piece = pieces[index]
    day = _day_beside(pieces, index, clause)
    if day is not None and day.part:
        return day.part
    around = range(max(clause.first, piece.first - 8), min(clause.last, piece.last + 4))
    parts = [at for at in around if lexed.letters[at] == "P"]
    if parts:
        nearest = min(parts, key=lambda at: min(abs(at - piece.first), abs(at - piece.last)))
        return str(lexed.tokens[nearest].value)
    return None


def _note(times: _Times, lexed: Lexed, pieces: tuple[Piece, ...], index: int, clause: Clause) -> None:
    piece = pieces[index]
    said = piece.says
    if not isinstance(said, Clock):
        return
    words = _between_times(lexed, pieces, index, clause)
    near = fold_words(lexed, max(clause.first, piece.first - 12), min(clause.last, piece.last + 8))
    part = _part(lexed, pieces, index, clause)
    minutes = settle(said.minutes, said.fixed, part)
    if has(near, lexed.language, "departs"):
        return
    if said.until is not None:
        if times.start is None:
            times.start = minutes, piece
            times.end = _after(minutes, said.until), piece
        return
    if times.start is None and not _is_end(lexed, piece, words):
        times.start = minutes, piece
    elif times.start is None and times.first is not None:
        times.start, times.end = times.first, (_after(times.first[0], said.minutes), piece)
    elif times.start is None:
        times.first = minutes, piece
    elif times.start is not None and times.end is None and _is_end(lexed, piece, words):
        times.end = _after(times.start[0], said.minutes if not said.fixed else minutes), piece


def _between_times(lexed: Lexed, pieces: tuple[Piece, ...], index: int, clause: Clause) -> str:
    """The words of a clause around a time, up to the times beside it."""
    earlier = [piece.last for piece in pieces[max(0, index - REACH) : index] if isinstance(piece.says, Clock)]
    later = [piece.first for piece in pieces[index + 1 : index + REACH] if isinstance(piece.says, Clock)]
    first = max([clause.first, *earlier[-1:]])
    last = min([clause.last, *later[:1]])
    before = fold_words(lexed, first, pieces[index].first)
    return before if later and later[0] < clause.last else before + " " + fold_words(lexed, pieces[index].last, last)


def _is_end(lexed: Lexed, piece: Piece, words: str) -> bool:
    before = lexed.letters[: piece.first].rstrip(" ")[-1:]
    illative = lexed.language == "fi" and lexed.tokens[piece.last - 1].text.endswith(
        ("een", "aan", "iin", "teentoista")
    )
    return before == "t" or illative or has(words, lexed.language, "ends")


def _after(start: int, end: int) -> int:
    """The end of a range in the half of the day that comes after its start."""
    return end + HALF_DAY if end < start and end + HALF_DAY < DAY else end


def _add_duration(times: _Times, lexed: Lexed, pieces: tuple[Piece, ...], all_clauses: tuple[Clause, ...]) -> None:
    if times.start is None:
        return
    minutes, at = times.start
    home = all_clauses[clause_of(all_clauses, at)]
    for piece in pieces:
        if not isinstance(piece.says, Span):
            continue
        clause = all_clauses[clause_of(all_clauses, piece)]
        words = fold_words(lexed, clause.first, clause.last)
        near = abs(clause.sentence - home.sentence) <= 0
        lasted = piece.says.explicit or has(words, lexed.language, "lasting") or _alone(lexed, clause, piece)
        if near and lasted and not has(words, lexed.language, "waits"):
            times.end = (minutes + piece.says.minutes) % DAY, piece
            return


def _alone(lexed: Lexed, clause: Clause, piece: Piece) -> bool:
    """Whether a clause holds a duration and hardly more: ", 45 min,"."""
    rest = lexed.letters[clause.first : piece.first] + lexed.letters[piece.last : clause.last]
    return rest.count("x") <= 0
