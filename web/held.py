"""The administrator's page of mails that are kept and not filed: as whom they were sent, why they are held."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from capture import Assistant, CorrectionError
from capture.admission import HELD
from capture.rights import Reach, Viewer
from store import captures
from store.db import Db
from web.gate import Gate, RowId, allowed
from web.security import known_host, same_origin
from web.templating import page


def router(
    *, db: Db, assistant: Assistant, clock: Callable[[], datetime], gate: Gate, try_out: bool,
    hosts: Collection[str] | None = None,
) -> APIRouter:  # fmt: skip
    """The routes of the page."""
    guards = [Depends(known_host(hosts))] if hosts else []
    routes = APIRouter(prefix="/held", dependencies=guards, include_in_schema=False)

    def shown(who: Viewer, problem: str | None = None, status: int = 200) -> HTMLResponse:
        with db.read() as tx:
            values = {"held": captures.in_states(tx, HELD), "problem": problem, "now": clock(), "viewer": who}
            return page("held.html", {**values, "place": "held", "try_out": try_out}, status)

    @routes.get("")
    def held(who: Annotated[Viewer, Depends(gate.viewer)]) -> HTMLResponse:
        """What is held, newest first."""
        allowed(who.may("edit", "message") is Reach.ALL)
        return shown(who)

    @routes.post("/{capture_id}/release", dependencies=[Depends(same_origin)])
    def release(capture_id: RowId, who: Annotated[Viewer, Depends(gate.viewer)]) -> Response:
        """Have a mail filed after all; the same form sent twice is told so."""
        allowed(who.may("edit", "message") is Reach.ALL)
        try:
            assistant.release(capture_id, f"rep:{who.rep_id}" if who.rep_id else "web")
        except CorrectionError as error:
            return shown(who, str(error), 409)
        return RedirectResponse("/held", 303)

    return routes
