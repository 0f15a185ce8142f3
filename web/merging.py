"""The pages on which two contacts become one person, and two people again."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from capture import CorrectionError
from capture.duplicates import Duplicates
from capture.merging import Merging
from capture.rights import Viewer
from capture.seen import note_read
from store import duplicates
from store.contacts import find_contact, jobs_of, last_met
from store.db import Tx
from web.contacts import REASONS
from web.gate import RowId, allowed
from web.shared import Shared


def router(shared: Shared) -> APIRouter:
    """The routes."""
    routes = shared.routes()
    _add_pairs(routes, shared)
    _add_merging(routes, shared, Merging(shared.db, shared.clock))
    return routes


def _add_pairs(routes: APIRouter, shared: Shared) -> None:
    looking = Duplicates(shared.db, shared.clock)

    @routes.get("/duplicates")
    def pairs(
        who: Annotated[Viewer, Depends(shared.gate.viewer)],
        page_number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
    ) -> HTMLResponse:
        """Contacts that may be one person."""
        allowed(who.may("edit", "person"))
        with shared.db.read() as tx:
            listed, total = duplicates.listed(tx, page_number)
            ids = {one.id for pair in listed for one in (pair.one, pair.other)}
            jobs = jobs_of(tx, ids)
            shown = shared.page(
                "duplicates.html", who, place="contacts", pairs=listed, total=total, jobs=jobs, reasons=REASONS,
                page_number=page_number, pages=max(1, -(-total // duplicates.PAGE)),
            )  # fmt: skip
        note_read(shared.db, who, shared.clock(), "list of duplicates", ids)
        return shown

    @routes.post("/duplicates/{pair_id}/different")
    def different(pair_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> Response:
        """They are two people."""
        allowed(who.may("edit", "person"))
        looking.different(pair_id, who.by)
        return RedirectResponse("/duplicates", 303)


def _add_merging(routes: APIRouter, shared: Shared, merging: Merging) -> None:
    @routes.get("/contacts/{contact_id}/merge/{other_id}")
    def preview(
        contact_id: RowId, other_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)]
    ) -> HTMLResponse:
        """What merging would do: the other one goes into this one."""
        allowed(who.may("edit", "person"))
        try:
            found = merging.preview(contact_id, other_id)
        except CorrectionError as error:
            raise HTTPException(404, str(error)) from error
        with shared.db.read() as tx:
            both = [_side(tx, contact_id), _side(tx, other_id)]
        note_read(shared.db, who, shared.clock(), "preview of a merge", [contact_id, other_id])
        return shared.page("merge.html", who, place="contacts", preview=found, sides=both)

    @routes.post("/contacts/{contact_id}/merge/{other_id}")
    def merge(contact_id: RowId, other_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> Response:
        """Does it; the page of the one who stays has the button that takes it back."""
        allowed(who.may("edit", "person"))
        try:
            merging.merge(contact_id, other_id, who.by)
        except CorrectionError as error:
            raise HTTPException(409, str(error)) from error
        return RedirectResponse(f"/contacts/{contact_id}", 303)

    @routes.post("/contacts/{contact_id}/merges/{step_id}/undo")
    def undo(contact_id: RowId, step_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> Response:
        """Takes it back."""
        allowed(who.may("edit", "person"))
        try:
            merging.undo(step_id, who.by)
        except CorrectionError as error:
            raise HTTPException(409, str(error)) from error
        return RedirectResponse(f"/contacts/{contact_id}", 303)


def _side(tx: Tx, contact_id: int) -> dict[str, Any]:
    """One of the two, as the preview shows them beside each other."""
    return {
        "contact": find_contact(tx, contact_id), "jobs": jobs_of(tx, [contact_id])[contact_id],
        "met": last_met(tx, [contact_id]).get(contact_id),
    }  # fmt: skip
