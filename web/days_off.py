"""The forms on a person's own page by which they tell when they are off."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.responses import RedirectResponse, Response

from capture.goals import Goals
from capture.rights import Viewer
from capture.values import CorrectionError
from capture.wanting import read_day
from web.gate import RowId, allowed
from web.shared import Shared

Day = Annotated[str, Form(max_length=20)]


def router(shared: Shared) -> APIRouter:
    """The routes."""
    routes, goals = shared.routes(), Goals(shared.db, shared.clock)
    who_is = Depends(shared.gate.viewer)

    @routes.post("/me/days-off")
    def take_off(who: Annotated[Viewer, who_is], first: Day, last: Day = "") -> Response:
        """Be off from the first day to the last; without one on that day alone."""
        allowed(who.may("edit", "own"))
        return _done(lambda: goals.take_off(who, who.rep_id, read_day(first), read_day(last or first)))

    @routes.post("/me/days-off/{day_off_id}/drop")
    def take_back(day_off_id: RowId, who: Annotated[Viewer, who_is]) -> Response:
        """Work on these days after all."""
        allowed(who.may("edit", "own"))
        return _done(lambda: goals.take_back(who, day_off_id))

    return routes


def _done(act: Callable[[], None]) -> Response:
    try:
        act()
    except CorrectionError as error:
        raise HTTPException(403 if error.key == "not_yours" else 409, str(error)) from error
    return RedirectResponse("/me#off", 303)
