"""Questions about mailings: what was handed out, what came back of it, and of which mailing a bounce tells."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case, func, select

from store.db import Tx, insert_into
from store.tables import RepEmail, Sending, SendingAddress

LATE = timedelta(days=21)
"""How long after a list was handed out a bounce may tell of it: it is sent days later, and servers try for days."""
HARD = ("unknown_user", "unknown_domain", "moved", "disabled", "left")
"""Of these the address is dead, or nearly so."""
ABOUT_US = ("sender", "content")
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class SentList:
    """One mailing and what came back of it."""

    id: int
    name: str
    at: datetime
    size: int | None
    bounced: int
    """Addresses that came back, for whatever reason."""
    dead: int
    """Of these the addresses that nobody is at."""
    refused: int
    """Of these what was refused for who sends it, or for what is in it."""

    @property
    def rate(self) -> float | None:
        """The share that came back; None where nobody knows to how many it went."""
        return self.bounced / self.size if self.size else None


def hand_out(tx: Tx, emails: Collection[str], name: str, at: datetime) -> Sending:
    """Keep that a list of these addresses was handed out."""
    sending = Sending(key=f"list:{at.isoformat()}", name=name, at=at, size=len(set(emails)))
    tx.add(sending)
    tx.flush()
    rows = [{"sending_id": sending.id, "email": one} for one in sorted({email.lower() for email in emails})]
    if rows:
        tx.execute(insert_into(tx, SendingAddress), rows)
    sending.key = f"list:{sending.id}"
    return sending


def last_handed_out(tx: Tx, email: str, on: date) -> Sending | None:
    """The last list with this address that was handed out so late that a bounce of ``on`` may tell of it."""
    statement = (
        select(Sending)
        .join(SendingAddress, SendingAddress.sending_id == Sending.id)
        .where(SendingAddress.email == email.lower(), Sending.size.is_not(None))
        .order_by(Sending.at.desc(), Sending.id.desc())
    )
    return next((one for one in tx.scalars(statement) if on - LATE <= one.at.date() <= on), None)


def of_newsletter(tx: Tx, name: str, subject: str, at: datetime) -> Sending:
    """The mailing of a newsletter that is known by what comes back of it."""
    key = f"{name.lower()}\n{subject.lower()}"[:400]
    title = (subject or name)[:LONGEST_NAME]
    made = insert_into(tx, Sending).values(key=key, name=title, at=at).on_conflict_do_nothing(index_elements=["key"])
    tx.execute(made)
    return tx.scalars(select(Sending).where(Sending.key == key)).one()


def came_back(tx: Tx, sending: Sending, email: str, kind: str, on: date) -> None:
    """Keep that a mailing to this address came back; the first reason stays."""
    values = {"sending_id": sending.id, "email": email.lower(), "kind": kind, "bounced_on": on}
    insert = insert_into(tx, SendingAddress).values(**values)
    tx.execute(
        insert.on_conflict_do_update(
            index_elements=["sending_id", "email"],
            set_={
                "kind": func.coalesce(SendingAddress.kind, kind),
                "bounced_on": func.coalesce(SendingAddress.bounced_on, on),
            },
        )
    )


def listed(tx: Tx, most: int = 50) -> list[SentList]:
    """The latest mailings with what came back, in one statement."""

    def number(kinds: Collection[str] | None = None) -> object:
        counts = SendingAddress.kind.is_not(None) if kinds is None else SendingAddress.kind.in_(kinds)
        return func.coalesce(func.sum(case((counts, 1), else_=0)), 0)

    statement = (
        select(Sending.id, Sending.name, Sending.at, Sending.size, number(), number(HARD), number(ABOUT_US))  # type: ignore[call-overload]
        .outerjoin(SendingAddress, SendingAddress.sending_id == Sending.id)
        .group_by(Sending.id, Sending.name, Sending.at, Sending.size)
        .order_by(Sending.at.desc(), Sending.id.desc())
        .limit(most)
    )
    names = ("id", "name", "at", "size", "bounced", "dead", "refused")
    return [SentList(**dict(zip(names, row, strict=True))) for row in tx.execute(statement)]


def our_domains(tx: Tx) -> frozenset[str]:
    """The domains of our own people's addresses."""
    return frozenset(email.rpartition("@")[2] for email in tx.scalars(select(RepEmail.email)))
