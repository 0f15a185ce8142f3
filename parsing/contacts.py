"""The people a visit was with: those of the account who are named and were there, not those who were away."""

# ruff: noqa: PLR2004 - lengths and points are read best where they are weighed

import re
from collections import defaultdict
from collections.abc import Sequence

from parsing.lexicon import Hit, Word, lexicon, read_words
from parsing.model import ContactMention, Found, KnownContact
from parsing.people import Met

_NOT = frozenset(
    {"not", "niet", "nicht", "ned", "net", "nid", "ei", "eika", "geen", "kein", "keine", "without", "zonder", "ohne"}
)


_NO_STOP = re.compile(r"(?<=\d)[.](?=\s+[a-zäöüå])|(?<=\b[A-ZÄÖÜÅ])[.]|(?<=\b(?:Dr|Hr|Fr|Mr|Ms|St))[.]|(?<=\bMrs)[.]")


def _calm(text: str) -> str:
    """The text without the full stops that end no sentence: after initials, titles and dates."""
    return _NO_STOP.sub(" ", text)


class Presence:
    """What the words around a name say of the person: met, away, deciding elsewhere or gone."""

    def __init__(self, text: str, language: str, quiet: Sequence[tuple[int, int]] = ()) -> None:
        """``quiet`` are stretches that tell of what is to come: people in them alone were not met."""
        self._words = read_words(_calm(text), language)
        self._hits: dict[str, list[Hit]] = defaultdict(list)
        for hit in lexicon(language, "people", "cues").hits(self._words):
            self._hits[hit.label].append(hit)
        self._quiet = quiet

    def _clause(self, start: int, end: int) -> list[int]:
        """The places of the words of the clauses that hold the name."""
        own = [at for at, word in enumerate(self._words) if word.start < end and start < word.end]
        if not own:
            return []
        clauses = {self._words[at].clause for at in own}
        return [at for at, word in enumerate(self._words) if word.clause in clauses]

    def _distance(self, hit: Hit, start: int, end: int) -> int:
        own = [at for at, word in enumerate(self._words) if word.start < end and start < word.end]
        if not own:
            return 99
        if hit.first > own[-1]:
            return hit.first - own[-1]
        return own[0] - hit.last if hit.last < own[0] else 0

    def nearest(self, start: int, end: int, label: str) -> int:
        """How many words away the nearest cue of ``label`` in the clause is; 99 where there is none."""
        clause = set(self._clause(start, end))
        return min(
            (
                self._distance(hit, start, end)
                for hit in self._hits[label]
                if (hit.first in clause or hit.last in clause) and not self._within(hit, start, end)
            ),
            default=99,
        )

    def _within(self, hit: Hit, start: int, end: int) -> bool:
        """Whether a cue is a word of the name itself: Frau Frei is not off duty."""
        return self._words[hit.first].start >= start and self._words[hit.last].end <= end

    def _denied(self, start: int, end: int) -> bool:
        """Whether "not" stands right before the name, or right after it with nothing more said."""
        before = [word for word in self._words if word.end <= start]
        after = [word for word in self._words if word.start >= end]
        if before and before[-1].text in _NOT and start - before[-1].end <= 1:
            return True
        ends = len(after) < 2 or after[1].clause != after[0].clause  # fmt: skip
        return bool(after) and after[0].text in _NOT and after[0].start - end <= 1 and ends

    def _subject(self, end: int) -> bool:
        """Whether a verb of wanting or saying follows the name: the person spoke, though of what is to come."""
        after = [at for at, word in enumerate(self._words) if word.start >= end][:1]
        return any(hit.first in after for hit in self._hits["wants"])

    def follows(self, start: int, end: int) -> bool:
        """Whether the words about the name say that the person takes somebody's place."""
        return self.nearest(start, end, "heir") <= 3

    def introduced(self, start: int, end: int) -> bool:
        """Whether this or the next sentence tells of getting to know the person."""
        own = [word for word in self._words if word.start < end and start < word.end]
        if not own:
            return False
        sentences = {own[-1].sentence, own[-1].sentence + 1}
        return any(self._words[hit.first].sentence in sentences for hit in self._hits["intro"])

    def says(self, start: int, end: int) -> str:
        """What the words about ``text[start:end]`` say: "met", "away", "later" (a promise alone) or "" for nothing."""
        met = self.nearest(start, end, "met")
        away = self.nearest(start, end, "absent")
        gone = self.nearest(start, end, "gone")
        boss = self.nearest(start, end, "boss")
        if (
            self._denied(start, end)
            or (away < 99 and away <= met + 3)
            or (gone <= 6 and gone < met)
            or (boss <= 4 and boss < met)
        ):
            return "away"
        if any(low <= start and end <= high for low, high in self._quiet) and not self._subject(end):
            return "later"
        return "met" if met <= 3 else ""

    def was_met(self, start: int, end: int) -> bool:
        """Whether the person named at ``text[start:end]`` took part, as far as the words about the name say."""
        return self.says(start, end) in {"met", ""}

    def strange(self, start: int, end: int) -> bool:
        """Whether the name is one of ours or of a competitor: a word that says so stands right before or after it."""
        return min(self.nearest(start, end, "ours"), self.nearest(start, end, "rival")) <= 3

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of the text as the cues were found in them."""
        return self._words


def known_mentions(
    people: Sequence[Met], spans: Sequence[tuple[int, int]], presence: Presence, contacts: Sequence[KnownContact]
) -> list[Found[ContactMention]]:
    """Contacts of the account that were met, each at the place that says so; those that two may mean are left out."""
    places: dict[tuple[int, int], set[int]] = {}
    for met, span in zip(people, spans, strict=True):
        places.setdefault(span, set()).add(met.contact)
    found: dict[int, Found[ContactMention]] = {}
    said: dict[int, set[str]] = {}
    for met, span in zip(people, spans, strict=True):
        if len(places[span]) > 1:
            continue
        says = presence.says(*span)
        said.setdefault(met.contact, set()).add(says)
        confidence = min(0.98, 0.75 + 0.06 * met.weight)
        old = found.get(met.contact)
        if says in {"met", ""} and (old is None or old.confidence < confidence):
            found[met.contact] = Found(
                ContactMention(id=contacts[met.contact].id), span[0], span[1], "text", confidence, "named"
            )
    kept = [one for contact, one in found.items() if "met" in said[contact] or "away" not in said[contact]]
    return sorted(kept, key=lambda one: one.start)
