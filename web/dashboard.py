"""The start, and the dashboard: where everyone stands, kept fresh while somebody looks at it."""

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from capture.rights import Reach, Viewer
from store import inbox
from web.gate import allowed
from web.overview import gathered, scope_of
from web.shared import Shared

LONGEST_TEAM = 100


def router(shared: Shared) -> APIRouter:
    """The routes."""
    routes = shared.routes()

    def shown(template: str, who: Viewer, team: str) -> HTMLResponse:
        allowed(who.may("read", "progress"))
        chosen = team.replace("\0", "").strip()[:LONGEST_TEAM] or None
        today = who.today(shared.clock())
        with shared.db.read() as tx:
            scope = scope_of(tx, who, today, chosen, council=shared.council)
            values: dict[str, Any] = gathered(tx, scope)
            settles = who.may("edit", "message") is Reach.ALL
            values["ends"] = sum(inbox.counts(tx, shared.clock()).values()) if settles else 0
            return shared.page(template, who, place="dashboard", today=today, team=chosen, **values)

    @routes.get("/")
    def start(who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> RedirectResponse:
        """The chat page where there is one, else the dashboard, else the visits."""
        pages = "/dashboard" if who.may("read", "progress") else "/visits"
        return RedirectResponse("/chat" if shared.try_out else pages, 303)

    @routes.get("/dashboard")
    def dashboard(who: Annotated[Viewer, Depends(shared.gate.viewer)], team: str = "") -> HTMLResponse:
        """Where everyone stands, and what waits: of those that the viewer may look at."""
        return shown("dashboard.html", who, team)

    @routes.get("/dashboard/live")
    def live(
        who: Annotated[Viewer, Depends(shared.gate.viewer)], team: str = "",
        if_none_match: Annotated[str | None, Header()] = None,
    ) -> Response:  # fmt: skip
        """The same without the frame around it, for the page to take over; 304 where nothing changed (RFC 9110)."""
        fresh = shown("_dashboard.html", who, team)
        tag = f'"{hashlib.sha256(bytes(fresh.body)).hexdigest()[:32]}"'
        if if_none_match == tag:
            return Response(status_code=304, headers={"ETag": tag})
        fresh.headers["ETag"] = tag
        return fresh

    return routes
