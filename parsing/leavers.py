"""People of whom only the first name is said, where the text tells that they left or follow: "Brent takes her seat"."""

from collections.abc import Collection, Sequence

from parsing.designations import is_model
from parsing.lexicon import Hit, Word, lexicon, read_words
from parsing.names import Person
from parsing.people import PARTICLES
from parsing.text import Token, fold
from parsing.vocabulary import commonness
from parsing.words import given_names, surnames, towns

_REACH = 3
"""Words between a first name and the phrase that says so."""
_EVERYDAY = 5.0
"""A first name that is used this often (Zipf) is another word: "Will", "Mark"."""


def lone_names(
    words: Sequence[Token], text: str, language: str, blocked: Collection[int], persons: Sequence[Person]
) -> list[Person]:
    """First names alone beside a phrase of leaving or following; tokens in ``blocked`` and ``persons`` are taken."""
    read = read_words(text, language)
    hits = [hit for section in ("left", "successor") for hit in lexicon(language, "changes", section).hits(read)]
    if not hits:
        return []
    taken = {*blocked, *(at for one in persons for at in range(one.first, one.last + 1))}
    found: list[Person] = []
    for at, word in enumerate(words):
        if at in taken or not _is_first_name(words, at) or is_model(text, word.end):
            continue
        if not any(_beside(word, hit, read) for hit in hits):
            continue
        last = _family(words, at, taken)
        found.append(Person(at, last, text[word.start : words[last].end] if last > at else word.text, 0.6))
    return found


def _family(words: Sequence[Token], at: int, taken: Collection[int]) -> int:
    """Where a surname behind particles ends, however it is written: "merel van dongen"; ``at`` itself for none."""
    last = at + 1
    while last < len(words) and words[last].key in PARTICLES and words[last].start - words[last - 1].end == 1:
        last += 1
    ends = last > at + 1 and last < len(words) and words[last].start - words[last - 1].end == 1
    known = ends and last not in taken and fold(words[last].text) in surnames()
    return last if known else at


def _is_first_name(words: Sequence[Token], at: int) -> bool:
    """Whether a word is a first name, without a surname after it."""
    word, after = words[at], words[at + 1] if at + 1 < len(words) else None
    folded = fold(word.text)
    if not word.capital or folded not in given_names() or folded in towns() or commonness(folded) > _EVERYDAY:
        return False
    return after is None or not after.capital or after.start - word.end != 1


def _beside(word: Token, hit: Hit, read: Sequence[Word]) -> bool:
    """Whether the name stands before or after the phrase as its label wants it, a few words away in its clause."""
    own = next((at for at, one in enumerate(read) if one.start <= word.start < one.end), None)
    if own is None or read[own].clause not in {read[hit.first].clause, read[hit.last].clause}:
        return False
    if hit.label == "person_follows":
        return hit.first < own <= hit.last + 1 + _REACH
    return hit.first - 1 - _REACH <= own < hit.first or hit.first < own < hit.last
