"""What stands about a name: words that lead to a customer or to a competitor, the start of a line, a town."""

# ruff: noqa: PLR2004 - lengths are read best where they are weighed

from collections.abc import Sequence
from functools import cache

from parsing.inflection import bases
from parsing.text import Token, fold, tokens
from parsing.words import table


@cache
def _cues(language: str, sort: str) -> frozenset[str]:
    """Folded cue phrases of a language, English ones with them: reps mix."""
    words = {fold(word) for word in table(language, "companies")["cues"][sort]}
    return frozenset(words | {fold(word) for word in table("en", "companies")["cues"][sort]} if sort == "at" else words)


@cache
def _rival_words(language: str) -> tuple[frozenset[str], tuple[str, ...]]:
    cues = _cues(language, "rival")
    return frozenset(cue for cue in cues if "*" not in cue), tuple(cue[:-1] for cue in cues if cue.endswith("*"))


@cache
def town_names(city: str) -> tuple[tuple[str, ...], ...]:
    """The ways a town is named, each as the keys of its words: "'s-Hertogenbosch" is "Den Bosch" too."""
    own = tuple(token.key for token in tokens(city) if token.key)
    found = [own] if own else []
    folded = fold(city)
    for group in table("names", "exonyms").get("groups", ()):
        if folded in group:
            found += [tuple(token.key for token in tokens(name)) for name in group if name != folded]
    return tuple(found)


def town_at(words: Sequence[Token], city: str, language: str) -> int | None:
    """The token where ``city`` is named, in whatever case, or None."""
    for name in town_names(city):
        for at in range(len(words) - len(name) + 1):
            *front, last = name
            tail = words[at + len(front)]
            if any(words[at + place].key != key for place, key in enumerate(front)):
                continue
            if tail.key == last or (len(last) > 3 and last in bases(tail.key, language)):
                return at
    return None


def cue_before(words: Sequence[Token], first: int, language: str, sort: str = "at") -> bool:
    """Whether one to three words that lead to a customer stand before token ``first`` (or it begins a line)."""
    cues = _cues(language, sort)
    for size in (1, 2, 3):
        start = first - size
        if start >= 0:
            phrase = " ".join(fold(word.text) for word in words[start:first])
            if phrase in cues:
                return True
    return False


def rival_near(words: Sequence[Token], first: int, last: int, language: str) -> bool:
    """Whether the words about tokens ``first`` to ``last`` say that somebody else than the customer is meant."""
    exact, prefixes = _rival_words(language)
    before = [fold(word.text) for word in words[max(0, first - 4) : first]]
    start = max(0, first - 4)
    for at in range(len(before) - 1, 0, -1):
        if words[start + at].start - words[start + at - 1].end > 2:  # a stop between: another clause
            before = before[at:]
            break
    if before and words[first].start - words[first - 1].end > 2:
        before = []
    after: list[str] = []
    if language in {"de", "fi"}:
        for at in range(last + 1, min(len(words), last + 6)):
            if words[at].start - words[at - 1].end > 1:
                break
            after.append(fold(words[at].text))
    for some in (before, after):
        if any(word.startswith(prefix) for word in some for prefix in prefixes):
            return True
        text = f" {' '.join(some)} "
        if any(f" {cue} " in text for cue in exact if len(cue) > 3):
            return True
    return False


def starts_line(words: Sequence[Token], text: str, at: int) -> bool:
    """Whether a token begins the text, a line or a list item."""
    before = text[max(0, words[at].start - 6) : words[at].start]
    return not before.strip(" \t*-–—•>→:#()1234567890.\"'_~") or "\n" in before  # noqa: RUF001


def starts_sentence(words: Sequence[Token], text: str, at: int) -> bool:
    """Whether a capital at this token says nothing."""
    before = text[max(0, words[at].start - 4) : words[at].start].rstrip(" '\"(*_")
    return not before or before[-1] in ".!?:;\n•-–—>" or starts_line(words, text, at)  # noqa: RUF001
