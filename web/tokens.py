"""A person's own tokens: what programs that act as them come in by, and the address of their calendar."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from capture import CorrectionError
from capture.rights import Reach, Viewer
from capture.tokens import CALENDAR, NEEDS, SCOPES, Tokens
from web.gate import RowId, allowed
from web.shared import Shared

FOREVER = "0"


def router(shared: Shared, tokens: Tokens, url: str | None) -> APIRouter:
    """The routes. ``url`` is where people reach the pages, if they do."""
    routes = shared.routes()
    somebody = Depends(shared.gate.viewer)

    def shown(
        who: Viewer, *, new: str | None = None, calendar: str | None = None, problem: str | None = None,
        status: int = 200,
    ) -> HTMLResponse:  # fmt: skip
        allowed(who.may("edit", "own"))
        if not who.rep_id:
            raise HTTPException(404, "Nobody is signed in here; use `debrief token create`.")
        return shared.page(
            "tokens.html", who, status, place="me", tokens=tokens.of(who.rep_id), scopes=_offered(who), new=new,
            calendar=calendar, problem=problem, today=who.today(shared.clock()),
        )  # fmt: skip

    @routes.get("/me/tokens")
    def mine(who: Annotated[Viewer, somebody]) -> HTMLResponse:
        """The tokens that hold, and a form for another one."""
        return shown(who)

    @routes.post("/me/tokens")
    def make(
        who: Annotated[Viewer, somebody], name: Annotated[str, Form(max_length=200)],
        scope: Annotated[list[str] | None, Form()] = None,
        days: Annotated[str, Form(pattern=r"^\d{1,4}$")] = FOREVER,
    ) -> HTMLResponse:  # fmt: skip
        """Make one: it is on this answer and nowhere else."""
        allowed(who.may("edit", "own"))
        try:
            new = tokens.make(who.rep_id, name, _wanted(who, scope or []), int(days) or None) if who.rep_id else None
        except CorrectionError as error:
            return shown(who, problem=str(error), status=422)
        return shown(who, new=new)

    @routes.post("/me/calendar")
    def calendar(who: Annotated[Viewer, somebody]) -> HTMLResponse:
        """Make an address by which a calendar program is told of one's own actions and planned visits."""
        allowed(who.may("edit", "own"))
        token = tokens.make(who.rep_id, "Calendar", [CALENDAR]) if who.rep_id else ""
        return shown(who, calendar=f"{(url or '').rstrip('/')}/calendar/{token}.ics")

    @routes.post("/me/tokens/{token_id}/revoke")
    def revoke(token_id: RowId, who: Annotated[Viewer, somebody]) -> Response:
        """Let one hold no more; again is harmless."""
        allowed(who.may("edit", "own"))
        tokens.revoke(token_id, who.rep_id)
        return RedirectResponse("/me/tokens", 303)

    return routes


def _offered(who: Viewer) -> dict[str, str]:
    """The scopes that are of use to this person, with what each is for."""
    return {scope: what for scope, what in SCOPES.items() if scope in NEEDS and who.may(*NEEDS[scope]) > Reach.NONE}


def _wanted(who: Viewer, scopes: list[str]) -> list[str]:
    return [scope for scope in scopes if scope in _offered(who)]
