"""Where clauses turn in text that was dictated: no commas, so the words that open a main clause have to show it.

Dutch and German put the verb second: a clause turns before "ich schicke" and before the words in front of "schicke
ich". English turns before "he wants", "I'll send"; Finnish, which needs no pronoun, before "lähetän".
"""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from parsing.text import fold
from parsing.when.lexer import Lexed
from parsing.words import table

LEAST = 2
"""Words on each side of a turn."""
BACK = 4
"""Words in front of an inverted verb that may be its first part: "die offerte stuur ik"."""
_LEADS = "bBtf@#izk"
"""Classes of words that lead to a date."""


@dataclass(frozen=True, slots=True)
class Turns:
    """The words of one language at which a clause turns to another."""

    language: str
    openers: frozenset[str]
    joiners: frozenset[str]
    speakers: frozenset[str]
    own: frozenset[str]
    asked: frozenset[str]
    finite: frozenset[str]
    """Verbs in a form that has a subject."""
    deeds: frozenset[str]
    """Infinitives of what is to be done, and participles of what was."""
    mine: frozenset[str]
    """Finnish first persons."""
    fronts: frozenset[str]
    """Words that may stand before an inverted verb: "dann", "daar", "die"."""
    shows: frozenset[str]
    """Demonstratives that may be a subject."""
    articles: frozenset[str]
    prefixes: frozenset[str]
    """Parts of verbs that may end a clause: "hij neemt niet op"."""
    bound: frozenset[str]
    """Words behind which no main clause begins: prepositions and conjunctions."""


@cache
def turns(language: str) -> Turns:
    """The turns of a language, from its ``actions.toml``; empty lists for another language."""
    words = table(language, "actions")
    subjects, cues, more = words.get("subjects", {}), words.get("cues", {}), words.get("turns", {})
    verbs = [entry.split() for entry in words.get("verbs", {}).get("list", ())]
    nouns = set(words.get("verbs", {}).get("nouns", ()))
    forms = {form for entry in verbs for form in (entry if language == "en" else entry[1:])} - nouns
    mine = {entry[1] for entry in verbs if len(entry) > 1} - nouns if language == "fi" else set()
    own = frozenset(map(fold, subjects.get("own", ())))
    return Turns(
        language=language,
        openers=frozenset(words.get("clause_openers", ())),
        joiners=frozenset(words.get("joiners", ())) - {"+", "&"},
        speakers=own | frozenset(map(fold, subjects.get("other", ()))),
        own=own,
        asked=frozenset(map(fold, subjects.get("asked", ()))),
        finite=frozenset(map(fold, (*forms, *cues.get("wishes", ()), *cues.get("third", ()), *more.get("finite", ())))),
        deeds=frozenset(map(fold, (*(entry[0] for entry in verbs), *cues.get("done", ())))),
        mine=frozenset(map(fold, (*mine, *more.get("mine", ())))),
        fronts=frozenset(map(fold, more.get("fronts", ()))),
        shows=frozenset(map(fold, more.get("shows", ()))),
        articles=frozenset(map(fold, more.get("articles", ()))),
        prefixes=frozenset(map(fold, words.get("verbs", {}).get("prefixes", ()))),
        bound=frozenset(map(fold, (*subjects.get("toward", ()), *more.get("bound", ())))),
    )


def cuts(lexed: Lexed, first: int, last: int, inside: set[int], language: str) -> list[int]:
    """The tokens between ``first`` and ``last`` before which a clause turns; ``inside`` are tokens of dates."""
    table_ = turns(language)
    words = [at for at in range(first, last) if lexed.letters[at] not in " \n"]
    said = [lexed.tokens[at].text.replace("’", "'") for at in words]  # noqa: RUF001
    dated = [at in inside for at in words]
    letters = [lexed.letters[at] for at in words]
    found: set[int] = set()
    for place in range(1, len(words) - 1):
        cut = _turn(said, dated, letters, place, table_)
        if cut is not None and LEAST <= cut <= len(words) - LEAST:
            found.add(cut)
    edges = [*sorted(found), len(words)]
    kept = [low for low, high in pairwise(edges) if said[low] not in table_.joiners or _acts(said[low:high], table_)]
    return [words[cut] for cut in kept]


def _acts(said: list[str], table_: Turns) -> bool:
    """Whether what follows an "and" has a verb of its own, so that it is no mere list: "Frau Roth und der Meister"."""
    if len(said) > 1 and said[1] in table_.fronts - table_.articles - table_.shows:
        return True
    near = 5 if table_.language == "en" else len(said)
    spoken = [word for index, word in enumerate(said[:near]) if said[max(0, index - 1)] != "to"]
    return any(word in table_.finite or word in table_.mine or word in table_.deeds for word in spoken)


def _turn(said: list[str], dated: list[bool], letters: list[str], place: int, table_: Turns) -> int | None:
    """The word before which a clause turns because of the word at ``place``; None where it does not."""
    word = said[place]
    if dated[place] or word in table_.joiners:
        return None if dated[place] else place
    if table_.language == "fi":
        return _finnish(said, dated, letters, place, table_)
    if word in table_.speakers or word in table_.shows:
        return place if _has_its_verb(said, dated, place, table_) else None
    return _inverted(said, dated, letters, place, table_) if word in table_.finite else None


def _has_its_verb(said: list[str], dated: list[bool], place: int, table_: Turns) -> bool:
    """Whether a subject is followed by its verb, and nothing before it binds it: "er will", "i'll"."""
    word, before, after = said[place], said[place - 1], said[place + 1]
    english = table_.language == "en"
    follows = after in table_.finite or (english and "'" in word)
    parted = word in table_.own and before in table_.prefixes
    free = (before not in table_.bound or parted) and (before not in table_.finite or english)
    shown = word not in table_.speakers and before in table_.articles
    return follows and free and not shown and not dated[place + 1]


def _inverted(said: list[str], dated: list[bool], letters: list[str], place: int, table_: Turns) -> int | None:
    """Where a clause turns whose verb comes before its subject: "stuur ik", "kannst du"."""
    before, after = said[place - 1], said[place + 1]
    if after in table_.asked and after not in table_.speakers:
        called = place > 1 and (said[place - 2] in table_.openers or said[place - 2] in table_.joiners)
        return place - 1 if letters[place - 1] == "Z" or before in table_.joiners or called else place
    if table_.language == "en" or after not in table_.speakers:
        return None
    if dated[place - 1]:
        return _before_date(dated, letters, place - 1)
    if before in table_.fronts or before in table_.shows:
        return place - 1
    if before in table_.finite:
        return place
    return _front(said, dated, place - 1, table_) if after in table_.own else None


def _front(said: list[str], dated: list[bool], at: int, table_: Turns) -> int:
    """The first word of what stands before "stuur ik" and ends at ``at``: "die offerte"."""
    for back in range(at, max(-1, at - BACK), -1):
        if said[back] in table_.articles or said[back] in table_.shows:
            return back - 1 if back and said[back - 1] in table_.bound else back
        if said[back] in table_.joiners or said[back] in table_.openers:
            return back
        if said[back] in table_.finite or dated[back]:
            return back + 1
    return at


def _before_date(dated: list[bool], letters: list[str], at: int) -> int:
    """The first word of a date with the words that lead to it."""
    while at and (dated[at - 1] or letters[at - 1] in _LEADS):
        at -= 1
    return at


def _finnish(said: list[str], dated: list[bool], letters: list[str], place: int, table_: Turns) -> int | None:
    word, before, after = said[place], said[place - 1], said[place + 1]
    if word in table_.speakers and (after in table_.finite or after in table_.mine):
        return place if before not in table_.bound else None
    if word not in table_.mine or before in table_.speakers or before in table_.bound:
        return None
    if dated[place - 1]:
        return _before_date(dated, letters, place - 1)
    return place - 1 if before in table_.fronts else place


__all__ = ["Turns", "cuts", "turns"]
