"""Somebody left a customer, and who follows: by the phrases of ``words/<language>/changes.toml``."""

from collections.abc import Iterator, Sequence
from functools import cache

from parsing.lexicon import Hit, Word, fold, lexicon, read_words
from parsing.model import ContactChange, ContactMention, Found
from parsing.words import table

Person = Found[ContactMention]

_SENTENCES = 3
"""How many sentences around the leaving a person is looked for who is only "he" there, and the successor."""
_BESIDE = 2
"""Letters between a name and the word right after it."""
_WITHIN = 6
"""How many words may stand between "the new buyer" and the name."""


def find_changes(text: str, language: str, persons: Sequence[Person]) -> list[Found[ContactChange]]:
    """Each person who left with the successor, where the text names one; ``persons`` are all names in ``text``."""
    words = read_words(text, language)
    named = sorted(
        (person for person in persons if person.part == "text" and person.end > person.start),
        key=lambda person: person.start,
    )
    if not words or not named:
        return []
    owners = {
        one.start
        for hit in _said("left", words, language) if hit.label == "after_genitive"
        for one in named if _owned(one, hit, words, text)
    }  # fmt: skip
    heirs = _heirs(words, language, [one for one in named if one.start not in owners])
    changes: list[Found[ContactChange]] = []
    gone: list[ContactMention] = []
    for hit in _said("left", words, language):
        if hit.label == "with_heir" and not any(_near(hit, said, words) for _, said in heirs):
            continue
        person = _leaver(hit, words, (text, language), named, [heir for heir, _ in heirs])
        if person is None or person.value in gone:
            continue
        gone.append(person.value)
        successor = _successor(hit, words, person, heirs)
        change = ContactChange(contact=person.value, change="left", successor=successor)
        found = Found(
            change,
            words[hit.first].start,
            words[hit.last].end,
            why="someone left",
            cue="followed" if successor else "left",
        )
        changes.append(found)
    return changes


def find_leaver(
    hit: Hit, words: Sequence[Word], text: str, language: str, persons: Sequence[Person]
) -> tuple[Person, ContactMention | None] | None:
    """Of whom a phrase speaks that is told of somebody who left, and who follows; ``persons`` are all names there."""
    named = sorted((one for one in persons if one.part == "text" and one.end > one.start), key=lambda one: one.start)
    person = _leaver(hit, words, (text, language), named, [])
    return (person, _successor(hit, words, person, _heirs(words, language, named))) if person else None


def heirs_follow(text: str, language: str) -> frozenset[int]:
    """Offsets in ``text`` where phrases end that a successor's name follows: "her successor will be"."""
    words = read_words(text, language)
    hits = _said("successor", words, language)
    return frozenset(words[hit.last].end for hit in hits if hit.label == "person_follows")


def _said(section: str, words: Sequence[Word], language: str) -> Iterator[Hit]:
    """The phrases of a section that one clause holds and nobody asks about."""
    for hit in lexicon(language, "changes", section).hits(words):
        if words[hit.first].clause == words[hit.last].clause and not words[hit.first].asked:
            yield hit


def _near(hit: Hit, other: Hit, words: Sequence[Word]) -> bool:
    return abs(words[other.first].sentence - words[hit.first].sentence) <= _SENTENCES


def _successor(
    hit: Hit, words: Sequence[Word], leaver: Person, heirs: Sequence[tuple[Person, Hit]]
) -> ContactMention | None:
    """Of those who take something over nearby the one named nearest to the leaving."""
    near = [
        (abs(words[said.first].start - words[hit.first].start), index)
        for index, (heir, said) in enumerate(heirs)
        if heir.value != leaver.value and _near(hit, said, words)
    ]
    return heirs[min(near)[1]][0].value if near else None


def _heirs(words: Sequence[Word], language: str, persons: Sequence[Person]) -> list[tuple[Person, Hit]]:
    """Who takes over, with the phrase that says so."""
    found: list[tuple[Person, Hit]] = []
    for hit in _said("successor", words, language):
        if hit.label == "person_follows":
            person = _next(hit, words, persons)
        else:
            person = _last(hit, words, persons, same_clause=True)
        if person is not None:
            found.append((person, hit))
    return found


def _next(hit: Hit, words: Sequence[Word], persons: Sequence[Person]) -> Person | None:
    """The first person after a phrase, a few words on in its sentence."""
    limit = min(hit.last + 1 + _WITHIN, len(words) - 1)
    while limit > hit.first and words[limit].sentence != words[hit.first].sentence:
        limit -= 1
    reach = range(words[hit.first].start, words[limit].end + 1)
    after = [person for person in persons if person.start in reach and person.start >= words[hit.first].start]
    return next((person for person in after if person.start >= words[hit.last].start), None)


def _last(hit: Hit, words: Sequence[Word], persons: Sequence[Person], *, same_clause: bool) -> Person | None:
    """The last person before a phrase (or within it: "takes Brent over") in its clause or its sentence."""
    at = hit.first
    while at and (
        words[at - 1].clause == words[hit.first].clause
        or (not same_clause and words[at - 1].sentence == words[hit.first].sentence)
    ):
        at -= 1
    here = [person for person in persons if words[at].start <= person.start <= words[hit.last].start]
    return here[-1] if here else None


def _leaver(
    hit: Hit, words: Sequence[Word], said: tuple[str, str], persons: Sequence[Person], heirs: Sequence[Person]
) -> Person | None:
    """Who left: the name beside the phrase, or the one named last before "she", "he"; ``said`` in which language."""
    text, language = said
    heir_starts = {heir.start for heir in heirs}
    free = [person for person in persons if person.start not in heir_starts]
    if hit.label == "person_follows":
        return _next(hit, words, free) or _next(hit, words, persons)
    if hit.label == "after_genitive":
        return next((one for one in free if _owned(one, hit, words, text)), None)
    if hit.label == "ends_clause":
        shown = language != "de" and text != text.lower()
        after = words[hit.last + 1] if hit.last + 1 < len(words) else None
        ends = after is None or after.clause != words[hit.last].clause or (shown and text[after.start].isupper())
        return next((one for one in free if ends and 0 <= words[hit.first].start - one.end <= _BESIDE), None)
    if (beside := _last(hit, words, free, same_clause=True)) is not None:
        return beside
    clause = [word.text for word in words if word.clause == words[hit.first].clause]
    back = _before(hit, words, free)
    if any(word in _pronouns(language) for word in clause):
        return back
    opens = hit.first == 0 or words[hit.first - 1].clause != words[hit.first].clause  # "Is vertrokken naar ..."
    return _last(hit, words, free, same_clause=False) or _next_in_clause(hit, words, free) or (back if opens else None)


def _owned(person: Person, hit: Hit, words: Sequence[Word], text: str) -> bool:
    """Whether a Finnish name stands in the genitive right before a phrase: "Pentin tilalla", not "Virtanen tilalla"."""
    said = text[person.start : person.end].lower()
    return 0 <= words[hit.first].start - person.end <= _BESIDE and said.endswith("n") and not said.endswith("nen")


def _next_in_clause(hit: Hit, words: Sequence[Word], persons: Sequence[Person]) -> Person | None:
    """The person named after a phrase in its clause: "gekündigt hat der Huber"; in another it is somebody else."""
    rest = [word for word in words[hit.last :] if word.clause == words[hit.last].clause]
    return next((one for one in persons if rest[0].start < one.start <= rest[-1].start), None)


def _before(hit: Hit, words: Sequence[Word], persons: Sequence[Person]) -> Person | None:
    """The person named first in the nearest sentence before that names one."""
    sentence = words[hit.first].sentence
    for back in range(_SENTENCES + 1):
        spans = [word for word in words if word.sentence == sentence - back and word.start < words[hit.first].start]
        here = [one for one in persons if spans and spans[0].start <= one.start < spans[-1].end]
        if here:
            return here[0]
    return None


@cache
def _pronouns(language: str) -> frozenset[str]:
    return frozenset(fold(word, language) for word in table(language, "changes").get("pronouns", ()))
