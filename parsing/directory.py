"""The contacts of a Crm by the words of their names, their addresses and their numbers."""

# ruff: noqa: PLR2004 - lengths are read best where they are weighed

import re
import sys
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TypeVar

from parsing.model import Crm
from parsing.text import key_of
from parsing.words import table

K = TypeVar("K", str, int)

FREE_MAIL = frozenset(table("names", "lists")["free_mail"])
TITLES = frozenset(table("names", "lists")["titles"])


def grouped(pairs: Iterable[tuple[K, int]]) -> dict[K, tuple[int, ...]]:
    """The numbers of each key, without repeats, in order."""
    lists: dict[K, list[int]] = {}
    for key, number in pairs:
        some = lists.get(key)
        if some is None:
            lists[key] = [number]
        elif some[-1] != number:
            some.append(number)
    return {key: tuple(some if len(some) < 3 else dict.fromkeys(some)) for key, some in lists.items()}


class People:
    """The contacts of a Crm by the words of their names, their addresses and numbers."""

    def __init__(self, crm: Crm, account_at: dict[str, int]) -> None:
        """``account_at`` are the places of accounts by their ids."""
        self.crm = crm
        self.accounts_of: list[tuple[int, ...]] = [
            tuple(account_at[one] for one in contact.accounts if one in account_at) for contact in crm.contacts
        ]
        people = enumerate(crm.contacts)
        self.of_account = grouped((account, index) for index, some in enumerate(self.accounts_of) for account in some)
        self.by_word = grouped((word, index) for index, one in people for word in set(name_words(one.name)))
        emails = [(email.lower(), index) for index, one in enumerate(crm.contacts) for email in one.emails]
        self.by_email = grouped(emails)
        self.by_domain = grouped(
            (domain, account)
            for email, index in emails
            if (domain := email.rpartition("@")[2]) not in FREE_MAIL
            for account in self.accounts_of[index]
        )
        self.by_phone = grouped(
            (digits[-8:], index)
            for index, one in enumerate(crm.contacts)
            for phone in one.phones
            if len(digits := _NO_DIGIT.sub("", phone)) > 6
        )


def starting(keys: Sequence[str], prefix: str) -> list[str]:
    """Of sorted keys those that begin with ``prefix``."""
    at = bisect_left(keys, prefix)
    found = []
    while at < len(keys) and keys[at].startswith(prefix):
        found.append(keys[at])
        at += 1
    return found


_NO_DIGIT = re.compile(r"\D+")
_PARTS = re.compile(r"[\s,()/.\-]+")


def name_words(name: str) -> list[str]:
    """Keys of the words of a person's name without titles."""
    return [key for part in _PARTS.split(name) if part and (key := _name_key(part))]


@lru_cache(maxsize=100_000)
def _name_key(part: str) -> str:
    """The key of a part of a name, one object for all that have it; empty for a title."""
    key = key_of(part)
    return "" if key in TITLES else sys.intern(key)
