"""What names mean here: the snapshot that the parser gets, and the count that tells whether it is still right."""

from collections import defaultdict
from itertools import chain

from sqlalchemy import select

from parsing.model import Crm, KindWord, KnownAccount, KnownContact, KnownRep
from store import keywords, lessons
from store.db import Tx
from store.tables import (
    Account,
    AccountAlias,
    Contact,
    ContactEmail,
    ContactPhone,
    Employment,
    Kind,
    Rep,
    RepEmail,
    Revision,
)

REVISION = "crm"


def revision(tx: Tx) -> int:
    """How often names changed so far."""
    return tx.scalar(select(Revision.count).where(Revision.name == REVISION)) or 0


def revision_of(tx: Tx) -> str:
    """The revision that a snapshot made now would carry; it differs from that of every other database."""
    return f"{tx.get_bind().engine.url.render_as_string(hide_password=True)}#{revision(tx)}"


def touch(tx: Tx) -> None:
    """Say that names changed: every process reads a new snapshot before its next message."""
    row = tx.get(Revision, REVISION, with_for_update=True)
    if row is None:
        tx.add(Revision(name=REVISION, count=1))
    else:
        row.count += 1


def snapshot(tx: Tx) -> Crm:
    """Everything that a message can mean, in a fixed number of statements; ids are our own, as text."""
    return Crm(
        reps=_reps(tx),
        accounts=_accounts(tx),
        contacts=_contacts(tx),
        keywords=keywords.terms(tx),
        synonyms=keywords.synonyms(tx),
        kind_words=_kind_words(tx),
        types=_keys(tx, "type"),
        media=_keys(tx, "medium"),
        outcomes=_keys(tx, "outcome"),
        lessons=lessons.snapshot(tx),
        revision=revision_of(tx),
    )


def _keys(tx: Tx, family: str) -> tuple[str, ...]:
    query = select(Kind.key).where(Kind.family == family, Kind.active).order_by(Kind.position)
    return tuple(tx.scalars(query))


def _kind_words(tx: Tx) -> tuple[KindWord, ...]:
    query = select(Kind.family, Kind.key, Kind.words).where(Kind.active).order_by(Kind.family, Kind.position)
    return tuple(
        KindWord(family=family, key=key, words=one) for family, key, words in tx.execute(query) for one in words
    )


def _reps(tx: Tx) -> tuple[KnownRep, ...]:
    rows = list(tx.scalars(select(Rep).where(Rep.active).order_by(Rep.id)))
    emails = {row.id: row.email for row in rows}
    return tuple(
        KnownRep(
            email=row.email,
            name=row.name,
            slack_id=row.slack_id,
            role=row.role,
            team=row.team,
            manager=emails.get(row.manager_id or 0),
            language=row.language,
            timezone=row.timezone,
        )
        for row in rows
    )


def _accounts(tx: Tx) -> tuple[KnownAccount, ...]:
    aliases = _grouped(tx, select(AccountAlias.account_id, AccountAlias.alias).order_by(AccountAlias.id))
    first_emails: dict[int, str] = {}
    for rep_id, email in tx.execute(select(RepEmail.rep_id, RepEmail.email).order_by(RepEmail.id)):
        first_emails.setdefault(rep_id, email)
    columns = select(
        Account.id,
        Account.name,
        Account.street,
        Account.postcode,
        Account.city,
        Account.country,
        Account.industry,
        Account.owner_id,
    )
    return tuple(
        KnownAccount(
            id=str(row.id),
            name=row.name,
            aliases=aliases[row.id],
            street=row.street,
            postcode=row.postcode,
            city=row.city,
            country=row.country,
            industry=row.industry,
            owner=first_emails.get(row.owner_id or 0),
        )
        for row in tx.execute(columns.where(Account.retired_at.is_(None)).order_by(Account.id))
    )


def _contacts(tx: Tx) -> tuple[KnownContact, ...]:
    emails = _grouped(tx, select(ContactEmail.contact_id, ContactEmail.email).order_by(ContactEmail.id))
    phones = _grouped(tx, select(ContactPhone.contact_id, ContactPhone.phone).order_by(ContactPhone.id))
    current = select(Employment.contact_id, Employment.account_id, Employment.role).where(Employment.until.is_(None))
    places: defaultdict[int, list[tuple[int, str | None]]] = defaultdict(list)
    for contact_id, account_id, role in tx.execute(current.order_by(Employment.id)):
        places[contact_id].append((account_id, role))
    columns = select(Contact.id, Contact.name, Contact.language).where(Contact.retired_at.is_(None))
    return tuple(
        KnownContact(
            id=str(row.id),
            name=row.name,
            accounts=tuple(str(account_id) for account_id, _ in places[row.id]),
            role=next(chain((role for _, role in places[row.id] if role), (None,))),
            emails=emails[row.id],
            phones=phones[row.id],
            language=row.language,
        )
        for row in tx.execute(columns.order_by(Contact.id))
    )


def _grouped(tx: Tx, query: object) -> defaultdict[int, tuple[str, ...]]:
    found: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    for owner, value in tx.execute(query):  # type: ignore[call-overload]
        found[owner] = (*found[owner], value)
    return found
