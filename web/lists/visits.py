"""The list of visits: searched as one types, narrowed, sorted, with the columns that one chose, and taken out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from capture.finding import Finding
from capture.rights import Viewer, people, sight
from capture.seen import note_export
from parsing.fulltext import Query as Search
from parsing.fulltext import Shown, read_query, shown
from store import attributes, choices, kinds, views
from store.db import Tx
from store.filters import VisitFilter
from store.tables import Kind
from store.visit_rows import ORDERS, VisitRow, count, each_row, find_rows, sums
from web.extra import columns
from web.gate import allowed
from web.lists.columns import Column, chosen
from web.lists.exports import taken_out
from web.lists.visit_columns import visit_columns
from web.shared import Shared

ORDER_NAMES = {
    "match": "best match", "newest": "newest day", "oldest": "oldest day", "filed": "last filed", "account": "account",
    "rep": "rep",
}  # fmt: skip
OTHERS = ("account_id", "contact_id", "manager", "open", "first", "new_account", "complete", "unfinished")
"""Parameters that come by links from elsewhere and have no field in the form."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: which visits, in which order, with which columns."""

    wanted: VisitFilter
    order: str
    columns: str

    @classmethod
    def read(cls, tx: Tx, request: Request, who: Viewer) -> "Asked":
        """What the address says; what makes no sense is as if it were not there."""
        asked = request.query_params
        columns = ",".join(asked.getlist("columns"))[:500]
        order = asked.get("order", "")
        return cls(VisitFilter.read(asked, sight(tx, who)), order if order in ORDERS else "", columns)

    def query(self) -> dict[str, str]:
        """The address's parameters, without the page."""
        more = {"order": self.order, "columns": self.columns}
        return {**self.wanted.query(), **{name: value for name, value in more.items() if value}}


def router(shared: Shared) -> APIRouter:
    """The routes."""
    routes = shared.routes()
    finding = Finding(shared.db)
    _add_list(routes, shared, finding)
    _add_export(routes, shared, finding)
    return routes


def _add_list(routes: APIRouter, shared: Shared, finding: Finding) -> None:
    @routes.get("/visits")
    def visits(
        request: Request, who: Annotated[Viewer, Depends(shared.gate.viewer)],
        page_number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
    ) -> HTMLResponse:  # fmt: skip
        """The visits that the address describes, as `VisitFilter.read` understands it."""
        allowed(who.may("read", "visit"))
        if request.query_params.get("q"):
            finding.look()
        with shared.db.read() as tx:
            asked = Asked.read(tx, request, who)
            labels = kinds.labels(tx, "en")
            found = find_rows(tx, asked.wanted, asked.order, page_number, who.today(shared.clock()))
            columns = _columns(tx, labels)
            return shared.page(
                "visits.html", who, place="visits", found=found, labels=labels, chosen=asked.query(),
                query=urlencode(asked.query()), columns=columns, showing=chosen(columns, asked.columns),
                sums=sums(tx, found),
                snippets=_snippets(found.rows, read_query(asked.wanted.text or "")), orders=ORDER_NAMES,
                views=views.listed(tx, who.rep_id, "visits"), **_offered(tx, who, asked),
            )  # fmt: skip


def _offered(tx: Tx, who: Viewer, asked: Asked) -> dict[str, Any]:
    """What the form has to choose from."""
    query = asked.wanted.query()
    return {
        "reps": choices.reps(tx, people(tx, who, "read", "visit")),
        "teams": [(one, one) for one in choices.teams(tx)],
        "regions": [(one, one) for one in choices.regions(tx)],
        "grades": [(one, one) for one in choices.grades(tx)],
        "offered": {family: [(one.key, _called(one)) for one in values] for family, values in kinds.listed(tx).items()},
        "others": {name: query[name] for name in OTHERS if name in query},
        "narrowed": bool(query.keys() - {"q", *OTHERS}),
        "meant": choices.meant(tx, asked.wanted),
    }


def _columns(tx: Tx, labels: kinds.Labels) -> tuple[Column[VisitRow], ...]:
    return (*visit_columns(labels), *columns(attributes.of(tx, "visit"), lambda row: row.visit.extra, usual=False))


def _called(kind: Kind) -> str:
    """The label of a value; one that is offered no more finds the visits that have it still."""
    label = kind.labels.get("en") or kind.key
    return label if kind.active else f"{label} (retired)"


def _snippets(rows: tuple[VisitRow, ...], search: Search) -> Mapping[int, tuple[Shown, ...]]:
    """Of each visit that was searched for the words around what was found."""
    if not search.wanted:
        return {}
    return {row.visit.id: shown(row.visit.report, row.language, search) for row in rows}


def _add_export(routes: APIRouter, shared: Shared, finding: Finding) -> None:
    @routes.get("/visits.{kind}")
    def visits_out(
        kind: str, request: Request, who: Annotated[Viewer, Depends(shared.gate.viewer)]
    ) -> StreamingResponse:
        """The whole list as the address narrows it, with its columns."""
        allowed(who.may("read", "visit"))
        if request.query_params.get("q"):
            finding.look()
        today = who.today(shared.clock())
        with shared.db.read() as tx:
            asked = Asked.read(tx, request, who)
            columns: tuple[Column[VisitRow], ...] = chosen(_columns(tx, kinds.labels(tx, "en")), asked.columns)
            total, whole = count(tx, asked.wanted)
        answer = taken_out(kind, f"visits-{today}", columns, each_row(shared.db, asked.wanted, asked.order, today))
        number = str(total) if whole else f"more than {total}"
        note_export(shared.db, who, shared.clock(), f"visits as {kind}: {number}; {urlencode(asked.query()) or 'all'}")
        return answer
