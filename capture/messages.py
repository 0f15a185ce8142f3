"""A `Message` as JSON and back, for the captures table."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from parsing.model import Message

_MESSAGE = TypeAdapter(Message)
_JSON_DATE = len("2026-03-03")


def to_json(message: Message) -> dict[str, Any]:
    """The message as JSON values."""
    values: dict[str, Any] = _MESSAGE.dump_python(message, mode="json")
    return values


def from_json(values: dict[str, Any]) -> Message:
    """The message that `to_json` wrote."""
    if invitation := values.get("invitation"):
        values = {**values, "invitation": {**invitation, **_days(invitation)}}
    return _MESSAGE.validate_python(values)


def _days(invitation: dict[str, Any]) -> dict[str, date]:
    # A whole day would otherwise come back as its midnight, and the visit would get a time that nobody said.
    moments = {key: invitation.get(key) for key in ("start", "end")}
    return {key: date.fromisoformat(value) for key, value in moments.items() if value and len(value) == _JSON_DATE}


def said_in(message: Message, read: Mapping[str, Any]) -> str:
    """The words of the message that a value was read from, as its evidence tells; empty where it was read from none."""
    forwarded = message.forwarded.body if message.forwarded else ""
    parts = {"text": message.text, "subject": message.subject or "", "forwarded": forwarded}
    return parts.get(str(read.get("part")), "")[int(read["start"]) : int(read["end"])]
