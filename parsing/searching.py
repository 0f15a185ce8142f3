"""Looking names up as they are typed, and those that a new name is much like."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from parsing.model import Crm, KnownAccount, KnownContact
from parsing.text import fold, tokens
from parsing.vocabulary import legal_forms

MUCH_ALIKE = 84.0
"""Out of 100: one or two letters of a name of some length, or a word more or less."""
MISTYPED = 70.0
NEAREST = 2
_APART = re.compile(r"[^\w&+]+")
SHORTEST = 4
"""Letters; a shorter name is near to too many."""


@dataclass(frozen=True, slots=True)
class _Index:
    """Every name folded, in the order of the Crm's accounts and contacts."""

    accounts: tuple[str, ...]
    """Name, other names and town of each account."""
    names: tuple[str, ...]
    """The name of each account without its legal form."""
    contacts: tuple[str, ...]


def find_accounts(crm: Crm, typed: str, rep: str, most: int) -> list[KnownAccount]:
    """The accounts that what was typed so far may mean: those that begin so, then those of this rep, then the rest."""
    index = _index_of(crm)
    found = _containing(index.accounts, typed)
    key = _plain(typed)
    if not found and len(key) >= SHORTEST:
        alike = process.extract(key, index.names, scorer=fuzz.partial_ratio, limit=most, score_cutoff=MISTYPED)
        return [crm.accounts[at] for _, _, at in alike]
    ranked = sorted(
        found, key=lambda at: (not index.accounts[at].startswith(key), crm.accounts[at].owner != rep, index.names[at])
    )
    return [crm.accounts[at] for at in ranked[:most]]


def find_contacts(crm: Crm, typed: str, account: str | None, most: int) -> list[KnownContact]:
    """The people whom what was typed so far may mean; those who work at ``account`` first, without words only they."""
    index = _index_of(crm)
    if not typed.strip():
        return [one for one in crm.contacts if account is not None and account in one.accounts][:most]
    found = _containing(index.contacts, typed)
    ranked = sorted(found, key=lambda at: (account not in crm.contacts[at].accounts, index.contacts[at]))
    return [crm.contacts[at] for at in ranked[:most]]


def nearest_accounts(crm: Crm, name: str, without: Collection[str] = ()) -> list[KnownAccount]:
    """The accounts whose names a new one is much like: it may be one of them misspelt."""
    key = _bare(name)
    if len(key) < SHORTEST:
        return []
    names = _index_of(crm).names
    alike = process.extract(key, names, scorer=fuzz.ratio, limit=NEAREST + len(without), score_cutoff=MUCH_ALIKE)
    near = [crm.accounts[at] for _, _, at in alike]
    return [account for account in near if account.id not in without][:NEAREST]


def _containing(folded: Sequence[str], typed: str) -> list[int]:
    """Where each of the words typed begins a word of the name."""
    words = [f" {word}" for word in _plain(typed).split()]
    if not words:
        return []
    return [at for at, name in enumerate(folded) if all(word in f" {name}" for word in words)]


_KEPT: dict[str, _Index] = {}


def _index_of(crm: Crm) -> _Index:
    """The index of ``crm``, kept for its latest revision."""
    if not crm.revision:
        return _built(crm)
    if crm.revision not in _KEPT:
        built = _built(crm)
        _KEPT.clear()
        _KEPT[crm.revision] = built
        return built
    return _KEPT.get(crm.revision) or _built(crm)


def _built(crm: Crm) -> _Index:
    told = (" ".join((one.name, *one.aliases, one.city or "")) for one in crm.accounts)
    return _Index(
        accounts=tuple(_plain(one) for one in told),
        names=tuple(_bare(one.name) for one in crm.accounts),
        contacts=tuple(_plain(one.name) for one in crm.contacts),
    )


# A name is folded once, however often the list of names changes.
@lru_cache(maxsize=400_000)
def _plain(name: str) -> str:
    return " ".join(_APART.sub(" ", fold(name)).split())


@lru_cache(maxsize=200_000)
def _bare(name: str) -> str:
    keys = [token.key for token in tokens(name)]
    return " ".join(key for key in keys if key not in legal_forms()) or " ".join(keys)
