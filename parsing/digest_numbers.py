"""Which numbers of an answer are numbers of its letter's lines, and which words belong to which of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale

from parsing.digest_words import either, figures, said
from parsing.text import fold
from parsing.words import table

_TOKEN = re.compile(r"\n+|[;,.!?:()&+/\u2013\u2014-]|\d+(?:[.,:/]\d+)*|[^\W\d][\w'\u2019]*|\S")
_SPLIT = re.compile(r"\n+|;|(?<=[^\d\s][.!])\s+")
BEFORE = frozenset({"\n", ",", ";", ".", "!", "?", "(", "&", "+", ":", "#"})


@dataclass(frozen=True, slots=True)
class Piece:
    """Some numbers and what is said of them; no numbers where none stand there. ``said``: with them, as it was."""

    numbers: tuple[int, ...]
    text: str
    said: str
    but: bool = False
    """Whether the numbers are all but those that were said."""


@dataclass(frozen=True, slots=True)
class _Ref:
    number: int
    start: int
    end: int


def pieces(text: str, count: int, languages: Sequence[str]) -> Iterator[Piece]:
    """The text cut at the numbers of lines, which are 1 to ``count``; ranges are filled in."""
    refs = _refs(text, count, languages)
    if not refs:
        yield from (Piece((), part, part) for part in _SPLIT.split(text) if part.strip())
        return
    lead = text[: refs[0].start]
    groups = _groups(text, refs, languages)
    if _complement(lead, languages):
        yield _but(text, refs, count, languages)
        return
    if re.search(r"\w", lead) and _bare(text[groups[0][-1].end :].split("\n", maxsplit=1)[0], languages):
        yield from _told_before(text, groups, lead)
        return
    yield from (Piece((), part, part) for part in _SPLIT.split(_shorn(f" {lead}", languages)) if re.search(r"\w", part))
    for at, group in enumerate(groups):
        end = groups[at + 1][0].start if at + 1 < len(groups) else len(text)
        yield from _after(text, group, end, languages, last=at + 1 == len(groups))


def _after(text: str, group: Sequence[_Ref], end: int, languages: Sequence[str], *, last: bool) -> Iterator[Piece]:
    """What follows numbers is said of them, as far as the line goes; after the last ones a sentence may follow."""
    rest = text[group[-1].end : end]
    rest = _shorn(rest, languages)
    first, *more = _before_rest(rest, languages) if last else [rest]
    if last or "\n" in rest:
        first, *others = _SPLIT.split(first)
        more = [*others, *more]
    yield Piece(tuple(one.number for one in group), first, text[group[0].start : group[-1].end] + first)
    yield from (Piece((), part, part) for part in _by_commas(more))


def _before_rest(text: str, languages: Sequence[str]) -> list[str]:
    """The text cut where it goes on with the rest: "klaar, de rest morgen"."""
    for comma in re.finditer(r"[,;.]\s*|\s(?=\w)", text):
        if any(said(language, "rest").match(fold(text[comma.end() :])) for language in languages):
            return [text[: comma.start()], text[comma.end() :]]
    return [text]


def _by_commas(parts: Sequence[str]) -> Iterator[str]:
    return (part for part in parts if re.search(r"\w", part))


def _told_before(text: str, groups: Sequence[Sequence[_Ref]], lead: str) -> Iterator[Piece]:
    """As in "klaar: 1, 3. weg: 2": what is said stands before the numbers."""
    told = lead
    for at, group in enumerate(groups):
        start = group[0].start
        yield Piece(tuple(one.number for one in group), told, told + text[start : group[-1].end])
        end = groups[at + 1][0].start if at + 1 < len(groups) else len(text)
        told = text[group[-1].end : end]


def _but(text: str, refs: Sequence[_Ref], count: int, languages: Sequence[str]) -> Piece:
    """As in "alles behalve 2 klaar": all lines without those."""
    left = {one.number for one in refs}
    numbers = tuple(number for number in range(1, count + 1) if number not in left)
    told = text[: refs[0].start] + " " + text[refs[-1].end :]
    for language in languages:
        told = said(language, "except").sub(" ", told) if said(language, "all").match(fold(text)) else told
    return Piece(numbers, told, text, but=True)


def _complement(lead: str, languages: Sequence[str]) -> bool:
    folded = fold(lead)
    return any(
        said(language, "all").match(folded) and said(language, "except").search(folded) for language in languages
    )


def _groups(text: str, refs: Sequence[_Ref], languages: Sequence[str]) -> list[list[_Ref]]:
    """Numbers that stand together: with commas, "and" and the like between them, or from one to another."""
    groups: list[list[_Ref]] = []
    for ref in refs:
        between = text[groups[-1][-1].end : ref.start] if groups else ""
        if groups and _ranges(between, languages):
            groups[-1] += [_Ref(n, ref.start, ref.end) for n in range(groups[-1][-1].number + 1, ref.number)]
            groups[-1].append(ref)
        elif groups and _joins(between, languages):
            groups[-1].append(ref)
        else:
            groups.append([ref])
    return groups


def _joins(between: str, languages: Sequence[str]) -> bool:
    kept = re.sub(r"[\s,&+.)/#]", " ", between)
    for name in ("and", "label"):
        for language in languages:
            kept = re.sub(rf"(?<!\w)(?:{_alternatives(language, name)})(?!\w)", " ", fold(kept))
    return not kept.strip() and "\n" not in between


def _ranges(between: str, languages: Sequence[str]) -> bool:
    stripped = fold(between.strip(" ."))
    return stripped in {"-", "\u2013", "\u2014"} or any(
        re.fullmatch(_alternatives(language, "to"), stripped) for language in languages
    )


def _bare(rest: str, languages: Sequence[str]) -> bool:
    """Whether nothing follows numbers on their line but, perhaps, another such line's beginning."""
    return not re.search(r"\w", rest) or any(
        said(language, name).match(fold(rest.lstrip(" ,.;"))) and re.search(r":\s*#?\d", rest)
        for language in languages
        for name in ("done", "ready", "drop", "open")
    )


def _shorn(text: str, languages: Sequence[str]) -> str:
    """Without the "and" that leads to the next number."""
    tails = "|".join(_alternatives(language, name) for language in languages for name in ("and", "label"))
    return re.sub(rf"(?:[\s,;]|(?<!\w)(?:{tails})(?!\w)|[#.])+$", "", text, flags=re.IGNORECASE)


@cache
def _alternatives(language: str, name: str) -> str:
    return either(table(language, "digest")[name])


# -------------------------------------------------------------------------------------------- which numbers they are


def _refs(text: str, count: int, languages: Sequence[str]) -> list[_Ref]:
    """The numbers of lines: not those of days, hours and amounts."""
    found: list[_Ref] = []
    all_tokens = list(_TOKEN.finditer(text))
    for at, token in enumerate(all_tokens):
        number = _number(all_tokens, at, languages)
        if number is None or not 1 <= number <= count:
            continue
        if _belongs_to_a_day(all_tokens, at) or not _begins(text, all_tokens, at, found, languages):
            continue
        found.append(_Ref(number, token.start(), token.end()))
    return found


def _number(all_tokens: Sequence[re.Match[str]], at: int, languages: Sequence[str]) -> int | None:
    word = fold(all_tokens[at][0])
    if word.isdecimal() and len(word) <= 2:  # noqa: PLR2004 - a letter has no hundred lines
        return int(word)
    if word[:1].isdecimal():
        return None
    ordinal = next((n for language in languages if (n := figures(language, "ordinals").get(word))), None)
    if ordinal is not None:
        return ordinal
    starts = at == 0 or all_tokens[at - 1][0].strip(" ") in {",", ";", "\n", "."} or not all_tokens[at - 1][0].strip()
    if not starts:
        return None
    return next((n for language in languages if (n := figures(language, "cardinals").get(word))), None)


def _belongs_to_a_day(all_tokens: Sequence[re.Match[str]], at: int) -> bool:
    """Whether a month, an hour or something that is counted follows: "6 maart", "10 Uhr", "2 weken"."""
    following = [fold(token[0]) for token in all_tokens[at + 1 : at + 3]]
    if following[:1] == ["."]:
        following = following[1:]
    nxt = following[0] if following else ""
    return nxt in _counted() or nxt in {"%", "€", "$", "£"} or any(nxt.startswith(month) for month in _months() if nxt)


def _begins(
    text: str, all_tokens: Sequence[re.Match[str]], at: int, found: Sequence[_Ref], languages: Sequence[str]
) -> bool:
    """Whether a number stands where one of a line may: at a beginning, beside another, after a whole verdict."""
    if at == 0:
        return True
    before = all_tokens[at - 1]
    gap = text[before.end() : all_tokens[at].start()]
    if "\n" in gap or "\n" in before[0] or before[0] in BEFORE:
        return True
    if found and _joins_or_ranges(text[found[-1].end : all_tokens[at].start()], languages):
        return True
    word = fold(before[0])
    if any(word in _folded(language, name) for language in languages for name in ("and", "label", "except")):
        return True
    if any(word in _folded(language, "before_dates") for language in languages):
        return False
    told = text[found[-1].end if found else 0 : all_tokens[at].start()]
    return _is_verdict(told, languages)


def _joins_or_ranges(between: str, languages: Sequence[str]) -> bool:
    return _joins(between, languages) or _ranges(between, languages)


def _is_verdict(told: str, languages: Sequence[str]) -> bool:
    """Whether the words say what became of a line, or name a day by its name."""
    folded = fold(told)
    names = ("done", "ready", "drop", "open")
    return any(said(language, name).search(folded) for language in languages for name in names) or any(
        re.search(rf"(?<!\w){day}", folded) for day in _weekdays()
    )


@cache
def _folded(language: str, name: str) -> frozenset[str]:
    return frozenset(fold(one) for one in table(language, "digest")[name])


@cache
def _counted() -> frozenset[str]:
    return frozenset().union(*(_folded(language, "units") for language in ("nl", "de", "fi", "en")))


@cache
def _months() -> frozenset[str]:
    """The first letters of the months' names, in the four languages."""
    names = (
        fold(name).rstrip(".")
        for language in ("nl", "de", "fi", "en")
        for form in ("wide", "abbreviated")
        for name in Locale(language).months["format"][form].values()
    )
    return frozenset(name[:5] if len(name) > 3 else name for name in names if len(name) >= 3)  # noqa: PLR2004


@cache
def _weekdays() -> frozenset[str]:
    """The days' names, and words for the days that come, as they begin."""
    near = ("morgen", "overmorgen", "ubermorgen", "huomen", "ylihuomen", "tomorrow", "tmrw", "next week", "volgende")
    names = (
        fold(name) for language in ("nl", "de", "fi", "en") for name in Locale(language).days["format"]["wide"].values()
    )
    return frozenset({*(name[:5] for name in names), *near})
