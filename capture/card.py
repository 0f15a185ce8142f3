"""From filed rows to what a letter shows."""

from collections.abc import Sequence

from sqlalchemy import select

from letters.model import ActionLine, ChangeLine, Choice, PersonLine, Question, VisitCard
from store import changes, kinds
from store.db import Tx
from store.tables import Account, Contact, Employment, Rep, Visit


def visits_of(tx: Tx, capture_id: int) -> list[Visit]:
    """The visits that a message reported, in its order."""
    return list(tx.scalars(select(Visit).where(Visit.capture_id == capture_id).order_by(Visit.position)))


def cards(tx: Tx, visits: Sequence[Visit], language: str) -> tuple[VisitCard, ...]:
    """What the rep sees of these visits, with labels in ``language``."""
    labels = kinds.labels(tx, language)
    return tuple(_card(tx, visit, labels) for visit in visits)


def _card(tx: Tx, visit: Visit, labels: kinds.Labels) -> VisitCard:
    history = changes.by(tx, f"message:{visit.capture_id}")
    made = {(change.record, change.record_id) for change in history if change.field == "created"}
    left = [change.record_id for change in history if change.field == "until"]
    account = tx.get(Account, visit.account_id) if visit.account_id else None
    return VisitCard(
        id=visit.id,
        number=visit.number,
        account=account.name if account else None,
        account_new=bool(account and ("account", account.id) in made),
        people=tuple(_person(tx, line.contact_id, visit, made) for line in visit.contacts),
        on=visit.on,
        starts=visit.starts,
        ends=visit.ends,
        type=labels.get(("type", visit.type or "")),
        medium=labels.get(("medium", visit.medium or "")),
        outcome=labels.get(("outcome", visit.outcome or "")),
        city=visit.city,
        keywords=tuple(line.term for line in visit.keywords),
        amounts=tuple((amount.value, amount.currency) for amount in visit.amounts),
        actions=tuple(
            _action(tx, action.text, action.due, action.assignee_id, visit.rep_id) for action in visit.actions
        ),
        changes=tuple(_change(tx, employment_id) for employment_id in left),
        question=_question(tx, visit),
        withdrawn=visit.withdrawn_at is not None,
    )


def _person(tx: Tx, contact_id: int, visit: Visit, made: set[tuple[str, int]]) -> PersonLine:
    contact = tx.get_one(Contact, contact_id)
    here = next((job for job in contact.employments if job.account_id == visit.account_id), None)
    return PersonLine(name=contact.name, role=here.role if here else None, new=("contact", contact_id) in made)


def _action(tx: Tx, text: str, due: object, assignee_id: int, rep_id: int) -> ActionLine:
    who = None if assignee_id == rep_id else tx.get_one(Rep, assignee_id).name
    return ActionLine(text=text, due=due, who=who)  # type: ignore[arg-type]


def _change(tx: Tx, employment_id: int) -> ChangeLine:
    employment = tx.get_one(Employment, employment_id)
    successor = tx.get(Contact, employment.successor_id) if employment.successor_id else None
    return ChangeLine(name=employment.contact.name, successor=successor.name if successor else None)


def _question(tx: Tx, visit: Visit) -> Question | None:
    if visit.account_id is not None or visit.withdrawn_at is not None:
        return None
    if not visit.candidates:
        return Question(about="account_none")
    rows = tx.scalars(select(Account).where(Account.id.in_(visit.candidates)))
    by_id = {row.id: row for row in rows}
    return Question(
        about="account_which",
        choices=tuple(
            Choice(label=_told_apart(by_id[one]), value=f"{visit.id}:{one}") for one in visit.candidates if one in by_id
        ),
    )


def _told_apart(account: Account) -> str:
    return f"{account.name}, {account.city}" if account.city else account.name
