"""The administrator's page of a person's data: everything in one file, or all of it gone, and the protocol."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from capture import CorrectionError
from capture.inbox import said_by
from capture.persons import LONGEST_REFERENCE, Persons
from capture.rights import Reach, Viewer
from capture.seen import note_export
from store import persons
from store.contacts import find_contact
from web.gate import RowId, allowed
from web.shared import Shared


def router(shared: Shared) -> APIRouter:
    """The routes; for those who may do everything."""
    routes = shared.routes()
    use = Persons(shared.db, shared.clock)

    def administrator(who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> Viewer:
        allowed(who.may("edit", "house") is Reach.ALL)
        return who

    @routes.get("/persons")
    def listed(who: Annotated[Viewer, Depends(administrator)], q: str = "") -> HTMLResponse:
        """Looks a person up, and shows what was erased."""
        return _shown(shared, who, q)

    @routes.get("/persons/{contact_id}/export")
    def export(contact_id: RowId, who: Annotated[Viewer, Depends(administrator)]) -> Response:
        """Everything that is kept of a contact, as a file."""
        try:
            packed = use.export(contact_id)
        except CorrectionError as error:
            raise HTTPException(404, str(error)) from error
        note_export(shared.db, who, shared.clock(), f"everything of contact {contact_id}")
        headers = {"Content-Disposition": f'attachment; filename="person-{contact_id}.zip"'}
        return Response(packed, media_type="application/zip", headers=headers)

    @routes.post("/persons/{contact_id}/erase")
    def erase(
        contact_id: RowId, who: Annotated[Viewer, Depends(administrator)],
        name: Annotated[str, Form(max_length=300)] = "",
        reference: Annotated[str, Form(max_length=LONGEST_REFERENCE)] = "",
        keep_files: Annotated[str, Form(max_length=5)] = "",
    ) -> Response:  # fmt: skip
        """Erases a contact for good; the name is typed once more, so that it is meant."""
        with shared.db.read() as tx:
            contact = find_contact(tx, contact_id)
        if contact is None:
            raise HTTPException(404, "There is no such contact.")
        if name.strip().casefold() != contact.name.strip().casefold():
            problem = "Type the name as it stands there, so that nobody is erased by a slip."
            return _shown(shared, who, contact.name, problem)
        use.erase(contact_id, who.by, reference, keep_files=bool(keep_files))
        return RedirectResponse("/persons", 303)

    return routes


def _shown(shared: Shared, who: Viewer, typed: str, problem: str | None = None) -> HTMLResponse:
    with shared.db.read() as tx:
        found = persons.look_up(tx, typed[:200]) if typed.strip() else None
        done = [(one, said_by(tx, one.by)) for one in persons.erasures(tx)]
    return shared.page(
        "persons.html", who, 409 if problem else 200, place="persons", found=found, typed=typed, done=done,
        problem=problem,
    )  # fmt: skip
