"""A message on its way to an extraction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parsing.linking import Matcher
from parsing.mails import Enclosed
from parsing.text import Token

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Reading:
    """A message on its way to an extraction: its text as people see it, its words, its moment and what came with it."""

    text: str
    words: tuple[Token, ...]
    language: str
    now: datetime
    matcher: Matcher
    rep: str
    mail: Enclosed | None = None
    part: str = "text"
    heading: str | None = None


def spans_of(words: Sequence[Token], places: frozenset[int] | set[int]) -> list[Span]:
    """The stretches of text of neighbouring tokens."""
    spans: list[Span] = []
    before = -2
    for at in sorted(place for place in places if place < len(words)):
        if at == before + 1 and spans:
            spans[-1] = (spans[-1][0], words[at].end)
        else:
            spans.append((words[at].start, words[at].end))
        before = at
    return spans
