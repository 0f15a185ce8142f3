"""Colleagues named in a message: by Slack mention, by first name, by whole name."""

import re
from dataclasses import dataclass
from functools import lru_cache

from parsing.model import Crm, KnownRep
from parsing.text import fold

_MENTION = re.compile(r"<@([A-Z0-9]{3,})(?:\|[^<>]*)?>")
_WORD = re.compile(r"@?[^\W\d_]+(?:[-'][^\W\d_]+)*\.?")
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Named:
    """A colleague named at ``start`` to ``end`` of a text; ``rep`` is None for the rep who writes."""

    start: int
    end: int
    email: str | None
    mention: bool = False


def colleagues(text: str, crm: Crm, rep: str) -> list[Named]:
    """Every place where ``text`` names somebody of ``crm.reps``, in order; of one place the longest name."""
    by_id = {known.slack_id: known for known in crm.reps if known.slack_id}
    found = [
        Named(match.start(), match.end(), _email(by_id[match[1]], rep), mention=True)
        for match in _MENTION.finditer(text)
        if match[1] in by_id
    ]
    names = _names(crm.reps)
    heads = {name.split()[0].rstrip(".") for name in names}
    folded = fold(text)
    spoken = list(_WORD.finditer(folded))
    behind = -1
    for index, match in enumerate(spoken):
        if match.start() < behind or _bare(match[0]) not in heads:
            continue
        for size in (3, 2, 1):
            last = spoken[min(index + size, len(spoken)) - 1]
            said = _bare(" ".join(folded[match.start() : last.end()].split()))
            known = names.get(said)
            if known is not None and not _inside(found, match.start()) and _like_name(text, match.start()):
                found.append(Named(match.start(), last.end(), _email(known, rep)))
                behind = last.end()
                break
    return sorted(found, key=lambda one: one.start)


def _bare(said: str) -> str:
    """A name without what may stand about it: "@mia", "Tom's"."""
    return said.removeprefix("@").rstrip(".").removesuffix("'s")


def _inside(found: list[Named], at: int) -> bool:
    return any(one.start <= at < one.end for one in found)


def _like_name(text: str, at: int) -> bool:
    """A capital, an @, or a text all in small letters."""
    return text[at] == "@" or text[at].isupper() or text.islower()


def _email(known: KnownRep, rep: str) -> str | None:
    return None if known.email == rep else known.email


@lru_cache(maxsize=16)
def _names(reps: tuple[KnownRep, ...]) -> dict[str, KnownRep]:
    """Folded names by which colleagues go: whole, first, last, "U. Sandmann"; none that two share."""
    names: dict[str, KnownRep] = {}
    shared: set[str] = set()
    for known in reps:
        for name in _called(known.name):
            if names.setdefault(name, known) is not known:
                shared.add(name)
    return {name: known for name, known in names.items() if name not in shared}


def _called(name: str) -> set[str]:
    parts = fold(name).split()
    if not parts:
        return set()
    called = {" ".join(parts), parts[0], parts[-1]}
    if len(parts) > 1:
        called |= {f"{parts[0][0]}. {parts[-1]}", f"{parts[-1]} {parts[0]}", " ".join(parts[1:])}
    # Finnish puts the surname first and bends it: "Hietalan Marjut".
    called |= (
        {f"{stem}n {parts[0]}" for stem in (parts[-1], parts[-1] + "i", parts[-1] + "e")} if len(parts) > 1 else set()
    )
    return {one for one in called if len(one) >= _SHORTEST}


def initials(said: list[str], crm: Crm, rep: str) -> Named | None:
    """The colleague whose initials a heading gives: "Actie FO:"; None where none or several fit."""
    fitting = [known for known in crm.reps if "".join(part[0] for part in fold(known.name).split() if part) in said]
    return Named(0, 0, _email(fitting[0], rep)) if len(fitting) == 1 else None
