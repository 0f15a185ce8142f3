"""Where the visit was: town, postcode and street as the message names them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from parsing.inflection import bases
from parsing.lexicon import lexicon, read_words
from parsing.model import Crm, Found, KnownAccount
from parsing.text import Token, fold, key_of, tokens
from parsing.words import Town, frequency, table, towns

_LONGEST_NAME = 4
_EVERYDAY = 3.0
"""Zipf frequency from which a word needs more than a capital to be a town ("Wedel", "Essen", "Bath", "Reading")."""
_LARGE = 20_000


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
    for mention in _mentions(text, language, _house_towns(crm), account, taken):
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


def _key(name: str) -> str:
    return " ".join(key_of(word) for word in re.split(r"[\s-]+", name) if word)


@cache
def _of_crm(crm_towns: tuple[str, ...]) -> dict[str, str]:
    return {_key(town): town for town in crm_towns}


def _house_towns(crm: Crm) -> dict[str, str]:
    return _of_crm(tuple(sorted({account.city for account in crm.accounts if account.city})))


def _free(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    return all(end <= left or start >= right for left, right in taken)


def _mentions(
    text: str, language: str, house: dict[str, str], account: KnownAccount | None, taken: Sequence[tuple[int, int]]
) -> Iterator[_Mention]:
    words = tokens(text)
    own = _key(account.city) if account and account.city else None
    away = _away_clauses(text, language)
    short = {key_of(k): v for k, v in table(language, "places").get("short", {}).items()}
    index = 0
    while index < len(words):
        size, name, key = _longest(words, index, language, house, short)
        if not size:
            index += 1
            continue
        first, last = words[index], words[index + size - 1]
        if _free(first.start, last.end, taken) and not any(left <= first.start < right for left, right in away):
            weight = _weight(words, index, size, language, key, text)
            if weight > 0:
                yield _Mention(
                    name, first.start, last.end, weight + (1 if key == own else 0) + (0.5 if key in house else 0)
                )
        index += size


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
            if town and (not bent or town.population >= 1000):  # noqa: PLR2004
                return size, _as_written(town.name, run, bent=bent), one
    return 0, "", ""


def _base_keys(run: Sequence[Token], language: str) -> list[str]:
    if language != "fi" or not run:
        return []
    head = [word.key for word in run[:-1]]
    return [" ".join([*head, base]) for base in bases(run[-1].key, language)]


def _as_written(name: str, run: Sequence[Token], *, bent: bool) -> str:
    """The gazetteer's name; where the rep wrote the same letters, the rep's capitals and accents."""
    return name if bent or not run[0].capital else name


def _weight(words: Sequence[Token], at: int, size: int, language: str, key: str, text: str) -> float:
    """How surely the words name a place: a preposition or a case ending, a capital, its size; 0 or less is no."""
    first = words[at]
    before = words[at - 1] if at else None
    near = (
        before is not None
        and "\n" not in text[before.end : first.start]
        and not re.search(r"[.!?]", text[before.end : first.start])
    )
    cued = bool(near and before and fold(before.text) in _prepositions(language))
    local = language == "fi" and bool(
        re.search(r"(ss[aä]|st[aä]|lla|llä|lt[aä]|lle|hin|[aeiouyäö]{2}n|s|l)$", words[at + size - 1].text.lower())
    )
    local = local and _known().get(words[at + size - 1].key) is None
    zipf = frequency(language).get(first.key, 0.0) if size == 1 else 0.0
    known = _known().get(key)
    large = bool(known and known.population >= _LARGE)
    if cued or local:
        if not first.capital and zipf >= _EVERYDAY and not large:
            return 0
        return 3 + large
    if not first.capital:
        return 1 if large and zipf < 4.2 and len(first.text) > 4 else 0  # noqa: PLR2004
    starts = before is None or not near
    return (0.5 if starts else 1) + large if zipf < 4 or large else 0  # noqa: PLR2004


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

_POSTCODES = {
    "nl": r"(?<!\w)(?P<code>[1-9]\d{3}\s?[A-Z]{2})(?![\w€])|(?<![\w.,])(?P<be>(?:B-)?[1-9]\d{3})(?=\s+[A-ZÀ-Ý][\w'-]{2,})",
    "de": r"(?<![\w.,/-])(?P<code>(?:D-)?\d{5}|(?:A-|CH-|AT-)[1-9]\d{3})(?=\s+[A-ZÄÖÜ]\w)|(?<![\w.,/-])(?P<be>[1-9]\d{3})(?=\s+[A-ZÄÖÜ]\w{2,})",
    "fi": r"(?<![\w.,/-])(?P<code>(?:FI-)?\d{5})(?=,?\s+[A-ZÅÄÖ]\w)",
    "en": r"(?<!\w)(?P<code>[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2})(?!\w)|(?<=[A-Z]{2}\s)(?P<be>\d{5})(?!\w)",
}  # fmt: skip
_STREETS = {
    "nl": r"(?P<street>(?:[A-ZÀ-Ý][\w'’.-]*\s(?:[a-zà-ý]{1,4}\s)?){0,4}[A-ZÀ-Ý][\w'’-]*(?:straat|str\.|laan|weg|plein|kade|gracht|dijk|singel|dreef|pad|hof|steeg|markt|baan|lei|vaart|ring|boulevard|park|plantsoen|haven|wal|poort|berg|veld|kamp|burg|hoek|steenweg|heide|dam|oord|straat)\s\d{1,4}(?:\s?[a-zA-Z](?!\w)|[-/]\d{1,3})?)|(?P<also>(?:Rue|Avenue|Laan van|Plein|Kanaal|Hof van|Weg naar)\s(?:[A-Za-zÀ-ÿ'’-]+\s){1,4}\d{1,4}[a-z]?)",
    "de": r"(?P<street>(?:[A-ZÄÖÜ][\w'’.-]*[\s-]){0,3}(?:[A-ZÄÖÜ][\wäöüß-]*(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|damm|ufer|chaussee|steig|graben|markt|hof|berg|park|stieg|pfad|zeile|wall|kamp|brücke)|Straße|Strasse|Str\.|Weg|Platz|Allee|Ring|Damm|Ufer)\s\d{1,4}\s?(?:[a-z](?!\w))?)|(?P<also>(?:Am|An der|Im|In der|Auf der|Auf dem|Zum|Zur|Unter den)\s[A-ZÄÖÜ][\wäöüß-]+\s\d{1,4}\s?(?:[a-z](?!\w))?)",
    "fi": r"(?P<street>(?:[A-ZÅÄÖ][\w'’-]*\s){0,2}[A-ZÅÄÖ][\wåäö-]*(?:katu|tie|kuja|polku|väylä|kaari|raitti|puisto|ranta|tori|kaarre|penger|rinne|mäki|aukio|portti|kierto|bulevardi|esplanadi|gatan|vägen|kadulla|tiellä|kadun|kuja)\s\d{1,4}(?:\s?[A-Z](?!\w))?)|(?P<also>(?!))",
    "en": r"(?P<street>\d{1,5}[A-Za-z]?,?\s(?:[A-Z][\w'’-]*\s){1,4}(?:Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Drive|Dr|Way|Close|Court|Ct|Place|Pl|Square|Sq|Crescent|Terrace|Row|Boulevard|Blvd|Park|Gardens|Grove|Hill|Mews|Quay|Parade|Walk|Yard|Wharf|Green)(?!\w)\.?)|(?P<also>(?:Unit|Suite|Plot)\s\d{1,4}[A-Za-z]?,?\s(?:[A-Z][\w'’-]*\s?){1,4})",
}  # fmt: skip


@cache
def _pattern(kind: str, language: str) -> re.Pattern[str]:
    return re.compile((_POSTCODES if kind == "postcode" else _STREETS)[language])


def find_postcode(
    text: str, language: str, crm: Crm, account: KnownAccount | None, taken: Sequence[tuple[int, int]]
) -> Found[str] | None:
    """The postcode of the visit's place as written, in the notation of the language's countries."""
    del crm, account
    for match in _pattern("postcode", language).finditer(text):
        group = "code" if match["code"] else "be"
        start, end = match.span(group)
        following = tokens(text[end : end + 40])
        town = bool(following) and " ".join(word.key for word in following[:1]) in _known()
        if _free(start, end, taken) and (group == "code" or town):
            return Found(match[group], start, end, confidence=0.95, why="a postcode")
    return None


def find_street(
    text: str, language: str, crm: Crm, account: KnownAccount | None, taken: Sequence[tuple[int, int]]
) -> Found[str] | None:
    """Street and number of the visit's place as written."""
    del crm, account
    for match in _pattern("street", language).finditer(text):
        if _free(*match.span(), taken):
            return Found(
                match.group().strip(),
                match.start(),
                match.start() + len(match.group().rstrip()),
                confidence=0.9,
                why="a street and a number",
            )
    return None
