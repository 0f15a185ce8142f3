"""What corrections taught: asked by the words, by who taught it, and by whoever looks at it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from parsing import model
from store.db import Tx
from store.tables import Account, Contact, Lesson, Rep, RepEmail, Visit


@dataclass(frozen=True, slots=True)
class ListedLesson:
    """A lesson with the names of what it points at."""

    lesson: Lesson
    rep: str | None
    """None where it holds for the house."""
    meaning: str
    """What the words mean: an account's or a contact's name, or a term."""
    within: str | None
    """The account within which the words mean that contact."""
    number: str
    """The visit whose correction taught it."""


def in_force(
    tx: Tx, kinds: Iterable[str], phrase: str, within: int | None = None, *, contacts: bool = False
) -> list[Lesson]:
    """The lessons on these words that hold, of everybody; ``within`` narrows those on ``contacts`` to one account."""
    query = select(Lesson).where(Lesson.kind.in_(kinds), Lesson.phrase == phrase, Lesson.revoked_at.is_(None))
    if contacts:
        query = query.where(Lesson.account_id == within)
    return list(tx.scalars(query.order_by(Lesson.id)))


def taught_by(tx: Tx, visit_id: int) -> list[Lesson]:
    """The lessons that corrections of this visit taught and that hold."""
    query = select(Lesson).where(Lesson.visit_id == visit_id, Lesson.revoked_at.is_(None))
    return list(tx.scalars(query.order_by(Lesson.id)))


def revoke(lesson: Lesson, at: datetime, by: str) -> None:
    """Let the lesson hold no more; the row stays."""
    lesson.revoked_at, lesson.revoked_by = at, by


def count_use(tx: Tx, ids: Iterable[str]) -> None:
    """Keep that values of a filed visit rest on these lessons."""
    for lesson_id in ids:
        tx.execute(update(Lesson).where(Lesson.id == int(lesson_id)).values(times=Lesson.times + 1))


def listed(tx: Tx, taught_by: int | None = None) -> list[ListedLesson]:
    """Every lesson that holds, those of the house first, then by rep and words; one statement.

    ``taught_by`` narrows them to those that one rep's corrections taught, also where they hold for the house.
    """
    mine = (Visit.rep_id == taught_by,) if taught_by is not None else ()
    statement = (
        select(Lesson, Rep.name, func.coalesce(Contact.name, Lesson.term, Account.name), Account.name, Visit.number)
        .join(Visit, Visit.id == Lesson.visit_id)
        .outerjoin(Rep, Rep.id == Lesson.rep_id)
        .outerjoin(Account, Account.id == Lesson.account_id)
        .outerjoin(Contact, Contact.id == Lesson.contact_id)
        .where(Lesson.revoked_at.is_(None), *mine)
        .order_by(Lesson.rep_id.is_not(None), Rep.name, Lesson.rep_id, Lesson.phrase, Lesson.id)
    )
    return [
        ListedLesson(lesson, rep, meaning, within if lesson.kind == "contact" else None, number)
        for lesson, rep, meaning, within, number in tx.execute(statement)
    ]


def snapshot(tx: Tx) -> tuple[model.Lesson, ...]:
    """The lessons that hold, as the parser knows them, without those on accounts and contacts that are no names now."""
    statement = (
        select(Lesson)
        .outerjoin(Account, Account.id == Lesson.account_id)
        .outerjoin(Contact, Contact.id == Lesson.contact_id)
        .where(Lesson.revoked_at.is_(None), Account.retired_at.is_(None), Contact.retired_at.is_(None))
        .order_by(Lesson.id)
    )
    emails: dict[int, str] = {}
    for rep_id, email in tx.execute(select(RepEmail.rep_id, RepEmail.email).order_by(RepEmail.id)):
        emails.setdefault(rep_id, email)
    return tuple(
        model.Lesson(
            id=str(lesson.id),
            kind=lesson.kind,
            phrase=lesson.phrase,
            means=str(lesson.contact_id or lesson.term or lesson.account_id),
            within=str(lesson.account_id) if lesson.kind == "contact" else None,
            rep=emails[lesson.rep_id] if lesson.rep_id else None,
            taught_on=lesson.taught_at.date(),
        )
        for lesson in tx.scalars(statement)
    )
