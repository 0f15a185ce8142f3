"""The pages that show what was filed: dashboard, visits, one visit, one account. Nothing is changed here."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, HTTPException, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

import digests
from capture.rights import Viewer, people, sight
from store import conversations, kinds
from store.accounts import find_account
from store.db import Db
from store.sight import sees_attachment, sees_visit
from store.visits import VisitFilter, find_visit, list_visits
from web.gate import Gate, RowId, allowed
from web.history import told
from web.marks import marked_message, words
from web.security import known_host
from web.templating import page

STATUSES = ("planned", "held", "missed", "cancelled")
LONGEST_ID = 10
TABS = {"general": "General", "report": "Report", "attachments": "Attachments", "history": "History"}


@dataclass(frozen=True, slots=True)
class Shared:
    """What every page needs. ``try_out`` says that the chat page is there to be linked to."""

    db: Db
    clock: Callable[[], datetime]
    gate: Gate
    try_out: bool

    def page(self, template: str, who: Viewer, **values: Any) -> HTMLResponse:
        """The template with what it needs besides ``values``."""
        return page(template, {"now": self.clock(), "viewer": who, "try_out": self.try_out, **values})


def router(
    *, db: Db, clock: Callable[[], datetime], gate: Gate, try_out: bool, hosts: Collection[str] | None = None
) -> APIRouter:
    """The routes of the pages."""
    routes = APIRouter(dependencies=[Depends(known_host(hosts))] if hosts else [], include_in_schema=False)
    shared = Shared(db, clock, gate, try_out)
    _add_dashboard(routes, shared)
    _add_visits(routes, shared)
    _add_attachments(routes, shared)
    _add_account(routes, shared)
    return routes


def _add_dashboard(routes: APIRouter, shared: Shared) -> None:
    @routes.get("/")
    def start(who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> RedirectResponse:
        """The chat page where there is one, else the dashboard, else the visits."""
        pages = "/dashboard" if who.may("read", "progress") else "/visits"
        return RedirectResponse("/chat" if shared.try_out else pages, 303)

    @routes.get("/dashboard")
    def dashboard(who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> HTMLResponse:
        """Where everyone stands, what came in last, and what is still asked: of those that the viewer may look at."""
        allowed(who.may("read", "progress"))
        with shared.db.read() as tx:
            whose = people(tx, who, "read", "progress")
            heard = people(tx, who, "read", "message")
            progress = digests.progress(tx, shared.clock().date())
            return shared.page(
                "dashboard.html", who, place="dashboard",
                progress=[one for one in progress if whose is None or one.rep_id in whose],
                turns=conversations.latest(tx, rep_ids=heard, most=12)[::-1],
                asked=list_visits(tx, VisitFilter(open=True, sight=sight(tx, who)), size=20),
            )  # fmt: skip


def _add_visits(routes: APIRouter, shared: Shared) -> None:
    @routes.get("/visits")
    def visits(
        *, who: Annotated[Viewer, Depends(shared.gate.viewer)],
        rep: str = "", account: str = "", since: str = "", until: str = "", status: str = "", page_number: Annotated[
            int, Query(alias="page", ge=1, le=100_000)
        ] = 1,
    ) -> HTMLResponse:  # fmt: skip
        """The list of visits, narrowed by rep, account and days."""
        allowed(who.may("read", "visit"))
        chosen = {"rep": rep, "account": account, "since": since, "until": until, "status": status}
        query = urlencode({name: value for name, value in chosen.items() if value})
        with shared.db.read() as tx:
            wanted = VisitFilter(
                rep_id=int(rep) if rep.isdecimal() and len(rep) < LONGEST_ID else None,
                account=account.strip()[:200] or None,
                since=_day(since),
                until=_day(until),
                status=status if status in STATUSES else None,
                sight=sight(tx, who),
            )
            whose = people(tx, who, "read", "visit")
            reps = [one for one in conversations.people_who_report(tx) if whose is None or one.id in whose]
            return shared.page(
                "visits.html", who, place="visits", found=list_visits(tx, wanted, page_number), reps=reps,
                labels=kinds.labels(tx, "en"), chosen=chosen, query=query,
            )  # fmt: skip

    @routes.get("/visits/{visit_id}")
    def visit(
        visit_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)], tab: str = "general"
    ) -> HTMLResponse:
        """One visit, in tabs; of one that the viewer may not see it is not even told that it is there."""
        with shared.db.read() as tx:
            seen = sight(tx, who)
            found = find_visit(tx, visit_id) if seen is None or sees_visit(tx, seen, visit_id) else None
            if found is None:
                raise HTTPException(404, "There is no such visit.")
            message = found.capture.message
            return shared.page(
                "visit.html", who, place="visits", found=found, labels=kinds.labels(tx, "en"), tabs=TABS,
                tab=tab if tab in TABS else "general", marked=marked_message(message, found.visit.evidence),
                words=lambda *names: words(message, found.visit.evidence, *names),
                history=[told(found, change) for change in found.history],
            )  # fmt: skip


def _add_attachments(routes: APIRouter, shared: Shared) -> None:
    @routes.get("/attachments/{attachment_id}")
    def attachment(attachment_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> Response:
        """A file as it came, to be saved: it is never shown as part of our own site."""
        with shared.db.read() as tx:
            seen = sight(tx, who)
            shown = seen is None or sees_attachment(tx, seen, attachment_id)
            file = conversations.find_file(tx, attachment_id) if shown else None
        if file is None:
            raise HTTPException(404, "There is no such file.")
        name = quote(file.name, safe="")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}  # RFC 6266, section 5
        return Response(file.data, media_type="application/octet-stream", headers=headers)


def _add_account(routes: APIRouter, shared: Shared) -> None:
    @routes.get("/accounts/{account_id}")
    def account(account_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> HTMLResponse:
        """One account: facts, people, visits, what is still to be done."""
        allowed(min(who.may("read", "account"), who.may("read", "person")))
        with shared.db.read() as tx:
            found = find_account(tx, account_id, sight(tx, who))
            if found is None:
                raise HTTPException(404, "There is no such account.")
            return shared.page("account.html", who, place="visits", found=found, labels=kinds.labels(tx, "en"))


def _day(text: str) -> date | None:
    """The day of a form's field; None where it is empty or no day: the list is then simply not narrowed."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
