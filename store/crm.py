"""What names mean here: the snapshot that the parser gets, and the count that tells whether it is still right."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

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
            id=str(account_id),
            name=name,
            aliases=aliases.get(account_id, ()),
            street=street,
            postcode=postcode,
            city=city,
            country=country,
            industry=industry,
            owner=first_emails.get(owner_id or 0),
        )
        for account_id, name, street, postcode, city, country, industry, owner_id in _rows(
            tx, columns.where(Account.retired_at.is_(None)).order_by(Account.id)
        )
    )


def _contacts(tx: Tx) -> tuple[KnownContact, ...]:
    emails = _grouped(tx, select(ContactEmail.contact_id, ContactEmail.email).order_by(ContactEmail.id))
    phones = _grouped(tx, select(ContactPhone.contact_id, ContactPhone.phone).order_by(ContactPhone.id))
    current = select(Employment.contact_id, Employment.account_id, Employment.role).where(Employment.until.is_(None))
    places: defaultdict[int, list[tuple[str, str | None]]] = defaultdict(list)
    for contact_id, account_id, role in _rows(tx, current.order_by(Employment.id)):
        places[contact_id].append((str(account_id), role))
    columns = select(Contact.id, Contact.name, Contact.language).where(Contact.retired_at.is_(None))
    return tuple(
        KnownContact(
            id=str(contact_id),
            name=name,
            accounts=tuple([account_id for account_id, _ in places.get(contact_id, ())]),
            role=next((role for _, role in places.get(contact_id, ()) if role), None),
            emails=emails.get(contact_id, ()),
            phones=phones.get(contact_id, ()),
            language=language,
        )
        for contact_id, name, language in _rows(tx, columns.order_by(Contact.id))
    )


def _grouped(tx: Tx, query: Any) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for owner, value in _rows(tx, query):
        found[owner] = (*found[owner], value) if owner in found else (value,)
    return found


def _rows(tx: Tx, query: Any) -> Iterable[Any]:
    """Columns as the database gives them: a session would look into each of half a million rows."""
    return tx.connection().execute(query)
