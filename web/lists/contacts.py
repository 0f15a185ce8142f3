"""The way out of the list of contacts."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse

from capture.rights import Viewer
from capture.seen import note_export
from store import attributes
from store.contacts import ListedContact, each_contact
from web.extra import columns
from web.gate import allowed
from web.lists.columns import Column
from web.lists.exports import taken_out
from web.shared import Shared


def _at(row: ListedContact, *, left: bool) -> str:
    return "; ".join(job.account.name for job in row.jobs if bool(job.employment.until) is left)


def _roles(row: ListedContact) -> str:
    return "; ".join(job.employment.role or "" for job in row.jobs if not job.employment.until)


COLUMNS: tuple[Column[ListedContact], ...] = (
    Column("name", "Name", lambda row: row.contact.name),
    Column("account", "Works at", lambda row: _at(row, left=False)),
    Column("role", "Role", _roles),
    Column("left", "Worked at", lambda row: _at(row, left=True)),
    Column("email", "Mail", lambda row: "; ".join(one.email for one in row.contact.emails)),
    Column("phone", "Phone", lambda row: "; ".join(one.phone for one in row.contact.phones)),
    Column("language", "Language", lambda row: row.contact.language),
    Column("met", "Met last", lambda row: row.met),
    Column("external_id", "Own number", lambda row: row.contact.external_id),
)


def router(shared: Shared) -> APIRouter:
    """The routes."""
    routes = shared.routes()

    @routes.get("/contacts.{kind}")
    def contacts_out(
        kind: str, who: Annotated[Viewer, Depends(shared.gate.viewer)], q: str = "", gone: str = ""
    ) -> StreamingResponse:
        """The whole list as the address narrows it, with addresses and numbers; that it was taken out is kept."""
        allowed(who.may("read", "person"))
        typed = q.replace("\0", "").strip()[:200]
        rows = each_contact(shared.db, typed, gone=gone == "yes")
        with shared.db.read() as tx:
            own: tuple[Column[ListedContact], ...] = columns(
                attributes.of(tx, "contact"), lambda row: row.contact.extra
            )
        answer = taken_out(kind, f"contacts-{who.today(shared.clock())}", (*COLUMNS, *own), rows)
        note_export(shared.db, who, shared.clock(), f"contacts as {kind}; {typed or 'all'}{gone and ', seem gone'}")
        return answer

    return routes
