"""The page on which somebody's work goes over to somebody else, and back."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from capture import CorrectionError
from capture.handover import Handover
from capture.rights import Reach, Viewer, people
from store import steps
from store.sight import among
from web.gate import RowId, allowed
from web.security import same_origin
from web.shared import Shared
from web.typed import Typed

LONGEST_ID = 10


def router(shared: Shared, handover: Handover) -> APIRouter:
    """The routes, for managers and administrators."""
    routes = shared.routes()

    def shown(who: Viewer, leaver: str, heir: str, problem: str | None = None, status: int = 200) -> HTMLResponse:
        with shared.db.read() as tx:
            whose = people(tx, who, "edit", "progress")
            staff = [one for one in steps.everybody(tx) if among(whose, one.id)]
            done = [one for one in steps.handovers(tx) if among(whose, one.step.from_id)]
        found = None
        if leaver and heir and problem is None:
            try:
                found = handover.preview(_id(leaver), _id(heir), who)
            except CorrectionError as error:
                problem, status = str(error), 422
        names = {str(one.id): one.name for one in staff}
        return shared.page(
            "handover.html", who, status=status, place="dashboard", staff=staff, done=done, names=names,
            leaver=leaver, heir=heir, found=found, problem=problem,
        )  # fmt: skip

    @routes.get("/handover")
    def look(who: Annotated[Viewer, Depends(shared.gate.viewer)], leaver: str = "", heir: str = "") -> HTMLResponse:
        """Who leaves, who has it from then on; with both what would go over."""
        allowed(who.may("edit", "progress") >= Reach.TEAM)
        return shown(who, leaver, heir)

    @routes.post("/handover", dependencies=[Depends(same_origin)])
    def hand_over(typed: Typed, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> Response:
        """Does it."""
        allowed(who.may("edit", "progress") >= Reach.TEAM)
        leaver, heir = typed.get("leaver", ""), typed.get("heir", "")
        try:
            handover.hand_over(_id(leaver), _id(heir), who)
        except CorrectionError as error:
            return shown(who, leaver, heir, str(error), 409)
        return RedirectResponse("/handover", 303)

    @routes.post("/handover/{step_id}/undo", dependencies=[Depends(same_origin)])
    def undo(step_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> Response:
        """Takes it back."""
        allowed(who.may("edit", "progress") >= Reach.TEAM)
        try:
            handover.undo(step_id, who)
        except CorrectionError as error:
            return shown(who, "", "", str(error), 409)
        return RedirectResponse("/handover", 303)

    return routes


def _id(text: str) -> int:
    """The id of a form's field; 0, which nobody has, where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_ID else 0
