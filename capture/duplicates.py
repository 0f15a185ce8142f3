"""Which contacts may be one person: the same address, the same phone number, or much the same name at one account."""

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from itertools import combinations
from typing import Literal

import phonenumbers
from rapidfuzz import fuzz

from parsing.text import key_of
from store import duplicates
from store.db import Db
from store.duplicates import Person

Reason = Literal["address", "phone", "name"]
ALIKE = 88
"""From so much of 100 on two names at one account are much the same (rapidfuzz's ratio, words in any order)."""
RELATED = 55
"""From so much on two names may be of one person who has the same number."""
SHARED = frozenset(
    tomllib.loads(files("capture").joinpath("shared_addresses.toml").read_text("utf-8"))["before_the_at"]
)
"""What stands before the @ of an address that several people share."""
TAIL = 7
"""Digits at the end of a phone number by which likely ones are found before they are read in full."""
CROWD = 60
"""Of so many people with one number or address it is nobody's own."""
ENDS = 3
"""Letters at either end of a word by which likely names are found before they are compared."""
ALIKE_AT_MOST = 300
"""Names at one account that begin or end alike; of more, another of their words has to tell."""
OFTEN = timedelta(hours=1)
SMALL = 5_000
"""Contacts of a house that is looked through whenever a name changed; a larger one once in `OFTEN`."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two contacts that may be one person, the lower id first."""

    low_id: int
    high_id: int
    reason: Reason


class Duplicates:
    """The use cases."""

    def __init__(self, db: Db, clock: Callable[[], datetime]) -> None:
        self._db, self._clock = db, clock

    def tick(self) -> int:
        """Look for pairs where names changed since the last time; how many are new. Every minute."""
        now = self._clock()
        with self._db.read() as tx:
            revision = duplicates.due(tx, now - OFTEN, SMALL)
            if revision is None:
                return 0
        with self._db.write() as tx:
            if not duplicates.claim(tx, revision, now):
                return 0
        with self._db.read() as tx:
            people = duplicates.people(tx)
        pairs, size = list(pairs_among(people)), duplicates.AT_ONCE
        return sum(self._keep(pairs[start : start + size], now) for start in range(0, len(pairs), size))

    def _keep(self, pairs: Sequence[Pair], now: datetime) -> int:
        with self._db.write() as tx:
            return duplicates.keep(tx, [(one.low_id, one.high_id, one.reason) for one in pairs], now)

    def different(self, pair_id: int, by: str) -> None:
        """They are two people: the pair is not shown again."""
        with self._db.write() as tx:
            duplicates.set_different(tx, pair_id, self._clock(), by)


def pairs_among(people: Sequence[Person]) -> Iterator[Pair]:
    """Every pair once, by the surest reason."""
    found: dict[tuple[int, int], Reason] = {}
    for reason, some in (("address", _by_address(people)), ("phone", _by_phone(people)), ("name", _by_name(people))):
        for one, other in some:
            low, high = sorted((one.id, other.id))
            found.setdefault((low, high), reason)  # type: ignore[arg-type]  # mypy widens the tuple's words
    return (Pair(low, high, reason) for (low, high), reason in sorted(found.items()))


def _groups(pairs: Iterable[tuple[str, Person]]) -> Iterator[list[Person]]:
    """Those who share a key, without crowds."""
    groups: defaultdict[str, dict[int, Person]] = defaultdict(dict)
    for key, person in pairs:
        groups[key][person.id] = person
    return (list(group.values()) for group in groups.values() if 1 < len(group) <= CROWD)


def _by_address(people: Sequence[Person]) -> Iterator[tuple[Person, Person]]:
    for group in _groups((email, one) for one in people for email in one.emails):
        shared = {email for one in group for email in one.emails if email.partition("@")[0] in SHARED}
        for one, other in combinations(group, 2):
            own = set(one.emails) & set(other.emails) - shared
            if own or _related(one.name, other.name):
                yield one, other


def _by_phone(people: Sequence[Person]) -> Iterator[tuple[Person, Person]]:
    likely = _groups((_digits(phone)[-TAIL:], one) for one in people for phone in one.phones if len(phone) >= TAIL)
    for group in likely:
        numbers = {one.id: {number(phone, one.country) for phone in one.phones} for one in group}
        for one, other in combinations(group, 2):
            if numbers[one.id] & numbers[other.id] - {None} and _related(one.name, other.name):
                yield one, other


def _by_name(people: Sequence[Person]) -> Iterator[tuple[Person, Person]]:
    words = {one.id: _words(one.name) for one in people}
    colleagues: defaultdict[tuple[int, str], list[Person]] = defaultdict(list)
    for one in people:
        for account_id in set(one.accounts):
            for key in _likely(words[one.id]):
                colleagues[account_id, key].append(one)
    for group in colleagues.values():
        if len(group) <= ALIKE_AT_MOST:
            for one, other in combinations(group, 2):
                if _same(words[one.id], words[other.id]):
                    yield one, other


def _likely(words: Sequence[str]) -> set[str]:
    """Of two names that may be one person's at least one of these is the same: how words of it begin or end.

    A slip changes one word, or one end of it; a particle (van, de, von) says nothing unless it stands outside.
    """
    telling = [word for i, word in enumerate(words) if i in {0, len(words) - 1} or len(word) > ENDS]
    return {key for word in telling for key in (f"{word[:ENDS]}-", f"-{word[-ENDS:]}")}


def same_name(one: str, other: str) -> bool:
    """Whether two names at one account may well be of one person: spelt otherwise, turned round, initials, half."""
    return _same(_words(one), _words(other))


def _same(first: Sequence[str], second: Sequence[str]) -> bool:
    if not first or not second:
        return False
    letters = [{word for word in words if len(word) == 1} for words in (first, second)]
    if letters[0] == letters[1] and fuzz.token_sort_ratio(" ".join(first), " ".join(second)) >= ALIKE:
        return True
    return _initials(first, second) or _half(first, second)


def _words(name: str) -> list[str]:
    """The words of a name as names are compared."""
    return [key for word in name.replace(".", " ").split() if (key := key_of(word))]


def _initials(first: Sequence[str], second: Sequence[str]) -> bool:
    """K. Jansen and Kees Jansen."""
    if first[-1] != second[-1] or min(len(first), len(second)) < 2:  # noqa: PLR2004  # a name and a surname
        return False
    a, b = first[0], second[0]
    return a != b and (len(a) == 1 or len(b) == 1) and a[0] == b[0]


def _half(first: Sequence[str], second: Sequence[str]) -> bool:
    """Kees and Kees Jansen; or the surname alone."""
    short, long = sorted((first, second), key=len)
    return len(short) == 1 < len(long) and short[0] in {long[0], long[-1]} and len(short[0]) > 2  # noqa: PLR2004


def _related(one: str, other: str) -> bool:
    return bool(fuzz.token_set_ratio(" ".join(_words(one)), " ".join(_words(other))) >= RELATED)


def number(phone: str, country: str | None) -> str | None:
    """The phone number as E.164 has it, read as in this country (ISO 3166) where it has no prefix."""
    try:
        read = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        return _digits(phone) or None
    return str(phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164))


def _digits(phone: str) -> str:
    return "".join(char for char in phone if char.isdecimal())
