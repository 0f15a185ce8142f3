"""Questions about filed visits, for those who look at them: a fixed number of statements, however many visits."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload, selectinload

from store.db import Tx
from store.filters import EVERY, VisitFilter
from store.sources import ListedSource, sources_of
from store.tables import Account, Capture, Change, Contact, Employment, Rep, Visit, VisitContact

__all__ = ["BARE", "PAGE", "FoundVisit", "ListedVisit", "Met", "VisitFilter", "VisitList", "find_visit", "list_visits"]

BARE = tuple(lazyload(part) for part in (Visit.contacts, Visit.keywords, Visit.amounts, Visit.actions))
"""For lists: what belongs to a visit stays where it is."""
PAGE = 50
"""Visits on one page of a list."""


@dataclass(frozen=True, slots=True)
class ListedVisit:
    """A visit in a list, with the names of what it points at."""

    visit: Visit
    account: str | None
    rep: str
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VisitList:
    """One page of a list, newest first, and how many visits there are in all."""

    visits: tuple[ListedVisit, ...]
    total: int
    page: int = 1

    @property
    def pages(self) -> int:
        """How many pages the list has; an empty list has one."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class Met:
    """A person who was met, with their part at the visit's account."""

    contact: Contact
    role: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundVisit:
    """A visit with everything that belongs to it."""

    visit: Visit
    rep: Rep
    account: Account | None
    capture: Capture
    people: tuple[Met, ...] = ()
    candidates: tuple[Account, ...] = ()
    assignees: dict[int, str] = field(default_factory=dict)
    """The names of those who have an action to do, by their ids."""
    history: tuple[Change, ...] = ()
    """What became of the visit, and what else its message changed."""
    sources: tuple[ListedSource, ...] = ()
    """The other messages that told of it."""
    names: dict[tuple[str, int], str] = field(default_factory=dict)
    """What the history's records are called, by kind (``account``, ``contact``, ``employment``, ``rep``) and id."""


def list_visits(
    tx: Tx, wanted: VisitFilter = EVERY, page: int = 1, size: int = PAGE, most: int | None = None
) -> VisitList:
    """The page of the visits that ``wanted`` describes, newest first, without those that were taken back.

    Where ``most`` is given, no more than that are counted, and one more stands for all others.
    """
    conditions = list(wanted.conditions())
    at = Account.id == Visit.account_id
    counted = select(Visit.id).outerjoin(Account, at).where(*conditions).limit(None if most is None else most + 1)
    total = tx.scalar(select(func.count()).select_from(counted.subquery())) or 0
    statement = select(Visit, Account.name, Rep.name).join(Rep, Rep.id == Visit.rep_id).outerjoin(Account, at)
    newest = statement.where(*conditions).order_by(Visit.on.desc(), Visit.id.desc())
    rows = tx.execute(newest.limit(size).offset((page - 1) * size).options(*BARE)).all()
    people = _people(tx, [visit.id for visit, _, _ in rows])
    listed = tuple(ListedVisit(visit, account, rep, tuple(people[visit.id])) for visit, account, rep in rows)
    return VisitList(listed, total, page)


def find_visit(tx: Tx, visit_id: int) -> FoundVisit | None:
    """The visit with everything that belongs to it; taken back or not."""
    parts = (selectinload(part) for part in (Visit.contacts, Visit.keywords, Visit.amounts, Visit.actions))
    visit = tx.scalar(select(Visit).where(Visit.id == visit_id).options(*parts))
    if visit is None:
        return None
    capture = tx.get_one(Capture, visit.capture_id, options=[selectinload(Capture.attachments)])
    doers = {action.assignee_id for action in visit.actions}
    names = select(Rep.id, Rep.name).where(Rep.id.in_(doers))
    history = _history(tx, visit)
    return FoundVisit(
        visit=visit,
        rep=tx.get_one(Rep, visit.rep_id, options=[lazyload(Rep.emails)]),
        account=tx.get(Account, visit.account_id) if visit.account_id else None,
        capture=capture,
        people=_met(tx, visit),
        candidates=tuple(tx.scalars(select(Account).where(Account.id.in_(visit.candidates)).order_by(Account.name))),
        assignees=dict(tx.execute(names).all()) if doers else {},
        history=history,
        sources=tuple(sources_of(tx, [visit.id])),
        names=_names(tx, history),
    )


def _people(tx: Tx, visit_ids: Sequence[int]) -> defaultdict[int, list[str]]:
    names = (
        select(VisitContact.visit_id, Contact.name)
        .join(Contact, Contact.id == VisitContact.contact_id)
        .where(VisitContact.visit_id.in_(visit_ids))
        .order_by(VisitContact.visit_id, VisitContact.position)
    )
    people: defaultdict[int, list[str]] = defaultdict(list)
    for visit_id, name in tx.execute(names):
        people[visit_id].append(name)
    return people


def _met(tx: Tx, visit: Visit) -> tuple[Met, ...]:
    statement = (
        select(Contact, Employment.role)
        .join(VisitContact, VisitContact.contact_id == Contact.id)
        .outerjoin(
            Employment, (Employment.contact_id == Contact.id) & (Employment.account_id == (visit.account_id or 0))
        )
        .where(VisitContact.visit_id == visit.id)
        .order_by(VisitContact.position)
        .options(selectinload(Contact.emails), selectinload(Contact.phones))
    )
    return tuple(Met(contact, role) for contact, role in tx.execute(statement))


def _history(tx: Tx, visit: Visit) -> tuple[Change, ...]:
    here = (Change.record == "visit") & (Change.record_id == visit.id)
    # A message of several visits makes a note for each: the others' are theirs.
    of_message = (Change.by == f"message:{visit.capture_id}") & (Change.record != "visit")
    return tuple(tx.scalars(select(Change).where(here | of_message).order_by(Change.id)))


def _names(tx: Tx, history: Sequence[Change]) -> dict[tuple[str, int], str]:
    chosen = {("account", value) for change in history if change.field == "account_id"
              for value in (change.old, change.new) if value is not None}  # fmt: skip
    makers = {("rep", int(change.by.removeprefix("rep:"))) for change in history if change.by.startswith("rep:")}
    followers = {("contact", change.new) for change in history if change.field == "successor"}
    meant = chosen | makers | followers | {(change.record, change.record_id) for change in history}
    questions = {
        "account": select(Account.id, Account.name),
        "contact": select(Contact.id, Contact.name),
        "rep": select(Rep.id, Rep.name),
        "employment": select(Employment.id, Contact.name).join(Contact, Contact.id == Employment.contact_id),
    }
    keys = {"account": Account.id, "contact": Contact.id, "rep": Rep.id, "employment": Employment.id}
    names: dict[tuple[str, int], str] = {}
    for kind, question in questions.items():
        ids = [record_id for record, record_id in meant if record == kind]
        found = tx.execute(question.where(keys[kind].in_(ids))) if ids else ()
        names |= {(kind, record_id): name for record_id, name in found}
    return names
