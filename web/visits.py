"""One visit, and the files that came with it."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import HTMLResponse, Response

from capture.handbook import Handbook
from capture.rights import Viewer, people, sight
from capture.seen import note_file, note_visit
from store import conversations, kinds
from store.private import of_visit
from store.sight import among, sees_attachment, sees_visit
from store.visits import find_visit
from web import extra
from web.gate import RowId
from web.history import told
from web.lacks import lack_called
from web.marks import marked_message, words
from web.shared import Shared

TABS = {"general": "General", "report": "Report", "attachments": "Attachments", "history": "History"}


def router(shared: Shared) -> APIRouter:
    """The routes."""
    routes = shared.routes()
    _add_visit(routes, shared)
    _add_attachments(routes, shared)
    return routes


def _add_visit(routes: APIRouter, shared: Shared) -> None:
    @routes.get("/visits/{visit_id}")
    def visit(
        visit_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)], tab: str = "general"
    ) -> HTMLResponse:
        """One visit, in tabs; of one that the viewer may not see it is not even told that it is there."""
        with shared.db.read() as tx:
            seen = sight(tx, who)
            found = find_visit(tx, visit_id) if seen is None or sees_visit(tx, seen, visit_id) else None
            if found is None:
                raise HTTPException(404, "There is no such visit.")
            message = found.capture.message
            answer = shared.page(
                "visit.html", who, place="visits", found=found, labels=kinds.labels(tx, "en"), tabs=TABS,
                tab=tab if tab in TABS else "general", marked=marked_message(message, found.visit.evidence),
                words=lambda *names: words(message, found.visit.evidence, *names),
                history=[told(found, change) for change in found.history],
                editable=found.visit.withdrawn_at is None
                and among(people(tx, who, "edit", "visit"), found.visit.rep_id),
                lacks=Handbook.read(tx).of_visit(found.visit, found.account, who.language), lack_called=lack_called,
                extra=extra.told(tx, "visit", found.visit.extra),
                private=of_visit(tx, who.rep_id, found.visit) if who.rep_id else (),
            )  # fmt: skip
        note_visit(shared.db, who, shared.clock(), "page of the visit", visit_id)
        return answer


def _add_attachments(routes: APIRouter, shared: Shared) -> None:
    @routes.get("/attachments/{attachment_id}")
    def attachment(attachment_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> Response:
        """A file as it came, to be saved: it is never shown as part of our own site."""
        with shared.db.read() as tx:
            seen = sight(tx, who)
            shown = seen is None or sees_attachment(tx, seen, attachment_id)
            file = conversations.find_file(tx, attachment_id) if shown else None
        if file is None:
            raise HTTPException(404, "There is no such file.")
        note_file(shared.db, who, shared.clock(), attachment_id)
        name = quote(file.name, safe="")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}  # RFC 6266, section 5
        return Response(file.data, media_type="application/octet-stream", headers=headers)
