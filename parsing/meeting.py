"""Who a visit was with: known and new people together, without colleagues, competitors and who is only spoken of."""

# ruff: noqa: PLR2004 - lengths are read best where they are weighed

from collections.abc import Sequence
from dataclasses import dataclass

from parsing.accounts import Context, Standing
from parsing.changes import find_changes
from parsing.choosing import Choice
from parsing.companies import Company, find_company
from parsing.contacts import Presence, known_mentions
from parsing.designations import is_model
from parsing.directory import name_words
from parsing.leavers import lone_names
from parsing.lessons import people_as_taught
from parsing.model import ContactMention, Crm, Found, KnownAccount
from parsing.names import details, find_persons
from parsing.people import Met, known_people, read_name
from parsing.reading import Reading, Span
from parsing.roles import Role, find_roles, role_of
from parsing.split import Segment
from parsing.surroundings import rival_near
from parsing.text import Token, fold, tokens
from parsing.vocabulary import commonness
from parsing.words import given_names, towns


@dataclass(frozen=True, slots=True)
class Attendance:
    """The people of a stretch: who was met, and everyone who is named (for changes), with their tokens."""

    met: list[Found[ContactMention]]
    named: list[Found[ContactMention]]
    tokens: frozenset[int]
    instead: bool = False
    """Whether somebody was away and somebody else is said to have been met."""
    strangers: bool = False
    """Whether they are of a new customer."""


def attendance(
    reading: Reading, segment: Segment, context: Context, choice: Choice, quiet: Sequence[Span]
) -> tuple[Attendance, Company | None]:
    """The people that the stretch names, and the new customer where no known one is meant."""
    words, text, language = segment.words, segment.text, reading.language
    crm, people = reading.matcher.crm, reading.matcher.people
    mention = choice.standing.mention if choice.standing else None
    taken = frozenset(mention.met) if mention else frozenset()
    known: list[Met] = []
    if choice.account is not None:
        own = [(index, crm.contacts[index]) for index in people.of_account.get(choice.account, ())]
        known = people_as_taught(known_people(words, language, own, taken), words, context, choice.account, taken)
    colleagues = _colleagues(reading, words)
    blocked = {at for met in known for at in range(met.first, met.last + 1)} | colleagues
    blocked |= {
        at
        for at, word in enumerate(words)
        if any(low < word.end and word.start < high for low, high in context.dates) and not _first_name(words, at)
    }
    if choice.account is not None:
        blocked |= taken
    roles = find_roles(words, text, language)
    persons = find_persons(words, text, language, frozenset(blocked), roles)
    company = None
    inside: frozenset[int] = frozenset()
    if choice.account is None and not (
        choice.candidates and mention and mention.core > 0.9 and len(choice.candidates) > 1
    ):
        company = find_company(words, text, language, frozenset(blocked), [(p.first, p.last) for p in persons])
        if company is not None:
            inside = frozenset(range(company.first, company.last + 1))
            persons = [one for one in persons if one.first not in inside and one.last not in inside]
    known = _told_apart(known, roles, words, text, crm)
    known = [
        one
        for one in known
        if not all(at in colleagues for at in range(one.first, one.last + 1))
        and (one.family or not is_model(text, words[one.last].end))
    ]
    persons = sorted(
        (*persons, *lone_names(words, text, language, blocked | inside, persons)), key=lambda one: one.first
    )
    spans = [(words[one.first].start, words[one.last].end) for one in known]
    everyone = [*spans, *((words[one.first].start, words[one.last].end) for one in persons)]
    presence = Presence(text, language, quiet, everyone)
    met = known_mentions(known, spans, presence, crm.contacts)
    fresh = details(persons, words, text, language, [(one.first, one.last) for one in known])
    named = [
        Found(ContactMention(id=crm.contacts[one.contact].id), *span) for one, span in zip(known, spans, strict=True)
    ]
    met += [one for one in fresh if presence.was_met(one.start, one.end) and not presence.strange(one.start, one.end)]
    account = crm.accounts[choice.account] if choice.account is not None else None
    met = [
        one
        for one in met
        if one.value.id
        or presence.follows(one.start, one.end)
        or not (_of_others(one, words, language) or (account is not None and _of_elsewhere(one, words, account)))
    ]
    said = {(one.start, one.end): presence.says(one.start, one.end) for one in (*named, *fresh)}
    instead = "away" in said.values() and any(said.get((one.start, one.end)) == "met" for one in met)
    met = _without_leavers(met, presence, text, language, named + fresh)
    where = {at for one in known for at in range(one.first, one.last + 1)}
    where |= {at for one in persons for at in range(one.first, one.last + 1)}
    met.sort(key=lambda one: one.start)
    return Attendance(met, named + fresh, frozenset(where), instead, company is not None), company


def _of_others(one: Found[ContactMention], words: Sequence[Token], language: str) -> bool:
    """Whether the words about a new name say that the person is a competitor's, or somebody who recommends us."""
    places = [at for at, word in enumerate(words) if one.start <= word.start < one.end]
    return bool(places) and rival_near(words, places[0], places[-1], language)


_OF = frozenset({"from", "of", "at", "van", "bij", "uit", "von", "vom", "bei", "vo"})
_ARTICLES = frozenset({"the", "de", "het", "der", "den", "dem", "die"})


def _of_elsewhere(one: Found[ContactMention], words: Sequence[Token], account: KnownAccount) -> bool:
    """Whether a strange name follows "from" after a new person: "Bill Pruitt from Frostline"."""
    at = next((place for place, word in enumerate(words) if word.start >= one.end), len(words))
    if at >= len(words) or words[at].start - one.end > 1 or fold(words[at].text) not in _OF:
        return False
    at += 1
    while at < len(words) and fold(words[at].text) in _ARTICLES:
        at += 1
    if at >= len(words) or not words[at].text[:1].isupper():
        return False
    own = {token.key for name in (account.name, account.city or "", *account.aliases) for token in tokens(name)}
    folded = fold(words[at].text)
    return words[at].key not in own and folded not in towns() and commonness(folded) < 3.0


def _first_name(words: Sequence[Token], at: int) -> bool:
    """Whether a word that may be a date is a first name with a surname after it: "Jan de Boer", "April Moss"."""
    after = words[at + 1] if at + 1 < len(words) else None
    beside = after is not None and after.start - words[at].end == 1 and after.capital
    return beside and words[at].capital and fold(words[at].text) in given_names()


def _told_apart(known: Sequence[Met], roles: Sequence[Role], words: Sequence[Token], text: str, crm: Crm) -> list[Met]:
    """Of two with one surname the one whose role stands beside the name: "Ziegler (Werkleiter)"."""
    kept: list[Met] = []
    for one in known:
        rivals = [other for other in known if (other.first, other.last) == (one.first, one.last) and other != one]
        if rivals:
            role = role_of(roles, words, text, (one.first, one.last), ())
            fits = role is not None and fold(role.text) in fold(crm.contacts[one.contact].role or "")
            others = role is not None and any(
                fold(role.text) in fold(crm.contacts[other.contact].role or "") for other in rivals
            )
            if others and not fits:
                continue
        kept.append(one)
    return kept


def _without_leavers(
    met: list[Found[ContactMention]],
    presence: Presence,
    text: str,
    language: str,
    named: list[Found[ContactMention]],
) -> list[Found[ContactMention]]:
    """A successor was met only if the text says so, or there was nobody else to meet."""
    found = find_changes(text, language, named)
    heirs = [change.value.successor for change in found if change.value.successor is not None]
    heirs += [one.value for one in met if presence.follows(one.start, one.end)]
    gone = [
        one
        for one in met
        if not _seen(presence, one)
        and sum(_in(one.value, [same.value]) for same in named) < 2
        and any(
            _in(one.value, [change.value.contact]) and presence.beside(one.start, one.end, change.start, change.end)
            for change in found
        )
    ]
    met = [one for one in met if one not in gone]
    others = [one for one in met if not _in(one.value, heirs)]
    before = [one for one in named if one.value.id and not presence.follows(one.start, one.end)]
    twice = [one.value for one in before if any(same.value == one.value and same.start > one.start for same in named)]
    return [
        one for one in met if not _in(one.value, heirs) or not others or _seen(presence, one) or _in(one.value, twice)
    ]


def _seen(presence: Presence, one: Found[ContactMention]) -> bool:
    """Whether the text says of who leaves or follows that they were met."""
    return presence.shown(one.start, one.end) or presence.nearest(one.start, one.end, "met") <= 3


def _in(one: ContactMention, some: Sequence[ContactMention]) -> bool:
    return any((one.id and one.id == other.id) or (one.name and one.name == other.name) for other in some)


def _colleagues(reading: Reading, words: Sequence[Token]) -> set[int]:
    """Tokens that name colleagues: both names, or a first name that no contact nearby bears."""
    found: set[int] = set()
    for rep in reading.matcher.crm.reps:
        name = read_name(rep.name)
        for at, word in enumerate(words):
            if word.key in name.given and word.capital:
                found.add(at)
                after = at + 1
                while after < len(words) and after - at < 4 and words[after].key not in name.family:
                    after += 1
                if after < len(words) and words[after].key in name.family and words[after].start - word.end < 12:
                    found.update(range(at, after + 1))
            elif (
                name.family and word.key == name.family[-1] and word.capital and at and words[at - 1].key in name.given
            ):
                found.add(at)
    return found


def _accounts_of(name: str, reading: Reading) -> set[int]:
    """Where somebody called so works; a Crm may hold one person once for each account."""
    people, contacts = reading.matcher.people, reading.matcher.crm.contacts
    same = {
        index for word in name_words(name) for index in people.by_word.get(word, ()) if contacts[index].name == name
    }
    return {account for index in same for account in people.accounts_of[index]}


def who_was_met(
    reading: Reading, people: Attendance, choice: Choice, known: KnownAccount | None
) -> list[Found[ContactMention]]:
    """Who was met; where the account is open nobody but a person who is listed at all the accounts it may be."""
    if known is not None or not choice.candidates or people.strangers:
        return people.met
    standing: Standing | None = choice.standing
    first = standing.people[0] if standing is not None and standing.people else None
    if first is not None and first.last < len(reading.words):
        contact, words = reading.matcher.crm.contacts[first.contact], reading.words
        everywhere = set(choice.candidates) <= _accounts_of(contact.name, reading)
        if first.given and first.family:
            name = contact.name
        elif everywhere:
            name = reading.text[words[first.first].start : words[first.last].end]
        else:
            return []
        start, end = words[first.first].start, words[first.last].end
        return [
            Found(
                ContactMention(name=name), start, end, "text", 0.7, "listed at several accounts", cue="several accounts"
            )
        ]
    return []
