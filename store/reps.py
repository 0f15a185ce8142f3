"""Questions about the people of the house."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload, lazyload

from store.db import Tx
from store.tables import Rep, RepEmail


def by_email(tx: Tx, email: str) -> Rep | None:
    """The active rep who writes from ``email``, whatever its case."""
    return tx.scalar(select(Rep).join(RepEmail).where(RepEmail.email == email.strip().lower(), Rep.active))


def anybody(tx: Tx, email: str) -> Rep | None:
    """Whoever writes, or wrote, from ``email``."""
    return tx.scalar(select(Rep).join(RepEmail).where(RepEmail.email == email.strip().lower()))


def by_slack_id(tx: Tx, slack_id: str) -> Rep | None:
    """The active rep of this Slack user id."""
    theirs = select(Rep).where(Rep.slack_id == slack_id, Rep.active)
    # One statement with the addresses: each message that is taken in asks it.
    return tx.scalars(theirs.options(joinedload(Rep.emails))).unique().one_or_none()


def by_sender(tx: Tx, sender: str) -> Rep | None:
    """The active rep who goes by ``sender``: a mail address, or a Slack user id."""
    return by_email(tx, sender) if "@" in sender else by_slack_id(tx, sender)


def of(tx: Tx, rep_id: int | None) -> Rep:
    """The rep of this id, with their addresses only where somebody asks for them; raises NoResultFound."""
    return tx.get_one(Rep, rep_id, options=[lazyload(Rep.emails)])


class Named(NamedTuple):
    """One of us, as far as lists of people need it: thousands of whole rows take longer than the page they are for."""

    id: int
    name: str
    role: str
    team: str | None


def named(tx: Tx) -> list[Named]:
    """All active people, by name."""
    rows = select(Rep.id, Rep.name, Rep.role, Rep.team).where(Rep.active).order_by(Rep.name, Rep.id)
    return [Named(*row) for row in tx.execute(rows)]


def everyone(tx: Tx) -> list[Rep]:
    """All active people, by name."""
    return list(tx.scalars(select(Rep).where(Rep.active).order_by(Rep.name).options(lazyload(Rep.emails))))
