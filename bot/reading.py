"""From Slack's events to a `Message`."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from parsing.model import Message

# Slack escapes & < > in what people type, and wraps links and mentions in <…> (docs.slack.dev, formatting).
_LINK = re.compile(r"<(?P<target>(?:https?://|mailto:|tel:)[^>|]+)(?:\|(?P<label>[^>]*))?>")
_CHANNEL = re.compile(r"<(?:#C\w+\|(?P<channel>[^>]*)|!(?P<group>here|channel|everyone)(?:\|[^>]*)?)>")
_SAID = (None, "file_share", "thread_broadcast")
"""Subtypes of messages that a person wrote; every other subtype is Slack's own telling."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message with the place that an answer to it belongs in."""

    message: Message
    reply_to: dict[str, Any]


def read_event(event: Mapping[str, Any], team: str) -> Said | None:
    """What a person told the bot; None for what nobody said to it (its own words, joins, unfurls).

    The message is named after its channel and ts, not after the event: a mention in a channel comes as two events.
    """
    text = event.get("text") or ""
    user = event.get("user")
    if not user or event.get("bot_id") or event.get("subtype") not in _SAID or not text.strip():
        return None
    channel, ts = event["channel"], event["ts"]
    message = Message(
        via="slack",
        rep=user,
        source_id=f"{team}:{channel}:{ts}",
        sent_at=datetime.fromtimestamp(float(ts), UTC),
        text=plain(text),
    )
    head = event.get("thread_ts") or ts
    answers = f"{team}:{channel}:{head}" if head != ts else None
    return Said(message, {"channel": channel, "thread_ts": head, "answers": answers})


def read_edit(event: Mapping[str, Any], team: str) -> tuple[Said, datetime] | None:
    """A message as a person worded it anew, and when; None for what Slack itself changed (a link that unfolded).

    Of two wordings Slack may tell in any order; the moment of the event, which no two share, tells the later one.
    """
    now, before = event.get("message") or {}, event.get("previous_message") or {}
    if now.get("text") == before.get("text") or not now.get("edited"):
        return None
    said = read_event({**now, "channel": event["channel"]}, team)
    return (said, datetime.fromtimestamp(float(event["ts"]), UTC)) if said else None


def read_deletion(event: Mapping[str, Any], team: str) -> Said | None:
    """The message that a person deleted, without its words; of the head of a thread Slack leaves a tombstone."""
    gone = event.get("previous_message") or {}
    if event.get("subtype") != "message_deleted" and (event.get("message") or {}).get("subtype") != "tombstone":
        return None
    return read_event({**gone, "channel": event["channel"], "text": "-"}, team)


def without_mention(said: Said, bot_user: str) -> Said:
    """The same without the bot's own name at the front, which only calls it."""
    text = re.sub(rf"^\s*<@{re.escape(bot_user)}(?:\|[^>]*)?>[\s,:]*", "", said.message.text)
    message = said.message
    return Said(
        Message(via=message.via, rep=message.rep, source_id=message.source_id, sent_at=message.sent_at, text=text),
        said.reply_to,
    )


def plain(text: str) -> str:
    """Slack's text as it was typed. Mentions of people stay as ``<@U…>``: they say who is asked to do something."""
    text = _LINK.sub(lambda found: found["label"] or re.sub(r"^(?:mailto|tel):", "", found["target"]), text)
    text = _CHANNEL.sub(lambda found: f"#{found['channel']}" if found["channel"] else f"@{found['group']}", text)
    return html.unescape(text)


def raw_of(body: Mapping[str, Any]) -> bytes:
    """The event as Slack sent it, without the verification token that it still carries."""
    kept = {key: value for key, value in body.items() if key != "token"}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()
