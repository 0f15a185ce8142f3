"""From Slack's events to a `Message`."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
    if not user or event.get("bot_id") or event.get("subtype") not in _SAID:
        return None
    files = [file_ref(file) for file in event.get("files") or ()]
    if not text.strip() and not files:
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
    direct = event.get("channel_type") == "im" or str(channel).startswith("D")
    place = {"channel": channel, "thread_ts": head, "answers": answers, "ts": ts, "goes_on": direct and head == ts}
    return Said(message, {**place, "files": files} if files else place)


def file_ref(file: Mapping[str, Any]) -> dict[str, Any]:
    """What is needed to have a file later, and whether it is a voice clip; of one elsewhere Slack has only a link."""
    kind = str(file.get("mimetype") or "")
    return {
        "id": file.get("id"),
        "name": str(file.get("name") or file.get("title") or file.get("id") or "?"),
        "type": kind,
        "size": int(file.get("size") or 0),
        "url": file.get("url_private_download") or file.get("url_private"),
        "clip": file.get("subtype") in {"slack_audio", "slack_video"} or kind.startswith("audio/"),
    }


def read_command(body: Mapping[str, Any], at: datetime) -> Said | None:
    """What was typed after a slash command ``at`` that moment, which Slack does not tell; None for nothing at all."""
    text = plain(body.get("text") or "")
    if not text.strip():
        return None
    source_id = f"{body['team_id']}:{body['channel_id']}:command:{body['trigger_id']}"
    message = Message(via="slack", rep=body["user_id"], source_id=source_id, sent_at=at, text=text)
    return Said(message, {"channel": body["user_id"], "answers": None})


def read_shortcut(body: Mapping[str, Any]) -> Said | None:
    """Anybody's message, as what the one who chose it reports; None for one of an app, or without words or files.

    One's own message keeps its name, so that it is one report however it came and follows when it is edited.
    It is wanted: filed whatever speaks against its being a report.
    """
    team, user, channel = body["team"]["id"], body["user"]["id"], body["channel"]["id"]
    event = {**body["message"], "channel": channel}
    said = read_event(event, team)
    if said is None:
        return None
    own = said.message.rep == user
    source_id = said.message.source_id if own else f"{said.message.source_id}:{user}"
    files = {"files": said.reply_to["files"]} if "files" in said.reply_to else {}
    return Said(
        replace(said.message, rep=user, source_id=source_id),
        {"channel": user, "answers": None, "wanted": True, **files},
    )


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
    return replace(said, message=replace(said.message, text=text))


def plain(text: str) -> str:
    """Slack's text as it was typed. Mentions of people stay as ``<@U…>``: they say who is asked to do something."""
    text = _LINK.sub(lambda found: found["label"] or re.sub(r"^(?:mailto|tel):", "", found["target"]), text)
    text = _CHANNEL.sub(lambda found: f"#{found['channel']}" if found["channel"] else f"@{found['group']}", text)
    return html.unescape(text)


def raw_of(body: Mapping[str, Any]) -> bytes:
    """The event as Slack sent it, without the verification token that it still carries."""
    kept = {key: value for key, value in body.items() if key != "token"}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()
