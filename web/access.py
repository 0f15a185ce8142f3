"""The administrator's page of who read personal data that are not in their own care."""

from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from capture.rights import Reach, Viewer
from store import access
from store.access import AccessFilter
from web.gate import allowed
from web.shared import Shared

THINGS = {"contact": "a person", "message": "a message as it came", "attachment": "a file", "export": "a list"}
LONGEST_ID = 10


def router(shared: Shared) -> APIRouter:
    """The routes."""
    routes = shared.routes()

    @routes.get("/access")
    def listed(
        *, who: Annotated[Viewer, Depends(shared.gate.viewer)],
        by: str = "", contact: str = "", thing: str = "", since: str = "", until: str = "",
        page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    ) -> HTMLResponse:  # fmt: skip
        """Who read what, newest first."""
        allowed(who.may("read", "house") is Reach.ALL)
        chosen = {"by": by, "contact": contact, "thing": thing, "since": since, "until": until}
        wanted = AccessFilter(
            by=f"rep:{by}" if _is_id(by) else by if by in {"web", "command"} else None,
            contact_id=int(contact) if _is_id(contact) else None,
            thing=thing if thing in THINGS else None, since=_day(since), until=_day(until),
        )  # fmt: skip
        with shared.db.read() as tx:
            found, total = access.listed(tx, wanted, page)
            readers = access.readers(tx)
        return shared.page(
            "access.html", who, place="access", found=found, total=total, number=page, things=THINGS, readers=readers,
            pages=max(1, -(-total // access.PAGE)), chosen=chosen,
            query=urlencode({name: value for name, value in chosen.items() if value}),
        )  # fmt: skip

    return routes


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < LONGEST_ID


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
