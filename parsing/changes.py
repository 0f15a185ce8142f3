"""Somebody left a customer, and who follows: by the phrases of ``words/<language>/changes.toml``."""

from collections.abc import Iterable, Sequence

from parsing.lexicon import Hit, Word, lexicon, read_words
from parsing.model import ContactChange, ContactMention, Found

Person = Found[ContactMention]

_SENTENCES = 2
"""How many sentences after the leaving a successor may be named."""


def find_changes(text: str, language: str, persons: Sequence[Person]) -> list[Found[ContactChange]]:
    """Each person who left with the successor, where the text names one; ``persons`` are all names in ``text``."""
    words = read_words(text, language)
    persons = sorted((person for person in persons if person.part == "text"), key=lambda person: person.start)
    heirs = _heirs(words, language, persons)
    changes: list[Found[ContactChange]] = []
    gone: set[tuple[int, int]] = set()
    for hit in lexicon(language, "changes", "left").hits(words):
        person = _left(hit, words, persons, {heir.start for heir, _ in heirs})
        if person is None or (person.start, person.end) in gone:
            continue
        gone.add((person.start, person.end))
        changes.append(_change(hit, words, person, heirs))
    return changes


def _change(
    hit: Hit, words: Sequence[Word], person: Person, heirs: Iterable[tuple[Person, Hit]]
) -> Found[ContactChange]:
    near = [
        heir
        for heir, said in heirs
        if heir.value != person.value and -1 <= words[said.first].sentence - words[hit.first].sentence <= _SENTENCES
    ]
    successor = near[0].value if near else None
    change = ContactChange(contact=person.value, change="left", successor=successor)
    return Found(change, words[hit.first].start, words[hit.last].end, confidence=0.85, why="someone left")


def _heirs(words: Sequence[Word], language: str, persons: Sequence[Person]) -> list[tuple[Person, Hit]]:
    found: list[tuple[Person, Hit]] = []
    for hit in lexicon(language, "changes", "successor").hits(words):
        person = _beside(hit, words, persons, after=hit.label == "person_follows")
        if person is not None:
            found.append((person, hit))
    return found


def _left(hit: Hit, words: Sequence[Word], persons: Sequence[Person], heirs: set[int]) -> Person | None:
    after = hit.label == "person_follows"
    free = [person for person in persons if person.start not in heirs] or persons
    return _beside(hit, words, free, after=after)


def _beside(hit: Hit, words: Sequence[Word], persons: Sequence[Person], *, after: bool) -> Person | None:
    """The nearest person on the named side of a phrase in its sentence, else on the other side."""
    sentence = [word for word in words if word.sentence == words[hit.first].sentence]
    begin, end = sentence[0].start, sentence[-1].end
    here = [person for person in persons if begin <= person.start < end]
    behind = [person for person in here if person.start >= words[hit.first].start]
    before = [person for person in here if person.start < words[hit.first].start]
    first, second = (behind, before[::-1]) if after else (before[::-1], behind)
    return next(iter(first), next(iter(second), None))
