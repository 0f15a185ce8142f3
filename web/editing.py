"""The forms in which accounts and contacts are edited."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from capture import CorrectionError
from capture.editing import FACTS, Editing, version_of
from capture.fixing import FixError, MeanwhileError
from capture.handbook import Handbook
from capture.importing import CLASSES, STATUSES
from capture.rights import Viewer
from capture.seen import note_read
from store import reps
from store.accounts import find_account
from store.contacts import find_contact, jobs_of
from store.tables import Account
from web import extra
from web.fields import Field, Form
from web.gate import RowId, allowed
from web.lacks import hinted
from web.shared import Shared
from web.typed import Typed

LABELS = {"grade": "Class", "country": "Country (two letters)"}


def router(shared: Shared) -> APIRouter:
    """The routes."""
    routes = shared.routes()
    editing = Editing(shared.db, shared.clock)
    _add_account(routes, shared, editing)
    _add_contact(routes, shared, editing)
    return routes


def _add_account(routes: APIRouter, shared: Shared, editing: Editing) -> None:
    def form(account_id: int) -> Form:
        with shared.db.read() as tx:
            found = find_account(tx, account_id)
            if found is None:
                raise HTTPException(404, "There is no such account.")
            people = [(str(one.id), one.name) for one in reps.everyone(tx)]
            lacks = Handbook.read(tx).of_account(found.account, "en")
            own = extra.fields(tx, "account", found.account.extra)
            fields = hinted([*_account_fields(found.account, found.owner, people), *own], lacks)
            place = f"/accounts/{account_id}"
            return Form(found.account.name, place, fields, version_of(tx, "account", account_id))

    @routes.get("/accounts/{account_id}/edit")
    def edit_account(account_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> HTMLResponse:
        """The facts of an account, to be edited."""
        allowed(who.may("edit", "account"))
        return _shown(shared, who, form(account_id))

    @routes.post("/accounts/{account_id}/edit")
    def keep_account(account_id: RowId, typed: Typed, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> Response:
        """Keeps them, all or none."""
        allowed(who.may("edit", "account"))
        return _kept(
            shared, who, lambda: form(account_id), typed,
            lambda seen: editing.account(account_id, who.by, typed, seen),
        )  # fmt: skip


def _add_contact(routes: APIRouter, shared: Shared, editing: Editing) -> None:
    def form(contact_id: int) -> Form:
        with shared.db.read() as tx:
            contact = find_contact(tx, contact_id)
            if contact is None or contact.retired_at is not None:
                raise HTTPException(404, "There is no such contact.")
            jobs = jobs_of(tx, [contact_id])[contact_id]
            roles = [
                Field(f"role-{job.employment.id}", f"Role at {job.account.name}", job.employment.role or "")
                for job in jobs
            ]
            fields = [
                Field("name", "Name", contact.name),
                *roles,
                Field("emails", "Mail addresses, one a line", "\n".join(one.email for one in contact.emails), lines=3),
                Field("phones", "Phone numbers, one a line", "\n".join(one.phone for one in contact.phones), lines=3),
                Field("language", "Language (two letters)", contact.language or ""),
            ]
            fields += extra.fields(tx, "contact", contact.extra)
            fields = hinted(fields, Handbook.read(tx).of_contact(contact, "en"))
            return Form(contact.name, f"/contacts/{contact_id}", fields, version_of(tx, "contact", contact_id))

    @routes.get("/contacts/{contact_id}/edit")
    def edit_contact(contact_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> HTMLResponse:
        """What is kept of a contact, to be edited."""
        allowed(who.may("edit", "person"))
        shown = form(contact_id)
        note_read(shared.db, who, shared.clock(), "form of the contact", [contact_id])
        return _shown(shared, who, shown)

    @routes.post("/contacts/{contact_id}/edit")
    def keep_contact(contact_id: RowId, typed: Typed, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> Response:
        """Keeps it, all or none."""
        allowed(who.may("edit", "person"))
        return _kept(
            shared, who, lambda: form(contact_id), typed,
            lambda seen: editing.contact(contact_id, who.by, typed, seen),
        )  # fmt: skip


def _account_fields(account: Account, owner: str | None, people: Sequence[tuple[str, str]]) -> list[Field]:
    options = {
        "grade": [(one, one or "none") for one in CLASSES],
        "status": [(one, one) for one in STATUSES],
    }
    fields = [
        Field(one, LABELS.get(one, one.capitalize()), getattr(account, one) or "", options.get(one, ()))
        for one in FACTS
    ]
    owner_id = str(account.owner_id or "")
    # Who left may own it still: that is no reason to take it away by editing the street.
    known = people if owner_id in dict(people) or not owner_id else [(owner_id, f"{owner} (not with us)"), *people]
    aliases = ", ".join(row.alias for row in account.aliases)
    return [
        *fields, Field("aliases", "Also called, with commas between", aliases),
        Field("owner", "Account manager", owner_id, [("", "nobody"), *known]),
    ]  # fmt: skip


def _shown(
    shared: Shared, who: Viewer, form: Form, *, typed: Mapping[str, str] | None = None, status: int = 200,
    problem: str | None = None, errors: Mapping[str, str] | None = None,
) -> HTMLResponse:  # fmt: skip
    return shared.page(
        "edit.html", who, status=status, place=form.place.split("/")[1], form=form, typed=typed or {}, problem=problem,
        errors=errors or {},
    )  # fmt: skip


def _kept(
    shared: Shared, who: Viewer, form: Callable[[], Form], typed: Mapping[str, str], keep: Callable[[int], None]
) -> Response:
    """Keep it and go back to the record, or show the form again with what is wrong."""
    seen = typed.get("seen", "")
    try:
        keep(int(seen) if seen.isascii() and seen.isdecimal() else 0)
    except FixError as error:
        told = {field: str(one) for field, one in error.errors.items()}
        return _shown(shared, who, form(), typed=typed, status=422, problem="Nothing was kept yet.", errors=told)
    except MeanwhileError as error:
        fields = ", ".join(one.removesuffix("_id").replace("_", " ") for one in error.fields)
        problem = f"Somebody changed this meanwhile ({fields}). This is how it is now; nothing of yours was kept."
        return _shown(shared, who, form(), status=409, problem=problem)
    except CorrectionError as error:
        raise HTTPException(409, str(error)) from error
    return RedirectResponse(form().place, 303)
