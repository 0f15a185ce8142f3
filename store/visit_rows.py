"""Visits in lists, with all that a column may show of them: a fixed number of statements a page."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import lazyload

from parsing.fulltext import Query, fits, read_query
from store.db import Db, Tx, among, plan_anew
from store.filters import VisitFilter, called
from store.search import find_ids, matches_each, said_of
from store.tables import Account, Action, Amount, Attachment, Capture, Contact, Rep, Visit, VisitContact, VisitKeyword
from store.typed import has

PAGE = 50
"""Visits on one page of a list."""
MOST_COUNTED = 1_000
"""So many are counted, leafed through and sorted; who has more narrows the list."""
BEST, BEST_NAMED = 80, 30
"""Of what a search finds, so many of the newest are weighed, and of those with it in their names."""
AT_ONCE = 500
"""Visits that are read at once for one who takes out the whole list."""
HALF_LIFE = timedelta(days=365)
"""After which a visit that fits as well counts half as much more."""

ORDERS: dict[str, tuple[Any, ...]] = {
    "newest": (Visit.on.desc(), Visit.id.desc()),
    "oldest": (Visit.on, Visit.id),
    "filed": (Visit.id.desc(),),
    "account": (Account.name.is_(None), Account.name, Visit.on.desc(), Visit.id.desc()),
    "rep": (Rep.name, Visit.on.desc(), Visit.id.desc()),
    "match": (),
}
"""The orders that a list can have; ``match`` is that of a search alone."""
SORTED = frozenset({"account", "rep"})
"""Orders in which no index has the visits: only so many as are counted are put into them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """A visit in a list, with what belongs to it."""

    visit: Visit
    rep: str
    team: str | None
    account: Account | None
    language: str
    """Of its message."""
    people: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    amounts: tuple[tuple[Decimal, str], ...] = ()
    actions: tuple[str, ...] = ()
    """What is still to be done."""
    files: int = 0


@dataclass(frozen=True, slots=True)
class VisitRows:
    """One page of a list. ``total`` is all there are, or as many as are counted where ``whole`` is false."""

    rows: tuple[VisitRow, ...]
    total: int
    page: int
    order: str
    whole: bool = True
    reach: int = MOST_COUNTED
    """How many of them can be leafed through."""
    ids: Sequence[int] = ()
    """Of all that were counted."""

    @property
    def pages(self) -> int:
        """How many pages there are to leaf through; an empty list has one."""
        return max(1, -(-min(self.total, self.reach) // PAGE))


@dataclass(frozen=True, slots=True)
class _Found:
    """The first of the visits that a filter describes, in the order in which they can be had."""

    narrowed: Sequence[ColumnElement[bool]]
    """What they must be like but for what was searched for."""
    conditions: Sequence[ColumnElement[bool]]
    order: str
    ids: Sequence[int]
    whole: bool


def find_rows(tx: Tx, wanted: VisitFilter, order: str, page: int, today: date) -> VisitRows:
    """The page of the visits that ``wanted`` describes, in that order as far as they can be sorted so.

    What is searched for stands in the order in which it fits unless another is asked for. More visits than are counted
    stand newest first, or oldest first.
    """
    found = _looked_up(tx, wanted, order, page)
    ids, total, reach = found.ids, len(found.ids), MOST_COUNTED
    if found.order == "match":
        ids = _best(tx, wanted, found, today)
        total, reach = max(total, len(ids)), len(ids)
    elif found.order in SORTED:
        ids = tx.scalars(_ids([among(tx, Visit.id, ids)], found.order)).all()
    shown = ids[(page - 1) * PAGE : page * PAGE]
    return VisitRows(_in_order(tx, shown), total, page, found.order, found.whole, reach, found.ids)


def each_row(db: Db, wanted: VisitFilter, order: str, today: date) -> Iterator[VisitRow]:
    """Every visit that ``wanted`` describes, in the order in which `find_rows` shows them.

    Each batch is read in a transaction of its own, which has ended before its rows are handed on: whoever takes them
    out slowly holds nothing open, and a million visits are not kept in memory.
    """
    with db.read() as tx:
        found = _looked_up(tx, wanted, order)
        ids: Sequence[int] = ()
        if found.order == "match":
            ids = _best(tx, wanted, found, today)
        elif found.order in SORTED:  # there are no more of them than are counted
            ids = tx.scalars(_ids([among(tx, Visit.id, found.ids)], found.order)).all()
    for some in _cut(ids):
        with db.read() as tx:
            rows = _in_order(tx, some)
        yield from rows
    if found.order not in SORTED:
        yield from _each_by_key(db, found, frozenset(ids))


def _each_by_key(db: Db, wanted: _Found, done: frozenset[int]) -> Iterator[VisitRow]:
    """All of them but those that are done, as they are sorted by their own columns."""
    order = "newest" if wanted.order == "match" else wanted.order
    after: tuple[date, int] | None = None
    while True:
        with db.read() as tx:
            plan_anew(tx)
            statement = _after(_ids(wanted.conditions, order).add_columns(Visit.on), order, after).limit(AT_ONCE)
            found = tx.execute(statement).all()
            rows = _in_order(tx, [visit_id for visit_id, _ in found if visit_id not in done])
        if not found:
            return
        yield from rows
        after = (found[-1][1], found[-1][0])


def count(tx: Tx, wanted: VisitFilter) -> tuple[int, bool]:
    """How many visits ``wanted`` describes, and whether that is all of them: more than so many are not counted."""
    found = _looked_up(tx, wanted, "newest")
    return len(found.ids), found.whole


def sums(tx: Tx, found: VisitRows) -> list[tuple[Decimal, str]]:
    """What these visits speak of, in each currency, most often spoken of first; one statement.

    Of more visits than are counted there are none: a sum of a part of them would mislead.
    """
    if not found.whole:
        return []
    said, often = func.sum(Amount.value), func.count(Amount.id)
    statement = select(said, Amount.currency).where(among(tx, Amount.visit_id, found.ids))
    rows = tx.execute(statement.group_by(Amount.currency).order_by(often.desc(), Amount.currency))
    return [(value, currency) for value, currency in rows]


def _looked_up(tx: Tx, wanted: VisitFilter, order: str, page: int | None = None) -> _Found:
    """Read so many as are counted: in that order, or newest first where they have to be sorted yet.

    Of what stands in many reports no more than ``page`` and the next one need: each has to be looked into.
    """
    plan_anew(tx)
    conditions, seldom = conditions_of(tx, replace(wanted, text=None)), True
    everything = conditions
    query = read_query(wanted.text or "")
    if order not in ORDERS or (order == "match" and not query.wanted):
        order = "match" if query.wanted else "newest"
    if query.pieces:
        searched, seldom = _searched(tx, query)
        everything = [*conditions, *searched]
    first = order if order in ORDERS.keys() - SORTED - {"match"} else "newest"
    enough = MOST_COUNTED if seldom or page is None else min(MOST_COUNTED, max(BEST, (page + 1) * PAGE))
    ids = tx.scalars(_ids(everything, first).limit(enough + 1)).all()
    whole = len(ids) <= enough
    return _Found(conditions, everything, order if whole or order not in SORTED else "newest", ids[:enough], whole)


def conditions_of(tx: Tx, wanted: VisitFilter) -> list[ColumnElement[bool]]:
    """What a visit, joined with its account, must be like; what a name or a word means is looked up here.

    A database that has to guess how many visits a name means takes the long way as often as not.
    """
    found = list(replace(wanted, account=None, grade=None, region=None, rep=None).conditions())
    of_account = [
        *([Account.grade == wanted.grade] if wanted.grade is not None else ()),
        *([Account.region == wanted.region] if wanted.region is not None else ()),
        *([Account.id.in_(called(wanted.account))] if wanted.account else ()),
    ]
    if of_account:
        found.append(among(tx, Visit.account_id, tx.scalars(select(Account.id).where(*of_account)).all()))
    if wanted.rep:
        found.append(among(tx, Visit.rep_id, tx.scalars(select(Rep.id).where(has(Rep.name, wanted.rep))).all()))
    return found


def _searched(tx: Tx, query: Query, *, names: bool = False) -> tuple[list[ColumnElement[bool]], bool]:
    """What a visit must be like that is searched for so, and whether that is seldom: those were looked up at once."""
    ids = find_ids(tx, query, names=names)
    if ids is None:
        return list(matches_each(tx, query, names=names)), False
    return [among(tx, Visit.id, ids)], True


def _ids(conditions: Sequence[ColumnElement[bool]], order: str) -> Select[int]:
    """The ids of the visits."""
    statement = select(Visit.id).outerjoin(Account, Account.id == Visit.account_id)
    if order == "rep":
        statement = statement.join(Rep, Rep.id == Visit.rep_id)
    return statement.where(*conditions).order_by(*ORDERS[order])


def _cut(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _after(statement: Select[Any], order: str, after: tuple[date, int] | None) -> Select[Any]:
    """The rows that come after the last of the batch before, by what they are sorted by."""
    if after is None:
        return statement
    if order == "filed":
        return statement.where(Visit.id < after[1])
    place: Any = tuple_(Visit.on, Visit.id)
    return statement.where(place > after if order == "oldest" else place < after)


# ------------------------------------------------------------------------------------------------- what fits best


def _best(tx: Tx, wanted: VisitFilter, found: _Found, today: date) -> list[int]:
    """The visits that fit a search best: of the newest that have it all, and of those that have it in their names."""
    query = read_query(wanted.text or "")
    named, _ = _searched(tx, query, names=True)
    in_names = tx.scalars(_ids([*found.narrowed, *named], "newest").limit(BEST_NAMED)).all()
    either = among(tx, Visit.id, {*found.ids[:BEST], *in_names})
    days: dict[int, date] = dict(tx.execute(select(Visit.id, Visit.on).where(either)).all())
    said = said_of(tx, days)

    def worth(visit_id: int) -> tuple[float, date, int]:
        one, on = said[visit_id], days[visit_id]
        parts = [*((name, 4.0) for name in one.names), *((text, 1.0) for text in one.texts)]
        fresh = 1 + 0.5 ** (max(0, (today - on).days) / HALF_LIFE.days)
        return fits(parts, one.language, query) * fresh, on, visit_id

    return sorted(days, key=worth, reverse=True)


# ------------------------------------------------------------------------------------------------ what belongs to them


def _in_order(tx: Tx, ids: Sequence[int]) -> tuple[VisitRow, ...]:
    """These visits with what belongs to them, in the order of ``ids``."""
    if not ids:
        return ()
    bare = tuple(lazyload(part) for part in (Visit.contacts, Visit.keywords, Visit.amounts, Visit.actions))
    statement = (
        select(Visit, Account, Rep.name, Rep.team, Capture.language)
        .join(Rep, Rep.id == Visit.rep_id)
        .join(Capture, Capture.id == Visit.capture_id)
        .outerjoin(Account, Account.id == Visit.account_id)
        .where(Visit.id.in_(ids))
        .options(*bare)
    )
    found = {row[0].id: row for row in tx.execute(statement)}
    parts = _parts(tx, ids)
    files = _files(tx, ids)
    return tuple(_row(found[one], parts, files.get(one, 0)) for one in ids if one in found)


def _row(found: Any, parts: dict[str, dict[int, list[Any]]], files: int) -> VisitRow:
    visit, account, rep, team, language = found
    belongs = {name: tuple(of.get(visit.id, ())) for name, of in parts.items()}
    return VisitRow(visit=visit, account=account, rep=rep, team=team, language=language or "en", files=files, **belongs)


def _parts(tx: Tx, ids: Collection[int]) -> dict[str, dict[int, list[Any]]]:
    """Names, terms, sums and open actions by visit."""
    met = select(VisitContact.visit_id, Contact.name).join(Contact, Contact.id == VisitContact.contact_id)
    questions: dict[str, Any] = {
        "people": met.where(VisitContact.visit_id.in_(ids)).order_by(VisitContact.position),
        "keywords": select(VisitKeyword.visit_id, VisitKeyword.term)
        .where(VisitKeyword.visit_id.in_(ids))
        .order_by(VisitKeyword.position),
        "amounts": select(Amount.visit_id, Amount.value, Amount.currency)
        .where(Amount.visit_id.in_(ids))
        .order_by(Amount.id),
        "actions": select(Action.visit_id, Action.text)
        .where(Action.visit_id.in_(ids), Action.state == "open")
        .order_by(Action.id),
    }
    parts: dict[str, dict[int, list[Any]]] = {}
    for name, question in questions.items():
        of: defaultdict[int, list[Any]] = defaultdict(list)
        for visit_id, *values in tx.execute(question):
            of[visit_id].append(values[0] if len(values) == 1 else tuple(values))
        parts[name] = of
    return parts


def _files(tx: Tx, ids: Collection[int]) -> dict[int, int]:
    statement = (
        select(Visit.id, func.count(Attachment.id))
        .join(Attachment, Attachment.capture_id == Visit.capture_id)
        .where(Visit.id.in_(ids))
        .group_by(Visit.id)
    )
    return dict(tx.execute(statement).all())
