"""What was filed, for a rep who asks: found by what that rep may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from capture.rights import sight, viewer
from letters.answer import Answer, Brief, Coming, Going, Part, ToldAction, ToldVisit
from letters.model import ActionLine, Counter, PersonLine
from parsing.asking import Asked
from store import actions, glance, kinds
from store.accounts import find_account
from store.db import Tx
from store.sight import Sight
from store.tables import Account, Rep
from store.visits import ListedVisit, VisitFilter, list_visits

VISITS = 3
COMPLAINTS, TERMS = 2, 6
MOST = 30


@dataclass(frozen=True, slots=True)
class _Desk:
    """Who asks, what they may see, and what values are called in their language."""

    tx: Tx
    rep: Rep
    seen: Sight | None
    labels: kinds.Labels


def answer(tx: Tx, asked: Asked, rep: Rep, counter: Counter, today: date, *, url: str | None) -> Answer:
    """What ``rep`` may be told; of several customers that may be meant each."""
    if asked.unknown is not None:
        return Answer(unknown=asked.unknown, url=url)
    if asked.kind == "count":
        return Answer(parts=(Part(about="count", counter=counter),), url=url)
    desk = _Desk(tx, rep, sight(tx, viewer(rep)), kinds.labels(tx, rep.language))
    if not asked.accounts:
        return Answer(parts=(_own(desk, asked.kind),), url=url)
    if asked.kind == "brief":
        return Answer(parts=brief_of(tx, rep, [int(one) for one in asked.accounts], today), url=url)
    parts = [_of_account(desk, asked.kind, int(one)) for one in asked.accounts]
    return Answer(parts=tuple(part for part in parts if part is not None), url=url)


def brief_of(tx: Tx, rep: Rep, account_ids: Sequence[int], today: date) -> tuple[Part, ...]:
    """What ``rep`` is told before a visit, as far as they may see it.

    Where several customers may be meant it is the brief facts of each, which tell them apart.
    """
    who = viewer(rep)
    if not min(who.may("read", "account"), who.may("read", "person")):
        return ()
    desk = _Desk(tx, rep, sight(tx, who), kinds.labels(tx, rep.language))
    facts = [part for one in account_ids if (part := _brief_facts(desk, one, today)) is not None]
    if len(account_ids) != 1:
        return tuple(facts)
    more = [_of_account(desk, kind, account_ids[0]) for kind in ("last", "open", "people")]
    return tuple(part for part in (*facts, *more) if part is not None)


def _brief_facts(desk: _Desk, account_id: int, today: date) -> Part | None:
    tx, account = desk.tx, desk.tx.get(Account, account_id)
    if account is None:
        return None
    owner = tx.get(Rep, account.owner_id) if account.owner_id else None
    turn, a_year_ago = glance.turn(tx, account), today - timedelta(days=365)
    planned = VisitFilter(account_id=account_id, status="planned", since=today, sight=desk.seen)
    complaints = VisitFilter(account_id=account_id, outcome="complaint", sight=desk.seen)
    brief = Brief(
        town=account.city, grade=account.grade, owner=owner.name if owner else None, due=turn.due if turn else None,
        goers=tuple(Going(rep=one.name, last=one.last) for one in glance.goers(tx, account_id) if one.active),
        planned=tuple(
            Coming(on=one.visit.on, rep=one.rep, starts=one.visit.starts)
            for one in list_visits(tx, planned, size=VISITS).visits[::-1]
        ),
        complaints=tuple(_told(one, desk.labels) for one in list_visits(tx, complaints, size=COMPLAINTS).visits),
        terms=tuple(one.term for one in glance.terms_by_month(tx, account_id, a_year_ago, desk.seen, TERMS)),
    )  # fmt: skip
    return Part(about="brief", account=account.name, account_id=account_id, brief=brief)


def _own(desk: _Desk, kind: str) -> Part:
    if kind == "open":
        todo = actions.open_of(desk.tx, desk.rep.id, MOST)
        return Part(about="open", actions=tuple(_todo(one) for one in todo))
    listed = list_visits(desk.tx, VisitFilter(rep_id=desk.rep.id), size=VISITS).visits
    return Part(about="last", visits=tuple(_told(one, desk.labels, name=one.account or "?") for one in listed))


def _todo(one: actions.Todo) -> ToldAction:
    action = ActionLine(text=one.action.text, due=one.action.due)
    return ToldAction(action=action, visit_id=one.visit.id, account=one.account)


def _of_account(desk: _Desk, kind: str, account_id: int) -> Part | None:
    found = find_account(desk.tx, account_id, desk.seen)
    if found is None:
        return None
    name = found.account.name
    if kind == "people":
        there = [one for one in found.people if one.employment.until is None]
        people = tuple(PersonLine(name=one.contact.name, role=one.employment.role) for one in there)
        return Part(about=kind, account=name, account_id=account_id, people=people)
    if kind == "open":
        todo = tuple(
            ToldAction(
                action=ActionLine(text=one.text, due=one.due, who=one.who if one.who != desk.rep.name else None),
                visit_id=one.visit_id,
            )
            for one in found.actions
        )
        return Part(about=kind, account=name, account_id=account_id, actions=todo)
    visits = tuple(_told(one, desk.labels) for one in found.visits.visits[:VISITS])
    return Part(about="last", account=name, account_id=account_id, visits=visits)


def _told(one: ListedVisit, labels: kinds.Labels, name: str | None = None) -> ToldVisit:
    visit = one.visit
    facts = (labels.get((family, getattr(visit, family) or "")) for family in ("type", "outcome"))
    return ToldVisit(
        id=visit.id,
        number=visit.number,
        on=visit.on,
        rep=name or one.rep,
        people=one.people,
        facts=tuple(fact for fact in facts if fact),
        said=visit.report,
    )
