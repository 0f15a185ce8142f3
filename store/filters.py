"""Which visits are asked for: the one description that pages, exports, other programs and figures share."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select, union

from parsing.fulltext import read_query
from store import handbook, keywords
from store.search import matches
from store.sight import Sight
from store.tables import Account, AccountAlias, Rep, Visit, VisitContact, VisitKeyword
from store.typed import has
from store.worth import is_complete, is_first, is_of_new_account

LARGEST_ID = 2**31 - 1
LONGEST = 200
"""Characters of a text that is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFilter:
    """Which visits are asked for; what is None does not matter. Days are inclusive."""

    text: str | None = None
    """What was typed into the search, as `parsing.fulltext.read_query` takes it apart."""
    rep_id: int | None = None
    rep: str | None = None
    """Part of the name of whoever visited."""
    account_id: int | None = None
    account: str | None = None
    """Part of the account's name, or of another name it goes by."""
    contact_id: int | None = None
    team: str | None = None
    """The team of whoever visited."""
    manager_id: int | None = None
    """Whose people visited: those that report to this person, and this person."""
    type: str | None = None
    medium: str | None = None
    outcome: str | None = None
    status: str | None = None
    keyword: str | None = None
    """A term as it stands at the visit, or another word of the house for it."""
    grade: str | None = None
    """The account's class of customer."""
    region: str | None = None
    """The account's."""
    since: date | None = None
    until: date | None = None
    open: bool = False
    """Only those whose account nobody knows yet."""
    first: bool = False
    """Only the first that was held at its account."""
    new_account: bool = False
    """Only the first at an account that a report made known."""
    complete: str | None = None
    """``yes``: those that tell the minimum that a report should, `store.worth`; ``no``: the others."""
    unfinished: bool = False
    """Only those that lack what the house's handbook wants told."""
    sight: Sight | None = None
    """Only those that somebody may see; no part of an address."""

    def query(self) -> dict[str, str]:
        """The parameters of an address of /visits that shows the same; `read` gives the filter back."""
        values = {name: getattr(self, field) for field, name in PARAMETERS.items()}
        return {
            name: "yes" if value is True else value.isoformat() if isinstance(value, date) else str(value)
            for name, value in values.items()
            if value not in (None, False, "")
        }

    @classmethod
    def read(cls, query: Mapping[str, str], sight: Sight | None = None) -> "VisitFilter":
        """The filter of an address; what makes no sense there narrows nothing."""
        values = {field: _READERS.get(field, _text)(_line(query.get(name, ""))) for field, name in PARAMETERS.items()}
        return cls(**values, sight=sight)

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """What a visit, joined with its account where it has one, must be like; none that was taken back."""
        yield Visit.withdrawn_at.is_(None)
        for field, column in _COLUMNS.items():
            value = getattr(self, field)
            if value is not None:
                yield column == value
        if self.since is not None:
            yield Visit.on >= self.since
        if self.until is not None:
            yield Visit.on <= self.until
        if self.open:
            yield Visit.account_id.is_(None)
        yield from self._of_worth()
        yield from self._of_others()
        if self.text:
            yield from matches(read_query(self.text))
        if self.sight is not None:
            yield self.sight.of_visits()

    def _of_worth(self) -> Iterator[ColumnElement[bool]]:
        """What the visit brought, and how much its report tells."""
        if self.first:
            yield is_first()
        if self.new_account:
            yield is_of_new_account()
        if self.unfinished:
            yield handbook.is_unfinished()
        if self.complete is not None:
            yield is_complete() if self.complete == "yes" else ~is_complete()

    def _of_others(self) -> Iterator[ColumnElement[bool]]:
        """What stands in other tables."""
        if self.account:
            yield Visit.account_id.in_(called(self.account))
        if self.rep:
            yield Visit.rep_id.in_(select(Rep.id).where(has(Rep.name, self.rep)))
        if self.team is not None:
            yield Visit.rep_id.in_(select(Rep.id).where(Rep.team == self.team))
        if self.manager_id is not None:
            yield Visit.rep_id.in_(_under(self.manager_id))
        if self.contact_id is not None:
            yield Visit.id.in_(select(VisitContact.visit_id).where(VisitContact.contact_id == self.contact_id))
        if self.keyword is not None:
            yield Visit.id.in_(select(VisitKeyword.visit_id).where(keywords.same_as(self.keyword)))


EVERY = VisitFilter()
"""All that were not taken back."""

_COLUMNS = {
    "rep_id": Visit.rep_id, "account_id": Visit.account_id, "type": Visit.type, "medium": Visit.medium,
    "outcome": Visit.outcome, "status": Visit.status, "grade": Account.grade, "region": Account.region,
}  # fmt: skip

_OTHERWISE = {"text": "q", "rep_id": "rep", "rep": "by", "manager_id": "manager", "grade": "class"}
PARAMETERS = {one.name: _OTHERWISE.get(one.name, one.name) for one in fields(VisitFilter) if one.name != "sight"}
"""The filter's fields as an address has them."""


def called(part: str, *others: Any) -> Any:
    """The ids of the accounts with that in their name, or in another one that they go by; and those of ``others``."""
    alias = select(AccountAlias.account_id).where(has(AccountAlias.alias, part))
    return union(select(Account.id).where(has(Account.name, part)), alias, *others)


def _under(manager_id: int) -> Any:
    """The ids of everybody below this person, and their own."""
    below = select(Rep.id).where(Rep.id == manager_id).cte("below", recursive=True)
    return select(below.union(select(Rep.id).where(Rep.manager_id == below.c.id)).c.id)


def _line(text: str) -> str:
    """What a parameter says, without NUL, which no database takes."""
    return text.replace("\0", "").strip()[:LONGEST]


def _text(text: str) -> str | None:
    return text or None


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and int(text) <= LARGEST_ID else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _flag(text: str) -> bool:
    return text == "yes"


def _yes_or_no(text: str) -> str | None:
    return text if text in {"yes", "no"} else None


_READERS: dict[str, Callable[[str], Any]] = {
    "rep_id": _id, "account_id": _id, "contact_id": _id, "manager_id": _id, "since": _day, "until": _day, "open": _flag,
    "first": _flag, "unfinished": _flag, "new_account": _flag, "complete": _yes_or_no,
}  # fmt: skip
