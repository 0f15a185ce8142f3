"""Questions about webhooks: who is told of what, and how each message fared."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, delete, select

from store.db import Tx
from store.tables import Action, Employment, Visit, Webhook, WebhookDelivery


def every(tx: Tx) -> list[Webhook]:
    """All of them, in the order in which they were set up."""
    return list(tx.scalars(select(Webhook).order_by(Webhook.id)))


def listening(tx: Tx) -> list[Webhook]:
    """Those that are switched on."""
    return list(tx.scalars(select(Webhook).where(Webhook.active).order_by(Webhook.id)))


def failed(tx: Tx) -> dict[str, str]:
    """Those that were switched off because they failed: which, and why."""
    rows = tx.scalars(select(Webhook).where(Webhook.active.is_(False), Webhook.problem.is_not(None)))
    return {f"webhook:{place(one.url)} ({one.id})": one.problem or "" for one in rows}


def place(url: str) -> str:
    """Where a webhook is, without what may be secret in its address."""
    return urlsplit(url).hostname or "?"


def deliveries(tx: Tx, webhook_id: int, before: int | None, most: int) -> list[WebhookDelivery]:
    """What a webhook was sent, the newest first; with ``before`` only what came before that one."""
    statement = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id)
    if before is not None:
        statement = statement.where(WebhookDelivery.id < before)
    return list(tx.scalars(statement.order_by(WebhookDelivery.id.desc()).limit(most)))


def waiting(tx: Tx, webhook_id: int) -> list[WebhookDelivery]:
    """What a webhook has not been given yet."""
    statement = select(WebhookDelivery).where(
        WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.state == "waiting"
    )
    return list(tx.scalars(statement.order_by(WebhookDelivery.id)))


def any_to_clear(tx: Tx, before: datetime) -> bool:
    """Whether there is something that `clear_away` would forget."""
    return tx.scalar(select(WebhookDelivery.id).where(*_done_before(before)).limit(1)) is not None


def clear_away(tx: Tx, before: datetime) -> None:
    """Forget what happened before then."""
    tx.execute(delete(WebhookDelivery).where(*_done_before(before)))


def _done_before(before: datetime) -> tuple[ColumnElement[bool], ...]:
    return WebhookDelivery.at < before, WebhookDelivery.state != "waiting"


# --------------------------------------------------------------------------------------- what messages tell of a thing


def about_visit(tx: Tx, visit_id: int) -> dict[str, Any]:
    """A visit in a few words that name nobody."""
    visit = tx.get_one(Visit, visit_id)
    return {
        "visit_id": visit.id, "number": visit.number, "rep_id": visit.rep_id, "account_id": visit.account_id,
        "on": visit.on.isoformat(), "status": visit.status,
    }  # fmt: skip


def about_employment(tx: Tx, employment_id: int) -> dict[str, Any]:
    """Where somebody works, or worked."""
    job = tx.get_one(Employment, employment_id)
    return {"contact_id": job.contact_id, "account_id": job.account_id, "successor_id": job.successor_id}


def done_of(tx: Tx, visit_id: int, texts: Sequence[str]) -> list[dict[str, Any]]:
    """The visit's actions of these texts that are done, without the texts."""
    statement = select(Action).where(Action.visit_id == visit_id, Action.state == "done", Action.text.in_(texts))
    return [
        {"action_id": one.id, "visit_id": visit_id, "assignee_id": one.assignee_id}
        for one in tx.scalars(statement.order_by(Action.id))
    ]
