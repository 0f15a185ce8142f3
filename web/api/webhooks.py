"""Webhooks: setting them up, looking at what they were sent, sending it again."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal, TypeVar

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field, StringConstraints

from capture import CorrectionError
from capture.webhook_events import EVENTS
from capture.webhooks import LONGEST_URL
from store import webhooks as kept
from store.db import Tx
from store.tables import Webhook, WebhookDelivery
from store.windows import Window
from web.api import asked
from web.api.calls import Api, Call, IfMatch, Key, known, place_of
from web.api.problems import corrected
from web.api.shown import Page
from web.api.taken import Body
from web.gate import RowId

T = TypeVar("T")
Event = Literal[
    "visit.filed", "visit.changed", "visit.withdrawn", "contact.stale", "contact.left", "action.done"
]  # fmt: skip
Events = Annotated[list[Event], Field(min_length=1, max_length=len(EVENTS))]
Url = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_URL, pattern=r"^https?://[!-~]+$")]


class WebhookOut(BaseModel):
    """An address that is told what happened."""

    id: int
    url: str
    events: list[str]
    active: bool
    problem: str | None = Field(description="Why it was switched off, where that was not somebody's wish.")
    failing_since: datetime | None
    made_at: datetime

    @classmethod
    def of(cls, webhook: Webhook) -> "WebhookOut":
        """The webhook without its secret."""
        return cls.model_validate(webhook, from_attributes=True)


class NewWebhookOut(WebhookOut):
    """A webhook that was set up just now."""

    secret: str = Field(description="What its messages are signed with, `whsec_…`. It is told this once.")


class DeliveryOut(BaseModel):
    """A message to a webhook, and how far it got."""

    id: int
    message_id: str
    event: str
    at: datetime
    state: str = Field(description="`waiting`, `delivered` or `failed`.")
    attempts: int
    tried_at: datetime | None
    status: int | None
    problem: str | None

    @classmethod
    def of(cls, delivery: WebhookDelivery) -> "DeliveryOut":
        """The message without what it says."""
        return cls.model_validate(delivery, from_attributes=True)


class AllWebhooks(BaseModel):
    """Every webhook."""

    items: list[WebhookOut]


class WebhookIn(Body):
    """A webhook to be set up."""

    url: Url
    events: Events


class WebhookChange(Body):
    """What is to be otherwise about a webhook; what is not named stays."""

    url: Url | None = None
    events: Events | None = None
    active: bool | None = None


def router(api: Api) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/webhooks", tags=["webhooks"])
    _add_reading(routes, api)
    _add_changing(routes, api)
    _add_sending(routes, api)
    return routes


def _add_reading(routes: APIRouter, api: Api) -> None:
    @routes.get("", response_model=AllWebhooks)
    def every(call: Annotated[Call, Depends(api.call("manage:webhooks"))]) -> Response:
        """Every webhook."""
        with api.db.read() as tx:
            return call.answer(AllWebhooks(items=[WebhookOut.of(one) for one in kept.every(tx)]))

    @routes.get("/{webhook_id}", response_model=WebhookOut)
    def webhook(call: Annotated[Call, Depends(api.call("manage:webhooks"))], webhook_id: RowId) -> Response:
        """One webhook."""
        with api.db.read() as tx:
            return call.answer(_shown(tx, webhook_id))

    @routes.get("/{webhook_id}/deliveries", response_model=Page[DeliveryOut])
    def deliveries(
        call: Annotated[Call, Depends(api.call("manage:webhooks"))], webhook_id: RowId,
        wanted: Annotated[asked.Window, Query()],
    ) -> Response:  # fmt: skip
        """What it was sent in the last thirty days, the newest first."""
        before = place_of(wanted.cursor, int)
        with api.db.read() as tx:
            _shown(tx, webhook_id)
            rows = kept.deliveries(tx, webhook_id, before[0] if before else None, wanted.limit + 1)
        found = tuple(rows[: wanted.limit])
        ends = (found[-1].id,) if len(rows) > wanted.limit else None
        return call.window(Page[DeliveryOut], Window(found, ends), DeliveryOut.of)


def _add_changing(routes: APIRouter, api: Api) -> None:
    @routes.post("", status_code=201, response_model=NewWebhookOut)
    def add(
        call: Annotated[Call, Depends(api.call("manage:webhooks"))], wanted: WebhookIn, key: Key = None
    ) -> Response:
        """Set a webhook up. Its secret is told in this answer alone."""

        def made() -> Response:
            new = _done(lambda: api.webhooks.add(call.who, wanted.url, wanted.events))
            with api.db.read() as tx:
                shown = NewWebhookOut(**_shown(tx, new.id).model_dump(), secret=new.secret)
            return call.answer(shown, 201, {"Location": f"{call.request.scope['root_path']}/webhooks/{new.id}"})

        return call.once(key, made)

    @routes.patch("/{webhook_id}", response_model=WebhookOut)
    def change(
        call: Annotated[Call, Depends(api.call("manage:webhooks"))], webhook_id: RowId, wanted: WebhookChange,
        if_match: IfMatch = None,
    ) -> Response:  # fmt: skip
        """Change a webhook, or switch it off and on. Switched on again it is given what waited for it."""
        with api.db.read() as tx:
            call.matches(if_match, _shown(tx, webhook_id))
        _done(lambda: api.webhooks.change(call.who, webhook_id, **wanted.model_dump()))
        with api.db.read() as tx:
            return call.answer(_shown(tx, webhook_id))

    @routes.delete("/{webhook_id}", status_code=204)
    def remove(call: Annotated[Call, Depends(api.call("manage:webhooks"))], webhook_id: RowId) -> Response:
        """Forget a webhook, and what it was sent."""
        _done(lambda: api.webhooks.remove(call.who, webhook_id))
        return Response(status_code=204, headers=call.headers)


def _add_sending(routes: APIRouter, api: Api) -> None:
    @routes.post("/{webhook_id}/test", status_code=202, response_model=WebhookOut)
    def test(
        call: Annotated[Call, Depends(api.call("manage:webhooks"))], webhook_id: RowId, key: Key = None
    ) -> Response:
        """Send a message of the event `test`, which tells of nothing."""
        return call.once(key, lambda: _sent(api, call, webhook_id, lambda: api.webhooks.test(call.who, webhook_id)))

    @routes.post("/{webhook_id}/deliveries/{delivery_id}/resend", status_code=202, response_model=WebhookOut)
    def resend(
        call: Annotated[Call, Depends(api.call("manage:webhooks"))], webhook_id: RowId, delivery_id: RowId,
        key: Key = None,
    ) -> Response:  # fmt: skip
        """Send a message again, under the same id, whatever became of it."""
        return call.once(
            key, lambda: _sent(api, call, webhook_id, lambda: api.webhooks.resend(call.who, webhook_id, delivery_id))
        )


def _sent(api: Api, call: Call, webhook_id: int, send: Callable[[], None]) -> Response:
    _done(send)
    with api.db.read() as tx:
        return call.answer(_shown(tx, webhook_id), 202)


def _shown(tx: Tx, webhook_id: int) -> WebhookOut:
    return WebhookOut.of(known(tx.get(Webhook, webhook_id), "webhook"))


def _done(do: Callable[[], T]) -> T:
    try:
        return do()
    except CorrectionError as error:
        raise corrected(error) from error
