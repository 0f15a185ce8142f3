"""The page on which somebody's work goes over to somebody else, and back."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from capture import CorrectionError
from capture.handover import Handover
from capture.rights import Reach, Viewer, people
from store import reps, steps
from store.db import Tx
from store.sight import among
from web.gate import RowId, allowed
from web.shared import Shared
from web.typed import Typed

LONGEST_ID = 10
MANY = 300
"""Of more people than these nobody chooses in a list: their mail address is typed."""


def router(shared: Shared, handover: Handover) -> APIRouter:
    """The routes, for managers and administrators."""
    routes = shared.routes()

    def shown(who: Viewer, leaver: str, heir: str, problem: str | None = None, status: int = 200) -> HTMLResponse:
        with shared.db.read() as tx:
            whose = people(tx, who, "edit", "progress")
            meant = _meant(tx, leaver), _meant(tx, heir)
            staff = [one for one in steps.everybody(tx) if among(whose, one.id)]
            done = [one for one in steps.handovers(tx) if among(whose, one.step.from_id)]
        found = None
        if leaver and heir and problem is None:
            try:
                found = handover.preview(*meant, who)
            except CorrectionError as error:
                problem, status = str(error), 422
        names = {one.id: one.name for one in staff}
        return shared.page(
            "handover.html", who, status=status, place="dashboard", staff=staff, done=done, names=names,
            typed=(leaver, heir), leaver=meant[0], heir=meant[1], found=found, problem=problem, many=len(staff) > MANY,
        )  # fmt: skip

    @routes.get("/handover")
    def look(who: Annotated[Viewer, Depends(shared.gate.viewer)], leaver: str = "", heir: str = "") -> HTMLResponse:
        """Who leaves, who has it from then on; with both what would go over."""
        allowed(who.may("edit", "progress") >= Reach.TEAM)
        return shown(who, leaver, heir)

    @routes.post("/handover")
    def hand_over(typed: Typed, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> Response:
        """Does it."""
        allowed(who.may("edit", "progress") >= Reach.TEAM)
        leaver, heir = typed.get("leaver", ""), typed.get("heir", "")
        with shared.db.read() as tx:
            meant = _meant(tx, leaver), _meant(tx, heir)
        try:
            handover.hand_over(*meant, who)
        except CorrectionError as error:
            return shown(who, leaver, heir, str(error), 409)
        return RedirectResponse("/handover", 303)

    @routes.post("/handover/{step_id}/undo")
    def undo(step_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> Response:
        """Takes it back."""
        allowed(who.may("edit", "progress") >= Reach.TEAM)
        try:
            handover.undo(step_id, who)
        except CorrectionError as error:
            return shown(who, "", "", str(error), 409)
        return RedirectResponse("/handover", 303)

    return routes


def _meant(tx: Tx, text: str) -> int:
    """The id of whoever is meant by an id or a mail address; 0, which nobody has, where it is neither."""
    if "@" in text:
        found = reps.anybody(tx, text.replace("\0", ""))
        return found.id if found else 0
    return int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_ID else 0
