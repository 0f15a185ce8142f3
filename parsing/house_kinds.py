"""Kinds that a house added, or knows by words of its own: they go before what we read by ourselves."""

from collections.abc import Sequence

from parsing.house_words import Said, find_said
from parsing.kinds import find_medium, find_outcome, find_type, stands_of_house
from parsing.lexicon import Word, read_words
from parsing.model import Crm, Found

Span = tuple[int, int]


def type_of(text: str, language: str, crm: Crm, names: Sequence[Span], plans: Sequence[Span]) -> Found[str] | None:
    """What the visit was for, one of ``crm.types``; ``names`` and ``plans`` as `parsing.kinds.find_type` has them."""
    own = _own(text, language, crm, "type", [*names, *plans])
    return own or find_type(text, language, names, plans, crm.types)


def medium_of(text: str, language: str, crm: Crm, names: Sequence[Span], plans: Sequence[Span]) -> Found[str] | None:
    """How they met, one of ``crm.media``."""
    own = _own(text, language, crm, "medium", [*names, *plans])
    return own or find_medium(text, language, names, plans, crm.media)


def outcome_of(text: str, language: str, crm: Crm, names: Sequence[Span] = ()) -> Found[str] | None:
    """How it came out, one of ``crm.outcomes``; that nobody was there goes before everything else."""
    read = find_outcome(text, language, names, crm.outcomes)
    if read is not None and read.cue == "no_show":
        return read
    return _own(text, language, crm, "outcome", names) or read


def _own(text: str, language: str, crm: Crm, family: str, taken: Sequence[Span]) -> Found[str] | None:
    """The kind that the house's own words name: the longest of them, and the first of equals."""
    given = tuple((one.words, one.key) for one in crm.kind_words if one.family == family)
    if not given:
        return None
    words = read_words(text, language)
    found = [
        one for one in find_said(given, language, words)
        if _free(one, words, taken) and stands_of_house(one.first, one.last, words, language)
    ]  # fmt: skip
    if not found:
        return None
    best = max(found, key=lambda one: (one.last - one.first, -one.first))
    span = words[best.first].start, words[best.last].end
    return Found(best.value, *span, why="these words mean it here", cue="house")


def _free(one: Said, words: Sequence[Word], taken: Sequence[Span]) -> bool:
    start, end = words[one.first].start, words[one.last].end
    return not any(left <= start and end <= right for left, right in taken)
