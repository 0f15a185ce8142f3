"""The forms by which a list is kept as it is shown, and let go."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.responses import RedirectResponse

from capture.rights import Viewer
from capture.values import CorrectionError
from capture.viewing import Viewing
from web.gate import RowId, allowed
from web.shared import Shared

STATUS = {"gone": 404}


def router(shared: Shared) -> APIRouter:
    """The routes."""
    routes, viewing = shared.routes(), Viewing(shared.db)

    @routes.post("/views")
    def keep(
        who: Annotated[Viewer, Depends(shared.gate.viewer)], place: Annotated[str, Form()] = "",
        name: Annotated[str, Form()] = "", query: Annotated[str, Form()] = "", shared: Annotated[str, Form()] = "",
    ) -> RedirectResponse:  # fmt: skip
        """Keep the list as it is shown."""
        allowed(who.may("edit", "own"))
        try:
            viewing.keep(who, place, name, query, shared=shared == "yes")
        except CorrectionError as error:
            raise HTTPException(422, str(error)) from error
        return RedirectResponse(f"/{place}?{query}" if query else f"/{place}", 303)

    @routes.post("/views/{view_id}/drop")
    def drop(view_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> RedirectResponse:
        """Let one's own view go."""
        allowed(who.may("edit", "own"))
        try:
            place = viewing.drop(who, view_id)
        except CorrectionError as error:
            raise HTTPException(STATUS.get(error.key, 422), str(error)) from error
        return RedirectResponse(f"/{place}", 303)

    return routes
