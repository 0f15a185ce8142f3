"""The day and the times of the visit itself, told apart from coming appointments, deadlines and old papers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from parsing.model import Found
from parsing.when.clauses import Clause, clause_of, clauses, directions, has, own_directions
from parsing.when.clock import DAY, HALF_DAY, settle
from parsing.when.lexer import Lexed
from parsing.when.lexicon import lexicon
from parsing.when.model import Clock, Day, Direction, Piece, Span
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
        _from_before(directions(text, language), own_directions(text, language), clauses(text, language)),
        now.date(),
        american,
    )
    best: tuple[float, date, Piece] | None = None
    for place, piece in enumerate(pieces):
        day = _day(piece, scene)
        if day is None or _planned(piece, plans, scene.today, american=american):
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


def _planned(piece: Piece, plans: Sequence[Plan], today: date, *, american: bool) -> bool:
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
    if piece.origin and not has(_fold_words(lexed, piece.first - 5, piece.first), lexed.language, "meetings"):
        against = 9.0 if said.kind in ("date", "day_of_month") else 3.0
    if has(_fold_words(lexed, piece.first - 8, piece.first), lexed.language, "background"):
        against += 4.0
    if _RELATIVE[lexed.language].search(_fold_words(lexed, piece.first - 10, piece.first)):
        against += 6.0
    return against


_RELATIVE = {
    "en": re.compile(r"[^\W\d_]+ (?:that|which|who) (?:[^\W\d_]+ ){1,3}(?:on )?$"),
    "nl": re.compile(r"[^\W\d_]+ (?:die|dat) (?:hij|ze|zij|we|wij|ik) (?:[^\W\d_]+ ){0,2}$"),
    "de": re.compile(r"[^\W\d_]+,? (?:die|der|das|den|dem) (?:er|sie|wir|ich) (?:[^\W\d_]+ ){0,2}$"),
    "fi": re.compile(r"[^\W\d_]+,? (?:joka|jonka|jotka|mika|minka) (?:[^\W\d_]+ ){0,3}$"),
}
"""A day behind "the trial that finished", "die ze gisteren": of something else."""


def _fold_words(lexed: Lexed, first: int, last: int) -> str:
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


# --------------------------------------------------------------------------------------------------------- times


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
    looks = _from_before(directions(text, language), own_directions(text, language), all_clauses)
    times = _Times()
    for index, piece in enumerate(pieces):
        if isinstance(piece.says, Clock):
            where = clause_of(all_clauses, piece)
            look = "past" if missed and looks[where] == "future" else looks[where]
            planned = now is not None and _at_a_planned_day(pieces, index, plans, now.date())
            if not planned and not _coming(lexed, pieces, index, all_clauses[where], look, now=now):
                _note(times, lexed, pieces, index, all_clauses[where])
        if times.start and times.end:
            break
    if times.start and not times.end:
        _add_duration(times, lexed, pieces, all_clauses)
    return _found(times.start, text), _found(times.end, text)


def _from_before(
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


NEXT = 5
"""Tokens between a day and a time that is said with it: "17 March, 2.30pm"."""


def _at_a_planned_day(pieces: tuple[Piece, ...], index: int, plans: Sequence[Plan], today: date) -> bool:
    """Whether a time stands in the same stretch as the day that something to come is owed on."""
    own = pieces[index]
    before = pieces[index - 1] if index else None
    if before is not None and own.first - before.last < NEXT and _planned(before, plans, today, american=False):
        return True
    spans = [(start, end) for start, end, _ in plans if start <= own.start < end]
    return any(
        start <= piece.start < end and _planned(piece, plans, today, american=False)
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
    said = _fold_words(lexed, clause.first, clause.last)
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
    near = _fold_words(lexed, max(clause.first, piece.first - 12), min(clause.last, piece.last + 8))
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
    before = _fold_words(lexed, first, pieces[index].first)
    return before if later and later[0] < clause.last else before + " " + _fold_words(lexed, pieces[index].last, last)


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
        words = _fold_words(lexed, clause.first, clause.last)
        near = abs(clause.sentence - home.sentence) <= 0
        lasted = piece.says.explicit or has(words, lexed.language, "lasting") or _alone(lexed, clause, piece)
        if near and lasted and not has(words, lexed.language, "waits"):
            times.end = (minutes + piece.says.minutes) % DAY, piece
            return


def _alone(lexed: Lexed, clause: Clause, piece: Piece) -> bool:
    """Whether a clause holds a duration and hardly more: ", 45 min,"."""
    rest = lexed.letters[clause.first : piece.first] + lexed.letters[piece.last : clause.last]
    return rest.count("x") <= 0
