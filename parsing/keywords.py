"""What someone would search for later: the house's own terms first, then products, models and topics of the message."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from parsing.designations import find_designations
from parsing.house_words import Given, find_said
from parsing.inflection import bases
from parsing.lexicon import LONGEST, Hit, Lexicon, Word, fold, lexicon, read_words
from parsing.model import Crm, Found
from parsing.places import is_town
from parsing.taught import CONFIDENCE, NO_TERMS, Terms, phrase_of, why
from parsing.words import frequency, given_names, surnames, table

MOST = 8
_MACHINE = re.compile(r"^(?:\S*[;=]\S*|(?:BEGIN|END|VERSION|N|FN|ORG|TITLE|TEL|EMAIL|ADR)[:;].*)$", re.MULTILINE)
"""Lines of logs and business cards, which are no words of the rep."""

_EVERYDAY = 5.4
_RARE = 3.7
_TERM = 4.5
_NAME = 4.9
_USUAL = 3.6
_PART = 2.8
_LEAST = 4
_SPREAD = 3
_STEM = 3


_LED = 1.3
_RUN = 0.7
"""What a word gains where an article, a number or the like leads to it, and where it stands beside another noun."""


@dataclass(frozen=True, slots=True)
class _Term:
    value: str
    start: int
    end: int
    weight: float
    sort: str = "phrase"
    """Where it comes from: the house's list, a code, a topic of the table, or a phrase of the message."""


def find_keywords(
    text: str, language: str, crm: Crm, taken: Sequence[tuple[int, int]], taught: Terms = NO_TERMS
) -> list[Found[str]]:
    """At most eight terms, the surest first; ``taken`` are the spans of names, dates, amounts that are no terms.

    Terms that were ``taught`` are found wherever they stand, and left out where they are not wanted.
    """
    text = _MACHINE.sub(lambda line: " " * len(line.group()), text[:LONGEST])
    words = read_words(text, language)
    terms = [
        *_of_house(language, _given(crm, taught), words),
        *(_Term(*found, "code") for found in find_designations(text, language, taken)),
        *_topics(text, language, words),
    ]
    terms += _phrases(text, language, words, taken)
    if taught.unwanted:
        terms = [term for term in terms if phrase_of(term.value) not in taught.unwanted]
    chosen: list[_Term] = []
    for term in sorted(terms, key=lambda term: (-term.weight, term.start)):
        if all(_apart(term, other) for other in chosen):
            chosen.append(term)
    return [_found(term, taught) for term in chosen[:MOST]]


def _given(crm: Crm, taught: Terms) -> Given:
    """The words of the terms that are wanted, with the term that each means."""
    return (*((one, one) for one in (*crm.keywords, *taught.terms)), *crm.synonyms)


def _found(term: _Term, taught: Terms) -> Found[str]:
    lesson = taught.wanted.get(phrase_of(term.value)) if taught.wanted else None
    if lesson is not None:
        return Found(term.value, term.start, term.end, "text", CONFIDENCE, why(lesson), lesson.id)
    confidence = min(1.0, term.weight / 10)
    why_ = "a term of this message"
    return Found(term.value, term.start, term.end, confidence=confidence, why=why_, cue=term.sort)


def _apart(one: _Term, other: _Term) -> bool:
    """Whether two terms neither overlap nor say the same."""
    if one.start < other.end and other.start < one.end:
        return False
    a, b = one.value.casefold(), other.value.casefold()
    return a not in b and b not in a


def _free(start: int, end: int, taken: Iterable[tuple[int, int]]) -> bool:
    return all(end <= left or start >= right for left, right in taken)


# --------------------------------------------------------------------------------------------- the house's terms


def _of_house(language: str, given: Given, words: Sequence[Word]) -> Iterator[_Term]:
    """Terms that the house or the rep wants to find, each once, by whichever of its words it is said."""
    said: set[str] = set()
    for one in find_said(given, language, words):
        if one.value not in said:
            said.add(one.value)
            yield _Term(one.value, words[one.first].start, words[one.last].end, 10, "house")


@cache
def _topic_lexicon(language: str) -> Lexicon:
    return Lexicon(table(language, "keywords").get("topics", {}), language)


def _longest_first(hit: Hit) -> tuple[int, int]:
    return hit.first, -hit.last


def _topics(text: str, language: str, words: Sequence[Word]) -> Iterator[_Term]:
    """Topics under the table's name for them, or as written where that is another word; "line 4" with its number."""
    said: set[str] = set()
    for hit in sorted(_topic_lexicon(language).hits(words), key=_longest_first):
        if hit.label in said:
            continue
        said.add(hit.label)
        value = f"{hit.label} {words[hit.last].text}" if hit.phrase.endswith("#") else hit.label
        several = hit.last > hit.first and not hit.phrase.endswith("#")
        # another word for the same is kept as written
        if several or fold(hit.label, language)[:_STEM] not in words[hit.first].text:
            value = _base(text[words[hit.first].start : words[hit.last].end], language)
        yield _Term(value, words[hit.first].start, words[hit.last].end, 5.2, "topic")


# --------------------------------------------------------------------------------------------- what the message brings


def _spread(source: Any) -> Iterator[str]:
    """Every word of a word table, whatever its shape."""
    if isinstance(source, str):
        yield from re.findall(r"[^\W_]+(?:['\u2019][^\W_]+)*\*?", source)
    elif isinstance(source, Mapping):
        for key, value in source.items():
            yield from _spread(key)
            yield from _spread(value)
    elif isinstance(source, (list, tuple)):
        for item in source:
            yield from _spread(item)


def _single(phrases: Mapping[str, Iterable[str]]) -> list[str]:
    """The phrases of one word: those of more hold nouns as well, which may be terms by themselves."""
    return [phrase for some in phrases.values() for phrase in some if " " not in phrase]


@cache
def _stop(language: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Words that are no terms, and beginnings of such words: verbs of visits and promises, times, roles."""
    sources: list[Any] = [table(language, "keywords").get("never", ()), table(language, "dates")]
    reports = table(language, "reports")
    sources += [_single(reports.get(key, {})) for key in ("happened", "thanks", "question", "asking", "plan")]
    actions = table(language, "actions")
    sources += [actions.get(key, ()) for key in ("verbs", "cues", "labels", "subjects", "clause_openers")]
    sources += [table(language, "kinds").get(key, {}) for key in ("guards", "clauses")]
    sources.append(_single(table(language, "kinds").get("medium", {})))
    sources.append(table(language, "people"))
    words = {word for source in sources for word in _spread(source)}
    whole = frozenset(fold(word, language) for word in words if not word.endswith("*"))
    begun = tuple(sorted({fold(word[:-1], language) for word in words if word.endswith("*") and len(word) > _LEAST}))
    return whole, begun


@lru_cache(maxsize=20_000)
def _is_stop(word: str, language: str) -> bool:
    whole, begun = _stop(language)
    return word in whole or "'" in word or word.startswith(begun)


@cache
def _shapes(language: str, key: str) -> re.Pattern[str]:
    """The endings and beginnings of words that are no nouns, as one pattern."""
    return re.compile("|".join(f"(?:{one})" for one in table(language, "keywords").get(key, ())) or r"(?!)")


def _phrases(text: str, language: str, words: Sequence[Word], taken: Sequence[tuple[int, int]]) -> Iterator[_Term]:
    """Runs of one to three words that carry meaning: rare words, names of things, what was quoted or broke."""
    cued = {hit.last + 1 for hit in lexicon(language, "keywords", "cues").hits(words)}
    led = _led(words, language)
    shouted = sum(map(str.isupper, text)) > len(text) / 4
    run: list[tuple[int, float]] = []
    for index, word in enumerate(words):
        weight = _word_weight(text, words, index, language, shouted=shouted)
        if weight and not _free(word.start, word.end, taken):
            weight = 0.0
        joined = (
            run and text[words[index - 1].end : word.start] in {" ", "-"} and words[index - 1].clause == word.clause
        )
        verbal = language == "en" and word.text.endswith("ing") and bool(run)
        if run and (verbal or not (joined and weight)):
            yield from _terms_of(text, language, words, run, (cued, led))
            run = []
        if weight and not verbal:
            run.append((index, weight))
    if run:
        yield from _terms_of(text, language, words, run, (cued, led))


def _led(words: Sequence[Word], language: str) -> set[int]:
    """The places of words to which an article, a possessive or a number leads, with or without an adjective between."""
    leads = _leads(language)
    found: set[int] = set()
    for index, word in enumerate(words[:-1]):
        if (word.text in leads or word.text.isdigit()) and words[index + 1].clause == word.clause:
            found.add(index + 1)
            if index + 2 < len(words) and _shapes(language, "adjectives").search(words[index + 1].text):
                found.add(index + 2)
    return found


@cache
def _leads(language: str) -> frozenset[str]:
    numbers = table(language, "amounts").get("numbers", {})
    return frozenset(fold(word, language) for word in (*table(language, "keywords").get("leads", ()), *numbers))


def _terms_of(
    text: str, language: str, words: Sequence[Word], run: Sequence[tuple[int, float]], before: tuple[set[int], set[int]]
) -> Iterator[_Term]:
    """The run as a term of at most three words; in German, Dutch and Finnish, which write compounds in one, singly."""
    whole = language == "en" or all(text[words[index].start].isupper() for index, _ in run)
    size = _SPREAD if whole and language != "de" else 1
    cued, led = before
    odd = len(run) % size if size > 1 and len(run) > size else 0  # the last noun of a long run says most
    parts = [run[:odd]] if odd else []
    parts += [run[at : at + size] for at in range(odd, len(run), size)]
    for part in parts:
        first, last = words[part[0][0]], words[part[-1][0]]
        weight = max(one for _, one in part) + 0.5 * (len(part) - 1)
        weight += 2.0 if part[0][0] in cued or part[0][0] - 1 in cued else 0.0
        weight += _LED if part[0][0] in led else 0.0
        weight += _RUN if len(part) > 1 and language == "en" else 0.0
        if weight < 2.0:  # noqa: PLR2004
            continue
        value = text[first.start : last.end]
        yield _Term(_base(value, language) if len(part) == 1 else value, first.start, last.end, min(weight, 8.5))


def _word_weight(text: str, words: Sequence[Word], index: int, language: str, *, shouted: bool) -> float:
    """How much a word says of the matter; 0 where it is grammar, a verb, a person, a town."""
    word = words[index]
    written = text[word.start : word.end]
    zipf = frequency(language).get(word.text, 0.0)
    capital = written[0].isupper() and not shouted
    if zipf > _EVERYDAY or not _may_be_term(written, word.text, language):
        return 0.0
    if _names_someone(word.text, zipf, language) if capital else _calls_someone(word.text, zipf, language):
        return 0.0
    opens = index == 0 or words[index - 1].sentence != word.sentence
    if capital and not opens and language != "de":
        return 7.0 if zipf < _TERM else 3.0
    if written.isupper() and len(written) <= _LEAST + 1 and not shouted:
        return 6.0
    if language == "de":
        return _noun_weight(text, word.text, zipf, capital=capital, opens=opens)
    verbal = _shapes(language, "not_nouns").search(word.text) and not _is_compound(word.text, language)
    return 0.0 if verbal else _by_rarity(word.text, zipf, language)


@lru_cache(maxsize=20_000)
def _is_compound(word: str, language: str) -> bool:
    """Whether a Dutch word is put together of two nouns: "tuinslangen", "verbandkast", but not "uitleggen"."""
    if language != "nl" or len(word) < 2 * _LEAST:
        return False
    known = frequency("nl")
    prefixes = table("nl", "keywords").get("prefixes", ())
    for cut in range(_LEAST, len(word) - _LEAST + 1):
        head, tail = word[:cut], word[cut:]
        heads = known.get(head, 0.0) >= _PART or (head.endswith("s") and known.get(head[:-1], 0.0) >= _PART)
        if heads and known.get(tail, 0.0) >= _PART and head not in prefixes and not tail.startswith("ge"):
            return True
    return False


def _calls_someone(word: str, zipf: float, language: str) -> bool:
    """Whether a word in small letters is likelier a given name than anything else."""
    return zipf < _USUAL and language != "de" and word in given_names()


def _noun_weight(text: str, word: str, zipf: float, *, capital: bool, opens: bool) -> float:
    """A German word by its capital, which all nouns have, unless the message is written without any."""
    if _shapes("de", "not_nouns").search(word):
        return 0.0
    if not capital:
        lower = sum(map(str.isupper, text)) * 40 < len(text)
        return 3.0 if lower and zipf <= _RARE else 0.0
    return min(1.0, _by_rarity(word, zipf, "de")) if opens and zipf > _RARE else _by_rarity(word, zipf, "de")


def _may_be_term(written: str, word: str, language: str) -> bool:
    """Whether a word is neither too short, nor grammar or a verb, nor a town."""
    if len(written) < _SPREAD or not written.isalpha() or _is_stop(word, language):
        return False
    return not is_town(written, language)


def _names_someone(word: str, zipf: float, language: str) -> bool:
    if word in given_names() and zipf < _NAME:
        return True
    return word in surnames() and zipf < _RARE and language != "de"


def _by_rarity(word: str, zipf: float, language: str) -> float:
    rare = max(0.0, 6.0 - zipf) if zipf else 5.0
    return rare + (0.6 if len(word) >= 9 and language != "en" else 0.0)  # noqa: PLR2004


@lru_cache(maxsize=20_000)
def _base(written: str, language: str) -> str:
    """A Finnish word in its base form, where that or the last part of a compound is a common word; else as written."""
    if language != "fi":
        return written
    known = frequency("fi")
    key = fold(written, "fi")
    found: tuple[int, int, str] | None = None
    for rank, base in enumerate(bases(key, "fi")):
        # "-nen" is undone for whole words only: no end of a compound is meant by "unen".
        for cut in range(1 if base.endswith("nen") else max(1, len(base) - _LEAST + 1)):
            if known.get(base[cut:], 0.0) >= 3.3:  # noqa: PLR2004
                if found is None or (cut, rank) < found[:2]:
                    found = (cut, rank, base)
                break
    if found is None or known.get(key, 0.0) > known.get(found[2], 0.0) + 1:
        return written
    return _accented(found[2], written)


def _accented(base: str, written: str) -> str:
    """``base`` with the letters of ``written`` as far as they agree, and its vowels after that."""
    same = 0
    while same < min(len(base), len(written)) and fold(written[same], "fi") == base[same]:
        same += 1
    rest = base[same:]
    if re.search("[äöy]", written[-_LEAST - 1 :].lower()):
        rest = rest.replace("a", "ä").replace("o", "ö")
    return written[:same] + rest
