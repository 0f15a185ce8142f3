"""From the letters of a text to its expressions of time: overlaps decided, weekdays joined with their dates."""

import re
from dataclasses import replace
from functools import lru_cache

from parsing.when.clock import clocks, spans
from parsing.when.lexer import Lexed, lex
from parsing.when.lexicon import lexicon
from parsing.when.model import Clock, Day, Piece, Span
from parsing.when.rules import days

_JOINT = re.compile(r"[ ,(]{0,3}(?:[#@f.] ?|\bj ?)*[ (]?")
_BY = re.compile(r"(?:[btB])(?: [#@?z])*[ :]{0,2}$")
_FROM = re.compile(r"f(?: [#@])* ?$")
_AT = re.compile(r"[@i](?: #)* ?$")
_UNTIL = re.compile(r"t(?: [#@z])*[ :]{0,2}$")
_BY_TAIL = re.compile(r" b(?! ?[DnMRWKXLCF])")
_LATEST = frozenset(
    {"at the latest", "latest", "ten laatste", "uiterlijk", "spatestens", "viimeistaan", "allerspatestens"}
)
_BY_AFTER = re.compile(r" (?:[x#] )?c")


@lru_cache(maxsize=64)
def read(text: str, language: str) -> tuple[Lexed, tuple[Piece, ...]]:
    """The tokens of a text and its expressions of time, in the order of the text and without overlap."""
    lexed = lex(text, language)
    found: list[tuple[int, int, Day | Clock | Span]] = [*days(lexed), *clocks(lexed), *spans(lexed)]
    return lexed, tuple(_corrected(lexed, _joined(lexed, [_piece(lexed, *one) for one in _apart(found)])))


def _apart(found: list[tuple[int, int, Day | Clock | Span]]) -> list[tuple[int, int, Day | Clock | Span]]:
    """Of what overlaps the longest; of two as long the one whose rule comes first."""
    ranked = sorted(enumerate(found), key=lambda item: (item[1][0] - item[1][1], item[0]))
    taken: set[int] = set()
    kept = []
    for _, (first, last, says) in ranked:
        if taken.isdisjoint(range(first, last)):
            taken.update(range(first, last))
            kept.append((first, last, says))
    return sorted(kept, key=lambda one: one[0])


def _piece(lexed: Lexed, first: int, last: int, says: Day | Clock | Span) -> Piece:
    while first < last and lexed.letters[first] in " ,:":
        first += 1
    while last - 1 > first and lexed.letters[last - 1] in " ,":
        last -= 1
    head = lexed.letters[max(first - 8, 0) : first]
    own = lexed.letters[first]
    past = isinstance(says, Day) and says.direction == "past"
    deadline = _BY.search(head) is not None or _BY_AFTER.match(lexed.letters, last) is not None
    # "Bis Freitag" is a deadline in German; "tot vrijdag", "till Friday" is how long something else lasts.
    lasting = lexed.language != "de" and _UNTIL.search(head) is not None and isinstance(says, Day)
    deadline = deadline and not lasting
    tail = _BY_TAIL.match(lexed.letters, last) if isinstance(says, Day) else None
    if tail is not None and lexed.tokens[tail.end() - 1].text in _LATEST:
        last, deadline = tail.end(), True
    return Piece(
        first=first,
        last=last,
        start=lexed.tokens[first].start,
        end=lexed.tokens[last - 1].end,
        says=says,
        deadline=not past and (deadline or own in "bB" or (own == "t" and isinstance(says, Day))),
        origin=_FROM.search(head) is not None or own == "f" or lasting,
        until=lasting,
        announced=own == "@" or _AT.search(head) is not None,
    )


_PRECISE = frozenset({"date", "day_of_month"})


def _joined(lexed: Lexed, pieces: list[Piece]) -> list[Piece]:
    """As in "Di 5.8.", "woensdag 1 juli", "yesterday (Tuesday)": one day said twice is one piece."""
    out: list[Piece] = []
    for piece in pieces:
        if out:
            one = _same_day(lexed, out[-1], piece)
            if one is not None:
                out[-1] = one
                continue
        out.append(piece)
    return out


def _corrected(lexed: Lexed, pieces: list[Piece]) -> list[Piece]:
    """As in "vorige week donderdag, nee wacht, woensdag": the second day is the one that is meant."""
    corrects = lexicon(lexed.language).cue("corrects")
    out: list[Piece] = []
    for piece in pieces:
        said, before = piece.says, out[-1].says if out else None
        if isinstance(said, Day) and isinstance(before, Day) and piece.first - out[-1].last < FAR:
            between = "".join(token.text for token in lexed.tokens[out[-1].last : piece.first])
            if " ".join(re.findall(r"[\w']+", between)) in corrects:
                if before.kind == "week_day" and said.kind == "weekday":
                    said = replace(before, weekday=said.weekday, part=said.part or before.part)
                first = out.pop()
                deadline = first.deadline or piece.deadline
                piece = replace(first, last=piece.last, end=piece.end, says=said, deadline=deadline)  # noqa: PLW2901
        out.append(piece)
    return out


FAR = 14
"""Tokens between a day and the one that corrects it."""


def _told_again(first: Day, second: Day, between: str) -> bool:
    """As in "gister (woensdag)", "eind wk 46 (vrijdag)": the second says nothing new."""
    if first.kind == "relative":
        return bool(first.offset) and second.kind in ("weekday", *_PRECISE)
    return first.kind in ("unit", "week") and first.edge == "end" and second.kind == "weekday" and "(" in between


def _same_day(lexed: Lexed, one: Piece, other: Piece) -> Piece | None:
    first, second = one.says, other.says
    if not (isinstance(first, Day) and isinstance(second, Day)):
        return None
    between = lexed.letters[one.last : other.first]
    if not _JOINT.fullmatch(between) or first.to or second.to:
        return None
    weekdays = ("weekday", "weekday_by_feast", "week_day", "next_weekday")
    if first.kind in weekdays and second.kind in _PRECISE:
        said = replace(second, weekday=first.weekday, part=first.part)
    elif first.kind in _PRECISE and second.kind == "weekday" and "(" in between:
        said = replace(first, weekday=second.weekday)
    elif first.kind == "relative" and not first.offset and second.kind in _PRECISE:
        said = replace(second, part=first.part)
    elif first.kind == "unit" and second.kind == "weekday" and first.unit == "week" and first.edge is None:
        said = replace(second, kind="week_day", offset=first.offset, direction=first.direction)
    elif _told_again(first, second, between):
        said = first
    else:
        return None
    return replace(one, last=other.last, end=other.end, says=said, deadline=one.deadline or other.deadline)
