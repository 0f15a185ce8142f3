"""Mailings, and what came back of them."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import HTMLResponse

from capture.rights import Viewer
from store.sendings import listed
from web.shared import Shared

SEEN_BY = frozenset({"manager", "marketing", "administrator"})
"""Roles of those who answer for what is sent to many."""


def router(shared: Shared) -> APIRouter:
    """The route."""
    routes = shared.routes()

    @routes.get("/mailings")
    def mailings(who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> HTMLResponse:
        """The latest mailings with the share of each that came back."""
        if who.role not in SEEN_BY:
            raise HTTPException(403, "You have no right to this.")
        with shared.db.read() as tx:
            found = listed(tx)
        return shared.page("sendings.html", who, place="mailings", found=found)

    return routes
