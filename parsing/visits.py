"""One stretch of text becomes one visit: each finder is asked, in the order in which they need each other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from parsing import literals, mails
from parsing.accounts import Choice, Context, Standing, choose, rival_near, weigh
from parsing.actions import find_actions
from parsing.amounts import find_amounts
from parsing.changes import find_changes
from parsing.companies import Company, find_company
from parsing.contacts import Presence, known_mentions
from parsing.keywords import MOST as MOST_TERMS
from parsing.keywords import find_keywords
from parsing.kinds import find_medium, find_outcome, find_type
from parsing.linking import Matcher
from parsing.mails import Enclosed
from parsing.model import AccountMention, ContactMention, Crm, Found, KnownAccount, VisitMention
from parsing.names import details, find_persons
from parsing.people import Met, known_people, read_name
from parsing.places import find_city, find_postcode, find_street
from parsing.roles import Role, find_roles, role_of
from parsing.split import Segment
from parsing.subject import find_subject
from parsing.text import Token, fold, tokens
from parsing.when import find_day, find_moments, find_times
from parsing.words import given_names

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Reading:
    """A message on its way to an extraction: its text as people see it, its words, its moment and what came with it."""

    text: str
    words: tuple[Token, ...]
    language: str
    now: datetime
    matcher: Matcher
    rep: str
    mail: Enclosed | None = None
    part: str = "text"
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class _People:
    """The people of a stretch: who was met, and everyone who is named (for changes), with their tokens."""

    met: list[Found[ContactMention]]
    named: list[Found[ContactMention]]
    tokens: frozenset[int]


def read_visit(reading: Reading, segment: Segment, context: Context) -> VisitMention:
    """All that a stretch of text says of one visit."""
    text, language, now = segment.text, reading.language, reading.now
    choice = _with_mail(reading, segment, context)
    crm = reading.matcher.crm
    known = crm.accounts[choice.account] if choice.account is not None else None
    moments = find_moments(text, now, language)
    dates = [(one.start, one.end) for one in moments]
    actions = find_actions(text, now, language, crm, reading.rep, moments)
    people, company = _names(reading, segment, context, choice, [(one.start, one.end) for one in actions])
    account = _account(reading, segment, choice, company)
    outcome = find_outcome(text, language)
    contacts = _met(reading, people, choice, known)
    if outcome is not None and outcome.value == "no_show":
        contacts = []
    named = _spans(segment.words, people.tokens) + _name_spans(choice, segment.words, company)
    amounts = find_amounts(text, language)
    taken = sorted({*named, *dates, *((one.start, one.end) for one in amounts)})
    keywords = find_keywords(text, language, crm, taken)
    starts, ends = find_times(text, language)
    place_taken = sorted({*_spans(segment.words, people.tokens), *_town_in_name(choice, known, segment.words)})
    visit = VisitMention(
        account=account,
        contacts=tuple(contacts),
        on=find_day(text, now, language)
        or Found(now.date(), part="sent_at", confidence=0.9, why="the day it was sent"),
        starts=starts,
        ends=ends,
        type=find_type(text, language),
        medium=find_medium(text, language),
        outcome=outcome,
        subject=find_subject(text, reading.heading, keywords),
        keywords=tuple(keywords),
        actions=tuple(actions),
        amounts=tuple(amounts),
        contact_changes=tuple(find_changes(text, language, people.named)),
        city=find_city(text, language, crm, known, place_taken),
        postcode=find_postcode(text, language, crm, known, place_taken),
        street=find_street(text, language, crm, known, place_taken),
    )
    return _completed(visit, reading, company) if reading.mail is not None else visit


def _with_mail(reading: Reading, segment: Segment, context: Context) -> Choice:
    """The account of the segment; for a mail the subject is weighed with the note."""
    mail = reading.mail
    if mail is None:
        return segment.choice
    text = f"{segment.text}\n{mail.subject}"
    words = literals.words(text)
    choice = choose(weigh(words, text, context))
    if choice.account is None:
        text = f"{text}\n{mail.body[:4000]}"
        wider = choose(weigh(literals.words(text), text, context))
        return wider if wider.account is not None else choice
    return choice


# ------------------------------------------------------------------------------------------------------- account


def _account(
    reading: Reading, segment: Segment, choice: Choice, company: Company | None
) -> Found[AccountMention] | None:
    crm = reading.matcher.crm
    words = segment.words
    if company is not None:
        start, end = words[company.first].start, words[company.last].end
        confidence = min(0.95, 0.5 + 0.05 * company.points)
        return Found(AccountMention(name=company.name), start, end, "text", confidence, "a new customer's name")
    start, end, part = _evidence(choice, words, reading)
    why = "; ".join(dict.fromkeys(choice.standing.why)) if choice.standing else "another branch"
    if choice.account is not None:
        return Found(AccountMention(id=crm.accounts[choice.account].id), start, end, part, choice.confidence, why)
    if choice.candidates:
        ids = tuple(crm.accounts[one].id for one in choice.candidates)
        return Found(AccountMention(candidates=ids), start, end, part, 0.5, why)
    return None


def _evidence(choice: Choice, words: Sequence[Token], reading: Reading) -> tuple[int, int, str]:
    """The words that name the chosen account, or the first person who points at it; the mail's head where neither does."""
    standing = choice.standing
    if standing is None:
        return 0, 0, "header" if reading.mail else "text"
    first, last = -1, -1
    if standing.mention is not None:
        first, last = standing.mention.first, standing.mention.last
    elif standing.people:
        first, last = standing.people[0].first, standing.people[0].last
    if 0 <= first <= last < len(words):
        return words[first].start, words[last].end, "text"
    return 0, 0, "header" if reading.mail else "text"


def _name_spans(choice: Choice, words: Sequence[Token], company: Company | None) -> list[Span]:
    if company is not None:
        return [(words[company.first].start, words[company.last].end)]
    mention = choice.standing.mention if choice.standing else None
    return _spans(words, mention.met) if mention else []


def _town_in_name(choice: Choice, known: KnownAccount | None, words: Sequence[Token]) -> list[Span]:
    """Towns that are part of the company's own name are no places: "Stadtwerke Emden" may be met anywhere."""
    mention = choice.standing.mention if choice.standing else None
    if mention is None or known is None:
        return []
    own = known.name.split(",")[0].split(" - ")[0]
    keys = {token.key for token in tokens(own)}
    cities = {token.key for token in tokens(known.city or "")}
    beyond = cities - keys
    return _spans(words, {at for at in mention.met if at < len(words) and words[at].key not in beyond})


def _spans(words: Sequence[Token], places: frozenset[int] | set[int]) -> list[Span]:
    """The stretches of text of neighbouring tokens."""
    spans: list[Span] = []
    before = -2
    for at in sorted(place for place in places if place < len(words)):
        if at == before + 1 and spans:
            spans[-1] = (spans[-1][0], words[at].end)
        else:
            spans.append((words[at].start, words[at].end))
        before = at
    return spans


# -------------------------------------------------------------------------------------------------------- people


def _names(
    reading: Reading, segment: Segment, context: Context, choice: Choice, quiet: Sequence[Span]
) -> tuple[_People, Company | None]:
    """The people that the stretch names, and the new customer where no known one is meant."""
    words, text, language = segment.words, segment.text, reading.language
    crm, people = reading.matcher.crm, reading.matcher.people
    mention = choice.standing.mention if choice.standing else None
    taken = frozenset(mention.met) if mention else frozenset()
    known: list[Met] = []
    if choice.account is not None:
        own = [(index, crm.contacts[index]) for index in people.of_account.get(choice.account, ())]
        known = known_people(words, language, own, taken)
    colleagues = _colleagues(reading, words)
    blocked = {at for met in known for at in range(met.first, met.last + 1)} | colleagues
    blocked |= {
        at for at, word in enumerate(words) if any(low < word.end and word.start < high for low, high in context.dates)
    }
    if choice.account is not None:
        blocked |= taken
    roles = find_roles(words, text, language)
    persons = find_persons(words, text, language, frozenset(blocked), roles)
    company = None
    if choice.account is None and not (
        choice.candidates and mention and mention.core > 0.9 and len(choice.candidates) > 1
    ):
        company = find_company(words, text, language, frozenset(blocked), [(p.first, p.last) for p in persons])
        if company is not None:
            inside = range(company.first, company.last + 1)
            persons = [one for one in persons if one.first not in inside and one.last not in inside]
    presence = Presence(text, language, quiet)
    known = _told_apart(known, roles, words, text, crm)
    known = [one for one in known if not all(at in colleagues for at in range(one.first, one.last + 1))]
    spans = [(words[one.first].start, words[one.last].end) for one in known]
    met = known_mentions(known, spans, presence, crm.contacts)
    fresh = details(persons, words, text, language, [(one.first, one.last) for one in known])
    named = [
        Found(ContactMention(id=crm.contacts[one.contact].id), *span) for one, span in zip(known, spans, strict=True)
    ]
    met += [one for one in fresh if presence.was_met(one.start, one.end) and not presence.strange(one.start, one.end)]
    met = [one for one in met if one.value.id or not _of_others(one, words, language)]
    met = _without_leavers(met, presence, text, language, named + fresh)
    where = {at for one in known for at in range(one.first, one.last + 1)}
    where |= {at for one in persons for at in range(one.first, one.last + 1)}
    return _People(sorted(met, key=lambda one: one.start), named + fresh, frozenset(where)), company


def _of_others(one: Found[ContactMention], words: Sequence[Token], language: str) -> bool:
    """Whether the words about a new name say that the person is a competitor's, or somebody who recommends us."""
    places = [at for at, word in enumerate(words) if one.start <= word.start < one.end]
    return bool(places) and rival_near(words, places[0], places[-1], language)


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
            role = role_of(roles, words, text, one.first, one.last, ())
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
    changes = [one.value for one in find_changes(text, language, named)]
    heirs = [change.successor for change in changes if change.successor is not None]
    heirs += [one.value for one in met if presence.follows(one.start, one.end)]
    others = [one for one in met if not _in(one.value, heirs)]
    return [one for one in met if not _in(one.value, heirs) or not others or presence.introduced(one.start, one.end)]


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


def _met(reading: Reading, people: _People, choice: Choice, known: KnownAccount | None) -> list[Found[ContactMention]]:
    """Who was met; where the account is open nobody but a person who is listed at all the accounts it may be."""
    if known is not None or not choice.candidates:
        return people.met
    standing: Standing | None = choice.standing
    if standing is not None and standing.people and standing.people[0].given and standing.people[0].family:
        one = standing.people[0]
        contact = reading.matcher.crm.contacts[one.contact]
        if one.last < len(reading.words):
            start, end = reading.words[one.first].start, reading.words[one.last].end
            return [Found(ContactMention(name=contact.name), start, end, "text", 0.7, "listed at several accounts")]
    return []


# ---------------------------------------------------------------------------------------------------------- mail


def _completed(visit: VisitMention, reading: Reading, company: Company | None) -> VisitMention:
    """The visit with what the forwarded mail or the invitation adds: people, times, place, sums, a new customer."""
    mail = reading.mail
    if mail is None:
        return visit
    changes: dict[str, Any] = {}
    changes |= _account_from_mail(visit, reading, mail, company)
    account = changes.get("account", visit.account)
    changes |= _contacts_from_mail(visit, reading, mail, account)
    if mail.start is not None and mail.invited:
        changes |= _times_from_invitation(visit, mail.start, mail.end)
    language, crm = reading.language, reading.matcher.crm
    known = _known(reading, account)
    if visit.city is None:
        for part, text in (("invitation", mail.place), ("subject", mail.subject)):
            city = find_city(text, language, crm, known, ()) if text else None
            if city is not None and "city" not in changes:
                changes["city"] = _placed(city, part)
    if known is None and account is not None and account.value.name:
        signature = mails.signature_of(mail)
        shift = max(mail.body.rfind(signature), 0)
        for field, finder in (("city", find_city), ("postcode", find_postcode), ("street", find_street)):
            found = finder(signature, language, crm, None, ())
            if found is not None and getattr(visit, field) is None and field not in changes:
                changes[field] = replace(found, start=found.start + shift, end=found.end + shift, part="forwarded")
    if not visit.amounts and reading.part == "text":
        sums = find_amounts(mail.body, language)
        changes["amounts"] = tuple(_placed(one, "forwarded") for one in sums)
    if visit.outcome is None and reading.part == "text":
        for part, text in (("subject", mail.subject), ("forwarded", mail.body)):
            outcome = find_outcome(text, language)
            if outcome is not None and outcome.value in {"order", "quote_requested"} and "outcome" not in changes:
                changes["outcome"] = _placed(outcome, part)
    if reading.part == "text":
        changes["keywords"] = _terms_with_mail(visit, mail, language, crm, known)
    return replace(visit, **changes)


def _terms_with_mail(
    visit: VisitMention, mail: Enclosed, language: str, crm: Crm, known: KnownAccount | None
) -> tuple[Found[str], ...]:
    """The note's terms, then those of the mail's subject and body that name nobody."""
    terms = list(visit.keywords)
    names = {token.key for person in mail.people for token in tokens(person.name or "")}
    names |= {token.key for token in tokens(known.name if known else "")}
    body = mail.body.removesuffix(mails.signature_of(mail))
    for part, text in (("subject", mail.subject or ""), ("forwarded", body)):
        named = [(token.start, token.end) for token in tokens(text) if token.key in names]
        taken = sorted({*named, *literals.email_spans(text), *literals.url_spans(text), *literals.phone_spans(text)})
        said = [one.value.casefold() for one in terms]
        fresh = [one for one in find_keywords(text, language, crm, taken) if one.value.casefold() not in said]
        terms += [_placed(one, part) for one in fresh]
    return tuple(terms[:MOST_TERMS])


def _known(reading: Reading, account: Found[AccountMention] | None) -> KnownAccount | None:
    if account is None or account.value.id is None:
        return None
    return reading.matcher.crm.accounts[reading.matcher.account_at[account.value.id]]


def _placed(found: Found[Any], part: str) -> Found[Any]:
    """The value as read from another part of the message; an invitation has no offsets."""
    if part == "invitation":
        return replace(found, start=0, end=0, part=part)
    return replace(found, part=part)


def _account_from_mail(
    visit: VisitMention, reading: Reading, mail: Enclosed, company: Company | None
) -> dict[str, Any]:
    if visit.account is not None and (visit.account.value.id or visit.account.value.candidates):
        return {}
    found: list[tuple[float, Found[AccountMention]]] = []
    if company is not None and visit.account is not None:
        found.append((company.points, visit.account))
    for part, text in (("subject", mail.subject), ("forwarded", mails.signature_of(mail))):
        extended = f"{text}\n{' '.join(person.email for person in mail.people)}"
        words = literals.words(extended)
        people = [name for person in mail.people if (name := _tokens_of(person.name or "", words)) is not None]
        blocked = frozenset(at for at, word in enumerate(words) if word.start >= len(text))
        blocked |= frozenset(at for first, last in people for at in range(first, last + 1))
        new = find_company(words, extended, reading.language, blocked, ())
        if new is not None:
            shift = max(mail.body.rfind(text), 0) if part == "forwarded" else 0
            span = (words[new.first].start + shift, words[new.last].end + shift)
            mention = AccountMention(name=new.name)
            found.append((new.points, Found(mention, *span, part, 0.85, "a new customer's name in the mail")))
    if not found:
        return {}
    return {"account": max(found, key=lambda pair: pair[0])[1]}


def _tokens_of(name: str, words: Sequence[Token]) -> Span | None:
    keys = [token.key for token in tokens(name)]
    for at in range(len(words) - len(keys) + 1):
        if keys and [word.key for word in words[at : at + len(keys)]] == keys:
            return at, at + len(keys) - 1
    return None


def _contacts_from_mail(
    visit: VisitMention, reading: Reading, mail: Enclosed, account: Found[AccountMention] | None
) -> dict[str, Any]:
    """The correspondent is who was met where the note names nobody; a new one completes whom the note names."""
    known = _known(reading, account)
    if visit.outcome is not None and visit.outcome.value == "no_show":
        return {}
    if known is not None:
        if visit.contacts:
            return {}
        at = reading.matcher.account_at[known.id]
        ids = mails.known_correspondents(mail, reading.matcher, at)
        wanted = ids if mail.invited else ids[:1]
        contacts = [
            Found(ContactMention(id=reading.matcher.crm.contacts[index].id), 0, 0, "header", 0.85, "of the mail")
            for index in wanted
        ]
        return {"contacts": tuple(contacts)}
    if account is None or not account.value.name:
        return {}
    sender = mails.new_correspondent(mail, reading.language)
    if sender is None:
        return {}
    return {"contacts": (sender, *(one for one in visit.contacts if not _same_person(one, sender)))}


def _same_person(one: Found[ContactMention], other: Found[ContactMention]) -> bool:
    mine, theirs = (set(fold(found.value.name or "").split()) for found in (one, other))
    return bool(mine & theirs)


def _times_from_invitation(visit: VisitMention, start: datetime, end: datetime | None) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if visit.on.part == "sent_at" or visit.on.value == start.date():
        on: Found[date] = Found(start.date(), 0, 0, "invitation", 0.95, "of the invitation")
        changes["on"] = on if visit.on.part == "sent_at" else visit.on
        if visit.starts is None:
            begins: Found[time] = Found(
                start.time().replace(tzinfo=None), 0, 0, "invitation", 0.95, "of the invitation"
            )
            changes["starts"] = begins
            if end is not None and end.date() == start.date() and visit.ends is None:
                changes["ends"] = Found(end.time().replace(tzinfo=None), 0, 0, "invitation", 0.95, "of the invitation")
    return changes
