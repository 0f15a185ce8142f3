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
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from parsing.directory import People, grouped, starting
from parsing.inflection import bases
from parsing.model import Crm
from parsing.taught import Taught
from parsing.text import Token, fold, tokens, words_of
from parsing.vocabulary import Words, commonness, legal_forms, proper_keys, surname_keys, weight_of

BEST = 60
MOST_PLACES = 12
"""Places in a text where one name is looked at: who says it more often says it again."""
LONG_LIST = 3_000
"""A word that more names than this hold says too little to look them all up by it."""

T = TypeVar("T")
Ints = NDArray[np.int32]
Floats = NDArray[np.float32]


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
    owned: frozenset[int] = frozenset()
    """Places of words with an apostrophe and s: "Murphy's"."""


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


_SHORT = 5
"""Letters of a word whose spelling with "ae", "oe", "ue" has to be the name's own."""
_OWNED = re.compile(r"['\u2019]s$")
_SHARED: dict[Any, Any] = {}
_NOTHING: frozenset[int] = frozenset()


def _shared(value: T) -> T:
    """One object for all equal ones: thousands of names have the same weights."""
    if len(_SHARED) > 20_000:
        _SHARED.clear()
    return cast("T", _SHARED.setdefault(value, value))


@lru_cache(maxsize=20_000)
def _town_keys(city: str) -> frozenset[str]:
    return frozenset(key for _, key in words_of(city))


def account_words(name: str, city: str | None) -> tuple[list[str], list[float]]:
    """Keys and raw weights of the words of a company's name, legal forms left out where something else is there."""
    return _weighed(words_of(name), city)


def _weighed(said: Sequence[tuple[str, str]], city: str | None) -> tuple[list[str], list[float]]:
    place = _town_keys(city) if city else frozenset()
    words = [word for word in said if word[1]]
    plain = [(text, key) for text, key in words if key not in legal_forms() or "&" in text]
    words = plain if any(len(key) > 1 for _, key in plain) else words
    return [key for _, key in words], [weight_of(key, fold(text), place) for text, key in words]


def _variant(account: int, said: Sequence[tuple[str, str]], city: str | None, *, alias: bool) -> Variant | None:
    keys, raw = _weighed(said, city)
    if not keys:
        return None
    total = sum(raw)
    top = max(raw)
    core = frozenset(place for place, weight in enumerate(raw) if weight >= (min(0.9, top) if top >= 0.6 else 0.3))
    own = top >= 0.6
    named = frozenset(place for place in core if keys[place] in surname_keys()) if own else frozenset()
    weights = _shared(tuple(round(weight / total, 4) for weight in raw))
    owners = {key for text, key in said if text[-1] == "s" and _OWNED.search(text)}
    owned = frozenset(place for place, key in enumerate(keys) if key in owners) if owners else _NOTHING
    return Variant(
        account, tuple(map(sys.intern, keys)), weights, _shared(core), alias, own, _shared(named), _shared(owned)
    )


def _spellings(words: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """How words of names are spelt, folded, by their keys; without those with letters beyond ASCII."""
    strange = {key for text, key in words if not text.isascii() or not text.isalpha()}
    found: dict[str, set[str]] = defaultdict(set)
    for text, key in words:
        if key not in strange:
            found[key].add(fold(text).replace("'", ""))
    return {key: frozenset(some) for key, some in found.items()}


def _first_word(name: str) -> str:
    return fold(name).split(" ", 1)[0]


class Matcher:
    """What names mean in one `Crm`, ready to be asked."""

    def __init__(self, crm: Crm) -> None:
        """Reads every name once: about two seconds for 50,000 accounts and 100,000 contacts."""
        self.crm = crm
        self.account_at = {account.id: index for index, account in enumerate(crm.accounts)}
        self._spelt: dict[str, frozenset[str]] = {}
        self.variants = self._read_variants()
        self.others: dict[tuple[int, int], tuple[str, ...]] = {}
        self._own_keys = frozenset(key for variant in self.variants for key in variant.keys)
        numbers: dict[str, list[int]] = defaultdict(list)
        weights: dict[str, list[float]] = defaultdict(list)
        joined: dict[str, list[int]] = defaultdict(list)
        for number, variant in enumerate(self.variants):
            for place, key in enumerate(variant.keys):
                others = self._bases_of(variant, place) if key[-1] == "n" or variant.owned else ()
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
        self.taught = Taught(crm)
        self.colleagues = frozenset(tokens(rep.name)[0].key for rep in crm.reps if tokens(rep.name))
        """Keys of the first names of those who report."""
        self.siblings = grouped((_first_word(account.name), at) for at, account in enumerate(crm.accounts))

    def knows_names_of(self, crm: Crm) -> bool:
        """Whether every account and contact of ``crm`` is as it is here."""
        return self.crm.accounts == crm.accounts and self.crm.contacts == crm.contacts

    def with_lessons_of(self, crm: Crm) -> "Matcher":
        """The same index of names, for a Crm in which corrections taught more: reading every name anew takes long."""
        matcher = copy(self)
        matcher.crm, matcher.taught = crm, Taught(crm)
        return matcher

    def _bases_of(self, variant: Variant, place: int) -> tuple[str, ...]:
        """A name in the genitive is found by its base form: "Aallon Autohuolto" by "aalto", "Murphy's" by "murphy"."""
        key = variant.keys[place]
        if place in variant.owned:
            return (key[:-1],)
        if place + 1 >= len(variant.keys) or not key.endswith("n") or len(key) < 5:
            return ()
        if self.crm.accounts[variant.account].country not in {"FI", None}:
            return ()
        return tuple(base for base in bases(key, "fi") if base in proper_keys() or base in self._own_keys)

    def _read_variants(self) -> list[Variant]:
        """Every way an account is named; and how their short words are spelt, as they are read here anyway."""
        found = []
        short: set[tuple[str, str]] = set()
        for index, account in enumerate(self.crm.accounts):
            for place, name in enumerate((account.name, *account.aliases)):
                said = words_of(name)
                short.update(word for word in said if len(word[1]) <= _SHORT)
                variant = _variant(index, said, account.city, alias=place > 0)
                if variant is not None:
                    found.append(variant)
        self._spelt = _spellings(short)
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
        if key in legal_forms() and "&" not in word.text:
            return []  # "BV" is no B&V
        if key in self.postings:
            return [] if self._only_alike(word, language) else [Hit(at, at, key, 1.0)]
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
            found = [Hit(at, at, full, 0.9) for full in starting(self.words.keys, key)[:20]]
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

    def _only_alike(self, word: Token, language: str) -> bool:
        """Whether a short word is a name's only where "oe" is an umlaut: "goes" is no GOS, "over" no Oever."""
        if language not in {"nl", "en"} or len(word.key) > _SHORT:
            return False
        spelt = self._spelt.get(word.key)
        return spelt is not None and word.text.isascii() and fold(word.text).replace("'", "") not in spelt

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
        """The places where the text names variant ``number``: words of it near each other, one that distinguishes."""
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
            for hit in self._met_as(form, by_key, other=form != key)
        ]
        starts = [(place, hit) for place, hit in near if place in variant.core]
        used: set[int] = set()
        for place, hit in sorted(starts, key=lambda pair: pair[1].first):
            if hit.first in used or len(places) >= MOST_PLACES:
                continue
            reach = 2 * len(variant.keys) + 2
            beside = [pair for pair in near if abs(pair[1].first - hit.first) <= reach]
            mention = self._grow(variant, place, hit, beside, words)
            used |= mention.met
            places.append(mention)
        return places

    @staticmethod
    def _met_as(form: str, by_key: dict[str, list[Hit]], *, other: bool) -> list[Hit]:
        """The words met that are this form of a name's word; a base form is a little less alike than the word."""
        met = by_key.get(form, [])
        return [replace(hit, likeness=0.95 * hit.likeness) for hit in met] if other else met

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


_KEPT: dict[str, Matcher] = {}


def matcher_of(crm: Crm) -> Matcher:
    """The index of ``crm``; kept for the two latest revisions, built anew where a Crm names none."""
    if not crm.revision:
        return Matcher(crm)
    if crm.revision not in _KEPT:
        same = next((one for one in _KEPT.values() if one.knows_names_of(crm)), None)
        matcher = same.with_lessons_of(crm) if same else Matcher(crm)
        while len(_KEPT) > 1:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[crm.revision] = matcher
    return _KEPT[crm.revision]
