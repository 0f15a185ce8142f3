"""One account at a glance, and on one sheet of paper for the next visit."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import HTMLResponse

from capture.handbook import Handbook
from capture.rights import Viewer, sight
from capture.seen import note_account
from store import glance, kinds
from store.accounts import Employed, FoundAccount, find_account
from store.contacts import last_met, signs_of
from store.db import Tx
from store.sight import Sight
from store.visits import VisitFilter, list_visits
from web import extra
from web.alive import Alive, alive
from web.charts import Chart, Column, chart, months_until
from web.gate import RowId, allowed
from web.lacks import lack_called
from web.records import history
from web.shared import Shared
from web.templating import ENGLISH, month

MONTHS = 12
"""How far back sums and keywords are looked at."""
LAST_WORDS = 3
"""Reports on the sheet for the next visit."""
COMPLAINTS, PLANNED = 5, 5


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the account, with how it stands with them and when one of us met them last."""

    job: Employed
    alive: Alive
    met: date | None


def router(shared: Shared) -> APIRouter:
    """The routes."""
    routes = shared.routes()

    @routes.get("/accounts/{account_id}")
    def account(account_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> HTMLResponse:
        """One account: facts, people, visits, what is still to be done, what went on."""
        allowed(min(who.may("read", "account"), who.may("read", "person")))
        today = who.today(shared.clock())
        with shared.db.read() as tx:
            seen = sight(tx, who)
            found = _found(tx, account_id, seen)
            shown = shared.page(
                "account.html", who, place="accounts", **_basics(tx, found, today, seen),
                sums=_sums(tx, account_id, today, seen), quarters=_quarters(today),
                terms=_terms(tx, account_id, today, seen),
                history=history(tx, {"account": [account_id]}, {}), lack_called=lack_called,
                extra=extra.told(tx, "account", found.account.extra),
                lacks=Handbook.read(tx).of_account(found.account, who.language),
            )  # fmt: skip
        note_account(shared.db, who, shared.clock(), "page of the account", account_id)
        return shown

    @routes.get("/accounts/{account_id}/brief")
    def brief(account_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> HTMLResponse:
        """What to know before the next visit, on one sheet."""
        allowed(min(who.may("read", "account"), who.may("read", "person")))
        today = who.today(shared.clock())
        with shared.db.read() as tx:
            seen = sight(tx, who)
            found = _found(tx, account_id, seen)
            orders = VisitFilter(account_id=account_id, status="held", outcome="order", sight=seen)
            shown = shared.page(
                "brief.html", who, place="accounts", **_basics(tx, found, today, seen),
                orders=list_visits(tx, orders, size=COMPLAINTS).visits, last=_last_words(found),
                terms=_terms(tx, account_id, today, seen),
            )  # fmt: skip
        note_account(shared.db, who, shared.clock(), "brief of the account", account_id)
        return shown

    return routes


def _found(tx: Tx, account_id: int, seen: Sight | None) -> FoundAccount:
    found = find_account(tx, account_id, seen)
    if found is None:
        raise HTTPException(404, "There is no such account.")
    return found


def _basics(tx: Tx, found: FoundAccount, today: date, seen: Sight | None) -> dict[str, Any]:
    """What the page and the sheet both show."""
    account_id = found.account.id
    complaints = VisitFilter(account_id=account_id, outcome="complaint", sight=seen)
    planned = VisitFilter(account_id=account_id, status="planned", since=today, sight=seen)
    return {
        "found": found, "today": today, "labels": kinds.labels(tx, "en"), "people": _people(tx, found, today),
        "goers": glance.goers(tx, account_id), "turn": glance.turn(tx, found.account),
        "complaints": list_visits(tx, complaints, size=COMPLAINTS),
        "planned": list_visits(tx, planned, size=PLANNED).visits[::-1],
    }  # fmt: skip


def _people(tx: Tx, found: FoundAccount, today: date) -> list[Person]:
    ids = [one.contact.id for one in found.people]
    signs, met = signs_of(tx, ids), last_met(tx, ids)
    return [
        Person(one, alive(one.contact.name, signs[one.contact.id], met.get(one.contact.id), today),
               met.get(one.contact.id))
        for one in found.people
    ]  # fmt: skip


def _last_words(found: FoundAccount) -> list[Any]:
    """The latest visits that took place."""
    held = [one for one in found.visits.visits if one.visit.status == "held"]
    return held[:LAST_WORDS]


def _sums(tx: Tx, account_id: int, today: date, seen: Sight | None) -> list[Chart]:
    """A picture of each currency: what was ordered and what else was spoken of, month by month."""
    months = months_until(today, MONTHS)
    first = date(*months[0], 1)
    charts = []
    for currency, by_month in glance.worth_by_month(tx, account_id, first, seen).items():
        worths = [(one, by_month.get(one, glance.Worth())) for one in months]
        columns = [
            Column(
                month(*at), ((one.ordered, "bar-good"), (one.spoken, "bar")), _in_words(one, currency),
                _visits(account_id, *at) if one.ordered or one.spoken else "",
            )
            for at, one in worths
        ]  # fmt: skip
        charts.append(chart(f"sums-{currency.lower()}", f"Sums in {currency} by month", columns))
    return charts


def _visits(account_id: int, year: int, of: int) -> str:
    """Where the visits of a month stand."""
    last = monthrange(year, of)[1]
    return f"/visits?account_id={account_id}&since={date(year, of, 1)}&until={date(year, of, last)}"


def _in_words(worth: glance.Worth, currency: str) -> str:
    told = ((worth.ordered, "ordered"), (worth.spoken, "spoken of"))
    return ", ".join(f"{ENGLISH.money(value, currency)} {what}" for value, what in told if value) or "nothing"


def _quarters(today: date) -> list[str]:
    """The names of the last four quarters of a year back from today, oldest first."""
    months = months_until(today, MONTHS)
    return [f"{month(*months[n])}–{month(*months[n + 2])}" for n in range(0, MONTHS, 3)]  # noqa: RUF001  # a span


def _terms(tx: Tx, account_id: int, today: date, seen: Sight | None) -> list[tuple[glance.Term, list[int]]]:
    """The keywords, with how many visits of each of the last four quarters have them."""
    months = months_until(today, MONTHS)
    terms = glance.terms_by_month(tx, account_id, date(*months[0], 1), seen)
    spans = [months[n : n + 3] for n in range(0, MONTHS, 3)]
    return [(term, [sum(term.months.get(one, 0) for one in span) for span in spans]) for term in terms]
