"""Actions: what was promised, by whom until when; done, dropped, or moved to another day."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from capture import CorrectionError
from capture.rights import sight
from store import windows
from store.db import Tx
from web.api import asked
from web.api.calls import Api, Call, IfMatch, known, place_of
from web.api.problems import Fault, ProblemError, corrected
from web.api.shown import Page, PromiseOut
from web.api.taken import ActionChange
from web.gate import RowId


def router(api: Api) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["actions"])

    @routes.get("/actions", response_model=Page[PromiseOut])
    def actions(
        call: Annotated[Call, Depends(api.call("read:actions"))], wanted: Annotated[asked.Actions, Query()]
    ) -> Response:
        """One's own actions and those of the visits that one may see."""
        after = place_of(wanted.cursor, int)
        with api.db.read() as tx:
            found = windows.actions(
                tx, sight(tx, call.who), call.who.rep_id, after, wanted.limit,
                state=wanted.state, assignee_id=wanted.assignee, due_until=wanted.due_until,
            )  # fmt: skip
        return call.window(Page[PromiseOut], found, PromiseOut.of)

    @routes.get("/actions/{action_id}", response_model=PromiseOut)
    def action(call: Annotated[Call, Depends(api.call("read:actions"))], action_id: RowId) -> Response:
        """One action."""
        with api.db.read() as tx:
            return call.answer(_shown(tx, call, action_id))

    @routes.patch("/actions/{action_id}", response_model=PromiseOut)
    def settle(
        call: Annotated[Call, Depends(api.call("write:actions"))], action_id: RowId, wanted: ActionChange,
        if_match: IfMatch = None,
    ) -> Response:  # fmt: skip
        """Let an open action be done or dropped, or be due on another day; by who has to do it, or who promised it."""
        how = wanted.state or wanted.due
        if how is None or (wanted.state and wanted.due):
            fault = Fault(pointer="", detail="needs either a state or a day")
            raise ProblemError(422, "not-valid", "Nothing is to be changed.", faults=[fault])
        with api.db.read() as tx:
            call.matches(if_match, _shown(tx, call, action_id))
        try:
            api.assistant.home.settle(call.who.email, action_id, "drop" if how == "dropped" else how)
        except CorrectionError as error:
            raise corrected(error) from error
        with api.db.read() as tx:
            return call.answer(_shown(tx, call, action_id))

    return routes


def _shown(tx: Tx, call: Call, action_id: int) -> PromiseOut:
    return PromiseOut.of(known(windows.action(tx, sight(tx, call.who), call.who.rep_id, action_id), "action"))
