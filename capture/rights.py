"""Who may do what, in one place: a table of role, thing and verb, and what follows from it for rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Literal
from zoneinfo import ZoneInfo

from store.db import Tx
from store.sight import Sight, team_of
from store.tables import Rep

Thing = Literal["visit", "person", "account", "lesson", "progress", "message", "house", "own"]
"""``person``: a contact's personal data; ``message``: what came in raw, filed or not; ``house``: what holds for all;
``own``: what one keeps for oneself, as days off, calendar, tokens, views and private notes."""
Verb = Literal["read", "edit"]


class Reach(IntEnum):
    """Whose things somebody may read or edit."""

    NONE = 0
    OWN = 1
    TEAM = 2
    ALL = 3


_NONE, _OWN, _TEAM, _ALL = Reach.NONE, Reach.OWN, Reach.TEAM, Reach.ALL

RIGHTS: Mapping[str, Mapping[Thing, tuple[Reach, Reach]]] = {
    # role:         thing:     (read,  edit)
    "rep": {
        "visit": (_OWN, _OWN), "person": (_ALL, _NONE), "account": (_ALL, _NONE), "lesson": (_OWN, _OWN),
        "progress": (_OWN, _NONE), "message": (_OWN, _NONE), "house": (_NONE, _NONE), "own": (_OWN, _OWN),
    },
    "manager": {
        "visit": (_TEAM, _NONE), "person": (_ALL, _NONE), "account": (_ALL, _NONE), "lesson": (_TEAM, _TEAM),
        "progress": (_TEAM, _TEAM), "message": (_TEAM, _NONE), "house": (_NONE, _NONE), "own": (_OWN, _OWN),
    },
    "operator": {
        "visit": (_ALL, _NONE), "person": (_ALL, _ALL), "account": (_ALL, _ALL), "lesson": (_ALL, _ALL),
        "progress": (_NONE, _NONE), "message": (_ALL, _ALL), "house": (_NONE, _NONE), "own": (_OWN, _OWN),
    },
    "marketing": {
        "visit": (_ALL, _NONE), "person": (_ALL, _NONE), "account": (_ALL, _NONE), "lesson": (_NONE, _NONE),
        "progress": (_NONE, _NONE), "message": (_NONE, _NONE), "house": (_NONE, _NONE), "own": (_OWN, _OWN),
    },
    "administrator": {
        "visit": (_ALL, _ALL), "person": (_ALL, _ALL), "account": (_ALL, _ALL), "lesson": (_ALL, _ALL),
        "progress": (_ALL, _ALL), "message": (_ALL, _ALL), "house": (_ALL, _ALL), "own": (_OWN, _OWN),
    },
}  # fmt: skip
"""Operators edit personal data, reps events. A rep also reads what colleagues reported of the accounts that the rep
owns or goes to (`sight`)."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who looks at the house, or has it do something."""

    rep_id: int
    name: str
    role: str
    email: str = ""
    language: str = "en"
    timezone: str = "UTC"

    def today(self, now: datetime) -> date:
        """The day that it is where they are."""
        return now.astimezone(ZoneInfo(self.timezone)).date()

    @property
    def by(self) -> str:
        """How the history names them."""
        return f"rep:{self.rep_id}" if self.rep_id else "web"

    def may(self, verb: Verb, thing: Thing) -> Reach:
        """Whose. A role that nobody has told us of may do nothing."""
        read, edit = RIGHTS.get(self.role, {}).get(thing, (_NONE, _NONE))
        return read if verb == "read" else edit


HOST = Viewer(0, "", "administrator")
"""Whoever sits at the machine itself, where nobody signs in."""


def viewer(rep: Rep) -> Viewer:
    """One of us as a viewer."""
    return Viewer(rep.id, rep.name, rep.role, rep.email, rep.language, rep.timezone)


def people(tx: Tx, who: Viewer, verb: Verb, thing: Thing) -> frozenset[int] | None:
    """The ids of those whose things these are; None: everybody's."""
    reach = who.may(verb, thing)
    if reach is Reach.ALL:
        return None
    if reach is Reach.TEAM:
        return team_of(tx, who.rep_id)
    return frozenset({who.rep_id}) if reach is Reach.OWN else frozenset()


def sight(tx: Tx, who: Viewer) -> Sight | None:
    """Which visits somebody may read; None: all."""
    whose = people(tx, who, "read", "visit")
    if whose is None:
        return None
    return Sight(whose, going=who.rep_id if whose else None)
