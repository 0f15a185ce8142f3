"""Several visits in one message: which stretches of the text tell of which.

A stretch starts at a list item, a line, a word such as "then" or a sentence. It is a visit of its own where it names
an account by itself that is not the account of the stretch before.
"""

# ruff: noqa: PLR2004 - points are read best where they are weighed

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

from parsing.accounts import ENOUGH, Context, Standing
from parsing.choosing import Choice
from parsing.companies import find_company
from parsing.inflection import bases
from parsing.lessons import decide
from parsing.linking import Mention
from parsing.people import read_name
from parsing.reports import why_not_a_report
from parsing.surroundings import cue_before, starts_line
from parsing.text import Token, fold
from parsing.when.clauses import clause_of, clauses, directions
from parsing.when.model import Clock, Day, Piece
from parsing.when.reading import read
from parsing.words import table

MOST = 12
"""Visits of one message; who reports more wrote a list of something else."""

_ITEM = re.compile(r"(?:^|\n)[ \t]*(?:[-–—•*·▪►→✅☑➡]+|\(?\d{1,2}[.):]|[a-dA-D]\))[ \t]*(?=\S)")  # noqa: RUF001
_INLINE = re.compile(r"(?<![^\s:;,])\(?(\d)[.)][ \t]+(?=[^\s\d])")
_LINE = re.compile(r"\n+(?=\S)")
_SEMICOLON = re.compile(r";[ \t]+(?=\S)")
_SENTENCE = re.compile(r"(?<=[.!?])[ \t]+(?=[^\W_]|['\u2019])")
_ABBREVIATED = re.compile(r"(?:^|[\s(])(?:[^\W\d_]{1,4}|\d{1,2}|[^\W\d_](?:[.][^\W\d_])+)[.]$")


@dataclass(frozen=True, slots=True)
class Segment:
    """What one visit is read from: the whole text with other visits' words blanked, and the tokens that are left."""

    text: str
    words: tuple[Token, ...]
    choice: Choice


@dataclass(slots=True)
class _Group:
    ranges: list[tuple[int, int]]
    choice: Choice | None = None
    key: frozenset[object] = field(default_factory=frozenset)
    listed: bool = False
    """Whether it began with a list's item: then other items may be visits to customers who are not known."""


@cache
def _next_words(language: str) -> re.Pattern[str]:
    phrases = sorted((re.escape(fold(word)) for word in table(language, "visits")["next"]), key=len, reverse=True)
    return re.compile(r"(?<![\w'])(?:" + "|".join(phrases) + r")(?!\w)")


@cache
def _all_words(language: str) -> frozenset[str]:
    return frozenset(fold(word) for word in table(language, "visits")["all"])


def _starts(text: str, language: str) -> list[tuple[int, str]]:
    """Where stretches may begin, with what makes them: item, line, next or sentence."""
    kinds: dict[int, str] = {0: "item" if _ITEM.match(text) else "start"}
    capitals = any(character.isupper() for character in text)
    for match in _SENTENCE.finditer(text):
        after = text[match.end() : match.end() + 1]
        if not (capitals and after.islower()) and not _ABBREVIATED.search(
            text[max(0, match.start() - 8) : match.start()]
        ):
            kinds[match.end()] = "sentence"
    for match in _next_words(language).finditer(fold(text)):
        kinds[match.start()] = "next"
    kinds = {**dict.fromkeys(_times(text, language), "time"), **kinds}
    for match in _LINE.finditer(text):
        kinds[match.end()] = "line"
    markers = [match.span() for match in _ITEM.finditer(text)]
    numbered: list[tuple[int, int]] = []
    for match in _INLINE.finditer(text):
        if int(match.group(1)) == len(numbered) + 1:
            numbered.append(match.span())
    markers += numbered if len(numbered) > 1 else []
    for low, high in markers:
        start = low
        while start < high and text[start] == "\n":
            start += 1
        for place in [place for place in kinds if start < place <= high]:
            del kinds[place]
        kinds[start] = "item"
    return sorted(kinds.items())


def _times(text: str, language: str) -> list[int]:
    """Where a semicolon parts, or a time or day stands that is not to come: "10 uur Jansen … 14 uur De Wit"."""
    _, pieces = read(text, language)
    all_clauses, looks = clauses(text, language), directions(text, language)
    told = [piece for piece in pieces if not piece.deadline and not piece.origin and _tells(piece)]
    parted = [match.end() for match in _SEMICOLON.finditer(text)]
    return parted + [piece.start for piece in told if looks[clause_of(all_clauses, piece)] != "future"]


def _tells(piece: Piece) -> bool:
    """Whether a piece is a time of day, a part of today or a day that has been."""
    said = piece.says
    if isinstance(said, Clock):
        return True
    return isinstance(said, Day) and said.direction != "future" and said.kind in ("relative", "weekday", "week_day")


def split(text: str, words: Sequence[Token], context: Context, *, single: bool = False) -> list[Segment]:
    """The stretches that tell of one visit each, in order; the whole text where there is but one, or must be."""
    mentions = context.matcher.mentions(words, context.language)
    whole = decide(words, text, context, mentions)
    starts = _starts(text, context.language)
    groups = _grouped(text, words, context, starts, mentions) if 1 < len(starts) <= 200 and not single else []
    groups = [group for group in groups if group.listed or not _mere_talk(group, groups, text, context)]
    if not 1 < len(groups) <= MOST:
        return [Segment(text, tuple(words), whole)]
    _give_back(groups, text, words, context)
    segments = []
    for group in groups:
        kept = [word for word in words if any(low <= word.start < high for low, high in group.ranges)]
        blanked = blank(text, group.ranges)
        choice = decide(kept, blanked, context)
        segments.append(Segment(blanked, tuple(kept), choice if choice.standing else group.choice or choice))
    return segments


def _mere_talk(group: _Group, groups: Sequence[_Group], text: str, context: Context) -> bool:
    """Whether a stretch of prose names a customer without a word of a visit, where another tells of one."""
    if len(groups) < 2 or (group.choice and group.choice.standing and group.choice.standing.people):
        return False
    said = blank(text, group.ranges)
    return why_not_a_report(said, context.language) is not None


def blank(text: str, ranges: Sequence[tuple[int, int]]) -> str:
    """The text with everything outside of ``ranges`` as blanks, lines kept, so that offsets mean the same."""
    kept = ["\n" if character == "\n" else " " for character in text]
    ends = {high for _, high in ranges}
    for low, high in ranges:
        kept[low:high] = text[low:high]
        if low and low not in ends and kept[low - 1] == " ":
            kept[low - 1] = "\n"
    return "".join(kept)


def _grouped(
    text: str,
    words: Sequence[Token],
    context: Context,
    starts: Sequence[tuple[int, str]],
    mentions: Sequence[Mention],
) -> list[_Group]:
    ends = [start for start, _ in starts[1:]] + [len(text)]
    listed = sum(kind == "item" for _, kind in starts) > 1
    header, shared = _Group([]), _Group([])
    groups: list[_Group] = []
    for (start, kind), end in zip(starts, ends, strict=True):
        places = [at for at, word in enumerate(words) if start <= word.start < end]
        some = [words[at] for at in places]
        stretch = _Stretch(some, text, kind, _inside(mentions, places), listed)
        choice, key = _named_here(stretch, context, groups[-1] if groups else None)
        of_all = len(groups) > 1 and not key and {fold(word.text) for word in some[:3]} & _all_words(context.language)
        if of_all:
            shared.ranges.append((start, end))
        elif key and not (groups and key & groups[-1].key):
            groups.append(_Group([(start, end)], choice, key, kind == "item"))
        elif not groups:
            header.ranges.append((start, end))
        else:
            groups[-1].ranges.append((start, end))
            groups[-1].key |= key
    for group in groups:
        group.ranges = [*header.ranges, *group.ranges, *shared.ranges]
    return groups


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch that may be a visit of its own: its tokens, what begins it and the mentions of accounts inside."""

    words: Sequence[Token]
    text: str
    kind: str
    mentions: Sequence[Mention]
    listed: bool
    """Whether the text is a list of several items."""


def _inside(mentions: Sequence[Mention], places: Sequence[int]) -> list[Mention]:
    """The mentions within tokens ``places``, which follow each other, counted from the first of these."""
    if not places:
        return []
    low, high = places[0], places[-1]
    return [
        replace(one, first=one.first - low, last=one.last - low, met=frozenset(at - low for at in one.met))
        for one in mentions
        if low <= one.first and one.last <= high
    ]


def _named_here(stretch: _Stretch, context: Context, before: _Group | None) -> tuple[Choice, frozenset[object]]:
    """The account that a stretch names by itself, and what stands for it (ids, or a new name); empty for none."""
    some, kind = stretch.words, stretch.kind
    if not some:
        return Choice(), frozenset()
    choice = decide(some, stretch.text, context, stretch.mentions)
    if choice.standing is not None and (choice.account is not None or choice.candidates):
        accounts = frozenset({choice.account} if choice.account is not None else choice.candidates)
        if before is None and stretch.listed and kind != "item" and choice.account is None:
            return Choice(), frozenset()  # a heading that may or may not name a customer
        if before is None or _strong(stretch, choice.standing, context.language):
            return choice, frozenset(accounts)
    if kind in {"next", "time"} and before is not None and before.choice is not None:
        branch = _branch(some, context, before.choice)
        if branch is not None:
            return branch
    if kind == "item" and stretch.listed and (before is None or before.listed) and choice.account is None:
        company = find_company(some, stretch.text, context.language, frozenset(), ())
        if company is not None:
            return Choice(), frozenset({fold(company.name)})
    return Choice(), frozenset()


NEEDED = {"item": ENOUGH, "line": 7.5, "next": 7.0, "time": 7.0, "start": ENOUGH, "sentence": 10.0}
"""Points of the account that begin a visit of its own, by what begins the stretch."""


def _strong(stretch: _Stretch, standing: Standing, language: str) -> bool:
    """Whether the account is named surely enough, and early enough, to begin another visit."""
    mention, kind = standing.mention, stretch.kind
    first = min([one.first for one in standing.people] + ([mention.first] if mention else []), default=0)
    if standing.score < NEEDED[kind] or first > (12 if kind in {"item", "start"} else 8):
        return False
    if kind != "sentence":
        return True
    if mention is None:
        return False
    led = bool(standing.people) or cue_before(stretch.words, mention.first, language)
    ahead = mention.first <= (4 if standing.people else 2) or starts_line(stretch.words, stretch.text, mention.first)
    return led and ahead


def _branch(some: Sequence[Token], context: Context, before: Choice) -> tuple[Choice, frozenset[object]] | None:
    """Another branch of the company before, of which only the town and its people are named."""
    crm = context.matcher.crm
    if before.account is None:
        return None
    siblings = [index for index in context.matcher.branches(before.account) if index != before.account]
    for index in siblings[:50]:
        city = crm.accounts[index].city
        if not city:
            continue
        keys = {word.key for word in some[:12]} | {
            base for word in some[:12] for base in bases(word.key, context.language)
        }
        if fold(city).replace("ß", "ss") in keys:
            people = context.matcher.people.of_account.get(index, ())
            families = {part for one in people for part in read_name(crm.contacts[one].name).family}
            if families & {word.key for word in some}:
                return Choice(index, (), None, 0.85), frozenset({index})
    return None


def _give_back(groups: list[_Group], text: str, words: Sequence[Token], context: Context) -> None:
    """Clauses after the last visit that name an earlier one's people go back to it: "Pricing to Simon by the 11th"."""
    people = context.matcher.people
    crm = context.matcher.crm
    names: list[set[str]] = []
    for group in groups:
        accounts = [one for one in group.key if isinstance(one, int)]
        contacts = [crm.contacts[index] for account in accounts for index in people.of_account.get(account, ())]
        inside = {word.key for word in words if any(low <= word.start < high for low, high in group.ranges)}
        names.append({part for contact in contacts for part in read_name(contact.name).given[:1] if part in inside})
    last = groups[-1]
    kept: list[tuple[int, int]] = []
    for low, high in last.ranges:
        for start, end in _clauses(text, low, high):
            keys = {word.key for word in words if start <= word.start < end}
            owner = next(
                (at for at, some in enumerate(names[:-1]) if some & keys and not names[-1] & keys), len(groups) - 1
            )
            (kept if owner == len(groups) - 1 else groups[owner].ranges).append((start, end))
    last.ranges = kept


def _clauses(text: str, low: int, high: int) -> list[tuple[int, int]]:
    cuts = [low, *(match.end() for match in re.finditer(r", |; | and | en | und | ja ", text[low:high])), high]
    cuts = [low, *(low + cut for cut in cuts[1:-1]), high]
    return list(pairwise(cuts))


__all__ = ["Segment", "blank", "split"]
