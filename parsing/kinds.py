"""What kind of visit it was, by what medium, and how it came out, by the phrases of ``words/<language>/kinds.toml``."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from parsing.lexicon import Hit, Word, lexicon, read_words
from parsing.model import Found

# What comes first wins, after eval's conventions: nobody came, then an order, then a grievance, a quote refused, a quote
# asked for, no need, interest.
OUTCOMES = ("no_show", "order", "complaint", "lost", "quote_requested", "no_interest", "interested")
TYPES = ("negotiation", "first", "demo", "service", "follow_up", "routine")
MEDIA = ("event", "video", "phone", "in_person")

_GUARDS = {
    "no_show": (),
    "order": ("denied", "perhaps", "later", "earlier", "rival"),
    "complaint": (),
    "lost": (),
    "quote_requested": ("denied", "earlier", "rival"),
    "no_interest": (),
    "interested": ("denied", "earlier"),
    "event": ("denied", "later"),
    "video": ("denied", "later"),
    "phone": ("denied", "later"),
    "in_person": ("denied", "later"),
    "first": ("denied", "later"),
    "follow_up": ("denied",),
    "routine": ("denied",),
    "demo": ("denied", "later", "perhaps"),
    "negotiation": ("denied", "later"),
    "service": ("denied", "later", "perhaps"),
}
_NEAR = 6
"""A guard takes back what stands at most so many words from it."""


def find_type(text: str, language: str) -> Found[str] | None:
    """`first`, `follow_up`, `routine`, `demo`, `negotiation` or `service`, where the words show it."""
    hits = standing(text, language, "type")
    for label in TYPES:
        for hit in hits:
            if hit.label == label:
                return _found(hit, read_words(text, language))
    return None


def find_outcome(text: str, language: str) -> Found[str] | None:
    """`order`, `quote_requested`, `interested`, `no_interest`, `no_show`, `complaint` or `lost`; None where nothing says so."""
    words = read_words(text, language)
    hits = standing(text, language, "outcome")
    chased = {words[hit.first].sentence for hit in standing(text, language, "type") if hit.label == "follow_up"}
    for label in OUTCOMES:
        for hit in hits:
            if hit.label != label:
                continue
            # "We went through the quote" speaks of a quote that was sent long ago.
            if label == "quote_requested" and hit.first == hit.last and words[hit.first].sentence in chased:
                continue
            return _found(hit, words)
    return None


def find_medium(text: str, language: str) -> Found[str] | None:
    """`in_person`, `phone`, `video` or `event`; None where an order or a refusal is told and nothing shows how.

    A report that says nothing else is of a visit in person, with the whole message for its evidence.
    """
    words = read_words(text, language)
    hits = standing(text, language, "medium")
    for label in MEDIA:
        for hit in hits:
            if hit.label == label:
                return _found(hit, words)
    outcome = find_outcome(text, language)
    if outcome and outcome.value in ("order", "lost", "no_interest") or not words:
        return None
    return Found("in_person", words[0].start, words[-1].end, confidence=0.9, why="nothing says otherwise")


def _found(hit: Hit, words: Sequence[Word]) -> Found[str]:
    return Found(hit.label, words[hit.first].start, words[hit.last].end, confidence=0.9, why="the words say so")


@lru_cache(maxsize=64)
def standing(text: str, language: str, section: str) -> tuple[Hit, ...]:
    """The hits of a section that no word beside them takes back."""
    words = read_words(text, language)
    guards = tuple(lexicon(language, "kinds", "guards").hits(words))
    return tuple(hit for hit in lexicon(language, "kinds", section).hits(words) if stands(hit, words, guards))


def stands(hit: Hit, words: Sequence[Word], guards: Iterable[Hit]) -> bool:
    """Whether nothing in the clause of ``hit`` denies it, doubts it, puts it off or gives it to someone else."""
    if hit.phrase.startswith("!"):
        return True
    if words[hit.first].asked:
        return False
    clauses = range(words[hit.first].clause, words[hit.last].clause + 1)
    beside = [guard for guard in guards if words[guard.first].clause in clauses or words[guard.last].clause in clauses]
    done = any(guard.label == "done" for guard in beside)
    for guard in beside:
        if guard.label not in _GUARDS[hit.label] or (done and guard.label == "later"):
            continue
        if hit.first <= guard.first and guard.last <= hit.last:
            continue  # inside the phrase it is part of what the phrase says
        if guard.first - hit.last <= _NEAR and hit.first - guard.last <= _NEAR:
            return False
    return True
