"""The start, and the dashboard: where everyone stands."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse

import digests
from capture.rights import Viewer, people, sight
from store import conversations
from store.visits import VisitFilter, list_visits
from web.gate import allowed
from web.shared import Shared


def router(shared: Shared) -> APIRouter:
    """The routes."""
    routes = shared.routes()

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

    return routes
