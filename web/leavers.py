"""The page about somebody who seems gone, and what the owner says of them there or on the account's page."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, StringConstraints

from capture import CorrectionError
from capture.leavers import Leavers
from capture.rights import Viewer
from capture.seen import note_read
from capture.vitality import Vitality
from letters import wording
from letters.leaver import asked
from store.tables import Employment
from web.gate import RowId, allowed
from web.shared import Shared

Field = Annotated[str, StringConstraints(max_length=200)]
PLACE = "/accounts/{account_id}/people/{employment_id}"


class Word(BaseModel):
    """What somebody says in a form."""

    said: Literal["still", "left", "followed", "undo", "successor", "moved", "address"]
    name: Field = ""
    email: Field = ""
    phone: Field = ""
    employer: Field = ""
    back: Field = ""
    """Not empty where the page about the person is to be shown again."""


def router(*, vitality: Vitality, shared: Shared) -> APIRouter:
    """The routes."""
    routes = shared.routes()
    viewer = Depends(shared.gate.viewer)

    @routes.get(PLACE)
    def look(account_id: RowId, employment_id: RowId, who: Annotated[Viewer, viewer]) -> HTMLResponse:
        """Why somebody seems gone, or what was said of it, with what may be said."""
        allowed(min(who.may("read", "account"), who.may("read", "person")))
        with shared.db.read() as tx:
            job = tx.get(Employment, employment_id)
        leaver = vitality.look(employment_id) if job and job.account_id == account_id else None
        if job is None or leaver is None:
            raise HTTPException(404, "There is no such person at this account.")
        note_read(shared.db, who, shared.clock(), "asked whether still there", [job.contact_id])
        told = asked(wording("en"), leaver)
        return shared.page("leaver.html", who, place="visits", leaver=leaver, told=told)

    @routes.post(PLACE)
    def say(
        account_id: RowId, employment_id: RowId, who: Annotated[Viewer, viewer], word: Annotated[Word, Form()]
    ) -> Response:
        """What the owner says of somebody; then where they came from is shown as it is now."""
        _done(lambda: _say(vitality.leavers, employment_id, who.email, word))
        return RedirectResponse(f"/accounts/{account_id}{f'/people/{employment_id}' if word.back else ''}", 303)

    return routes


def _say(leavers: Leavers, employment_id: int, by: str, word: Word) -> None:
    if word.said == "successor":
        leavers.succeed(employment_id, by, word.name, word.email, word.phone)
    elif word.said == "moved":
        leavers.move(employment_id, by, f"+{word.employer}")
    elif word.said == "address":
        leavers.readdress(employment_id, by, word.email)
    else:
        leavers.answer(employment_id, by, word.said)


def _done(say: Callable[[], None]) -> None:
    try:
        say()
    except CorrectionError as error:
        raise HTTPException(403 if error.key == "not_owner" else 409, str(error)) from error
