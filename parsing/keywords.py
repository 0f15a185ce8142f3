"""What someone would search for later: the house's own terms first, then products, models and topics of the message."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from parsing.lexicon import Hit, Word, fold, lexicon, read_words
from parsing.model import Crm, Found
from parsing.words import frequency, given_names, table, towns

MOST = 8
_CODE = re.compile(
    r"(?<![\w.,@/-])(?:[A-Z][\w-]{0,14}[ ]?)?(?=[\w./-]*\d)(?=[\w./-]*[^\W\d_])[^\W_]+(?:[-/.]?[^\W_]+){0,4}(?![\w@])"
)
_NO_CODE = re.compile(
    r"(?i)(?:\d+[.,:]?\d*(?:x|e|de|ste|st|nd|rd|th|k|m|h|u|uur|uhr|min|std|kg|g|mg|l|ml|cl|dl|m2|m3|cm|mm|km|kw|kwh|w|v|a|hp|pk|ps|t|eur|chf|gbp|usd|am|pm|kpl|stk|st|pcs|s|er|ers|n|mio|mln|te|gb|tb|mb|bar|c|d|y|yr|jr|kk|pv|vko|wk|min)"
    r"|(?:kw|wk|vko|vk|q|week|nr|no|h|a|b|tel|fax|b2b|abt|vo|ab|u|x)\.?-?\d+|\d+[a-z]?(?:[-\u2013:.]\d+[a-z]*)+|\d{1,2}h\d{0,2}|\d{1,2}u\d{0,2}|\d+x\d+\w*|covid19?|mp3|b2c|24/7|[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2})"
)
_LEAST = 4


@dataclass(frozen=True, slots=True)
class _Term:
    value: str
    start: int
    end: int
    weight: float


def find_keywords(text: str, language: str, crm: Crm, taken: Sequence[tuple[int, int]]) -> list[Found[str]]:
    """At most eight terms, the surest first; ``taken`` are the spans of names, dates, amounts that are no terms."""
    words = read_words(text, language)
    terms = [*_of_house(text, language, crm, words), *_codes(text, taken), *_brands(text, language, words, taken)]
    terms += _nouns(text, language, words, taken)
    chosen: list[_Term] = []
    for term in sorted(terms, key=lambda term: (-term.weight, term.start)):
        if all(_apart(term, other) for other in chosen):
            chosen.append(term)
    return [
        Found(term.value, term.start, term.end, confidence=min(0.95, term.weight / 10), why="a term of this message")
        for term in chosen[:MOST]
    ]


def _apart(one: _Term, other: _Term) -> bool:
    """Whether two terms neither overlap nor say the same."""
    if one.start < other.end and other.start < one.end:
        return False
    a, b = one.value.casefold(), other.value.casefold()
    return a not in b and b not in a


def _free(start: int, end: int, taken: Iterable[tuple[int, int]]) -> bool:
    return all(end <= left or start >= right for left, right in taken)


# --------------------------------------------------------------------------------------------- the house's terms


@lru_cache(maxsize=8)
def _house(keywords: tuple[str, ...], language: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((word, tuple(fold(part, language) for part in re.findall(r"\w+", word))) for word in keywords)


def _of_house(text: str, language: str, crm: Crm, words: Sequence[Word]) -> Iterator[_Term]:
    """Terms of ``crm.keywords``; their last word may carry an ending."""
    places: dict[str, list[int]] = {}
    for index, word in enumerate(words):
        places.setdefault(word.text[:_LEAST], []).append(index)
    for keyword, parts in _house(crm.keywords, language):
        if not parts:
            continue
        for index in places.get(parts[0][:_LEAST], ()):
            run = words[index : index + len(parts)]
            if len(run) == len(parts) and all(map(_said, run, parts)):
                yield _Term(keyword, run[0].start, run[-1].end, 10)
                break


def _said(word: Word, part: str) -> bool:
    if word.text == part:
        return True
    return len(part) >= _LEAST and word.text.startswith(part) and len(word.text) - len(part) <= _LEAST


# --------------------------------------------------------------------------------------------- what the message brings


def _codes(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[_Term]:
    """Model names: letters with digits ("TS-620", "iCombi 61"), with the brand before them."""
    for match in _CODE.finditer(text):
        code = match.group().strip()
        start = match.start()
        if _NO_CODE.fullmatch(code) or len(code) < 3 or not _free(start, start + len(code), taken):  # noqa: PLR2004
            continue
        yield _Term(code, start, start + len(code), 9)


@cache
def _stop(language: str) -> frozenset[str]:
    return frozenset(fold(word, language) for word in table(language, "keywords").get("never", ()))


def _brands(text: str, language: str, words: Sequence[Word], taken: Sequence[tuple[int, int]]) -> Iterator[_Term]:
    """Capitalised words within a sentence; in German, where nouns have capitals, only those that no table knows."""
    common = frequency(language)
    sentence = -1
    index = 0
    while index < len(words):
        word = words[index]
        first = word.sentence != sentence
        sentence = word.sentence
        last = index
        if _is_brand(text, word, language, common, first=first):
            while (
                last + 1 < len(words)
                and text[words[last].end : words[last + 1].start] in {" ", "-", " & "}
                and _is_brand(text, words[last + 1], language, common, first=False)
            ):
                last += 1
            start, end = word.start, words[last].end
            if _free(start, end, taken):
                yield _Term(text[start:end], start, end, 7)
        index = last + 1


def _is_brand(text: str, word: Word, language: str, common: object, *, first: bool) -> bool:
    written = text[word.start : word.end]
    if not written[:1].isupper() or len(written) < 3 or written[:1].isdigit() or word.text in _stop(language):  # noqa: PLR2004
        return False
    zipf = frequency(language).get(word.text, 0.0)
    if word.text in given_names() or word.text in towns():
        return False
    if first or language == "de":
        return zipf == 0.0 and not first
    return zipf < 5.0  # noqa: PLR2004


def _nouns(text: str, language: str, words: Sequence[Word], taken: Sequence[tuple[int, int]]) -> Iterator[_Term]:
    """Nouns that follow a number or a word such as "offerte voor", and rare long words."""
    cued = {hit.last + 1: hit for hit in lexicon(language, "keywords", "cues").hits(words)}
    for index, word in enumerate(words):
        if not _nounlike(text, word, language) or not _free(word.start, word.end, taken):
            continue
        weight = _noun_weight(index, word, words, language, cued)
        if weight > 0:
            yield _Term(text[word.start : word.end], word.start, word.end, weight)


def _nounlike(text: str, word: Word, language: str) -> bool:
    written = text[word.start : word.end]
    if len(written) < _LEAST or not written.isalpha() or word.text in _stop(language):
        return False
    if any(word.text.endswith(ending) for ending in _not_nouns(language)):
        return False
    if language == "de":
        return written[:1].isupper()
    return True


@cache
def _not_nouns(language: str) -> tuple[str, ...]:
    return tuple(fold(word, language) for word in table(language, "keywords").get("not_nouns", ()))


def _noun_weight(index: int, word: Word, words: Sequence[Word], language: str, cued: dict[int, Hit]) -> float:
    zipf = frequency(language).get(word.text, 0.0)
    if zipf > 5.2 or word.text in given_names():  # noqa: PLR2004
        return 0
    weight = 5.5 - zipf
    if index in cued or (index - 1 in cued and words[index - 1].sentence == word.sentence):
        weight += 3
    if index and words[index - 1].text.isdigit():
        weight += 1
    if len(word.text) >= 10:  # noqa: PLR2004
        weight += 1
    if language != "de" and index not in cued and zipf > 4.0:  # noqa: PLR2004
        return 0
    return weight if weight > 1.5 else 0  # noqa: PLR2004
