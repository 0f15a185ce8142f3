"""How the mail that a rep forwards, an invitation or a signature completes the rep's own words."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from parsing import literals
from parsing.directory import FREE_MAIL
from parsing.linking import Matcher
from parsing.model import Address, ContactMention, Crm, Found, Message
from parsing.people import read_name, sex_of_title
from parsing.roles import find_roles
from parsing.text import fold, tokens

SIGNATURE_LINES = 14
"""Lines at the end of a mail in which its sender's role and number are looked for."""

_CUT = re.compile(
    r"^(?:-{2,}.*(?:message|bericht|nachricht|viesti|mail).*|_{10,}|(?:from|van|von|lähettäjä|från|de) ?:.*@.*"
    r"|.{0,80}(?:wrote|schreef|schrieb|kirjoitti) ?:.*)$",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What came with the note: forwarded words apart from what they quote, people of the mail and the invitation."""

    subject: str
    body: str
    quoted: str
    people: tuple[Address, ...]
    """Everyone but colleagues, the sender or organiser first."""
    sender: Address | None
    start: datetime | None
    end: datetime | None
    place: str
    invited: bool


def enclosed(message: Message, crm: Crm, zone: tzinfo | None) -> Enclosed | None:
    """What ``message`` encloses; None for a message of the rep's words alone."""
    forwarded, invitation = message.forwarded, message.invitation
    if forwarded is None and invitation is None:
        return None
    colleagues = {rep.email for rep in crm.reps}
    houses = {email.rpartition("@")[2] for email in colleagues} - FREE_MAIL
    body = forwarded.body[:20_000] if forwarded else invitation.description[:20_000] if invitation else ""
    cut = _CUT.search(body)
    own, quoted = (body[: cut.start()], body[cut.start() :]) if cut else (body, "")
    people: list[Address] = []
    if forwarded:
        people += [one for one in (forwarded.sender, *forwarded.to, *forwarded.cc) if one]
    if invitation:
        people += [one for one in (invitation.organizer, *invitation.attendees) if one]
    people += [Address(email=email) for email in literals.emails(quoted)]
    kept: dict[str, Address] = {}
    for one in people:
        if one.email and one.email not in colleagues and one.email.rpartition("@")[2] not in houses:
            kept.setdefault(one.email, one)
    subjects = (message.subject, forwarded and forwarded.subject, invitation and invitation.subject)
    start = invitation.start if invitation and isinstance(invitation.start, datetime) else None
    end = invitation.end if invitation and isinstance(invitation.end, datetime) else None
    return Enclosed(
        subject=next((subject for subject in subjects if subject), ""),
        body=own,
        quoted=quoted,
        people=tuple(kept.values()),
        sender=next(iter(kept.values()), None),
        start=start.astimezone(zone) if start and start.tzinfo else start,
        end=end.astimezone(zone) if end and end.tzinfo else end,
        place=(invitation.place if invitation else None) or "",
        invited=invitation is not None and not invitation.cancelled,
    )  # fmt: skip


def known_correspondents(mail: Enclosed, matcher: Matcher, account: int | None) -> list[int]:
    """The contacts of ``account`` (of any account where it is None) among the mail's people, by address or name."""
    found: list[int] = []
    for person in mail.people:
        known = matcher.people.by_email.get(person.email, ())
        found += [index for index in known if account is None or account in matcher.people.accounts_of[index]]
        if account is not None and person.name and not matcher.people.by_email.get(person.email):
            found += _by_name(person.name, matcher, account)
    return list(dict.fromkeys(found))


def writes_for(mail: Enclosed, matcher: Matcher, account: int) -> bool:
    """Whether the mail comes from the domain that the account's people write from."""
    people = (matcher.crm.contacts[index] for index in matcher.people.of_account.get(account, ()))
    theirs = domains(Address(email=email) for person in people for email in person.emails)
    return mail.sender is not None and mail.sender.email.rpartition("@")[2] in theirs


def _by_name(name: str, matcher: Matcher, account: int) -> list[int]:
    keys = {token.key for token in tokens(name)}
    found = []
    for index in matcher.people.of_account.get(account, ()):
        own = read_name(matcher.crm.contacts[index].name)
        if own.family and own.given and {own.family[-1], own.given[0]} <= keys:
            found.append(index)
    return found


def new_correspondent(mail: Enclosed, language: str) -> Found[ContactMention] | None:
    """The sender as a new contact, with the role and the number of the signature."""
    sender = mail.sender
    if sender is None or not sender.name or "@" in sender.name:
        return None
    name = person_name(sender.name)
    lines = mail.body.rstrip().splitlines()[-SIGNATURE_LINES:]
    surname = fold(name.split()[-1]) if name.split() else ""
    at = next((place for place, line in enumerate(lines) if surname and surname in fold(line)), len(lines))
    block = "\n".join(lines[at:]) if at < len(lines) else ""
    start = mail.body.rfind(block) if block else 0
    roles = [role for role in find_roles(tokens(block), block, language) if role.start > 0]
    role = _line_of(block, roles[0].start) if roles else None
    numbers = [block[low:high] for low, high in literals.phone_spans(block)]
    return Found(
        ContactMention(name=name, role=role, email=sender.email or None, phone=numbers[0] if numbers else None),
        max(start, 0),
        max(start, 0) + len(name if block else ""),
        "forwarded",
        0.9,
        "wrote the mail",
    )


def _line_of(block: str, at: int) -> str:
    """The part of a signature's line that a role begins: "Packaging Manager" of "Packaging Manager | Acme"."""
    line = block[at:].split("\n", 1)[0]
    return re.split(r"\s[|·•–—/]\s|,\s", line)[0].strip(" |·•")[:60]  # noqa: RUF001


def person_name(shown: str) -> str:
    """A name as people say it: "Lahtela, Eeva" is Eeva Lahtela; titles and a company in brackets go."""
    shown = re.sub(r"\s*[(|].*$", "", shown).strip(" '\"")
    last, comma, first = shown.partition(",")
    if comma and first.strip():
        shown = f"{first.strip()} {last.strip()}"
    return " ".join(word for word in shown.split() if not sex_of_title(fold(word.strip("."))))


def signature_of(mail: Enclosed) -> str:
    """The last lines of the forwarded words, where companies and addresses stand."""
    return "\n".join(mail.body.rstrip().splitlines()[-SIGNATURE_LINES:])


def domains(people: Iterable[Address]) -> tuple[str, ...]:
    """The domains of addresses that companies own."""
    found = (person.email.rpartition("@")[2] for person in people)
    return tuple(dict.fromkeys(domain for domain in found if domain and domain not in FREE_MAIL))


__all__: Sequence[str] = ["Enclosed", "enclosed", "known_correspondents", "new_correspondent", "person_name"]
