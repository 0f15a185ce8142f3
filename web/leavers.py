"""The buttons on an account's page about people who seem gone."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.responses import RedirectResponse, Response

from capture import CorrectionError
from capture.rights import Viewer
from capture.vitality import Vitality
from web.gate import Gate, RowId
from web.security import same_origin


def router(*, vitality: Vitality, gate: Gate) -> APIRouter:
    """The route."""
    routes = APIRouter(include_in_schema=False)

    @routes.post("/accounts/{account_id}/people/{employment_id}", dependencies=[Depends(same_origin)])
    def say(
        account_id: RowId,
        employment_id: RowId,
        who: Annotated[Viewer, Depends(gate.viewer)],
        said: Annotated[Literal["still", "left", "followed", "undo"], Form()],
    ) -> Response:
        """What the owner says of somebody."""
        try:
            vitality.answer(employment_id, who.email, said)
        except CorrectionError as error:
            raise HTTPException(403 if error.key == "not_owner" else 409, str(error)) from error
        return RedirectResponse(f"/accounts/{account_id}", 303)

    return routes
