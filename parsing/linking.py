"""Which known names a text may mean: an index of a Crm's accounts and contacts, asked with the words of a message.

Names are few words, so the index is one of words: each word of a message finds the words of names that it equals,
is an inflected form of, abbreviates or misspells (by shared letter trigrams), the names that hold these words collect
their weights, and the best sixty are laid beside the message. Built once for each `Crm.revision`.
"""

# ruff: noqa: PLR2004 - lengths and points are read best where they are weighed

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

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
    if key in place or any(base in place for base in bases(key, "fi")):
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


def account_words(name: str, city: str | None) -> tuple[list[str], list[float]]:
    """Keys and raw weights of the words of a company's name, legal forms left out where something else is there."""
    place = frozenset(token.key for token in tokens(city)) if city else frozenset()
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
    return Variant(account, tuple(keys), tuple(weight / total for weight in raw), core, alias, own, named)


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


class Matcher:
    """What names mean in one `Crm`, ready to be asked."""

    def __init__(self, crm: Crm) -> None:
        """Reads every name once: about two seconds for 50,000 accounts and 100,000 contacts."""
        self.crm = crm
        self.account_at = {account.id: index for index, account in enumerate(crm.accounts)}
        self.variants = self._read_variants()
        self.postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.others: dict[tuple[int, int], tuple[str, ...]] = {}
        joined: dict[str, list[int]] = defaultdict(list)
        for number, variant in enumerate(self.variants):
            for place, key in enumerate(variant.keys):
                self.postings[key].append((number, place))
                others = self._bases_of(variant, place)
                for base in others:
                    self.postings[base].append((number, place))
                if others:
                    self.others[number, place] = others
            if len(variant.keys) > 1:
                joined["".join(variant.keys)].append(number)
        self.joined = dict(joined)
        self.postings = dict(self.postings)
        self.words = Words(key for key in self.postings if len(key) > 3)
        self.people = People(crm, self.account_at)

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
        weights: dict[int, float] = defaultdict(float)
        for key, met in by_key.items():
            best = max(hit.likeness for hit in met)
            for number in self.joined.get(key, ()):
                weights[number] = max(weights[number], best)
            postings = self.postings.get(key, ())
            if len(postings) > LONG_LIST:
                continue
            for number, place in postings:
                weights[number] += best * self.variants[number].weights[place]
        likely = sorted((number for number, weight in weights.items() if weight >= 0.2), key=lambda n: -weights[n])
        found: list[Mention] = []
        for number in likely[: BEST * 4]:
            found += self._align(number, by_key, words)
        return found

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


class People:
    """The contacts of a Crm by the words of their names, their addresses and numbers."""

    def __init__(self, crm: Crm, account_at: dict[str, int]) -> None:
        """``account_at`` are the places of accounts by their ids."""
        self.crm = crm
        self.by_word: dict[str, list[int]] = defaultdict(list)
        self.by_email: dict[str, list[int]] = defaultdict(list)
        self.by_phone: dict[str, list[int]] = defaultdict(list)
        self.by_domain: dict[str, set[int]] = defaultdict(set)
        self.of_account: dict[int, list[int]] = defaultdict(list)
        self.accounts_of: list[tuple[int, ...]] = []
        self.names: list[tuple[tuple[str, ...], ...]] = []
        for index, contact in enumerate(crm.contacts):
            self.accounts_of.append(tuple(account_at[one] for one in contact.accounts if one in account_at))
            for account in self.accounts_of[index]:
                self.of_account[account].append(index)
            for token in set(name_words(contact.name)):
                self.by_word[token].append(index)
            for email in contact.emails:
                self.by_email[email.lower()].append(index)
                domain = email.lower().rpartition("@")[2]
                if domain not in FREE_MAIL:
                    self.by_domain[domain].update(self.accounts_of[index])
            for phone in contact.phones:
                digits = "".join(filter(str.isdigit, phone))
                if len(digits) > 6:
                    self.by_phone[digits[-8:]].append(index)

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


def name_words(name: str) -> list[str]:
    """Keys of the words of a person's name without titles."""
    return [token.key for token in tokens(name) if token.key and (token.key not in TITLES or not token.key)]


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
