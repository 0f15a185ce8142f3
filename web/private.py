"""What one notes at a visit for oneself: written and forgotten on the visit's page, seen by nobody else."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.responses import RedirectResponse, Response

from capture import CorrectionError, private
from capture.rights import Viewer, sight
from store.sight import sees_visit
from store.tables import Visit
from web.gate import RowId, allowed
from web.shared import Shared


def router(shared: Shared) -> APIRouter:
    """The routes; the notes themselves stand on the visit's page."""
    routes = shared.routes()

    @routes.post("/visits/{visit_id}/private")
    def write(
        visit_id: RowId, text: Annotated[str, Form(max_length=private.LONGEST)],
        who: Annotated[Viewer, Depends(shared.gate.viewer)],
    ) -> Response:  # fmt: skip
        """Keep a note; only at a visit that one may see."""
        allowed(who.rep_id and min(who.may("read", "visit"), who.may("edit", "own")))
        with shared.db.read() as tx:
            seen, visit = sight(tx, who), tx.get(Visit, visit_id)
            if visit is None or not (seen is None or sees_visit(tx, seen, visit_id)):
                raise HTTPException(404, "There is no such visit.")
        try:
            private.write(shared.db, who, visit, text, shared.clock())
        except CorrectionError as error:
            raise HTTPException(422, str(error)) from error
        return _back(visit_id)

    @routes.post("/visits/{visit_id}/private/{note_id}/forget")
    def forget(visit_id: RowId, note_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> Response:
        """Let a note of one's own be gone."""
        allowed(who.rep_id and who.may("edit", "own"))
        private.forget(shared.db, who, note_id)
        return _back(visit_id)

    return routes


def _back(visit_id: int) -> RedirectResponse:
    return RedirectResponse(f"/visits/{visit_id}?tab=report#private", 303)
