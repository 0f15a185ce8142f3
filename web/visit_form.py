"""A visit, edited on a page of its own by those who have the right: its rep, and who may edit everybody's."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from capture import Assistant, CorrectionError
from capture.fixing import FixError, MeanwhileError
from capture.rights import Viewer, people, sight
from capture.seen import note_visit
from store import reps
from store.sight import among, sees_visit
from store.tables import Rep, Visit
from web.fields import Form
from web.gate import RowId
from web.lacks import hinted
from web.shared import Shared
from web.typed import Typed
from web.visit_fields import changed, choices, family_of, fields_of, marks_of, wanted_of


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes need: the pages, and who changes visits."""

    shared: Shared
    assistant: Assistant

    def rep_of(self, who: Viewer, visit_id: int) -> str:
        """The address of the visit's rep. Raises HTTPException 404 for those who may not see it, 403 not edit it."""
        with self.shared.db.read() as tx:
            seen, visit = sight(tx, who), tx.get(Visit, visit_id)
            if visit is None or not (seen is None or sees_visit(tx, seen, visit_id)):
                raise HTTPException(404, "There is no such visit.")
            if not among(people(tx, who, "edit", "visit"), visit.rep_id):
                raise HTTPException(403, "You have no right to this.")
            return tx.get_one(Rep, visit.rep_id).email

    def form(self, visit_id: int) -> Form:
        """The form, as the visit is now. Raises HTTPException 409 where it was taken back."""
        try:
            sheet = self.assistant.sheet(visit_id, "en")
        except CorrectionError as error:
            raise HTTPException(409, str(error)) from error
        with self.shared.db.read() as tx:
            fields = hinted(fields_of(sheet, [(one.email, one.name) for one in reps.everyone(tx)]), sheet.lacks)
        return Form(sheet.number, f"/visits/{visit_id}", fields, sheet.seen, marks_of(fields))

    def keep(self, who: Viewer, visit_id: int, typed: Mapping[str, str], rep: str) -> None:
        """Keep what was changed. Raises as `Assistant.edit` does."""
        sheet = self.assistant.sheet(visit_id, "en")
        wanted = wanted_of(typed, sheet, self.assistant.names(), rep)
        seen = typed.get("seen", "")
        self.assistant.edit(visit_id, who.by, wanted, int(seen) if seen.isascii() and seen.isdecimal() else 0)


def router(shared: Shared, assistant: Assistant) -> APIRouter:
    """The routes."""
    routes, desk = shared.routes(), Desk(shared, assistant)

    @routes.get("/visits/{visit_id}/edit")
    def edit_visit(visit_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> HTMLResponse:
        """A visit with every field, to be edited."""
        desk.rep_of(who, visit_id)
        shown = _shown(desk, who, desk.form(visit_id))
        note_visit(shared.db, who, shared.clock(), "form of the visit", visit_id)
        return shown

    @routes.post("/visits/{visit_id}/edit")
    def keep_visit(visit_id: RowId, typed: Typed, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> Response:
        """Keeps what was changed, all or none; what somebody else changed meanwhile is never overwritten."""
        rep = desk.rep_of(who, visit_id)
        try:
            desk.keep(who, visit_id, typed, rep)
        except FixError as error:
            return _wrong(desk, who, visit_id, typed, error)
        except MeanwhileError as error:
            return _meanwhile(desk, who, visit_id, typed, error)
        except CorrectionError as error:
            raise HTTPException(409, str(error)) from error
        return RedirectResponse(f"/visits/{visit_id}", 303)

    return routes


def _wrong(desk: Desk, who: Viewer, visit_id: int, typed: Mapping[str, str], error: FixError) -> HTMLResponse:
    """The form again as it was filled in, with what is wrong at each field."""
    form = desk.form(visit_id)
    if "account" in error.errors:
        head, *rest = form.fields
        form = replace(form, fields=[head, choices(typed, desk.assistant.names(), desk.rep_of(who, visit_id)), *rest])
    moved = changed(typed, list(typed))
    errors = {_field_of(form, family, moved): str(one) for family, one in error.errors.items()}
    left = {field.name: "" for field in form.fields if field.kind == "checkbox"}
    return _shown(desk, who, form, typed={**left, **typed}, problem="Nothing was kept yet.", status=422, errors=errors)


def _field_of(form: Form, family: str, moved: set[str]) -> str:
    """The field where an error is told: of several, one that was changed and has room for it."""
    names = [one.name for one in form.fields if family_of(one.name) == family and one.kind != "checkbox"]
    return next((name for name in names if name in moved), names[0] if names else family)


def _meanwhile(desk: Desk, who: Viewer, visit_id: int, typed: Mapping[str, str], error: MeanwhileError) -> HTMLResponse:
    """The form as the visit is now, with what was filled in where nobody else changed it."""
    form = desk.form(visit_id)
    mine = {one: typed.get(one, "") for one in changed(typed, list(typed)) if family_of(one) not in error.fields}
    told = ", ".join(error.fields)
    problem = f"Somebody changed this meanwhile ({told}). That is shown as it is now; nothing of yours was kept yet."
    return _shown(desk, who, form, typed=mine, problem=problem, status=409)


def _shown(
    desk: Desk, who: Viewer, form: Form, *, typed: Mapping[str, str] | None = None, problem: str | None = None,
    status: int = 200, errors: Mapping[str, str] | None = None,
) -> HTMLResponse:  # fmt: skip
    return desk.shared.page(
        "edit.html", who, status=status, place="visits", form=form, typed=typed or {}, problem=problem,
        errors=errors or {},
    )  # fmt: skip
