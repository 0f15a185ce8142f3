"""Accounts in lists, by name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_

from store.db import Db, Tx, plan_anew
from store.filters import LONGEST, called
from store.sight import Sight
from store.tables import Account, Rep, Visit
from store.typed import has, words_of
from store.visit_rows import AT_ONCE, MOST_COUNTED, PAGE

FIELDS = {"class": Account.grade, "region": Account.region, "status": Account.status, "country": Account.country}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFilter:
    """Which accounts are asked for; none that are no longer in use."""

    text: str | None = None
    """Each word stands in the name, another name, or the town."""
    fields: tuple[tuple[str, str], ...] = ()
    owner: str | None = None
    """Part of the name of whoever looks after it."""
    owner_id: int | None = None

    @classmethod
    def read(cls, query: Mapping[str, str], me: int = 0) -> "AccountFilter":
        """The filter of an address; what makes no sense there narrows nothing. ``mine=yes`` are those of ``me``."""
        said = {name: query.get(name, "").replace("\0", "").strip()[:LONGEST] for name in ("q", "owner", *FIELDS)}
        fields = tuple((name, said[name]) for name in FIELDS if said[name])
        mine = me if query.get("mine") == "yes" and me else None
        return cls(text=said["q"] or None, fields=fields, owner=said["owner"] or None, owner_id=mine)

    def query(self) -> dict[str, str]:
        """The address's parameters that ask for the same."""
        values = {"q": self.text, "owner": self.owner, "mine": "yes" if self.owner_id else None, **dict(self.fields)}
        return {name: value for name, value in values.items() if value}

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """What an account must be like."""
        yield Account.retired_at.is_(None)
        for word in words_of(self.text or ""):
            town = select(Account.id).where(has(Account.city, word))
            yield Account.id.in_(called(word, town))
        for name, value in self.fields:
            yield FIELDS[name] == value
        if self.owner:
            yield Account.owner_id.in_(select(Rep.id).where(has(Rep.name, self.owner)))
        if self.owner_id is not None:
            yield Account.owner_id == self.owner_id


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account in a list; ``last`` is the last visit that was held there, as far as its reader may see it."""

    account: Account
    owner: str | None
    last: date | None


@dataclass(frozen=True, slots=True)
class AccountRows:
    """One page of the list; of more than are counted ``whole`` is false."""

    rows: tuple[AccountRow, ...]
    total: int
    whole: bool
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are to leaf through; an empty list has one."""
        return max(1, -(-self.total // PAGE))


def find_accounts(tx: Tx, wanted: AccountFilter, sight: Sight | None, page: int) -> AccountRows:
    """The page of the accounts that ``wanted`` describes, by name."""
    plan_anew(tx)
    first = select(Account.id).where(*wanted.conditions()).order_by(Account.name, Account.id).limit(MOST_COUNTED + 1)
    found = tx.scalars(first).all()
    ids = found[:MOST_COUNTED]
    rows = tx.execute(_rows([Account.id.in_(ids[(page - 1) * PAGE : page * PAGE])])).all()
    return AccountRows(_listed(tx, rows, sight), len(ids), len(found) <= MOST_COUNTED, page)


def each_account(db: Db, wanted: AccountFilter, sight: Sight | None) -> Iterator[AccountRow]:
    """Every account that ``wanted`` describes, by name.

    Each batch is read in a transaction that has ended before it is handed on.
    """
    after: tuple[str, int] | None = None
    while True:
        statement = _rows(list(wanted.conditions()))
        if after is not None:
            place: Any = tuple_(Account.name, Account.id)
            statement = statement.where(place > after)
        with db.read() as tx:
            rows = _listed(tx, tx.execute(statement.limit(AT_ONCE)).all(), sight)
        if not rows:
            return
        yield from rows
        after = (rows[-1].account.name, rows[-1].account.id)


def _rows(conditions: Sequence[ColumnElement[bool]]) -> Any:
    owned = select(Account, Rep.name).outerjoin(Rep, Rep.id == Account.owner_id)
    return owned.where(*conditions).order_by(Account.name, Account.id)


def _listed(tx: Tx, rows: Sequence[Any], sight: Sight | None) -> tuple[AccountRow, ...]:
    ids = [account.id for account, _ in rows]
    held = [Visit.account_id.in_(ids), Visit.withdrawn_at.is_(None), Visit.status == "held"]
    seen = held if sight is None else [*held, sight.of_visits()]
    statement = select(Visit.account_id, func.max(Visit.on)).where(*seen).group_by(Visit.account_id)
    last = dict(tx.execute(statement).all()) if ids else {}
    return tuple(AccountRow(account, owner, last.get(account.id)) for account, owner in rows)
