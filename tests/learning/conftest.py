"""What the tests of learning ask of a house."""

from typing import Any

from sqlalchemy import select

from parsing.model import Message
from store import lessons
from store.lessons import ListedLesson
from store.tables import Account, Contact, Rep, Visit
from tests.conftest import TestHouse

NOOR, JONAS = "noor@varenhof.example", "jonas@varenhof.example"


def reports(house: TestHouse, text: str, rep: str = NOOR, **more: Any) -> Visit:
    """Have a rep report one visit; return it as filed."""
    house.clock.passes(minutes=5)
    message = Message(
        via="web", rep=rep, sent_at=house.clock.now, text=text, source_id=f"{rep} {house.clock.now}", **more
    )
    house.house.assistant.file(house.house.assistant.accept(message).capture_id)
    return house.visits()[-1]


def corrects(house: TestHouse, visit: Visit, what: str, value: Any = None, rep: str = NOOR) -> Visit:
    """Have a rep correct a visit; return it as it is then."""
    house.clock.passes(minutes=1)
    house.house.assistant.correct(visit.id, rep, what, value)
    return next(one for one in house.visits() if one.id == visit.id)


def account_id(house: TestHouse, name: str) -> int:
    with house.house.db.read() as tx:
        return tx.scalars(select(Account.id).where(Account.name == name)).one()


def account(house: TestHouse, visit: Visit) -> str | None:
    with house.house.db.read() as tx:
        found = tx.get(Account, visit.account_id) if visit.account_id else None
        return found.name if found else None


def contact_id(house: TestHouse, name: str) -> int:
    with house.house.db.read() as tx:
        return tx.scalars(select(Contact.id).where(Contact.name == name, Contact.retired_at.is_(None))).one()


def people(house: TestHouse, visit: Visit) -> list[str]:
    with house.house.db.read() as tx:
        return [tx.get_one(Contact, line.contact_id).name for line in visit.contacts]


def learned(house: TestHouse) -> list[ListedLesson]:
    with house.house.db.read() as tx:
        return lessons.listed(tx)


def told(house: TestHouse) -> list[tuple[str | None, str, str]]:
    """Who, which words, what they mean."""
    return [(one.rep and one.rep.split()[0], one.lesson.phrase, one.meaning) for one in learned(house)]


def speaks_dutch(house: TestHouse, email: str = JONAS) -> None:
    """Let another rep write as Noor does."""
    with house.house.db.write() as tx:
        rep = next(one for one in tx.scalars(select(Rep)) if one.email == email)
        rep.language = "nl"
