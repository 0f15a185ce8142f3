"""What people do at a customer, as the text says it beside their name."""

# ruff: noqa: PLR2004 - lengths are read best where they are weighed

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from parsing.inflection import bases
from parsing.people import PARTICLES
from parsing.text import Token, fold
from parsing.vocabulary import commonness
from parsing.words import given_names, surnames, table

KIN = 7
"""Words that a role may stand farther off than one of kinship."""
REACH = 7
"""Words between a name and a role that still belong to it."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role in the text: tokens ``first`` to ``last``, and its words from ``start`` to ``end``."""

    first: int
    last: int
    start: int
    end: int
    text: str
    kin: bool = False
    """Whether it says whose child or spouse somebody is: a role only where no other is said."""


@cache
def _kin() -> frozenset[str]:
    return frozenset(table("names", "lists")["kin"])


@cache
def _roles(language: str) -> tuple[dict[str, tuple[tuple[str, ...], ...]], tuple[str, ...]]:
    """Roles by their first word (folded), longest first, of a language and English; and endings of compounds."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    suffixes: list[str] = []
    for one in dict.fromkeys((language, "en")):
        roles = table(one, "people")["roles"]
        for role in roles["words"]:
            words = tuple(re.findall(r"\w+", fold(role)))
            by_first.setdefault(words[0], []).append(words)
        if one == language:
            suffixes += [fold(suffix) for suffix in roles["suffixes"]]
    ordered = {first: tuple(sorted(some, key=len, reverse=True)) for first, some in by_first.items()}
    return ordered, tuple(suffix for suffix in suffixes if len(suffix) > 3)


def find_roles(words: Sequence[Token], text: str, language: str) -> list[Role]:
    """The roles a text names, in order, the longest reading of each."""
    by_first, suffixes = _roles(language)
    folded = [fold(word.text) for word in words]
    found: list[Role] = []
    at = 0
    while at < len(words):
        size = _role_size(folded, at, by_first, words, language)
        short = size == 1 and len(words[at].text) < 4 and not words[at].text.isupper() and not words[at].dotted
        if short and commonness(folded[at]) > 4.6:
            size = 0  # "it" is no IT
        if not size and len(folded[at]) > 7 and folded[at].endswith(suffixes):
            size = 1
        if size == 1 and _family_name(words, text, at):
            size = 0
        if size:
            start, end = words[at].start, words[at + size - 1].end
            found.append(Role(at, at + size - 1, start, end, text[start:end], folded[at] in _kin()))
            at += size
        else:
            at += 1
    return found


def _family_name(words: Sequence[Token], text: str, at: int) -> bool:
    """Whether a role's word is somebody's surname here: "Anna de Boer", "Kees Bakker", "Uwe Koch"."""
    if fold(words[at].text) not in surnames():
        return False
    before = at - 1
    while before >= 0 and words[before].key in PARTICLES:
        before -= 1
    if before < 0 or fold(words[before].text) not in given_names() or words[before].capital != words[at].capital:
        return False
    return not text[words[before].end : words[at].start].strip(" abcdefghijklmnopqrstuvwxyz")


def _role_size(
    folded: Sequence[str],
    at: int,
    by_first: dict[str, tuple[tuple[str, ...], ...]],
    words: Sequence[Token],
    language: str,
) -> int:
    """How many words from ``at`` on are a role; 0 where none begins there."""
    forms = bases(words[at].key, language) if len(words[at].key) > 8 else ()
    for first in (folded[at], *forms):
        for role in by_first.get(first, ()):
            rest = folded[at + 1 : at + len(role)]
            if tuple(rest) == role[1:]:
                return len(role)
    return 0


def role_of(
    roles: Sequence[Role], words: Sequence[Token], text: str, person: tuple[int, int], others: Sequence[tuple[int, int]]
) -> Role | None:
    """The role of who is named at tokens ``person``: in brackets or after a comma, before the name, or near it.

    ``others`` are the tokens of other people: a role beyond one of them is theirs.
    """
    best: tuple[float, Role] | None = None
    for role in roles:
        cost = _cost(role, words, text, person, others)
        if cost is not None and (best is None or cost < best[0]):
            best = (cost, role)
    if best is None:
        return None
    return _whole(best[1], words, text, after=best[1].first > person[1])


def _cost(
    role: Role, words: Sequence[Token], text: str, person: tuple[int, int], others: Sequence[tuple[int, int]]
) -> float | None:
    """How far a role is from a name, less where it is set beside it; None where it is not this person's."""
    first, last = person
    if role.first <= last and first <= role.last:
        return None
    after = role.first > last
    low, high = (last, role.first) if after else (role.last, first)
    distance = high - low - 1
    between = text[words[low].end : words[high].start]
    shortened = not after and distance == 0 and words[role.last].dotted  # "Inh. Jutta Moser"
    if distance > REACH or "\n" in between.strip(" ") or (re.search(r"[.!?;]\s", between) and not shortened):
        return None
    if any(low < begin < high for begin, _ in others):
        return None
    if role.kin:
        distance += KIN
    if after:
        return distance - (2.0 if re.fullmatch(r"\s?[(,–-]\s?", between) else 0.0)  # noqa: RUF001
    if distance == 0:
        return 0.5 if "," in between else -1.0
    return float(distance)


def _whole(role: Role, words: Sequence[Token], text: str, *, after: bool) -> Role:
    """A role in brackets or between commas with its complement: "coördinator inpakafdeling", "Leiterin Kühllager"."""
    if not after:
        return role
    opening = text[max(0, role.start - 2) : role.start]
    if not opening.strip() or opening.strip()[-1] not in "(,":
        return role
    closing = re.compile(r"[,);\n]|\.\s|\d|<|\w+@").search(text, role.end)
    end = closing.start() if closing else len(text)
    said = text[role.start : end].strip(" -–")  # noqa: RUF001
    if len(said.split()) > 5:
        return role
    end = role.start + len(said)
    last = max((at for at, word in enumerate(words) if word.start < end), default=role.last)
    return Role(role.first, last, role.start, end, said)
