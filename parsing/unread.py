"""Which words of a message a correction is about, where nothing was read from them."""

# ruff: noqa: PLR2004 - lengths are read best where they are weighed

from collections.abc import Collection, Sequence

from parsing import literals
from parsing.model import KnownContact
from parsing.people import known_people, sex_of_title
from parsing.places import is_town
from parsing.surroundings import cue_before
from parsing.text import Token, fold, view_of
from parsing.vocabulary import SHORT_WORDS, commonness
from parsing.words import given_names, surnames

EVERYDAY = 4.3
"""A word used more often than this (Zipf) says nothing of who is meant."""
RARE = 3.5
"""A word used more often than this (Zipf) may stand after "at" without naming anybody."""


def without_titles(said: str) -> str:
    """The words of a name without "Mrs" and the like, each with one blank between."""
    return _said([word for word in literals.words(view_of(said).text) if not sex_of_title(word.key)])


def tells_apart(said: str, language: str) -> bool:
    """Whether words may stand for one customer: a name, or a word that is not said of everybody ("the customer")."""
    return any(
        commonness(fold(word.text)) < EVERYDAY
        or fold(word.text) in surnames()
        or (word.capital and language != "de" and commonness(fold(word.text)) < EVERYDAY + 1)
        for word in literals.words(view_of(said).text)
        if word.key not in SHORT_WORDS
    )


def words_for_person(name: str, text: str, language: str, taken: Collection[str]) -> str:
    """The words that may mean the person called ``name``: part of the name, or the only first name that is left over.

    Empty where there are none, or where the name is there in full. ``taken`` are the keys of words that name somebody
    else.
    """
    words = literals.words(view_of(text).text)
    met = known_people(words, language, [(0, KnownContact(id="", name=name))], frozenset())
    if met:
        first = met[0]
        full = first.given and first.family
        return "" if full else without_titles(_said(words[first.first : first.last + 1]))
    left = {
        word.key: word.text for word in words
        if word.capital and len(word.key) > 1 and word.key not in taken and fold(word.text) in given_names()
    }  # fmt: skip
    return next(iter(left.values())) if len(left) == 1 else ""


def word_for_account(text: str, language: str, taken: Collection[str]) -> str:
    """The rare word after "at", "bij", "beim" that may be a customer's nickname; empty where there is not just one."""
    words = literals.words(view_of(text).text)
    found = {
        words[at].key: words[at].text
        for at in range(1, len(words))
        if cue_before(words, _with_article(words, at), language) and _may_be_nickname(words[at], language, taken)
    }
    return next(iter(found.values())) if len(found) == 1 else ""


def _said(words: Sequence[Token]) -> str:
    return " ".join(word.text for word in words)


def _with_article(words: Sequence[Token], at: int) -> int:
    return at - 1 if words[at - 1].key in SHORT_WORDS and at > 1 else at


def _may_be_nickname(word: Token, language: str, taken: Collection[str]) -> bool:
    folded = fold(word.text)
    if word.key in taken or folded in given_names() or is_town(word.text, language):
        return False
    return len(word.key) > 3 and word.text.isalpha() and commonness(folded) < RARE
