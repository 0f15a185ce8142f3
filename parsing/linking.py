"""Which known names a text may mean: an index of a Crm's accounts and contacts, asked with the words of a message.

Names are few words, so the index is one of words: each word of a message finds the words of names that it equals,
is an inflected form of, abbreviates or misspells (by shared letter trigrams), the names that hold these words collect
their weights, and the best sixty are laid beside the message. Built once for each `Crm.revision`.
"""

# ruff: noqa: PLR2004 - lengths and points are read best where they are weighed

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from parsing.inflection import bases
from parsing.model import Crm
from parsing.text import Token, fold, key_of, tokens
from parsing.words import frequency, given_names, surnames, table, towns

BEST = 60
LONG_LIST = 3_000
"""A word that more names than this hold says too little to look them all up by it."""
SHORT_WORDS = frozenset(table("names", "lists")["short_words"])

T = TypeVar("T")
K = TypeVar("K", str, int)
Ints = NDArray[np.int32]
Floats = NDArray[np.float32]


@cache
def legal_forms() -> frozenset[str]:
    """Folded legal forms and other words that name no company by themselves."""
    return frozenset(table("names", "legal")["forms"])


@cache
def trades() -> frozenset[str]:
    """Folded words of the four languages for what a business does."""
    return frozenset(word for language in ("nl", "de", "fi", "en") for word in table(language, "companies")["trade"])


_ENDINGS = ("werk", "werke", "haus", "bau", "shop")


@cache
def is_trade(key: str) -> bool:
    """Whether a word says what a business does, by itself or as the end of a compound ("aardappelgroothandel")."""
    if key in trades():
        return True
    return len(key) > 7 and (key.endswith(_ENDINGS) or any(key[at:] in trades() for at in range(3, len(key) - 4)))


@cache
def commonness(word: str) -> float:
    """The highest Zipf frequency of a folded word in the four languages; 0 where it is rare."""
    return max(frequency(language).get(word, 0.0) for language in ("nl", "de", "fi", "en"))


def weight_of(key: str, folded: str, place: frozenset[str]) -> float:
    """How much a word of a company's name tells it from others, 0.05 to 1; ``place`` are the keys of its town."""
    if key in SHORT_WORDS or len(key) == 1 or key in legal_forms():
        return 0.05 if key in legal_forms() else 0.08
    if key in place or (any(town[:2] == key[:2] for town in place) and any(base in place for base in bases(key, "fi"))):
        return 0.35
    if is_trade(key):
        return 0.45
    if folded in surnames():
        return 1.0
    if folded in towns():
        return 0.6
    return 0.7 if commonness(folded) >= 4.3 and folded not in given_names() else 1.0


@cache
def _surname_keys() -> frozenset[str]:
    return frozenset(key_of(name) for name in surnames())


@cache
def _proper_keys() -> frozenset[str]:
    """Keys of surnames, given names and towns."""
    return frozenset(key_of(name) for names in (surnames(), given_names(), towns()) for name in names)


@dataclass(frozen=True, slots=True)
class Variant:
    """One way an account is named: the keys of its words and their weights, which add up to 1."""

    account: int
    keys: tuple[str, ...]
    weights: tuple[float, ...]
    core: frozenset[int]
    """Places of the words that tell it from others: at least one of these has to be in the text."""
    alias: bool
    own: bool
    """Whether it has a word that is its own, and not only words of trade and towns."""
    surname: frozenset[int]
    """Places of surnames: one of these is enough, people say "bei Köhler"."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A word of a name met in the text: tokens ``first`` to ``last``, how alike, and how many words it stands for."""

    first: int
    last: int
    key: str
    likeness: float
    typo: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """An account that tokens ``first`` to ``last`` may name; ``cover`` is the weight of its words that were met."""

    account: int
    first: int
    last: int
    cover: float
    likeness: float
    met: frozenset[int]
    """Tokens that are words of the name."""
    full: bool
    typo: bool
    core: float
    """The weight of its distinguishing words that were met, of all its distinguishing words."""
    own: bool = True
    """Whether the name has a word that is its own, and not only words of trade and towns."""


_SHARED: dict[Any, Any] = {}


def _shared(value: T) -> T:
    """One object for all equal ones: thousands of names have the same weights."""
    if len(_SHARED) > 20_000:
        _SHARED.clear()
    return cast("T", _SHARED.setdefault(value, value))


@lru_cache(maxsize=20_000)
def _town_keys(city: str) -> frozenset[str]:
    return frozenset(token.key for token in tokens(city))


def account_words(name: str, city: str | None) -> tuple[list[str], list[float]]:
    """Keys and raw weights of the words of a company's name, legal forms left out where something else is there."""
    place = _town_keys(city) if city else frozenset()
    words = [token for token in tokens(name) if token.key]
    plain = [token for token in words if token.key not in legal_forms()]
    words = plain if any(len(token.key) > 1 for token in plain) else words
    return [token.key for token in words], [weight_of(token.key, fold(token.text), place) for token in words]


def _variant(account: int, name: str, city: str | None, *, alias: bool) -> Variant | None:
    keys, raw = account_words(name, city)
    if not keys:
        return None
    total = sum(raw)
    top = max(raw)
    core = frozenset(place for place, weight in enumerate(raw) if weight >= (min(0.9, top) if top >= 0.6 else 0.3))
    own = top >= 0.6
    named = frozenset(place for place in core if keys[place] in _surname_keys()) if own else frozenset()
    weights = _shared(tuple(round(weight / total, 4) for weight in raw))
    return Variant(account, tuple(map(sys.intern, keys)), weights, _shared(core), alias, own, _shared(named))


class Words:
    """A vocabulary that finds a word by its key or, misspelt, by the trigrams it shares."""

    def __init__(self, keys: Iterable[str]) -> None:
        """``keys`` are folded words."""
        self.keys = sorted(set(keys))
        self.ids = {key: index for index, key in enumerate(self.keys)}
        grams: dict[str, list[int]] = defaultdict(list)
        for index, key in enumerate(self.keys):
            if len(key) > 3:
                for gram in _trigrams(key):
                    grams[gram].append(index)
        self._grams: dict[str, Ints] = {gram: np.array(found, dtype=np.int32) for gram, found in grams.items()}
        self._near: dict[str, tuple[tuple[str, float], ...]] = {}

    def near(self, key: str) -> tuple[tuple[str, float], ...]:
        """Words that ``key`` may misspell, with their likeness: one slip in five letters, two in ten."""
        if key not in self._near:
            if len(self._near) > 5_000:  # a memo, not a second vocabulary
                self._near.clear()
            self._near[key] = self._look_near(key)
        return self._near[key]

    def _look_near(self, key: str) -> tuple[tuple[str, float], ...]:
        lists = [self._grams[gram] for gram in _trigrams(key) if gram in self._grams]
        if not lists:
            return ()
        found, counts = np.unique(np.concatenate(lists), return_counts=True)
        enough = counts >= max(2, len(key) // 3)
        found, counts = found[enough], counts[enough]
        if len(found) > 40:
            found = found[np.argsort(-counts, kind="stable")[:40]]
        slips = 1 if len(key) < 9 else 2
        near = []
        for index in found:
            word = self.keys[int(index)]
            if abs(len(word) - len(key)) <= slips and min(len(word), len(key)) >= 5:
                distance = OSA.distance(key, word, score_cutoff=slips)
                if 0 < distance <= slips and (word[0] == key[0] or len(key) > 6):
                    near.append((word, 1 - 0.9 * distance / len(key)))
        return tuple(sorted(near, key=lambda pair: -pair[1])[:5])


def _trigrams(key: str) -> set[str]:
    padded = f"^{key}$"
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def _first_word(name: str) -> str:
    return fold(name).split(" ", 1)[0]


class Matcher:
    """What names mean in one `Crm`, ready to be asked."""

    def __init__(self, crm: Crm) -> None:
        """Reads every name once: about two seconds for 50,000 accounts and 100,000 contacts."""
        self.crm = crm
        self.account_at = {account.id: index for index, account in enumerate(crm.accounts)}
        self.variants = self._read_variants()
        self.others: dict[tuple[int, int], tuple[str, ...]] = {}
        numbers: dict[str, list[int]] = defaultdict(list)
        weights: dict[str, list[float]] = defaultdict(list)
        joined: dict[str, list[int]] = defaultdict(list)
        for number, variant in enumerate(self.variants):
            for place, key in enumerate(variant.keys):
                others = self._bases_of(variant, place)
                for form in (key, *others):
                    numbers[form].append(number)
                    weights[form].append(variant.weights[place])
                if others:
                    self.others[number, place] = others
            if len(variant.keys) > 1:
                joined["".join(variant.keys)].append(number)
        self.joined = {key: tuple(some) for key, some in joined.items()}
        self.postings: dict[str, tuple[Ints, Floats]] = {
            key: (np.array(some, dtype=np.int32), np.array(weights[key], dtype=np.float32))
            for key, some in numbers.items()
        }
        self.words = Words(key for key in self.postings if len(key) > 3)
        self.people = People(crm, self.account_at)
        self.siblings = _grouped((_first_word(account.name), at) for at, account in enumerate(crm.accounts))

    def _bases_of(self, variant: Variant, place: int) -> tuple[str, ...]:
        """Finnish names often begin with a genitive: "Aallon Autohuolto" is found by "aalto" too."""
        key = variant.keys[place]
        if place + 1 >= len(variant.keys) or not key.endswith("n") or len(key) < 5:
            return ()
        if self.crm.accounts[variant.account].country not in {"FI", None}:
            return ()
        return tuple(base for base in bases(key, "fi") if base in _proper_keys())

    def _read_variants(self) -> list[Variant]:
        found = []
        for index, account in enumerate(self.crm.accounts):
            names = [(account.name, False), *((alias, True) for alias in account.aliases)]
            found += [
                variant
                for name, alias in names
                if (variant := _variant(index, name, account.city, alias=alias)) is not None
            ]
        return found

    def branches(self, account: int) -> tuple[int, ...]:
        """Accounts whose names begin with the same word: other branches of one company, and namesakes."""
        return self.siblings.get(_first_word(self.crm.accounts[account].name), ())

    def hits(self, words: Sequence[Token], language: str) -> list[Hit]:
        """The words of accounts' names that the tokens are, are forms of, abbreviate or misspell."""
        found: list[Hit] = []
        for at, word in enumerate(words):
            found += self._hits_of(word, at, language)
            if at + 1 < len(words) and words[at + 1].start - word.end <= 1:
                found += self._joint_hits(words, at, language)
        return found

    def _hits_of(self, word: Token, at: int, language: str) -> list[Hit]:
        key = word.key
        if key in self.postings:
            return [Hit(at, at, key, 1.0)]
        if key in self.joined:
            return [Hit(at, at, key, 1.0)]
        if len(key) < 3 and not word.dotted:
            return []
        found = [
            Hit(at, at, base, 0.97) for base in bases(key, language) if base in self.postings or base in self.joined
        ]
        if found:
            return found
        if word.dotted and len(key) > 2:  # "Getr. Müller"
            found = [Hit(at, at, full, 0.9) for full in self.people.starting(self.words.keys, key)[:20]]
        if not found and len(key) > 4 and commonness(fold(word.text)) < 3.6:
            found = [Hit(at, at, near, likeness, typo=True) for near, likeness in self.words.near(key)]
        if not found and len(key) > 6:
            found = self._typo_of_form(key, at, language)
        return found

    def _typo_of_form(self, key: str, at: int, language: str) -> list[Hit]:
        """Misspelt and inflected at once: "Virtasela", "Konepjalle"."""
        if language != "fi" or commonness(key) > 3.3:
            return []
        found = []
        for base in bases(key, language)[:6]:
            if len(base) > 5:
                found += [Hit(at, at, near, 0.95 * likeness, typo=True) for near, likeness in self.words.near(base)]
        return found[:3]

    def _joint_hits(self, words: Sequence[Token], at: int, language: str) -> list[Hit]:
        """Names written apart that the index has in one word: "Post Plus", "Chemie Depot"."""
        joint = words[at].key + words[at + 1].key
        if len(joint) < 3:
            return []
        for key in (joint, *bases(joint, language)):
            if key in self.postings or (key in self.joined and at + 1 < len(words)):
                return [Hit(at, at + 1, key, 0.98)]
        return []

    def mentions(self, words: Sequence[Token], language: str) -> list[Mention]:
        """Accounts that the tokens may name, each at its best places, of the sixty likeliest ways to say them."""
        hits = self.hits(words, language)
        by_key: dict[str, list[Hit]] = defaultdict(list)
        for hit in hits:
            by_key[hit.key].append(hit)
        found: list[Mention] = []
        for number in self._likely(by_key):
            found += self._align(number, by_key, words)
        return found

    def _likely(self, by_key: dict[str, list[Hit]]) -> list[int]:
        """The variants whose words were met with the most weight, at most `BEST` times four of them."""
        if not by_key:
            return []
        weights = np.zeros(len(self.variants), dtype=np.float32)
        for key, met in by_key.items():
            best = max(hit.likeness for hit in met)
            if key in self.postings:
                numbers, shares = self.postings[key]
                if len(numbers) <= LONG_LIST:
                    weights[numbers] += shares * np.float32(best)
            if key in self.joined:
                weights[list(self.joined[key])] = np.maximum(weights[list(self.joined[key])], best)
        likely = np.flatnonzero(weights >= 0.2)
        order = likely[np.argsort(-weights[likely], kind="stable")[: BEST * 4]]
        return [int(number) for number in order]

    def _align(self, number: int, by_key: dict[str, list[Hit]], words: Sequence[Token]) -> list[Mention]:
        """The places where the text names variant ``number``: its words near each other, at least a distinguishing one."""
        variant = self.variants[number]
        whole = "".join(variant.keys)
        places = [
            Mention(variant.account, hit.first, hit.last, 1.0, hit.likeness, frozenset(range(hit.first, hit.last + 1)),
                    full=True, typo=hit.typo, core=1.0)
            for hit in (by_key.get(whole, ()) if len(variant.keys) > 1 else ())
        ]  # fmt: skip
        near = [
            (place, hit)
            for place, key in enumerate(variant.keys)
            for form in (key, *self.others.get((number, place), ()))
            for hit in by_key.get(form, ())
        ]
        starts = [(place, hit) for place, hit in near if place in variant.core]
        used: set[int] = set()
        for place, hit in sorted(starts, key=lambda pair: pair[1].first):
            if hit.first in used:
                continue
            mention = self._grow(variant, place, hit, near, words)
            used |= mention.met
            places.append(mention)
        return places

    @staticmethod
    def _grow(
        variant: Variant, place: int, hit: Hit, near: Sequence[tuple[int, Hit]], words: Sequence[Token]
    ) -> Mention:
        taken = {place: hit}
        first, last = hit.first, hit.last
        grown = True
        while grown:
            grown = False
            for other, one in near:
                if other in taken or any(one.first <= h.last and h.first <= one.last for h in taken.values()):
                    continue
                gap = one.first - last - 1 if one.first > last else first - one.last - 1
                if 0 <= gap <= 1 and not _broken(words, min(last, one.last), max(first, one.first)):
                    taken[other] = one
                    first, last = min(first, one.first), max(last, one.last)
                    grown = True
        cover = sum(variant.weights[at] for at in taken)
        core = sum(variant.weights[at] for at in taken if at in variant.core)
        core /= sum(variant.weights[at] for at in variant.core)
        if any(at in variant.surname for at in taken):
            core = max(core, 0.92)
        likeness = sum(variant.weights[at] * one.likeness for at, one in taken.items()) / cover
        met = frozenset(at for one in taken.values() for at in range(one.first, one.last + 1))
        return Mention(
            variant.account, first, last, cover, likeness, met,
            full=cover > 0.93, typo=any(one.typo for at, one in taken.items() if at in variant.core),
            core=core, own=variant.own,
        )  # fmt: skip


def _broken(words: Sequence[Token], left: int, right: int) -> bool:
    """Whether more than a few characters stand between two tokens: a line's end or another clause."""
    if right <= left:
        return False
    far = 14 + (words[right - 1].end - words[left].end)
    return words[right].line != words[left].line or words[right].start - words[left].end > far


def _grouped(pairs: Iterable[tuple[K, int]]) -> dict[K, tuple[int, ...]]:
    """The numbers of each key, without repeats, in order."""
    lists: dict[K, list[int]] = defaultdict(list)
    for key, number in pairs:
        if not lists[key] or lists[key][-1] != number:
            lists[key].append(number)
    return {key: tuple(dict.fromkeys(some)) for key, some in lists.items()}


class People:
    """The contacts of a Crm by the words of their names, their addresses and numbers."""

    def __init__(self, crm: Crm, account_at: dict[str, int]) -> None:
        """``account_at`` are the places of accounts by their ids."""
        self.crm = crm
        self.accounts_of: list[tuple[int, ...]] = [
            tuple(account_at[one] for one in contact.accounts if one in account_at) for contact in crm.contacts
        ]
        people = enumerate(crm.contacts)
        self.of_account = _grouped((account, index) for index, some in enumerate(self.accounts_of) for account in some)
        self.by_word = _grouped((word, index) for index, one in people for word in set(name_words(one.name)))
        emails = [(email.lower(), index) for index, one in enumerate(crm.contacts) for email in one.emails]
        self.by_email = _grouped(emails)
        self.by_domain = _grouped(
            (domain, account)
            for email, index in emails
            if (domain := email.rpartition("@")[2]) not in FREE_MAIL
            for account in self.accounts_of[index]
        )
        self.by_phone = _grouped(
            (digits[-8:], index)
            for index, one in enumerate(crm.contacts)
            for phone in one.phones
            if len(digits := "".join(filter(str.isdigit, phone))) > 6
        )

    @staticmethod
    def starting(keys: Sequence[str], prefix: str) -> list[str]:
        """Of sorted keys those that begin with ``prefix``."""
        from bisect import bisect_left  # noqa: PLC0415

        at = bisect_left(keys, prefix)
        found = []
        while at < len(keys) and keys[at].startswith(prefix):
            found.append(keys[at])
            at += 1
        return found


FREE_MAIL = frozenset(table("names", "lists")["free_mail"])

TITLES = frozenset(table("names", "lists")["titles"])


_PARTS = re.compile(r"[\s,()/.\-]+")


def name_words(name: str) -> list[str]:
    """Keys of the words of a person's name without titles."""
    keys = (key_of(part) for part in _PARTS.split(name) if part)
    return [sys.intern(key) for key in keys if key and key not in TITLES]


_KEPT: dict[str, Matcher] = {}


def matcher_of(crm: Crm) -> Matcher:
    """The index of ``crm``; kept for the two latest revisions, built anew where a Crm names none."""
    if not crm.revision:
        return Matcher(crm)
    if crm.revision not in _KEPT:
        while len(_KEPT) > 1:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[crm.revision] = Matcher(crm)
    return _KEPT[crm.revision]


__all__ = ["Matcher", "Mention", "key_of", "matcher_of"]
