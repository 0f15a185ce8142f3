"""Contacts: the list, and one person: where they work, how they are reached, when they were met, what changed."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from capture.handbook import Handbook
from capture.rights import Viewer, sight
from capture.seen import note_read
from store import duplicates, kinds, signs, steps
from store.contacts import Job, find_contact, jobs_of, last_met, list_contacts, signs_of
from store.db import Tx
from store.tables import Contact, ContactSign
from store.visits import VisitFilter, list_visits
from web import extra
from web.alive import Alive, alive, evidence
from web.gate import RowId, allowed
from web.lacks import lack_called
from web.records import Line, history
from web.shared import Shared

VISITS = 20
COLLEAGUES = 10
"""Of us who met somebody, the latest; visits of somebody that their page shows."""
REASONS = {"address": "the same mail address", "phone": "the same phone number", "name": "much the same name"}


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address with what was heard of it, the latest first."""

    email: str
    heard: tuple[str, ...]


def router(shared: Shared) -> APIRouter:
    """The routes."""
    routes = shared.routes()

    @routes.get("/contacts")
    def contacts(
        *, who: Annotated[Viewer, Depends(shared.gate.viewer)], q: str = "", gone: str = "",
        page_number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
    ) -> HTMLResponse:  # fmt: skip
        """The contacts by name; addresses and numbers stand on the page of each."""
        allowed(who.may("read", "person"))
        typed = q.replace("\0", "").strip()[:200]
        with shared.db.read() as tx:
            found = list_contacts(tx, typed, page_number, gone=gone == "yes")
            return shared.page(
                "contacts.html", who, place="contacts", found=found, typed=typed, gone=gone == "yes",
                today=who.today(shared.clock()),
            )  # fmt: skip

    @routes.get("/contacts/{contact_id}")
    def contact(contact_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> Response:
        """One person; whoever was the same person as another one leads there."""
        allowed(who.may("read", "person"))
        today = who.today(shared.clock())
        with shared.db.read() as tx:
            found = find_contact(tx, contact_id)
            same = steps.into(tx, "merge", contact_id)
            if found is None:
                raise HTTPException(404, "There is no such contact.")
            if same is not None and found.retired_at is not None:
                return RedirectResponse(f"/contacts/{same}", 303)
            jobs, heard = jobs_of(tx, [contact_id])[contact_id], signs_of(tx, [contact_id])[contact_id]
            met = last_met(tx, [contact_id]).get(contact_id)
            shown = shared.page(
                "contact.html", who, place="contacts", contact=found, jobs=jobs, met=met, today=today,
                alive=_alive(found, heard, met, today),
                addresses=[Address(row.email, evidence(found.name, row.email, heard)) for row in found.emails],
                seen_by=signs.met_by(tx, contact_id, COLLEAGUES), labels=kinds.labels(tx, "en"),
                visits=list_visits(tx, VisitFilter(contact_id=contact_id, sight=sight(tx, who)), size=VISITS),
                pairs=duplicates.of_contact(tx, contact_id), reasons=REASONS,
                lacks=Handbook.read(tx).of_contact(found, who.language), lack_called=lack_called,
                extra=extra.told(tx, "contact", found.extra),
                merges=_merges(tx, contact_id), history=_history(tx, found, jobs),
            )  # fmt: skip
        note_read(shared.db, who, shared.clock(), "page of the contact", [contact_id])
        return shown

    return routes


def _alive(contact: Contact, heard: list[ContactSign], met: date | None, today: date) -> Alive:
    return alive(contact.name, heard, met, today)


def _merges(tx: Tx, contact_id: int) -> list[tuple[int, str]]:
    """Who else turned out to be this person: the step, the latest first, and the name."""
    found = steps.latest(tx, "merge", contact_id)
    return [(one.id, gone.name if (gone := tx.get(Contact, one.from_id)) else "somebody") for one in found]


def _history(tx: Tx, contact: Contact, jobs: tuple[Job, ...]) -> list[Line]:
    """What changed of the person, of the employments, and of whoever turned out to be the same person."""
    ids = [contact.id, *(one.from_id for one in steps.latest(tx, "merge", contact.id))]
    names = {("employment", job.employment.id): job.account.name for job in jobs}
    return history(tx, {"contact": ids, "employment": [job.employment.id for job in jobs]}, names)
