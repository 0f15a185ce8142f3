"""What somebody answers to the numbered lines of a digest: "1 klaar, 2 vrijdag, 3 weg", "alles erledigt", "4 Jansen".

The words are those of ``words/<language>/digest.toml``, of the reader's language before the others: many say "done"
in any language. What is not understood is handed back as it was said.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from parsing.digest_numbers import Piece, pieces
from parsing.digest_words import SIGNS, said
from parsing.model import LANGUAGES
from parsing.text import fold, tokens, view_of
from parsing.when import find_moments

ORDER = ("open", "drop", "done", "ready")
"""Of two phrases of the same length the one that stands here first is meant."""
LONGEST = 120
"""Words; who writes more tells of something else."""
LEAST_LETTERS = 4
"""Of a word by which a line may be named instead of its number."""


@dataclass(frozen=True, slots=True)
class Item:
    """A numbered line: an ``action``, or a ``visit`` that lacks something; ``name`` is what it may be called by."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said of one line. ``how``: ``done``, ``drop``, ``open`` (stays as it is), ``due`` or ``words``."""

    number: int
    how: str
    due: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What was said of which line, in order, and what was not understood, as it was said."""

    replies: tuple[Reply, ...] = ()
    unclear: tuple[str, ...] = ()
    by_number: bool = False
    """Each line was told by its number, and nothing else was said: it can be nothing but an answer."""


@dataclass(frozen=True, slots=True)
class _Page:
    items: Sequence[Item]
    now: datetime
    languages: tuple[str, ...]

    @property
    def actions(self) -> list[int]:
        return [number for number, item in enumerate(self.items, 1) if item.kind == "action"]


def read_digest_answer(text: str, items: Sequence[Item], now: datetime, language: str) -> Answers:
    """What ``text`` says of ``items``, which are numbered from 1. ``now`` is the local moment of sending."""
    plain = view_of(text).text.replace("\u2019", "'").strip()
    if not plain or not items or len(plain.split()) > LONGEST:
        return Answers()
    page = _Page(items, now, tuple(dict.fromkeys((language, *LANGUAGES))))
    found: dict[int, Reply] = {}
    unclear: list[str] = []
    by_number = True
    for piece in pieces(SIGNS.sub(_sign, plain), len(items), page.languages):
        replies = _of_piece(page, piece, found)
        by_number = by_number and bool(piece.numbers) and bool(replies)
        found |= {one.number: one for one in replies}
        if not replies and re.search(r"\w", piece.said):
            unclear.append(piece.said.strip(" ,;.-"))
    return Answers(tuple(found[number] for number in sorted(found)), tuple(unclear), by_number and bool(found))


def _sign(found: re.Match[str]) -> str:
    """A sign as its word: a tick means done, a cross or a bin drop."""
    return " done " if found[0] in "✅✔☑👍👌✓🆗" else " drop "


def _of_piece(page: _Page, piece: Piece, before: dict[int, Reply]) -> list[Reply]:
    numbers = piece.numbers or _called(page, piece.text, before)
    numbers = [one for one in numbers if not piece.but or one in page.actions]
    if numbers:
        return [one for number in numbers if (one := _reply(page, number, piece.text)) is not None]
    return _named(page, piece.text)


def _reply(page: _Page, number: int, text: str) -> Reply | None:
    """What the words after a number say of its line."""
    words = text.strip(" ,;.:-\u2013\n")
    if page.items[number - 1].kind == "visit":
        return Reply(number, "words", words=words) if re.search(r"[^\W\d]", words) else None
    how = _how(page, words)
    day = _day(page, words)
    if day is not None and day > page.now.date() and how in {None, "ready", "open"}:
        return Reply(number, "due", day)
    if day is not None and day >= page.now.date() and how is None:
        return Reply(number, "due", day)
    return Reply(number, "done" if how == "ready" else how) if how else None


def _how(page: _Page, words: str) -> str | None:
    """``done``, ``ready``, ``drop`` or ``open``, by the longest phrase that says one of them."""
    folded = fold(words)
    for language in page.languages:
        matches = [(match, how) for how in ORDER for match in said(language, how).finditer(folded)]
        if matches:
            return max(matches, key=lambda one: (len(one[0][0]), -ORDER.index(one[1])))[1]
    return None


def _day(page: _Page, words: str) -> date | None:
    """The day that something is put off to."""
    folded = fold(words)
    if any(said(language, "week_later").search(folded) for language in page.languages):
        return page.now.date() + timedelta(days=7)
    for language in page.languages:
        for found in find_moments(words, page.now, language):
            moment = found.value
            day = moment.due or moment.start
            if day is not None and moment.direction != "past":
                return day
    return None


def _called(page: _Page, text: str, before: dict[int, Reply]) -> list[int]:
    """All lines, both, the rest, all but some: of the actions alone."""
    folded = fold(text)
    actions = page.actions
    for language in page.languages:
        if said(language, "rest").match(folded):
            return [one for one in actions if one not in before]
        if said(language, "both").match(folded) and len(actions) == 2:  # noqa: PLR2004 - both are two
            return actions
        if said(language, "all").match(folded):
            return actions
    # A verdict alone is clear where there is one thing to be done, and no more than that is said.
    alone = len(actions) == 1 and len(folded.split()) <= 3 and _how(page, text) in {"done", "ready", "drop"}  # noqa: PLR2004
    return actions if alone and len(page.items) == 1 else []


def _named(page: _Page, text: str) -> list[Reply]:
    """A line by its name: "Jansen: ging um Preise", "offerte Kolk verstuurd"."""
    head, colon, rest = text.partition(":")
    scores = {number: _likeness(item.name, head if colon else text) for number, item in enumerate(page.items, 1)}
    best = max(scores.values(), default=0)
    meant = [number for number, score in scores.items() if score == best]
    if not best or len(meant) != 1:
        return []
    is_visit = page.items[meant[0] - 1].kind == "visit"
    if is_visit and not colon:
        return []
    reply = _reply(page, meant[0], rest if colon else _without(text, page.items[meant[0] - 1].name))
    return [reply] if reply else []


def _likeness(name: str, text: str) -> int:
    """How many telling words of a name stand in the text."""
    words = {token.key for token in tokens(text)}
    return sum(len(token.key) >= LEAST_LETTERS and token.key in words for token in tokens(name))


def _without(text: str, name: str) -> str:
    """The text without the words of a name, which say nothing of what became of it."""
    keys = {token.key for token in tokens(name)}
    return " ".join(token.text for token in tokens(text) if token.key not in keys)
