"""The list of what is to be done, and its way out."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from capture.rights import Viewer, people, sight
from capture.seen import note_export
from store import choices, views
from store.action_rows import ActionFilter, ActionRow, each_action, find_actions
from store.db import Tx
from web.gate import allowed
from web.lists.columns import Column
from web.lists.exports import taken_out
from web.shared import Shared

COLUMNS: tuple[Column[ActionRow], ...] = (
    Column("due", "Due", lambda row: row.action.due),
    Column("text", "To do", lambda row: row.action.text),
    Column("who", "Who", lambda row: row.who),
    Column("account", "Account", lambda row: row.account),
    Column("state", "State", lambda row: row.action.state),
    Column("day", "Promised", lambda row: row.visit.on),
    Column("number", "Visit", lambda row: row.visit.number),
)


def router(shared: Shared) -> APIRouter:
    """The routes."""
    routes = shared.routes()

    def asked(tx: Tx, request: Request, who: Viewer) -> ActionFilter:
        allowed(who.may("read", "visit"))
        return ActionFilter.read(request.query_params, who.rep_id, sight(tx, who), who.today(shared.clock()))

    @routes.get("/actions")
    def actions(
        request: Request, who: Annotated[Viewer, Depends(shared.gate.viewer)],
        page_number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
    ) -> HTMLResponse:  # fmt: skip
        """What is to be done, the soonest due first: one's own at first, of the team, or all that one may see."""
        with shared.db.read() as tx:
            wanted = asked(tx, request, who)
            return shared.page(
                "actions.html", who, place="actions", found=find_actions(tx, wanted, page_number), wanted=wanted,
                chosen=wanted.query(), query=urlencode(wanted.query()),
                reps=choices.reps(tx, people(tx, who, "read", "visit")),
                views=views.listed(tx, who.rep_id, "actions"),
            )  # fmt: skip

    @routes.get("/actions.{kind}")
    def actions_out(
        kind: str, request: Request, who: Annotated[Viewer, Depends(shared.gate.viewer)]
    ) -> StreamingResponse:
        """The whole list as the address narrows it."""
        with shared.db.read() as tx:
            wanted = asked(tx, request, who)
        answer = taken_out(kind, f"actions-{wanted.today}", COLUMNS, each_action(shared.db, wanted))
        note_export(shared.db, who, shared.clock(), f"actions as {kind}; {urlencode(wanted.query())}")
        return answer

    return routes
