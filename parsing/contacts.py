"""The people a visit was with: those of the account who are named and were there, not those who were away."""

# ruff: noqa: PLR2004 - lengths and points are read best where they are weighed

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence

from parsing.lexicon import Hit, Word, lexicon, read_words
from parsing.model import ContactMention, Found, KnownContact
from parsing.people import Met

_NOT = frozenset({"not", "niet", "nicht", "ei", "eika", "geen", "kein", "keine", "without", "zonder", "ohne"})
_NOT_IN_DIALECT = frozenset({"ned", "net", "nid"})
"""In Dutch "net" is "just": "net Jan gesproken"."""
_OUT = frozenset(
    {"out", "off", "away", "ill", "sick", "poorly", "absent", "afwezig", "ziek", "weg", "vrij", "krank", "abwesend"}
    | {"unterwegs", "frei", "verhindert", "poissa", "sairaana", "lomalla", "pois", "kipea", "kipeana", "verlof"}
)
"""As in "Steve R out, saw Ann": right after a name, with nothing more said."""


_THEIRS = frozenset(
    {"his", "her", "their", "zijn", "z'n", "zn", "haar", "hun", "sein", "seine", "seiner", "seinem", "seinen", "ihr",
     "ihre", "ihrer", "ihrem", "ihren", "hanen", "heidan", "sen", "whose", "deren", "dessen", "wiens"}
)  # fmt: skip
_ALSO = frozenset({"and", "en", "und", "ja", "seka", "och", "or", "of", "oder", "tai", "noch", "nor", "plus", "both"})

_NO_STOP = re.compile(
    r"(?<=\d)[.](?=\s+[a-zäöüå]|\d)|(?<=\b[A-ZÄÖÜÅ])[.]|(?<=\b(?:Dr|Hr|Fr|Mr|Ms|St))[.]|(?<=\bMrs)[.]"
)


def _calm(text: str) -> str:
    """The text without the full stops that end no sentence: after initials, titles and dates."""
    return _NO_STOP.sub(" ", text)


DICTATED = 100
"""Letters beyond which a stretch that tells of what is to come is a report without stops that begins otherwise."""


class Presence:
    """What the words around a name say of the person: met, away, deciding elsewhere or gone."""

    def __init__(
        self,
        text: str,
        language: str,
        quiet: Sequence[tuple[int, int]] = (),
        names: Sequence[tuple[int, int]] = (),
    ) -> None:
        """``quiet`` are stretches that tell of what is to come: people in them alone were not met.

        ``names`` are where people are named: "he" after one of them is the one named last.
        """
        self._words = read_words(_calm(text), language)
        self._not = _NOT | _NOT_IN_DIALECT if language == "de" else _NOT
        self._hits: dict[str, list[Hit]] = defaultdict(list)
        for hit in lexicon(language, "people", "cues").hits(self._words):
            self._hits[hit.label].append(hit)
        self._starts = [word.start for word in self._words]
        self._ends = [word.end for word in self._words]
        self._quiet = quiet
        self._names = sorted(low for low, _ in names)
        self._spans = names

    def _own(self, start: int, end: int) -> range:
        """The places of the words of the name."""
        first = bisect_right(self._ends, start)
        last = bisect_left(self._starts, end)
        return range(first, max(first, last))

    def nearest(self, start: int, end: int, label: str, *, before: bool = False, nobody_nearer: bool = False) -> int:
        """How many words away the nearest cue of ``label`` in the clause (``before`` the name) is; 99 for none.

        With ``nobody_nearer`` cues are left out that stand between this name and another, or beside another.
        """
        own = self._own(start, end)
        if not own:
            return 99
        clauses = {self._words[at].clause for at in own}
        nearest = 99
        for hit in self._hits[label]:
            beside = before and hit.last == own[0] - 1  # "his boss, Ann Lee"
            if not beside and not {self._words[hit.first].clause, self._words[hit.last].clause} & clauses:
                continue
            if hit.first >= own[0] and hit.last <= own[-1]:
                continue  # a word of the name itself: Frau Frei is not off duty
            if before and hit.first > own[-1]:
                continue
            if label == "ours" and hit.first and self._words[hit.first - 1].text in _THEIRS:
                continue  # "her colleague" is theirs
            away = max(hit.first - own[-1], own[0] - hit.last, 0)
            if nobody_nearer and self._nearer(hit, start, away):
                continue
            nearest = min(nearest, away)
        return nearest

    def _denied(self, start: int, end: int) -> bool:
        """Whether "not" stands right before the name, or right after it with nothing more said."""
        own = self._own(start, end)
        if not own:
            return False
        words = self._words
        before, after = own[0] - 1, own[-1] + 1
        if before >= 0 and words[before].text in self._not and start - words[before].end <= 1:
            return True
        if after >= len(words) or words[after].text not in self._not | _OUT or words[after].start - end > 1:
            return False
        return after + 1 >= len(words) or words[after + 1].clause != words[after].clause

    def _echoed(self, start: int, end: int, label: str) -> bool:
        """Whether "he", "she" in one of the next clauses is this person, and a cue of ``label`` stands there."""
        own = self._own(start, end)
        if not own:
            return False
        words = self._words
        following = bisect_left(self._names, end)
        until = self._names[following] if following < len(self._names) else words[-1].end + 1
        sentence = words[own[-1]].sentence
        clauses = {
            words[hit.first].clause
            for hit in self._hits["echo"]
            if own[-1] < hit.first and words[hit.last].end <= until and words[hit.first].sentence <= sentence + 2
        } - {words[own[-1]].clause}
        return any(
            words[hit.first].clause in clauses and words[hit.last].end <= until and not self._to_come(hit)
            for hit in self._hits[label]
        )

    def _both(self, start: int, end: int) -> bool:
        """Whether this or one of the next sentences says that two people were met: "had a coffee with both"."""
        own = self._own(start, end)
        if not own or len(self._names) < 2:
            return False
        sentence = self._words[own[-1]].sentence
        following = [at for at in self._names if at > start]
        return any(
            sentence <= self._words[hit.first].sentence <= sentence + 2
            and sum(at > self._words[hit.first].start for at in following) == 0
            and not self._to_come(hit)
            for hit in self._hits["both"]
        )

    def _nearer(self, hit: Hit, start: int, away: int) -> bool:
        """Whether another name of its clause stands before a cue that is ``away`` words from this name, and nearer."""
        words = self._words
        first = bisect_left(self._starts, start)
        for name in self._names:
            at = bisect_left(self._starts, name)
            if name == start or at >= len(words) or words[at].clause != words[hit.first].clause or at >= hit.first:
                continue
            between = words[min(at, first) + 1 : max(at, first)]
            if hit.first - at < away and any(word.text not in _ALSO for word in between if not self._in_name(word)):
                return True
        return False

    def _in_name(self, word: Word) -> bool:
        """Whether a word is part of a name."""
        return any(low <= word.start < high for low, high in self._spans)

    def _to_come(self, hit: Hit) -> bool:
        """Whether a cue stands in a stretch that tells of what is to come."""
        return any(low <= self._words[hit.first].start < high for low, high in self._quiet)

    def _subject(self, end: int) -> bool:
        """Whether a verb of wanting or saying follows the name: the person spoke, though of what is to come."""
        after = bisect_left(self._starts, end)
        return any(hit.first == after for hit in self._hits["wants"])

    def follows(self, start: int, end: int) -> bool:
        """Whether the words about the name say that the person takes somebody's place."""
        return self.nearest(start, end, "heir") <= 3

    def introduced(self, start: int, end: int) -> bool:
        """Whether this or the next sentence tells of getting to know the person."""
        own = self._own(start, end)
        if not own:
            return False
        sentence = self._words[own[-1]].sentence
        low = max((at for at in self._names if at < start), default=-1)
        high = min((at for at in self._names if at >= end), default=len(self._words) and self._ends[-1] + 1)
        return any(
            sentence <= self._words[hit.first].sentence <= sentence + 1
            and (hit.label == "presented" or low < self._starts[hit.first] < high)
            and not self._to_come(hit)
            for hit in (*self._hits["intro"], *self._hits["presented"])
        )

    def shown(self, start: int, end: int) -> bool:
        """Whether the text tells of getting to know the person, or of meeting two people of whom this is one."""
        return self.introduced(start, end) or self._both(start, end) or self._echoed(start, end, "intro")

    def owner(self, end: int) -> bool:
        """Whether the name that ends there only tells whose something is: "Joost zijn laptop"."""
        after = bisect_left(self._starts, end)
        return any(hit.first == after for hit in self._hits["owner"])

    def beside(self, start: int, end: int, low: int, high: int) -> bool:
        """Whether the name at ``text[start:end]`` and ``text[low:high]`` stand in one clause."""
        return bool(
            {self._words[at].clause for at in self._own(start, end)}
            & {self._words[at].clause for at in self._own(low, high)}
        )

    def says(self, start: int, end: int) -> str:
        """What the words about ``text[start:end]`` say: "met", "away", "later" (a promise alone) or "" for nothing."""
        met = self.nearest(start, end, "met")
        away = self.nearest(start, end, "absent", nobody_nearer=True)
        gone = self.nearest(start, end, "gone", nobody_nearer=True)
        boss = min(self.nearest(start, end, "boss"), self.nearest(start, end, "asked", before=True))
        if self._echoed(start, end, "absent"):
            return "away"
        if away == 99 and (self._echoed(start, end, "intro") or self._both(start, end)):
            return "met"
        if (
            self._denied(start, end)
            or (away < 99 and away <= met + 3)
            or (gone <= 6 and gone < met)
            or (boss <= 4 and boss < met)
        ):
            return "away"
        quiet = [high - low for low, high in self._quiet if low <= start and end <= high]
        agreed = bool(quiet) and self.nearest(start, end, "agreed") <= 5
        if quiet and not agreed and not self._subject(end) and not (min(quiet) > DICTATED and met <= 2):
            return "later"
        return "met" if met <= 3 or self._subject(end) else ""

    def leaves(self, start: int, end: int) -> bool:
        """Whether the person is said to leave, and not to have been away."""
        return self.nearest(start, end, "gone") <= 6 and self.nearest(start, end, "absent") == 99

    def was_met(self, start: int, end: int) -> bool:
        """Whether the person named at ``text[start:end]`` took part, as far as the words about the name say."""
        return self.says(start, end) in {"met", ""}

    def strange(self, start: int, end: int) -> bool:
        """Whether the name is one of ours or of a competitor: a word that says so stands right before or after it."""
        return min(self.nearest(start, end, "ours"), self.nearest(start, end, "rival")) <= 3


def _cue_of(met: Met) -> str:
    """What kind of evidence a name is: one of `parsing.confidence.CUES`."""
    if met.given and met.family:
        return "full name"
    return "first name" if met.given else "surname"


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
        if says == "away" and "" in said.get(met.contact, ()) and presence.leaves(*span):
            says = ""  # named before as somebody there: who leaves was still met
        said.setdefault(met.contact, set()).add(says)
        confidence = min(0.98, 0.75 + 0.06 * met.weight)
        old = found.get(met.contact)
        if says in {"met", ""} and (old is None or old.confidence < confidence):
            found[met.contact] = Found(
                ContactMention(id=contacts[met.contact].id),
                span[0],
                span[1],
                "text",
                confidence,
                met.why,
                met.lesson,
                _cue_of(met),
            )
    kept = [one for contact, one in found.items() if "met" in said[contact] or "away" not in said[contact]]
    owners = [one for one in kept if presence.owner(one.end)]
    if len(owners) < len(kept):
        kept = [one for one in kept if one not in owners]
    return sorted(kept, key=lambda one: one.start)
