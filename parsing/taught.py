"""What corrections taught, by the words that it is about; a rep's own lessons come before those of the house."""

# ruff: noqa: PLR2004 - lengths are read best where they are weighed

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from parsing.inflection import bases
from parsing.model import Crm, Lesson
from parsing.text import Token, tokens, view_of

CONFIDENCE = 0.9
"""Of what rests on a lesson: people mean the same by a word nearly always, not always."""
LONGEST = 6
"""Words that a lesson may have."""

Scope = tuple[str, str | None]
"""A kind of lesson, and the rep whose lessons these are; None for the house's."""


def phrase_of(said: str) -> str:
    """Words as lessons keep them: each as names are compared; empty where there are none, or too many."""
    keys = [token.key for token in tokens(view_of(said).text) if token.key]
    return " ".join(keys) if len(keys) <= LONGEST else ""


def why(lesson: Lesson) -> str:
    """What a person is told of a value that rests on the lesson."""
    return f"as corrected on {lesson.taught_on.isoformat()}"


@dataclass(frozen=True, slots=True)
class Recalled:
    """A lesson whose words are tokens ``first`` to ``last``."""

    lesson: Lesson
    first: int
    last: int

    @property
    def places(self) -> frozenset[int]:
        """The tokens that the lesson is about."""
        return frozenset(range(self.first, self.last + 1))


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rep wants as keywords and does not: folded terms with the lessons that say so."""

    wanted: Mapping[str, Lesson] = field(default_factory=dict)
    unwanted: Mapping[str, Lesson] = field(default_factory=dict)

    @property
    def terms(self) -> tuple[str, ...]:
        """The wanted terms as they are written."""
        return tuple(lesson.means for lesson in self.wanted.values())


NO_TERMS = Terms()


class Taught:
    """The lessons of a `Crm`, ready to be asked by words."""

    def __init__(self, crm: Crm) -> None:
        """The latest lesson on the same words of one person is the one that holds."""
        self._by_letters: dict[Scope, dict[str, list[tuple[Lesson, tuple[str, ...]]]]] = {}
        self._terms: dict[Scope, dict[str, Lesson]] = defaultdict(dict)
        self._terms_of: dict[str, Terms] = {}
        for lesson in reversed(crm.lessons):
            keys = tuple(lesson.phrase.split())
            if not keys:
                continue
            scope = (lesson.kind, lesson.rep)
            self._by_letters.setdefault(scope, {}).setdefault(keys[0][:2], []).append((lesson, keys))
            self._terms[scope].setdefault(lesson.phrase, lesson)

    def recall(
        self, kind: str, rep: str, words: Sequence[Token], language: str, within: str | None = None
    ) -> list[Recalled]:
        """The lessons of a kind whose words stand in the text, the longest where they overlap, in order.

        ``within`` is the account that lessons on contacts have to be about.
        """
        found: list[tuple[int, int, int, int, Recalled]] = []
        for order, scope in enumerate(((kind, rep), (kind, None))):
            starting = self._by_letters.get(scope)
            if not starting:
                continue
            for at, word in enumerate(words):
                for latest, (lesson, keys) in enumerate(starting.get(word.key[:2], ())):
                    if lesson.within == within and _stand(words, at, keys, language):
                        met = Recalled(lesson, at, at + len(keys) - 1)
                        found.append((-len(keys), order, latest, at, met))
        kept: list[Recalled] = []
        for *_, one in sorted(found, key=lambda some: some[:4]):
            if not any(one.places & other.places for other in kept):
                kept.append(one)
        return sorted(kept, key=lambda one: one.first)

    def terms(self, rep: str) -> Terms:
        """Which terms this rep wants found and left out: as they taught, and beyond that as the house did."""
        if not self._terms:
            return NO_TERMS
        if rep not in self._terms_of:
            self._terms_of[rep] = self._read_terms(rep)
        return self._terms_of[rep]

    def _read_terms(self, rep: str) -> Terms:
        mine, ours = ({kind: self._terms.get((kind, who), {}) for kind in KEYWORDS} for who in (rep, None))
        wanted, unwanted = KEYWORDS
        return Terms(
            {key: one for key, one in {**ours[wanted], **mine[wanted]}.items() if key not in mine[unwanted]},
            {key: one for key, one in {**ours[unwanted], **mine[unwanted]}.items() if key not in mine[wanted]},
        )


KEYWORDS = ("keyword", "not_keyword")


def _stand(words: Sequence[Token], at: int, keys: tuple[str, ...], language: str) -> bool:
    """Whether the words of a lesson stand one after the other from token ``at`` on, in whatever case."""
    run = words[at : at + len(keys)]
    if len(run) < len(keys) or any(one.end + 3 < other.start for one, other in pairwise(run)):
        return False
    return all(_same(word.key, key, language) for word, key in zip(run, keys, strict=True))


@lru_cache(maxsize=20_000)
def _same(said: str, taught: str, language: str) -> bool:
    """Whether a word is the one that was taught, or a form of it; in Finnish both may be inflected."""
    if said == taught or taught in bases(said, language):
        return True
    if language != "fi":
        return False
    mine, theirs = set(bases(said, language)), bases(taught, language)
    # A stem before its endings ends in a vowel: "hofstra" of "Hofstralla" and "Hofstran", not "mäkel" of "Mäkelä".
    return said in theirs or any(
        base in mine and len(base) > 3 and base[-1] in "aeiouy" and said.startswith(base) and taught.startswith(base)
        for base in theirs
    )
