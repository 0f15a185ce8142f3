"""The pages on which a list of another system is uploaded, looked at, and brought in as it was shown."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, HTTPException, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from capture.attributes import field_of, label_of
from capture.headings import fields
from capture.importing.lines import Kind
from capture.importing.sheets import LARGEST_BYTES, MOST_COLUMNS, MOST_ROWS, SheetError
from capture.importing.uploads import Looked, Uploads, may_bring_in
from capture.rights import Viewer
from capture.seen import note_read
from capture.values import CorrectionError
from store import imports
from web.gate import RowId, allowed
from web.shared import Shared
from web.typed import Typed

WHAT = {"accounts": "Accounts", "contacts": "Contacts", "reps": "Our own people"}
SHOWN = 20
"""Lines of each sort that are shown."""
SHOWN_FAULTS = 200
FIELDS = {
    "external_id": "own number", "account_external_id": "account's own number", "account": "account's name",
    "owner_email": "account manager's mail", "manager_email": "manager's mail", "slack_id": "Slack member id",
}  # fmt: skip
"""Fields that people call otherwise."""
Entitled = Callable[[Viewer], Viewer]
"""A FastAPI dependency: somebody who may bring something in."""
STATUS = {"gone": 404, "not_yours": 403}


def router(shared: Shared) -> APIRouter:
    """The routes, for operators and administrators."""
    routes, uploads = shared.routes(), Uploads(shared.db, shared.clock)

    def entitled(who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> Viewer:
        allowed(len(may_bring_in(who)))
        return who

    _add_upload(routes, shared, uploads, entitled)
    _add_preview(routes, shared, uploads, entitled)
    return routes


def _add_upload(routes: APIRouter, shared: Shared, uploads: Uploads, entitled: Entitled) -> None:
    def shown(who: Viewer, problem: str | None = None, status: int = 200) -> HTMLResponse:
        may = may_bring_in(who)
        with shared.db.read() as tx:
            waiting, done = imports.waiting(tx, who.rep_id or None, shared.clock()), imports.protocol(tx, may)
        return shared.page(
            "import.html", who, status=status, place="import", problem=problem, waiting=waiting, done=done,
            what={key: title for key, title in WHAT.items() if key in may}, titles=WHAT,
            limits=(LARGEST_BYTES // 1_000_000, MOST_ROWS),
        )  # fmt: skip

    @routes.get("/import")
    def begin(who: Annotated[Viewer, Depends(entitled)]) -> HTMLResponse:
        """The form, what waits to be confirmed, and what was brought in lately."""
        return shown(who)

    @routes.post("/import")
    def upload(
        who: Annotated[Viewer, Depends(entitled)],
        what: Annotated[str, Form(max_length=20)], file: Annotated[UploadFile, File()],
    ) -> Response:  # fmt: skip
        """Keeps the list for a while; its preview comes next."""
        try:
            taken = uploads.take(who, what, file.filename or "", file.file.read(LARGEST_BYTES + 1))
        except SheetError as error:
            return shown(who, f"{file.filename}: {error.fault.said(who.language)}", 422)
        except CorrectionError as error:
            raise _refused(error) from error
        return RedirectResponse(f"/import/{taken}", 303)


def _add_preview(routes: APIRouter, shared: Shared, uploads: Uploads, entitled: Entitled) -> None:
    def shown(who: Viewer, import_id: int, problem: str | None = None, status: int = 200) -> HTMLResponse:
        try:
            looked = uploads.look(who, import_id)
        except CorrectionError as error:
            raise _refused(error) from error
        told = _told(looked, who)
        if looked.row.what == "contacts":
            seen = {one.row.id for one in told["steps"]["changed"]}
            note_read(shared.db, who, shared.clock(), "preview of an import", seen)
        return shared.page("import_look.html", who, status=status, place="import", problem=problem, **told)

    @routes.get("/import/{import_id}")
    def look(import_id: RowId, who: Annotated[Viewer, Depends(entitled)]) -> HTMLResponse:
        """What would be done with it: nothing is yet."""
        return shown(who, import_id)

    @routes.post("/import/{import_id}")
    def act(import_id: RowId, typed: Typed, who: Annotated[Viewer, Depends(entitled)]) -> Response:
        """Tells the columns anew, brings it in, or drops it."""
        if typed.get("do") not in DO:
            raise HTTPException(422, "This was not understood.")
        try:
            DO[typed["do"]](uploads, who, import_id, typed)
        except CorrectionError as error:
            if error.key in STATUS:
                raise _refused(error) from error
            return shown(who, import_id, str(error), 409)
        return RedirectResponse(f"/import/{import_id}" if typed["do"] == "columns" else "/import", 303)


def _set_columns(uploads: Uploads, who: Viewer, import_id: int, typed: Mapping[str, str]) -> None:
    uploads.set_columns(who, import_id, [typed.get(f"column-{at}", "") for at in range(MOST_COLUMNS)])


DO: Mapping[str, Callable[[Uploads, Viewer, int, Mapping[str, str]], None]] = {
    "columns": _set_columns,
    "confirm": lambda uploads, who, import_id, typed: uploads.confirm(who, import_id, typed.get("mark", "")),
    "drop": lambda uploads, who, import_id, _: uploads.drop(who, import_id),
}


def _refused(error: CorrectionError) -> HTTPException:
    return HTTPException(STATUS.get(error.key, 409), str(error))


def _told(looked: Looked, who: Viewer) -> dict[str, Any]:
    """What the preview shows."""
    at = {column: field for field, column in looked.mapped.items()}
    first = [cells for _, cells in looked.sheet.rows[:3]]
    columns = [
        (heading, at.get(number, ""), [row[number] for row in first if number < len(row) and row[number]])
        for number, heading in enumerate(looked.sheet.headings)
    ]
    names = FIELDS | {field_of(one): label_of(one, who.language) for one in looked.own}
    known = [*fields(looked.row.what), *map(field_of, looked.own)]
    kinds: tuple[Kind, ...] = ("new", "changed", "forgotten")
    return {
        "row": looked.row, "title": WHAT[looked.row.what], "told": looked.sheet.told, "columns": columns,
        "fields": [(one, names.get(one, one.replace("_", " "))) for one in known],
        "missing": [FIELDS.get(one, one) for one in looked.missing], "counts": looked.counts, "mark": looked.mark,
        "steps": {kind: [one for one in looked.steps if one.kind == kind][:SHOWN] for kind in kinds},
        "faults": [
            (one.line, names.get(one.column, one.column.replace("_", " ")), one.said(who.language))
            for one in looked.plan.faults[:SHOWN_FAULTS]
        ],
        "more_faults": max(0, len(looked.plan.faults) - SHOWN_FAULTS), "names": names,
        "left_out": [heading for heading, field, _ in columns if not field and heading],
    }  # fmt: skip
