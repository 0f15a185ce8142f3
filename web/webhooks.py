"""The administrators' page of webhooks: who is told of what, and how each message fared."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from capture import CorrectionError
from capture.rights import Reach, Viewer
from capture.webhook_events import EVENTS
from capture.webhooks import Made, Webhooks
from store import webhooks as kept
from store.tables import Webhook
from web.gate import RowId, allowed
from web.shared import Shared

MOST = 100
"""Messages on a webhook's page."""
WEBHOOKS = "/webhooks"


def router(shared: Shared, webhooks: Webhooks) -> APIRouter:
    """The routes."""
    routes = shared.routes()
    _add_all(routes, shared, webhooks)
    _add_one(routes, shared, webhooks)
    return routes


def _add_all(routes: APIRouter, shared: Shared, webhooks: Webhooks) -> None:
    def shown(who: Viewer, made: Made | None = None, problem: str | None = None, status: int = 200) -> HTMLResponse:
        with shared.db.read() as tx:
            return shared.page(
                "webhooks.html", who, status, place="webhooks", webhooks=kept.every(tx), events=EVENTS, made=made,
                problem=problem,
            )  # fmt: skip

    @routes.get(WEBHOOKS)
    def every(who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> HTMLResponse:
        """All of them, and a form for another one."""
        allowed(who.may("edit", "house") is Reach.ALL)
        return shown(who)

    @routes.post(WEBHOOKS)
    def add(
        who: Annotated[Viewer, Depends(shared.gate.viewer)], url: Annotated[str, Form(max_length=2_000)],
        event: Annotated[list[str] | None, Form()] = None,
    ) -> HTMLResponse:  # fmt: skip
        """Set one up: its secret is on this answer and nowhere else."""
        allowed(who.may("edit", "house") is Reach.ALL)
        try:
            return shown(who, webhooks.add(who, url.strip(), event or []))
        except CorrectionError as error:
            return shown(who, problem=str(error).capitalize(), status=422)


def _add_one(routes: APIRouter, shared: Shared, webhooks: Webhooks) -> None:
    @routes.get("/webhooks/{webhook_id}")
    def one(webhook_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> HTMLResponse:
        """One of them, with what it was sent last."""
        allowed(who.may("edit", "house") is Reach.ALL)
        with shared.db.read() as tx:
            webhook = tx.get(Webhook, webhook_id)
            if webhook is None:
                raise HTTPException(404, "There is no such webhook.")
            sent = kept.deliveries(tx, webhook_id, None, MOST)
            return shared.page("webhook.html", who, place="webhooks", webhook=webhook, sent=sent, events=EVENTS)

    @routes.post("/webhooks/{webhook_id}")
    def change(
        webhook_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)],
        do: Annotated[str, Form(pattern="^(on|off|test|remove)$")],
    ) -> Response:  # fmt: skip
        """Switch it on or off, send it a message that tells of nothing, or forget it."""
        allowed(who.may("edit", "house") is Reach.ALL)
        if do == "remove":
            return _done(lambda: webhooks.remove(who, webhook_id), WEBHOOKS)
        if do == "test":
            return _done(lambda: webhooks.test(who, webhook_id), f"/webhooks/{webhook_id}")
        return _done(lambda: webhooks.change(who, webhook_id, active=do == "on"), f"/webhooks/{webhook_id}")

    @routes.post("/webhooks/{webhook_id}/deliveries/{delivery_id}")
    def resend(webhook_id: RowId, delivery_id: RowId, who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> Response:
        """Send a message again."""
        allowed(who.may("edit", "house") is Reach.ALL)
        return _done(lambda: webhooks.resend(who, webhook_id, delivery_id), f"/webhooks/{webhook_id}")


def _done(act: Callable[[], None], place: str) -> Response:
    try:
        act()
    except CorrectionError as error:
        raise HTTPException(404 if error.key == "gone" else 409, str(error)) from error
    return RedirectResponse(place, 303)
