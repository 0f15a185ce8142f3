"""Where somebody works now who left: by the phrases of ``words/<language>/moves.toml``."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from parsing.answers import read_account
from parsing.changes import find_leaver
from parsing.companies import base_name
from parsing.lexicon import Hit, Word, fold, lexicon, read_words
from parsing.model import AccountMention, ContactChange, ContactMention, Crm, Found
from parsing.searching import find_accounts
from parsing.text import fold as plain
from parsing.text import tokens
from parsing.vocabulary import commonness
from parsing.words import table, towns

Person = Found[ContactMention]
Place = tuple[int, int]

MOVED = "someone works elsewhere"
LOOSE = ", loosely"
"""Ends the label of a phrase that says so only of somebody of whom it is told that they left."""
_LONGEST = 6
"""Words of an employer's name."""
_NEAR = 2
"""Sentences between that somebody left and where they went."""
_EVERYDAY = 4.0
"""A lone word that is used this often (Zipf) is no company's name."""

_GENITIVE = re.compile(r"(?<=[bcdfghjklmnpqrstvwxz])in$|(?<=e)en$|(?<=[aeiouyäö])n$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """What is read, in which language, whose words it is, and what names mean."""

    text: str
    language: str
    rep: str
    crm: Crm


def find_employer(page: Page) -> AccountMention | None:
    """Where somebody works now, as a few words about them say: a known account, or a new name; None where unsaid."""
    found = next((one for _, _, one in _employers(page, sure=False)), None)
    if found is None or found.id:
        return found
    alike = find_accounts(page.crm, found.name or "", page.rep, 2)
    return AccountMention(id=alike[0].id) if len(alike) == 1 else found


def with_moves(
    page: Page, changes: Sequence[Found[ContactChange]], persons: Sequence[Person], here: AccountMention | None
) -> list[Found[ContactChange]]:
    """The changes with the employer of each who left, and those of whom only that is said.

    Whoever works now where the visit was (``here``) did not leave, but came.
    """
    told = list(changes)
    for hit, words, employer in _employers(page, sure=True):
        if here is not None and _same(employer, here):
            continue
        at = _nearest(told, hit, words)
        if at is not None:
            told[at] = replace(told[at], value=replace(told[at].value, employer=employer))
        if at is not None or hit.label.endswith(LOOSE):
            continue
        found = find_leaver(hit, words, page.text, page.language, persons)
        if found is not None and found[0].value.id and all(one.value.contact != found[0].value for one in told):
            start, end = words[hit.first].start, words[hit.last].end
            change = ContactChange(contact=found[0].value, successor=found[1], employer=employer)
            told.append(Found(change, start, end, why=MOVED, cue="left"))
    return told


def _same(one: AccountMention, other: AccountMention) -> bool:
    return one.id == other.id if one.id or other.id else plain(one.name or "") == plain(other.name or "")


def _nearest(told: Sequence[Found[ContactChange]], hit: Hit, words: Sequence[Word]) -> int | None:
    """Which of those who left goes there: whose leaving is told nearest, and whose employer is not told yet."""
    begins, sentence = words[hit.first].start, words[hit.first].sentence
    near = [
        (abs(one.start - begins), at)
        for at, one in enumerate(told)
        if one.value.employer is None and abs(_sentence(one.start, words) - sentence) < _NEAR
    ]
    return min(near)[1] if near else None


def _sentence(start: int, words: Sequence[Word]) -> int:
    return next((word.sentence for word in words if word.start >= start), words[-1].sentence)


def _employers(page: Page, *, sure: bool) -> Iterator[tuple[Hit, Sequence[Word], AccountMention]]:
    """Each phrase with the employer that it tells; where it has to be ``sure``, a new name has to look like one."""
    language, words = page.language, read_words(page.text, page.language)
    # A phrase around the name says more of where it ends than one before it.
    for hit in sorted(_hits(words, language), key=lambda one: not one.label.startswith("within")):
        within = hit.label.startswith("within")
        place = _within(hit, words, language) if within else _after(hit, words, language)
        if place is None or words[hit.first].asked:
            continue
        said = page.text[words[place[0]].start : words[place[1]].end]
        employer = read_account(said, page.rep, page.crm)
        if employer is None:
            continue
        if not sure and len(employer.candidates) == 1:
            employer = AccountMention(id=employer.candidates[0])
        if employer.id:
            yield hit, words, employer
        elif employer.name and _is_name(said, page.text, language, sure=sure):
            yield hit, words, AccountMention(name=_nominative(said, language, genitive=within))


def _hits(words: Sequence[Word], language: str) -> Iterator[Hit]:
    """Every phrase, the loose ones with that in their label."""
    if words:
        yield from lexicon(language, "moves", "moved").hits(words)
        for hit in lexicon(language, "moves", "loosely").hits(words):
            yield replace(hit, label=f"{hit.label}{LOOSE}")


def _after(hit: Hit, words: Sequence[Word], language: str) -> Place | None:
    """The words after a phrase up to where the name has to be at its end."""
    first = last = hit.last + 1
    while last < len(words) and last - first < _LONGEST and words[last].sentence == words[hit.last].sentence:
        if last > first and (words[last].text in _set(language, "ends") or words[last].clause != words[first].clause):
            break
        last += 1
    return _trimmed(first, last - 1, words, language)


def _within(hit: Hit, words: Sequence[Word], language: str) -> Place | None:
    """The words in the gap of a phrase."""
    before, _, after = (side.split() for side in hit.phrase.partition("..."))
    return _trimmed(hit.first + len(before), hit.last - len(after), words, language)


def _trimmed(first: int, last: int, words: Sequence[Word], language: str) -> Place | None:
    while first <= last and words[first].text in _set(language, "opens"):
        first += 1
    return (first, last) if first <= last and words[first].text not in _set(language, "nobody") else None


def _nominative(said: str, language: str, *, genitive: bool) -> str:
    """A name as its bearer writes it; of a Finnish one without its case: "Valmetin palveluksessa" is at Valmet."""
    name = base_name(said, tokens(said)[-1], language)
    if language != "fi" or name != said or not genitive:
        return name
    return _GENITIVE.sub("", name)


def _is_name(said: str, text: str, language: str, *, sure: bool) -> bool:
    """Whether words that no account goes by may be a company's name."""
    key = fold(said, language)
    if not sure:
        return True
    first = said.split(maxsplit=1)[0]
    shown = first[:1].isupper()
    lone = " " not in said
    return shown and text != text.lower() and not (lone and (key in towns() or commonness(key) > _EVERYDAY))


@cache
def _set(language: str, name: str) -> frozenset[str]:
    return frozenset(fold(word, language) for word in table(language, "moves")["around"][name])
