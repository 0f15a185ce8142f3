"""What a forwarded mail or an invitation adds to the visit that the rep's own words tell of."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from parsing import literals, mails
from parsing.addresses import find_postcode, find_street
from parsing.amounts import find_amounts
from parsing.companies import Company, find_company
from parsing.currencies import home_currency
from parsing.house_kinds import outcome_of
from parsing.keywords import MOST as MOST_TERMS
from parsing.keywords import find_keywords
from parsing.mails import Enclosed
from parsing.model import AccountMention, ContactMention, Found, KnownAccount, VisitMention
from parsing.places import find_city
from parsing.reading import Reading, Span
from parsing.text import Token, fold, tokens


def completed(visit: VisitMention, reading: Reading, company: Company | None) -> VisitMention:
    """The visit with what the forwarded mail or the invitation adds: people, times, place, sums, a new customer."""
    mail = reading.mail
    if mail is None:
        return visit
    changes = _account_from_mail(visit, reading, mail, company)
    account = changes.get("account", visit.account)
    known = _known(reading, account)
    changes |= _contacts_from_mail(visit, reading, mail, account)
    if mail.start is not None and mail.invited:
        changes |= _times_from_invitation(visit, mail.start, mail.end)
    changes |= _place_from_mail(visit, reading, mail, account)
    if reading.part == "text":
        changes |= _business_from_mail(visit, reading, mail, known)
        changes["keywords"] = _terms_with_mail(visit, reading, mail, known)
    return replace(visit, **changes)


def _place_from_mail(
    visit: VisitMention, reading: Reading, mail: Enclosed, account: Found[AccountMention] | None
) -> dict[str, Any]:
    """Where the note names no town: that of the invitation or the subject; a new customer's from the signature."""
    language, crm = reading.language, reading.matcher.crm
    known = _known(reading, account)
    changes: dict[str, Any] = {}
    if visit.city is None:
        for part, text in (("invitation", mail.place), ("subject", mail.subject)):
            city = find_city(text, language, crm, known, ()) if text else None
            if city is not None:
                changes.setdefault("city", _placed(city, part))
    if known is None and account is not None and account.value.name:
        signature = mails.signature_of(mail)
        shift = max(mail.body.rfind(signature), 0)
        for field, finder in (("city", find_city), ("postcode", find_postcode), ("street", find_street)):
            found = finder(signature, language, crm, None, ())
            if found is not None and getattr(visit, field) is None:
                moved = replace(found, start=found.start + shift, end=found.end + shift, part="forwarded")
                changes.setdefault(field, moved)
    return changes


def _business_from_mail(
    visit: VisitMention, reading: Reading, mail: Enclosed, known: KnownAccount | None
) -> dict[str, Any]:
    """Sums and an order or a wish for a quote that only the forwarded mail tells of."""
    changes: dict[str, Any] = {}
    if not visit.amounts:
        home = home_currency(known.country if known else None, reading.now)
        changes["amounts"] = tuple(_placed(one, "forwarded") for one in find_amounts(mail.body, reading.language, home))
    if visit.outcome is None:
        for part, text in (("subject", mail.subject), ("forwarded", mail.body)):
            outcome = outcome_of(text, reading.language, reading.matcher.crm)
            if outcome is not None and outcome.value in {"order", "quote_requested"}:
                changes.setdefault("outcome", _placed(outcome, part))
    return changes


def _terms_with_mail(
    visit: VisitMention, reading: Reading, mail: Enclosed, known: KnownAccount | None
) -> tuple[Found[str], ...]:
    """The note's terms, then those of the mail's subject and body that name nobody."""
    language, crm = reading.language, reading.matcher.crm
    terms = list(visit.keywords)
    names = {token.key for person in mail.people for token in tokens(person.name or "")}
    names |= {token.key for token in tokens(known.name if known else "")}
    body = mail.body.removesuffix(mails.signature_of(mail))
    for part, text in (("subject", mail.subject or ""), ("forwarded", body)):
        named = [(token.start, token.end) for token in tokens(text) if token.key in names]
        taken = sorted({*named, *literals.email_spans(text), *literals.url_spans(text), *literals.phone_spans(text)})
        said = [one.value.casefold() for one in terms]
        found = find_keywords(text, language, crm, taken, reading.matcher.taught.terms(reading.rep))
        fresh = [one for one in found if one.value.casefold() not in said]
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
        return {} if visit.contacts else {"contacts": _correspondents(reading, mail, known)}
    if account is None or not account.value.name:
        return {}
    sender = mails.new_correspondent(mail, reading.language)
    if sender is None:
        return {}
    return {"contacts": (sender, *(one for one in visit.contacts if not _same_person(one, sender)))}


def _correspondents(reading: Reading, mail: Enclosed, known: KnownAccount) -> tuple[Found[ContactMention], ...]:
    """Who was met at a known account, by the mail: those who are known there, else a new one who writes for it."""
    at = reading.matcher.account_at[known.id]
    ids = mails.known_correspondents(mail, reading.matcher, at)
    if not ids and not mail.invited and mails.writes_for(mail, reading.matcher, at):
        sender = mails.new_correspondent(mail, reading.language)
        return (sender,) if sender else ()
    return tuple(
        Found(ContactMention(id=reading.matcher.crm.contacts[index].id), 0, 0, "header", 0.85, "of the mail")
        for index in (ids if mail.invited else ids[:1])
    )


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
