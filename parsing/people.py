"""Known people by the words that name them: full names either way round, surnames, first names, nicknames, initials."""

# ruff: noqa: PLR2004 - lengths and points are read best where they are weighed

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from parsing.directory import TITLES
from parsing.inflection import bases
from parsing.model import KnownContact
from parsing.text import Token, fold, key_of, tokens
from parsing.vocabulary import commonness
from parsing.words import frequency, given_names, table

PARTICLES = frozenset(table("names", "lists")["particles"])
MOST = 150
"""Readings of names that are compared; a text with more is a list of names."""
EVERYDAY = 4.6
"""A lower-case word that is used this often (Zipf) is a word before it is a first name: "will", "mark", "mei"."""


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in its parts, folded keys: particles and titles are kept apart."""

    given: tuple[str, ...]
    family: tuple[str, ...]
    titles: frozenset[str]
    sex: str


@dataclass(frozen=True, slots=True)
class Met:
    """Words that name a known contact; ``weight`` tells how surely, from 1 (a first name) to 4 (the full name)."""

    contact: int
    first: int
    last: int
    weight: float
    given: bool
    family: bool
    why: str = "named"
    lesson: str | None = None
    """The id of the lesson that says so."""


@cache
def _titles(sex: str) -> frozenset[str]:
    return frozenset(
        key_of(word) for language in ("nl", "de", "fi", "en") for word in table(language, "people")["titles"][sex]
    )


@cache
def nicknames() -> dict[str, frozenset[str]]:
    """For each short or full form of a given name the forms that one person may go by."""
    found: dict[str, set[str]] = defaultdict(set)
    for group in table("names", "nicknames")["groups"]:
        keys = {key_of(name) for name in group}
        for key in keys:
            found[key] |= keys
    for line in table("names", "nicknames")["short"]:
        short, _, full = line.partition(":")
        for name in full.split():
            found[key_of(short)].add(key_of(name))
            found[key_of(name)].add(key_of(short))
    return {name: frozenset(group) for name, group in found.items()}


def sex_of_title(key: str) -> str:
    """What a title says: "m" or "f" where it is said of men or of women, "any" for Dr and the like, "" for no title."""
    if key in _titles("m"):
        return "m"
    if key in _titles("f"):
        return "f"
    return "any" if key in TITLES or key in _titles("any") else ""


@lru_cache(maxsize=50_000)
def read_name(name: str) -> PersonName:
    """The parts of a person's name as a CRM keeps it: "Mag. Georg Hofstätter", "Frau Petersen", "Sam van der Velde"."""
    words = [token for token in tokens(name) if token.key]
    titles = frozenset(token.key for token in words if token.key in TITLES or sex_of_title(token.key))
    plain = [token for token in words if token.key not in titles]
    sexes = {sex_of_title(title) for title in titles} & {"m", "f"}
    if not plain:
        return PersonName((), (), titles, "")
    if titles & (_titles("m") | _titles("f")) and len(plain) == 1:
        return PersonName((), (plain[0].key,), titles, sexes.pop() if sexes else "")
    given = [plain[0]]
    for token in plain[1:-1]:
        if name[token.start - 1 : token.start] == "-" and token.start == given[-1].end + 1:
            given.append(token)
        else:
            break
    family = [token.key for token in plain[len(given) :] if token.key not in PARTICLES]
    first = fold(given[0].text)
    sex = sexes.pop() if sexes else given_names().get(first, "")
    return PersonName(tuple(token.key for token in given), tuple(family), titles, sex)


@lru_cache(maxsize=50_000)
def _same_given(key: str, given: tuple[str, ...], language: str) -> float:
    """How well a word fits a first name: itself, a form of it, a nickname, its initials (PJ), its beginning (Wend)."""
    if not given:
        return 0.0
    joined, first = "".join(given), given[0]
    forms = (key, *bases(key, language))
    fits = (
        (1.0, key in {first, joined}),
        (0.95, first in forms or joined in forms or key in given),
        (0.9, first in nicknames().get(key, ())),
        (0.85, len(given) > 1 and key == "".join(part[0] for part in given)),
        (0.8, len(key) > 3 and first.startswith(key) and len(first) - len(key) <= 3),
        (0.75, key not in given_names() and _one_slip(key, first)),
    )
    return next((likeness for likeness, fit in fits if fit), 0.0)


def _one_slip(key: str, name: str) -> bool:
    """Whether two words of five letters or more differ by one, and not in the first."""
    return min(len(key), len(name)) > 4 and key[0] == name[0] and OSA.distance(key, name, score_cutoff=1) == 1


_SHORT_CASES = frozenset({"in", "n", "ia", "ille", "illa", "ilta", "iin", "issa", "ista"})
"""Endings of the cases of foreign surnames of two letters, which are too short to be looked up without them."""


@lru_cache(maxsize=50_000)
def _same_family(key: str, family: tuple[str, ...], language: str) -> float:
    """How well a word fits a surname, or one part of it."""
    if not family:
        return 0.0
    if key == family[-1] or key in family or key == "".join(family):
        return 1.0
    forms = bases(key, language)
    if any(part in forms for part in family):
        return 0.95
    if language == "fi" and any(len(part) == 2 and key.removeprefix(part) in _SHORT_CASES for part in family):
        return 0.95  # "Ekin"
    slips = 1 if len(key) < 8 else 2
    if len(key) > 4 and any(
        len(part) > 4 and part[0] == key[0] and 0 < OSA.distance(key, part, score_cutoff=slips) <= slips
        for part in family
    ):
        return 0.8
    return 0.0


@dataclass(frozen=True, slots=True)
class _Clues:
    """Where first names and surnames of some contacts stand among the tokens, and how well they fit."""

    words: Sequence[Token]
    language: str
    names: dict[int, PersonName]
    taken: frozenset[int]
    given: dict[int, dict[int, float]]
    family: dict[int, dict[int, float]]


@lru_cache(maxsize=50_000)
def _letters(name: PersonName) -> frozenset[str]:
    """The letters that a word for this person may begin with: endings change, the first letter does not."""
    short = nicknames().get(name.given[0], ()) if name.given else ()
    return frozenset(part[0] for part in (*name.given, *name.family, *short) if part)


def _clues(
    words: Sequence[Token], language: str, contacts: Iterable[tuple[int, KnownContact]], taken: frozenset[int]
) -> _Clues:
    clues = _Clues(
        words,
        language,
        {index: read_name(contact.name) for index, contact in contacts},
        taken,
        defaultdict(dict),
        defaultdict(dict),
    )
    heads: dict[str, list[int]] = defaultdict(list)
    for index, name in clues.names.items():
        for letter in _letters(name):
            heads[letter].append(index)
    for at, word in enumerate(words):
        if len(word.key) < 2 or word.key in PARTICLES:
            continue
        for index in heads.get(word.key[0], ()):
            name = clues.names[index]
            if likeness := _same_given(word.key, name.given, language):
                clues.given[at][index] = likeness
            if likeness := _same_family(word.key, name.family, language):
                clues.family[at][index] = likeness
    return clues


def known_people(
    words: Sequence[Token], language: str, contacts: Iterable[tuple[int, KnownContact]], taken: frozenset[int]
) -> list[Met]:
    """Everyone of ``contacts`` whom the tokens name.

    Tokens in ``taken`` name the account: they name a person in a full name or after a title only.
    """
    clues = _clues(words, language, contacts, taken)
    found = [one for at in sorted({*clues.given, *clues.family}) for one in _full_names(clues, at)]
    full = {at for one in found for at in range(one.first, one.last + 1)}
    for at in range(len(words)):
        if at not in full:
            found += _given_alone(clues, at)
            found += _family_alone(clues, at)
    return _best_by_place(found[:MOST])


def _full_names(clues: _Clues, at: int) -> list[Met]:
    """First name and surname side by side, either way round, particles between them."""
    found = []
    words, names = clues.words, clues.names
    after = at + 1
    while after < len(words) and after - at <= 4 and words[after].key in PARTICLES:
        after += 1
    far = 3 + 5 * (after - at - 1)
    if after >= len(words) or words[after].line != words[at].line or words[after].start - words[at].end > far:
        return []
    for one, other in ((clues.given, clues.family), (clues.family, clues.given)):
        for index in one.get(at, {}):
            if index in other.get(after, {}):
                likeness = one[at][index] * other[after][index]
                if likeness > 0.6 and not (one is clues.family and after - at > 1):
                    last = after
                    while last + 1 < len(words) and words[last + 1].key in names[index].family and last - at < 4:
                        last += 1
                    found.append(Met(index, at, last, 4.0 * likeness, given=True, family=True))
    return found


def _given_alone(clues: _Clues, at: int) -> list[Met]:
    """A first name by itself, or with the initial of the surname ("Ton H.", "Timo V:n")."""
    if at not in clues.given:
        return []
    words = clues.words
    word = words[at]
    everyday = frequency(clues.language).get(fold(word.text), 0.0) >= EVERYDAY and word.key not in nicknames()
    if at in clues.taken or (not word.capital and everyday):
        return []
    following = words[at + 1] if at + 1 < len(words) and words[at + 1].start - word.end == 1 else None
    initial = following.key[:1] if following and len(following.key) == 1 and following.capital else ""
    found = []
    for index, how in clues.given[at].items():
        family = clues.names[index].family
        if initial and family:
            if family[0][0] == initial or family[-1][0] == initial:
                found.append(Met(index, at, at + 1, 2.6 * how, given=True, family=False))
        elif following and following.capital and at + 1 not in clues.taken and _other_surname(words, at, family):
            continue
        else:
            found.append(Met(index, at, at, 1.4 * how, given=True, family=False))
    return found


def _other_surname(words: Sequence[Token], at: int, family: tuple[str, ...]) -> bool:
    """Whether a first name is followed by a surname that is not this contact's: somebody else."""
    from parsing.words import surnames  # noqa: PLC0415

    after = fold(words[at + 1].text)
    return bool(family) and after in surnames() and after not in given_names() and words[at + 1].key not in family


def _other_given(words: Sequence[Token], at: int) -> bool:
    """Whether a first name stands right before a surname: it was looked at as a full name, and is somebody else's."""
    before = words[at - 1] if at else None
    return (
        before is not None
        and before.capital
        and before.line == words[at].line
        and words[at].start - before.end == 1
        and fold(before.text) in given_names()
        and commonness(fold(before.text)) < 5.2
    )


def _family_alone(clues: _Clues, at: int) -> list[Met]:
    """A surname by itself, with a title or initials before it."""
    if at not in clues.family:
        return []
    words = clues.words
    sex, title, first = _before(words, at)
    word = words[at]
    if at in clues.taken and not title:
        return []
    if not word.capital and not title and frequency(clues.language).get(fold(word.text), 0.0) >= EVERYDAY:
        return []
    if first == at and _other_given(words, at):
        return []
    found = []
    for index, how in clues.family[at].items():
        weight = _family_weight(words, at, clues.names[index], sex, title)
        if weight:
            found.append(Met(index, first, at, weight * how, given=False, family=True))
    return found


def _family_weight(words: Sequence[Token], at: int, name: PersonName, sex: str, title: str) -> float:
    """How surely a surname with what stands before it names this person; 0 where title or initials say another."""
    weight = 1.6 + (0.8 if title else 0.0) + (0.6 if title in name.titles else 0.0)
    if sex in {"m", "f"} and name.sex:
        if name.sex != sex:
            return 0.0
        weight += 0.4
    initials = [token.key for token in words[max(0, at - 2) : at] if len(token.key) == 1 and token.capital]
    if not initials or not name.given:
        return weight
    fits = initials[-1] in {part[0] for part in name.given}
    if not fits and initials[-1] != "h":  # "H. Petersen" may be Herr Petersen
        return 0.0
    return weight + (0.8 if fits else 0.0)


def _before(words: Sequence[Token], at: int) -> tuple[str, str, int]:
    """The sex a title before a name says, the title, and where the name with its titles begins."""
    sex = title = ""
    first = at
    for back in range(at - 1, max(-1, at - 5), -1):
        word = words[back]
        said = sex_of_title(word.key)
        if words[back + 1].start - word.end > 2:
            break
        if said and (word.capital or word.key not in {"h", "mr", "di", "mag", "sir", "dame"} or word.dotted):
            first = back
            title = title or word.key
            sex = said if said in {"m", "f"} else sex
        elif word.key in PARTICLES or len(word.key) == 1:
            continue
        else:
            break
    return sex, title, first


def _best_by_place(found: Sequence[Met]) -> list[Met]:
    """Of readings that share words the best; two that are as good say that it is not clear, and both are given."""
    kept: list[Met] = []
    for one in sorted(found, key=lambda met: (-met.weight, met.first)):
        rivals = [other for other in kept if other.first <= one.last and one.first <= other.last]
        if all(
            one.weight > 0.93 * other.weight and (one.first, one.last) == (other.first, other.last) for other in rivals
        ):
            kept.append(one)
    return sorted(kept, key=lambda met: met.first)
