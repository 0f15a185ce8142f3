"""Where the visit was: town, postcode and street as the message names them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from parsing.inflection import bases
from parsing.lexicon import LONGEST, lexicon, read_words
from parsing.model import Crm, Found, KnownAccount
from parsing.text import Token, fold, key_of, tokens
from parsing.words import Town, frequency, table, towns

_LONGEST_NAME = 4
_EVERYDAY = 3.0
"""Zipf frequency from which a word needs more than a capital to be a town ("Wedel", "Essen", "Bath", "Reading")."""
_LARGE = 20_000
_HOME = frozenset({"NL", "BE", "LU", "DE", "AT", "CH", "FI", "GB", "IE", "US"})
_METROPOLIS = 200_000
_USUAL = 4.0
_COMMON = 4.3
_SHORTEST = 4
_SHORT_FORM = 1.5
_BESIDE = 4
_SMALL = 1000


@dataclass(frozen=True, slots=True)
class _Mention:
    name: str
    start: int
    end: int
    weight: float


def find_city(
    text: str, language: str, crm: Crm, account: KnownAccount | None, taken: Sequence[tuple[int, int]]
) -> Found[str] | None:
    """The town of the visit in base form, None where the message names none; never a word of ``taken``."""
    best: _Mention | None = None
    for mention in _mentions(text, language, _house_of(crm), account, taken):
        if best is None or mention.weight > best.weight:
            best = mention
    if best is None:
        return None
    return Found(best.name, best.start, best.end, confidence=min(0.97, 0.6 + best.weight / 10), why="a town is named")


@cache
def _known() -> dict[str, Town]:
    """Towns by their key, without the quarters of cities ("Zürich (Kreis 1)")."""
    known: dict[str, Town] = {}
    for town in towns().values():
        if "(" in town.name or "/" in town.name:
            continue
        key = _key(town.name)
        if key not in known or known[key].population < town.population:
            known[key] = town
    return known


def is_town(word: str, language: str) -> bool:
    """Whether a word is a town of some size, in base form or (in Finnish) with an ending that says where."""
    key = key_of(word)
    town = _known().get(key)
    if town is None and language == "fi" and _LOCAL.search(word) is not None:
        town = next((_known()[base] for base in bases(key, language) if base in _known()), None)
    if town is None or town.country not in _HOME:
        return False
    return frequency(language).get(key, 0.0) < _COMMON or (town.population >= _LARGE and word[:1].isupper())


def _key(name: str) -> str:
    return " ".join(key_of(word) for word in re.split(r"[\s-]+", name) if word)


class _House:
    """What a house's accounts tell of places: their towns, and which names stand for a branch in a town."""

    def __init__(self, crm: Crm) -> None:
        """One pass over the accounts; kept as long as the same snapshot is asked with."""
        self.towns = {_key(account.city): account.city for account in crm.accounts if account.city}
        self._stems: dict[str, set[str]] = defaultdict(set)
        for account in crm.accounts:
            if account.city:
                self._stems[_key(account.name).split(" ")[0]].add(_key(account.city))

    def is_branch(self, account: KnownAccount) -> bool:
        """Whether others of that name sit in other towns, so that the town in the name is a place."""
        return len(self._stems.get(_key(account.name).split(" ")[0], ())) > 1


_kept: list[tuple[Crm, _House]] = []


def _house_of(crm: Crm) -> _House:
    """The house of that very snapshot: a pure function's memo of the last few, compared by identity."""
    for kept, house in _kept:
        if kept is crm:
            return house
    house = _House(crm)
    _kept.insert(0, (crm, house))
    del _kept[4:]
    return house


def _free(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    return all(end <= left or start >= right for left, right in taken)


def _mentions(
    text: str, language: str, house: _House, account: KnownAccount | None, taken: Sequence[tuple[int, int]]
) -> Iterator[_Mention]:
    text = text[:LONGEST]
    words = tokens(text)
    own = _key(account.city) if account and account.city else ""
    branch = bool(account and house.is_branch(account))
    away = _away_clauses(text, language)
    short = {key_of(k): v for k, v in table(language, "places").get("short", {}).items()}
    seen: set[str] = set()
    index = 0
    while index < len(words):
        size, name, key = _longest(words, index, language, house.towns, short)
        if not size or (size == 1 and words[index].key in _months(language)):
            index += 1
            continue
        first, last = words[index], words[index + size - 1]
        # "Tukku Oulu, Oulu": said again, the town is no longer the name.
        open_ = _free(first.start, last.end, taken) or (key == own and (branch or key in seen))
        seen.add(key)
        # The customer's own town is no other place, however the rep speaks of it.
        if open_ and (key == own or not any(left <= first.start < right for left, right in away)):
            weight = _weight(words, index, size, language, text)
            if size == 1 and first.key in short:
                weight = max(weight, _SHORT_FORM)
            near = key == own or _beside_postcode(text, first.start, last.end, language)
            if weight > 0 or key == own:
                bonus = 1.0 * near + 0.5 * (key in house.towns) - min(0.4, first.start / 2000)
                yield _Mention(name, first.start, last.end, weight + bonus)
        index += size


@cache
def _months(language: str) -> frozenset[str]:
    """Months, one of which is also a town in Cambridgeshire."""
    return frozenset(key_of(word) for word in table(language, "dates").get("months", {}))


def _beside_postcode(text: str, start: int, end: int, language: str) -> bool:
    around = _postcodes(language).search(text, max(0, start - 10), end + 10)
    return around is not None and (start - 10 < around.end() <= start or end <= around.start() < end + 4)


def _longest(
    words: Sequence[Token], at: int, language: str, house: dict[str, str], short: dict[str, str]
) -> tuple[int, str, str]:
    """How many words from ``at`` on are a town, its name in base form, and its key."""
    for size in range(min(_LONGEST_NAME, len(words) - at), 0, -1):
        run = words[at : at + size]
        key = " ".join(word.key for word in run)
        if size == 1 and key in short and not run[0].text.islower():
            return 1, short[key], _key(short[key])
        for one, bent in ((key, False), *((base, True) for base in _base_keys(run, language))):
            if one in house:
                return size, house[one], one
            town = _known().get(one)
            if town and (not bent or town.population >= _SMALL):
                return size, town.name, one
    return 0, "", ""


def _base_keys(run: Sequence[Token], language: str) -> list[str]:
    if language != "fi" or not run:
        return []
    head = [word.key for word in run[:-1]]
    return [" ".join([*head, base]) for base in bases(run[-1].key, language)]


def _weight(words: Sequence[Token], at: int, size: int, language: str, text: str) -> float:
    """How surely the words name a place: a preposition or a case ending, a capital, its size; 0 or less is no."""
    first, last = words[at], words[at + size - 1]
    before = words[at - 1] if at else None
    between = text[before.end : first.start] if before else "\n"
    cued = before is not None and between == " " and fold(before.text) in _prepositions(language)
    people = _people(" ".join(word.key for word in words[at : at + size]), language, last)
    zipf = frequency(language).get(first.key, 0.0) if size == 1 else 0.0
    numbered = re.match(r"\s\d", text[last.end : last.end + 2]) is not None
    large = people >= _LARGE
    if cued or (language == "fi" and _local_case(last)):
        if not first.capital and zipf >= _EVERYDAY and not large:
            return 0
        return (2.4 if language == "fi" and _FROM_OR_TO.search(last.text) else 3) + large
    if numbered or (zipf >= _COMMON and people < _METROPOLIS):
        return 0
    if not first.capital:
        return 1 if large and len(first.text) > _SHORTEST and zipf < _USUAL else 0
    if size == 1 and len(first.key) < _SHORTEST:
        return 0
    starts = before is None or re.search(r"[.!?\n]", between) is not None
    return (0.5 if starts else 1) + large if zipf < _USUAL or large else 0


_FROM_OR_TO = re.compile(r"(?:st[aä]|lt[aä]|lle|hin|[aeiouyäö]{2}n)$", re.IGNORECASE)
_LOCAL = re.compile(r"(?:ss[aä]|st[aä]|ll[aä]|lt[aä]|lle|hin|[aeiouyäö]{2}n|s|l)$", re.IGNORECASE)


def _local_case(word: Token) -> bool:
    """Whether a Finnish word has one of the endings that say where, and is no base form."""
    return _LOCAL.search(word.text) is not None and word.key not in _known()


def _people(key: str, language: str, last: Token) -> int:
    for one in (key, *(bases(last.key, language) if language == "fi" else ())):
        if one in _known():
            return _known()[one].population
    return 0


@cache
def _prepositions(language: str) -> frozenset[str]:
    return frozenset(fold(word) for word in table(language, "places").get("prepositions", ()))


def _away_clauses(text: str, language: str) -> list[tuple[int, int]]:
    """Stretches that speak of another place than that of the visit: "hun vestiging in", "moved to"."""
    words = read_words(text, language)
    stretches = []
    for hit in lexicon(language, "places", "elsewhere").hits(words):
        last = min(hit.last + 4, len(words) - 1)
        while words[last].clause != words[hit.last].clause:
            last -= 1
        stretches.append((words[hit.first].start, words[last].end))
    return stretches


# --------------------------------------------------------------------------------------------- postcode, street

_CAPITAL = r"[^\W\d_a-z\u00df-\u00f6\u00f8-\u00ff]"
_NAME = rf"{_CAPITAL}[\w'\u2019-]*"
_POSTCODES = {
    "nl": r"(?<!\w)(?P<sure>[1-9]\d{3}\s?[A-Z]{2})(?![\w\u20ac])"
    r"|(?<![\w.,])(?P<code>(?:B-)?[1-9]\d{3})(?=\s+[A-Z][\w'-]{2,})",
    "de": r"(?<![\w.,/-])(?P<sure>(?:D-)?\d{5})(?=\s+[A-Z\u00c4\u00d6\u00dc]\w)"
    r"|(?<![\w.,/-])(?P<code>(?:A-|CH-|AT-)?[1-9]\d{3})(?=\s+[A-Z\u00c4\u00d6\u00dc]\w{2,})",
    "fi": r"(?<![\w.,/-])(?P<sure>(?:FI-)?\d{5})(?=,?\s+[A-Z\u00c5\u00c4\u00d6]\w)|(?P<code>(?!))",
    "en": r"(?<!\w)(?P<sure>[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2})(?!\w)|(?<=[A-Z]{2}\s)(?P<code>\d{5})(?!\w)",
}
"""``sure`` is a postcode by its form alone, ``code`` only before (in America after) a town."""


@cache
def _postcodes(language: str) -> re.Pattern[str]:
    return re.compile(_POSTCODES[language])


@cache
def _streets(language: str) -> re.Pattern[str]:
    """Street and number after the words of the table: "...straat 12", "Am Markt 3", "12 High Street"."""
    known = table(language, "places").get("streets", {})
    ends, openers, words = (
        "|".join(sorted(map(re.escape, known.get(key, ())), key=len, reverse=True)) or "(?!)"
        for key in ("ends", "openers", "words")
    )
    number = r"\d{1,4}(?:\s?[a-zA-Z](?!\w)|[-/]\d{1,3}(?!\d))?"
    if language == "en":
        return re.compile(
            rf"\b\d{{1,5}}[A-Za-z]?,?\s(?:{_NAME}\s){{1,3}}(?:{words})(?!\w)\.?"
            rf"|\b(?:{openers})\s\d{{1,4}}[A-Za-z]?,?\s(?:{_NAME}\s){{0,3}}(?:{words}|{_NAME})(?!\w)"
        )
    return re.compile(
        rf"(?:{_NAME}[ ](?:[a-z]{{1,4}}[ ])?){{0,{2 if language == 'nl' else 0}}}"
        rf"(?:{_CAPITAL}[\w'\u2019-]*(?:{ends})|{_NAME}[ -](?:{words}))\s{number}"
        rf"|\b(?:{openers})\s(?:[\w'\u2019-]+\s){{1,3}}{number}"
    )


def find_postcode(
    text: str, language: str, crm: Crm, account: KnownAccount | None, taken: Sequence[tuple[int, int]]
) -> Found[str] | None:
    """The postcode of the visit's place as written, in the notation of the language's countries."""
    del crm, account
    for match in _postcodes(language).finditer(text[:LONGEST]):
        group = "sure" if match["sure"] else "code"
        start, end = match.span(group)
        sure = language == "en" or (language == "nl" and group == "sure") or _after_street(text, start, language)
        if _free(start, end, taken) and (sure or _town_follows(text, end)):
            return Found(match[group], start, end, confidence=0.95, why="a postcode")
    return None


def _after_street(text: str, start: int, language: str) -> bool:
    return any(
        start - _BESIDE <= match.end() <= start for match in _streets(language).finditer(text, max(0, start - 80))
    )


def _town_follows(text: str, end: int) -> bool:
    following = tokens(text[end : end + 40])
    return bool(following) and following[0].key in _known()


def find_street(
    text: str, language: str, crm: Crm, account: KnownAccount | None, taken: Sequence[tuple[int, int]]
) -> Found[str] | None:
    """Street and number of the visit's place as written."""
    del crm, account
    for match in _streets(language).finditer(text[:LONGEST]):
        start = match.start()
        # What stands before the street in one breath may be the company's name.
        start = max((right for left, right in taken if left <= start < right), default=start)
        street = text[start : match.end()].strip(" ,.;:")
        start = text.index(street, start) if street else start
        if street and _free(start, start + len(street), taken):
            return Found(street, start, start + len(street), confidence=0.9, why="a street and a number")
    return None
