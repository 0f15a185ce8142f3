"""From what digests tell to letters: of many people at once, in a fixed number of statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from digests.council import without_persons
from digests.gathering import mornings, team_mornings
from digests.weeks import team_weeks, weeks
from letters import Letter, render
from letters.digest import Morning, Rhythm, TeamMorning, Week
from letters.todo import Todos
from store import digests, secrets
from store.db import Tx
from store.signing import sign
from store.tables import Rep

Told = Morning | TeamMorning | Week
PAGE = "digest"
"""The page where somebody chooses when digests come, and the first word of its links."""


@dataclass(frozen=True, slots=True)
class House:
    """What holds for all letters. ``council``: a works council agreed to digests that tell no persons apart."""

    url: str | None = None
    council: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose digest, of which day and of which kind."""

    rep: Rep
    day: date
    kind: str


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter, what its numbers stand for, and whether it asks how often its reader wants it."""

    letter: Letter
    numbers: tuple[dict[str, Any], ...] = ()
    asks: bool = False


def choose_url(tx: Tx, rep_id: int, url: str | None) -> str | None:
    """The address under which this person chooses when digests come, without signing in."""
    return _place(secrets.link_key(tx), rep_id, url)


def _place(key: bytes, rep_id: int, url: str | None) -> str | None:
    return f"{url}/{PAGE}/{sign(key, [PAGE, rep_id])}" if url else None


def compose(tx: Tx, wanted: Iterable[Wanted], house: House, now: datetime) -> dict[tuple[int, date], Composed]:
    """The letters of these people for these days; nobody's who has nothing to read."""
    together: dict[tuple[date, str], list[Rep]] = {}
    for one in wanted:
        together.setdefault((one.day, one.kind), []).append(one.rep)
    composed: dict[tuple[int, date], Composed] = {}
    key = secrets.link_key(tx)
    for (day, kind), people in together.items():
        asked = digests.to_ask(tx, [rep.id for rep in people], now) if kind in {"morning", "team"} else set()
        for rep, told in _told(tx, kind, people, day, house):
            if told.is_empty:
                continue
            rhythm = Rhythm(place=_place(key, rep.id, house.url), asks=rep.id in asked)
            composed[rep.id, day] = _composed(kind, rep.language, replace(told, rhythm=rhythm), house)
    return composed


def _told(tx: Tx, kind: str, people: Sequence[Rep], day: date, house: House) -> list[tuple[Rep, Told]]:
    if kind == "morning":
        told: Mapping[int, Told] = mornings(tx, people, day)
    elif kind == "week":
        told = weeks(tx, people, day)
    else:
        of_team = team_mornings(tx, people, day) if kind == "team" else team_weeks(tx, people, day)
        told = {one: without_persons(team) if house.council else team for one, team in of_team.items()}
    return [(rep, told[rep.id]) for rep in people]


def _composed(kind: str, language: str, told: Told, house: House) -> Composed:
    letter = render(kind, language, told=told, url=house.url)
    if isinstance(told, TeamMorning):
        return Composed(letter, asks=told.rhythm.asks)
    numbers = tuple(asdict(one) for one in Todos(due=told.due, gaps=told.gaps).numbers)
    return Composed(letter, numbers, told.rhythm.asks)
