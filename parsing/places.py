"""In which town the visit was, as the message names it."""

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
_FREQUENT = 5.3
_SHORTEST = 4
_SHORT_FORM = 1.5
_BESIDE = 4
_SMALL = 1000
_SURE = 4.0
_GUESSED = 0.6
_UNCOMMON = 2.5


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
    return Found(
        best.name, best.start, best.end, confidence=min(0.97, 0.6 + best.weight / 10), why="a town is named", cue="town"
    )


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


def is_known(key: str) -> bool:
    """Whether a town of that key (`key_of_town`) is in the gazetteer."""
    return key in _known()


def key_of_town(name: str) -> str:
    """The town's words as they are compared."""
    return _key(name)


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
    short = _short(language)
    seen: set[str] = set()
    index = 0
    while index < len(words):
        size, name, key = _longest(words, index, text, language, house.towns)
        if size == 1 and words[index].key in _months(language):
            size = 0
        if not size:
            unknown = _unknown(words, index, text, language)
            if unknown is not None and _free(unknown.start, unknown.end, taken):
                yield unknown
            index += 1
            continue
        first, last = words[index], words[index + size - 1]
        # "Tukku Oulu, Oulu": said again, the town is no longer the name.
        posted = _after_postcode(text, first.start, language)
        open_ = posted or _free(first.start, last.end, taken) or (key == own and (branch or key in seen))
        seen.add(key)
        # The customer's own town is no other place, however the rep speaks of it.
        if open_ and (key == own or not any(left <= first.start < right for left, right in away)):
            weight = _SURE if posted else _weight(words, index, size, language, text)
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


def _after_postcode(text: str, start: int, language: str) -> bool:
    """Whether a postcode stands right before: what follows is its town."""
    before = text[max(0, start - 12) : start]
    return re.search(_BEFORE_TOWN[language], before) is not None


_BEFORE_TOWN = {
    "nl": r"(?:(?<!\w)[1-9]\d{3}\s?[A-Z]{2}|(?:^|[,;(\n])\s*(?:B-?)?[1-9]\d{3})\s+$",
    "de": r"(?:^|[,;(\n])\s*(?:D-|A-|CH-|AT-)?\d{4,5}\s+$",
    "fi": r"(?:^|[,;(\n])\s*(?:FI-)?\d{5}\s+$",
    "en": r"(?!)",
}
"""A postcode that a town follows, itself after a mark, for otherwise it counts things: "12000 Teile"."""


def _beside_postcode(text: str, start: int, end: int, language: str) -> bool:
    around = postcodes(language).search(text, max(0, start - 10), end + 10)
    return around is not None and (start - 10 < around.end() <= start or end <= around.start() < end + 4)


def _longest(words: Sequence[Token], at: int, text: str, language: str, house: dict[str, str]) -> tuple[int, str, str]:
    """How many words from ``at`` on are a town, its name in base form, and its key."""
    short = _short(language)
    for size in range(min(_LONGEST_NAME, len(words) - at), 0, -1):
        run = words[at : at + size]
        key = " ".join(word.key for word in run)
        if size == 1 and key in short and _stands_for_town(words, at, text, language):
            return 1, short[key], _key(short[key])
        for one, bent in ((key, False), *((base, True) for base in _base_keys(run, language))):
            if one in house:
                return size, house[one], one
            town = _known().get(one)
            if town and (not bent or town.population >= _SMALL):
                written = text[run[0].start : run[-1].end]
                return size, town.name if bent else _spelt(written, town.name), one
    return 0, "", ""


@cache
def _short(language: str) -> dict[str, str]:
    """Short names of towns by their key."""
    return {key_of(name): town for name, town in table(language, "places").get("short", {}).items()}


def _spelt(written: str, name: str) -> str:
    """The town's name as the message writes it, which knows its umlauts; with capitals where it is written without."""
    if not written.islower():
        return written
    if fold(written) == fold(name) or " " in written:
        return name
    return written[0].upper() + written[1:]


def _stands_for_town(words: Sequence[Token], at: int, text: str, language: str) -> bool:
    """Whether a short form is a town: by a capital or an apostrophe, after "in", or by itself between marks."""
    word = words[at]
    if not word.text.islower() or "'" in word.text or "\u2019" in word.text:
        return True
    rare = frequency(language).get(word.key, 0.0) < _USUAL
    if rare and language == "fi" and _local_case(word):
        return True
    return rare and (_is_cued(words, at, text, language) or _ends_phrase(text, word.end))


def _is_cued(words: Sequence[Token], at: int, text: str, language: str) -> bool:
    before = words[at - 1] if at else None
    if before is None or text[before.end : words[at].start] != " ":
        return False
    return fold(before.text) in _prepositions(language)


def _ends_phrase(text: str, end: int) -> bool:
    return re.match(r"\s*(?:$|[,;:.!?)(\n/|&+]|[-\u2013\u2014]\s)", text[end : end + 4]) is not None


def _stands_alone(words: Sequence[Token], at: int, size: int, text: str, language: str) -> bool:
    """Whether a town stands between marks, as in a telegram: "Leiden: Mark, all fine", "yesterday Leiden, Mark"."""
    if not _ends_phrase(text, words[at + size - 1].end):
        return False
    before = words[at - 1] if at else None
    between = text[before.end : words[at].start] if before else "\n"
    return between != " " or (before is not None and fold(before.text) in _days(language))


@cache
def _days(language: str) -> frozenset[str]:
    """Words that say when, after which a telegram names the town."""
    return frozenset(fold(word) for word in table(language, "places").get("days", ()))


def _unknown(words: Sequence[Token], at: int, text: str, language: str) -> _Mention | None:
    """A town that no list knows, by what stands before it: a postcode, or "in" and then a rare word with a capital."""
    word = words[at]
    if not word.capital or word.text.isupper() or not word.text.isalpha() or len(word.text) < _SHORTEST:
        return None
    if _after_postcode(text, word.start, language):
        end = _rest_of_name(words, at)
        return _Mention(text[word.start : end], word.start, end, _SURE)
    known = table(language, "places")
    inside = at > 1 and fold(words[at - 1].text) in known.get("inside", ()) and _is_cued(words, at, text, language)
    if not inside or not text[word.start + 1 : word.end].islower():
        return None
    wished = fold(words[at - 2].text).startswith(tuple(known.get("not_inside", ())))
    if wished or any(frequency(one).get(word.key, 0.0) >= _UNCOMMON for one in ("nl", "de", "fi", "en")):
        return None
    return _Mention(word.text, word.start, word.end, _GUESSED)


def _rest_of_name(words: Sequence[Token], at: int) -> int:
    """The end of a town's name of up to three words: "Bad Zell", "Kirchdorf am Inn"."""
    last = at
    for index in range(at + 1, min(at + _LONGEST_NAME, len(words))):
        if words[index].start - words[index - 1].end != 1 or not words[index].text.isalpha():
            break
        if words[index].capital:
            last = index
        elif len(words[index].text) > _SHORTEST:
            break
    return words[last].end


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
    cued = _is_cued(words, at, text, language)
    people = _people(" ".join(word.key for word in words[at : at + size]), language, last)
    zipf = frequency(language).get(first.key, 0.0) if size == 1 else 0.0
    numbered = re.match(r"\s\d(?!\d{4})", text[last.end : last.end + 7]) is not None
    large = people >= _LARGE
    if cued or (language == "fi" and _local_case(last)):
        if not first.capital and zipf >= _EVERYDAY and not large:
            return 0
        return (2.4 if language == "fi" and _FROM_OR_TO.search(last.text) else 3) + large
    starts = before is None or re.search(r"[.!?\n]", between) is not None
    alone = _stands_alone(words, at, size, text, language)
    if (
        not numbered
        and alone
        and (people >= _METROPOLIS or zipf < _limit(first.capital or text[last.end : last.end + 1] == ":", large=large))
    ):
        return 1 + large
    proper = first.capital and not starts and large and language != "de"
    if (
        numbered
        or (zipf >= _COMMON and people < _METROPOLIS and not proper)
        or (size == 1 and len(first.key) < _SHORTEST)
    ):
        return 0
    if not first.capital:
        return 1 if large and len(first.text) > _SHORTEST and zipf < _USUAL else 0
    return (0.5 if starts else 1) + large if zipf < _USUAL or large else 0


def _limit(marked: bool, *, large: bool) -> float:
    """The Zipf frequency below which a town that stands alone is one: ``marked`` by a capital or a colon, or large."""
    if not large:
        return _EVERYDAY
    return _FREQUENT if marked else _COMMON


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


_POSTCODES = {
    "nl": r"(?<!\w)(?P<sure>[1-9]\d{3}\s?[A-Z]{2})(?![\w\u20ac])"
    r"|(?<![\w.,])(?P<code>(?:B-)?[1-9]\d{3})(?=\s+[A-Z][\w'-]{2,})",
    "de": r"(?<![\w.,/-])(?P<sure>(?:D-)?\d{5})(?=\s+[A-Z\u00c4\u00d6\u00dc]\w)"
    r"|(?<![\w.,/-])(?P<code>(?:A-|CH-|AT-)?[1-9]\d{3})(?=\s+[A-Z\u00c4\u00d6\u00dc]\w{2,})",
    "fi": r"(?<![\w.,/-])(?P<sure>(?:FI-)?\d{5})(?=,?\s+[A-Z\u00c5\u00c4\u00d6]\w)|(?P<code>(?!))",
    "en": r"(?<!\w)(?P<sure>[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[ACDEFHKNPRTVWXY]\d[\dW]\s?[A-Z\d]{4})(?!\w)"
    r"|(?P<code>(?<=[A-Z]{2}\s)\d{5}|(?<=[a-z]\s)\d{5}|(?<=[a-z],\s)\d{5})(?:-\d{4})?(?![\w,.]\d|\w)",
}
"""``sure`` is a postcode by its form alone, ``code`` only before (in America after) a town."""


@cache
def postcodes(language: str) -> re.Pattern[str]:
    """What a postcode looks like in the countries of a language."""
    return re.compile(_POSTCODES[language])
