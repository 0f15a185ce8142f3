"""The pages that show what was filed: dashboard, visits, one visit, one account. Nothing is changed here."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, HTTPException, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

import digests
from store import conversations, kinds
from store.accounts import find_account
from store.db import Db
from store.visits import VisitFilter, find_visit, list_visits
from web.history import told
from web.marks import marked_message, words
from web.security import known_host
from web.templating import page

TABS = {"general": "General", "report": "Report", "attachments": "Attachments", "history": "History"}


def router(*, db: Db, clock: Callable[[], datetime], try_out: bool, hosts: Collection[str] | None = None) -> APIRouter:
    """The routes of the pages. ``try_out`` says that the chat page is there to be linked to."""
    routes = APIRouter(dependencies=[Depends(known_host(hosts))] if hosts else [], include_in_schema=False)
    _add_dashboard(routes, db, clock, try_out=try_out)
    _add_visits(routes, db, clock, try_out=try_out)
    _add_account(routes, db, clock, try_out=try_out)
    return routes


def _add_dashboard(routes: APIRouter, db: Db, clock: Callable[[], datetime], *, try_out: bool) -> None:
    @routes.get("/")
    def start() -> RedirectResponse:
        """The chat page where there is one, else the dashboard."""
        return RedirectResponse("/chat" if try_out else "/dashboard", 303)

    @routes.get("/dashboard")
    def dashboard() -> HTMLResponse:
        """Where everyone stands, what came in last, and what is still asked."""
        now = clock()
        with db.read() as tx:
            values = {
                "progress": digests.progress(tx, now.date()),
                "turns": conversations.latest(tx, most=12)[::-1],
                "asked": list_visits(tx, VisitFilter(open=True), size=20),
            }
            return page("dashboard.html", {**values, "now": now, "place": "dashboard", "try_out": try_out})


def _add_visits(routes: APIRouter, db: Db, clock: Callable[[], datetime], *, try_out: bool) -> None:
    @routes.get("/visits")
    def visits(
        rep: str = "", account: str = "", since: str = "", until: str = "", page_number: Annotated[
            int, Query(alias="page", ge=1, le=100_000)
        ] = 1,
    ) -> HTMLResponse:  # fmt: skip
        """The list of visits, narrowed by rep, account and days."""
        wanted = VisitFilter(
            rep_id=int(rep) if rep.isdecimal() else None,
            account=account.strip()[:200] or None,
            since=_day(since),
            until=_day(until),
        )
        chosen = {"rep": rep, "account": account, "since": since, "until": until}
        with db.read() as tx:
            values = {
                "found": list_visits(tx, wanted, page_number),
                "reps": conversations.people_who_report(tx),
                "labels": kinds.labels(tx, "en"),
            }
            query = urlencode({name: value for name, value in chosen.items() if value})
            return page(
                "visits.html",
                {**values, "chosen": chosen, "query": query, "now": clock(), "place": "visits", "try_out": try_out},
            )

    @routes.get("/visits/{visit_id}")
    def visit(visit_id: int, tab: str = "general") -> HTMLResponse:
        """One visit, in tabs."""
        with db.read() as tx:
            found = find_visit(tx, visit_id)
            if found is None:
                raise HTTPException(404, "There is no such visit.")
            message = found.capture.message
            values = {
                "found": found,
                "labels": kinds.labels(tx, "en"),
                "tab": tab if tab in TABS else "general",
                "tabs": TABS,
                "marked": marked_message(message, found.visit.evidence),
                "words": lambda *names: words(message, found.visit.evidence, *names),
                "history": [told(found, change) for change in found.history],
            }
            return page("visit.html", {**values, "now": clock(), "place": "visits", "try_out": try_out})

    @routes.get("/attachments/{attachment_id}")
    def attachment(attachment_id: int) -> Response:
        """A file as it came, to be saved: it is never shown as part of our own site."""
        with db.read() as tx:
            file = conversations.find_file(tx, attachment_id)
        if file is None:
            raise HTTPException(404, "There is no such file.")
        name = quote(file.name, safe="")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}  # RFC 6266, section 5
        return Response(file.data, media_type="application/octet-stream", headers=headers)


def _add_account(routes: APIRouter, db: Db, clock: Callable[[], datetime], *, try_out: bool) -> None:
    @routes.get("/accounts/{account_id}")
    def account(account_id: int) -> HTMLResponse:
        """One account: facts, people, visits, what is still to be done."""
        with db.read() as tx:
            found = find_account(tx, account_id)
            if found is None:
                raise HTTPException(404, "There is no such account.")
            values = {"found": found, "labels": kinds.labels(tx, "en")}
            return page("account.html", {**values, "now": clock(), "place": "visits", "try_out": try_out})


def _day(text: str) -> date | None:
    """The day of a form's field; None where it is empty or no day: the list is then simply not narrowed."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
