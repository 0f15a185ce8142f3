"""What kind of visit it was, by what medium, and how it came out, by the phrases of ``words/<language>/kinds.toml``."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from parsing.lexicon import Hit, Word, lexicon, read_words
from parsing.model import Found
from parsing.places import is_town
from parsing.words import frequency, given_names, surnames

Span = tuple[int, int]

# What comes first wins (nobody came, then an order, then a grievance, a quote refused, a quote asked for, being fed up
# with how things are, no need); who would like to and has no money for it yet is interested, without the liking not.
OUTCOMES = (
    "no_show", "order", "complaint", "lost", "quote_requested", "grumble", "no_interest", "interested", "unfunded",
)  # fmt: skip
TYPES = ("negotiation", "demo", "service", "first", "follow_up", "shown", "routine")
"""Which type wins; "shown" says that something was shown, which is a demo where nothing surer is told."""

_DENIED = {"denied": (4, 3), "instead": (3, 0)}
_GUARDS: dict[str, dict[str, tuple[int, int]]] = {
    "no_show": {},
    "absent": {},
    "order": {**_DENIED, "perhaps": (9, 6), "later": (6, 6), "earlier": (6, 4), "rival": (5, 3)},
    "complaint": {"denied": (3, 1), "resolved": (0, 6), "perhaps": (5, 0), "rival": (0, 5)},
    "grumble": {"denied": (3, 0), "resolved": (0, 6), "perhaps": (5, 0), "rival": (0, 5)},
    "lost": {"denied": (3, 0), "perhaps": (6, 4)},
    "quote_requested": {**_DENIED, "earlier": (5, 5), "rival": (5, 3), "sent": (9, 9)},
    "no_interest": {},
    "unfunded": {},
    "pending": {},
    "interested": {"denied": (3, 2), "earlier": (6, 4)},
    "event": {"later": (6, 6)},
    "video": {"denied": (3, 2), "instead": (3, 0), "later": (6, 6)},
    "phone": {"denied": (3, 2), "instead": (3, 0), "later": (6, 6)},
    "in_person": {"denied": (3, 2), "instead": (3, 0), "later": (6, 6)},
    "first": {"denied": (3, 2), "later": (6, 6)},
    "follow_up": {"denied": (3, 2)},
    "routine": {"denied": (3, 2)},
    "shown": {**_DENIED, "later": (6, 6), "perhaps": (6, 6), "wish": (5, 4)},
    "demo": {**_DENIED, "later": (6, 6), "perhaps": (6, 6), "wish": (5, 4)},
    "negotiation": {**_DENIED, "later": (6, 6)},
    "service": {**_DENIED, "later": (6, 6), "perhaps": (6, 6), "wish": (5, 0)},
    "house": {**_DENIED, "later": (6, 6), "perhaps": (6, 4), "wish": (5, 4)},
}
"""Which guard words take a label back, when they stand at most so many words before it, and after it."""

_PLANNED = frozenset({"demo", "shown", "first", "negotiation", "event", "video", "phone", "in_person"})
"""What has not happened where it is only planned; a fault is there before somebody mends it."""
_QUIET = 14
"""Words of a message in which somebody who was not there means that nobody came."""
BY_DEFAULT = "nothing says otherwise"
"""Why a medium was taken that no word names."""
_BESIDE = 60
"""Words between a phrase and what may take it back: no clause that a person writes is longer."""
_NEAR = 3
"""Words before an order in which it is said with whom it was placed."""
_RARE = 2.0
"""Zipf frequency below which a word is likelier a name than one of the language."""
_TELEGRAM = 9
"""Words of a message that tells an order and nothing of how it came."""


def find_type(
    text: str, language: str, names: Sequence[Span] = (), plans: Sequence[Span] = (),
    offered: Collection[str] | None = None,
) -> Found[str] | None:  # fmt: skip
    """`first`, `follow_up`, `routine`, `demo`, `negotiation` or `service`, where the words show it.

    ``names`` are the spans of the account's name, ``plans`` those of what is still to be done: a demo that is planned
    is none yet. ``offered`` are the values that there are in this house; None: all.
    """
    words = read_words(text, language)
    planned = {hit.first for hit in _told(text, language, "visit", names)}
    planned -= {hit.first for hit in _told(text, language, "visit", names, plans)}
    named = [
        hit
        for hit in _told(text, language, "visit", names)
        if (hit.label != "demo" or hit.first not in planned) and _is_offered(hit.label, offered)
    ]  # "first visit" says what the visit was wherever it stands
    if named:
        return _found(named[0], words, "named")
    hits = _told(text, language, "type", names, plans)
    for label in TYPES:
        for hit in hits:
            if hit.label == label and _is_offered(label, offered):
                return replace(_found(hit, words, "told"), value=_SAME_AS.get(label, label))
    return None


def _is_offered(label: str, offered: Collection[str] | None) -> bool:
    return offered is None or _SAME_AS.get(label, label) in offered


def find_outcome(
    text: str, language: str, names: Sequence[Span] = (), offered: Collection[str] | None = None
) -> Found[str] | None:
    """How it came out, after `OUTCOMES`; None where nothing says so; ``names`` are spans of the account's name.

    ``offered`` as `find_type` has it.
    """
    words = read_words(text, language)
    told = _told(text, language, "outcome", names)
    waits = [hit for hit in told if _waits(hit, told, words, language)]
    hits = [hit for hit in told if hit not in waits]
    for label in OUTCOMES:
        for hit in hits:
            if hit.label == label:
                value = _SAME_AS.get(label, label)
                if label == "order" and _of_a_rival(hit, words, text, language, names):
                    value = "lost"
                if not _is_offered(value, offered):
                    continue
                return Found(value, *_span(hit, words), why="the words say so", cue=label)
    for hit in hits:
        if hit.label == "absent" and len(words) <= _QUIET and not standing(text, language, "visit"):
            return Found("no_show", *_span(hit, words), why="somebody was not there", cue="guessed")
    doubted = waits or [hit for hit in put_off(text, language) if hit.label == "order"]
    if doubted and _is_offered("interested", offered):
        return Found("interested", *_span(doubted[0], words), why="an order that may come", cue="guessed")
    return None


_SAME_AS = {"grumble": "complaint", "unfunded": "no_interest", "shown": "demo"}


def _waits(hit: Hit, hits: Sequence[Hit], words: Sequence[Word], language: str) -> bool:
    """Whether an order waits for somebody's yes in its sentence: "he'd have six but the board has to sign off"."""
    if hit.label != "order":
        return False
    guards = guards_in(words, language)
    if any(guard.label == "done" and hit.first <= guard.first and guard.last <= hit.last for guard in guards):
        return False
    sentence = words[hit.first].sentence
    return any(
        one.label == "pending" and hit.first <= one.last and words[one.first].sentence == sentence for one in hits
    )


def _of_a_rival(hit: Hit, words: Sequence[Word], text: str, language: str, names: Sequence[Span]) -> bool:
    """Whether the order went to somebody who is named before it: "bij Korvex getekend", where Korvex is no customer.

    ``names`` are spans of the customer and of people; a place is no rival either.
    """
    leads = {guard.first for guard in guards_in(words, language) if guard.label == "elsewhere"}
    for at in range(max(0, hit.first - _NEAR), hit.first - 1):
        word = words[at + 1]
        if at not in leads or word.clause != words[at].clause or _inside((word.start, word.end), names):
            continue
        written = text[word.start : word.end]
        rare = frequency(language).get(word.text, 0.0) < _RARE
        if rare and not is_town(written, language) and word.text not in given_names() and word.text not in surnames():
            return True
    return False


def find_medium(
    text: str, language: str, names: Sequence[Span] = (), plans: Sequence[Span] = (),
    offered: Collection[str] | None = None,
) -> Found[str] | None:  # fmt: skip
    """`in_person`, `phone`, `video` or `event`; None where an order or a refusal is told and nothing shows how.

    A report that says nothing else is of a visit in person, with the whole message for its evidence. ``names``,
    ``plans`` and ``offered`` as `find_type` has them.
    """
    words = read_words(text, language)
    if not words:
        return None
    hits = _told(text, language, "medium", names, plans)
    for label in ("event", "video", "phone", "in_person"):
        for hit in hits:
            if hit.label == label and _is_offered(label, offered) and not _is_number(hit, words):
                return _found(hit, words, "told")
    for label, sign in _SIGNS.items():
        if _is_offered(label, offered) and (drawn := sign.search(text)):
            return Found(label, *drawn.span(), why="an emoji shows it", cue="told")
    outcome = find_outcome(text, language, names)
    if outcome and outcome.value in {"order", "lost", "no_interest"} and len(words) <= _TELEGRAM:
        return None
    if not _is_offered("in_person", offered):
        return None
    return Found("in_person", words[0].start, words[-1].end, why=BY_DEFAULT, cue="default")


_SIGNS = {
    "phone": re.compile(r"(?:[☎📞📲]\ufe0f?|:(?:telephone_receiver|phone|telephone|calling):)(?!\s?[+(]?\d)"),
    "video": re.compile(r"[💻🎥📹🖥]|:(?:computer|desktop_computer|video_camera|movie_camera):"),
}
"""An emoji, or Slack's name for it, that shows the medium where no word does; before a number it only announces one."""


def _is_number(hit: Hit, words: Sequence[Word]) -> bool:
    """Whether a phone word only announces a number: "Tel 04721 55"."""
    following = words[hit.last + 1].text if hit.last + 1 < len(words) else ""
    return hit.label == "phone" and hit.first == hit.last and following[:1].isdigit()


def _span(hit: Hit, words: Sequence[Word]) -> tuple[int, int]:
    return words[hit.first].start, words[hit.last].end


def _found(hit: Hit, words: Sequence[Word], cue: str) -> Found[str]:
    return Found(hit.label, *_span(hit, words), why="the words say so", cue=cue)


@lru_cache(maxsize=128)
def _weighed(text: str, language: str, section: str) -> tuple[tuple[Hit, bool], ...]:
    """The hits of a section in the order of the text, each with whether it stands; swallowed ones are left out."""
    words = read_words(text, language)
    guards = guards_in(words, language)
    hits = tuple(lexicon(language, "kinds", section).hits(words))
    swallowed = [(hit.first, hit.last) for hit in hits if hit.label == "nothing"]
    # "The order was cancelled" is no order.
    lost = [(hit.first, hit.last) for hit in hits if hit.label == "lost"]
    return tuple(
        (hit, stands(hit, words, _unspent(hit, hits, guards)))
        for hit in hits
        if hit.label != "nothing"
        and not any(first <= hit.first and hit.last <= last for first, last in swallowed)
        and not (hit.label == "order" and any(first <= hit.first and hit.last <= last for first, last in lost))
    )


def _unspent(hit: Hit, hits: Sequence[Hit], guards: Sequence[Hit]) -> list[Hit]:
    """The guards that no other phrase of the hit's label holds: "not warm any more, part replaced" denies none."""
    own = [other for other in _near(hit, hits) if other.label == hit.label]
    return [
        guard
        for guard in _near(hit, guards)
        if not any(one.first <= guard.first and guard.last <= one.last for one in own)
    ]


def _near(hit: Hit, some: Sequence[Hit]) -> Sequence[Hit]:
    """Those within `_BESIDE` words, of ``some`` in the order of the text."""
    return some[bisect_left(some, hit.first - _BESIDE, key=_first) : bisect_right(some, hit.last + _BESIDE, key=_first)]


def _first(hit: Hit) -> int:
    return hit.first


def _told(text: str, language: str, section: str, names: Sequence[Span], plans: Sequence[Span] = ()) -> tuple[Hit, ...]:
    """The standing hits of a section that are neither part of a name nor of what is still to be done."""
    words = read_words(text, language)
    return tuple(
        hit
        for hit in standing(text, language, section)
        if not _inside(_span(hit, words), names) and not (hit.label in _PLANNED and _inside(_span(hit, words), plans))
    )


def _inside(span: Span, spans: Sequence[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in spans)


def standing(text: str, language: str, section: str) -> tuple[Hit, ...]:
    """The hits of a section that no word beside them takes back."""
    return tuple(hit for hit, stands_ in _weighed(text, language, section) if stands_)


def put_off(text: str, language: str) -> tuple[Hit, ...]:
    """Outcomes that are doubted or put off, neither denied nor someone else's."""
    words = read_words(text, language)
    guards = [guard for guard in guards_in(words, language) if guard.label in {"denied", "rival", "earlier"}]
    return tuple(
        hit for hit, stands_ in _weighed(text, language, "outcome") if not stands_ and stands(hit, words, guards)
    )


def stands_of_house(first: int, last: int, words: Sequence[Word], language: str) -> bool:
    """Whether nothing takes back what the house's own words at ``first`` to ``last`` say."""
    return stands(Hit("house", first, last, ""), words, guards_in(words, language))


def guards_in(words: Sequence[Word], language: str) -> tuple[Hit, ...]:
    """What may take a phrase back, without what only sounds so: "heute Morgen" is not tomorrow."""
    hits = tuple(lexicon(language, "kinds", "guards").hits(words))
    void = [(hit.first, hit.last) for hit in hits if hit.label == "nothing"]
    if not void:
        return hits
    return tuple(hit for hit in hits if not any(first <= hit.first and hit.last <= last for first, last in void))


def stands(hit: Hit, words: Sequence[Word], guards: Iterable[Hit]) -> bool:
    """Whether nothing in the clause of ``hit`` denies it, doubts it, puts it off or gives it to someone else."""
    if words[hit.first].asked:
        return False
    limits = _GUARDS[hit.label]
    clauses = range(words[hit.first].clause, words[hit.last].clause + 1)
    beside = [guard for guard in guards if words[guard.first].clause in clauses or words[guard.last].clause in clauses]
    done = any(guard.label == "done" for guard in beside)
    for guard in beside:
        before, after = limits.get(guard.label, (0, 0))
        if done and guard.label == "later":
            continue
        if hit.first <= guard.first and guard.last <= hit.last:
            continue  # inside the phrase it is part of what the phrase says
        if 0 < hit.first - guard.last <= before or 0 < guard.first - hit.last <= after:
            return False
        if (before and guard.first < hit.first <= guard.last) or (after and hit.first < guard.first <= hit.last):
            return False
    return True
