"""What the app hears of: the events that messages, edits, reactions and people make."""

import copy
import secrets
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.servers.slack.delivery import event_id_of
from tests.servers.slack.workspace import Channel, Message

if TYPE_CHECKING:
    from tests.servers.slack.server import SlackServer


def envelope(slack: "SlackServer", event: Mapping[str, Any], event_id: str | None = None) -> dict[str, Any]:
    """The outer JSON of the Events API around ``event``."""
    space = slack.workspace
    authorization = {
        "enterprise_id": None,
        "team_id": space.team_id,
        "user_id": space.bot_user,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": "verification-token",
        "team_id": space.team_id,
        "context_team_id": space.team_id,
        "context_enterprise_id": None,
        "api_app_id": space.app_id,
        "event": dict(event),
        "type": "event_callback",
        "event_id": event_id or event_id_of(event),
        "event_time": int(time.time()),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "event_context": f"4-{secrets.token_hex(8)}",
    }


def emit(slack: "SlackServer", event: Mapping[str, Any], channel_kind: str | None = None) -> None:
    """Send the app ``event`` if it subscribed to it and is still installed."""
    if slack.installed and slack.manifest.hears(event, channel_kind):
        slack.dispatch(envelope(slack, event, "Ev" + secrets.token_hex(5).upper()))


def heard_message(slack: "SlackServer", message: Message) -> None:
    """A message was posted: ``message.*`` and, where it names the app, ``app_mention`` too."""
    channel = slack.workspace.channels[message.channel]
    bot = slack.workspace.bot_user
    if bot not in channel.members:
        return
    event = {**copy.deepcopy(message.data), "channel": channel.id, "event_ts": message.ts, "channel_type": channel.kind}
    emit(slack, event, channel.kind)
    if f"<@{bot}>" in message.text and channel.kind != "im" and not message.from_app:
        names = ("user", "text", "ts", "thread_ts", "client_msg_id", "blocks", "team", "files")
        mention = {name: event[name] for name in names if name in event}
        emit(slack, {"type": "app_mention", **mention, "channel": channel.id, "event_ts": message.ts})


def heard_file(slack: "SlackServer", file_id: str, message: Message) -> None:
    """A file was shared in a conversation of the app."""
    channel = slack.workspace.channels[message.channel]
    if slack.workspace.bot_user in channel.members:
        file = {"file_id": file_id, "file": {"id": file_id}}
        told = {"user_id": message.data["user"], "channel_id": channel.id, "event_ts": message.ts}
        emit(slack, {"type": "file_shared", **file, **told})


def heard_joining(slack: "SlackServer", channel: Channel, inviter: str) -> None:
    """The app was brought into a channel."""
    space = slack.workspace
    joined = {"user": space.bot_user, "channel": channel.id, "channel_type": "C" if channel.kind == "channel" else "G"}
    told = {"team": space.team_id, "inviter": inviter, "event_ts": space.stamps.next()}
    emit(slack, {"type": "member_joined_channel", **joined, **told})


def _hidden(slack: "SlackServer", channel_id: str, subtype: str, **more: Any) -> None:
    channel = slack.workspace.channels[channel_id]
    if slack.workspace.bot_user not in channel.members:
        return
    ts = slack.workspace.stamps.next()
    event = {
        "type": "message",
        "subtype": subtype,
        **more,
        "channel": channel.id,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.kind,
    }
    emit(slack, event, channel.kind)


def heard_change(slack: "SlackServer", message: Message, before: Mapping[str, Any]) -> None:
    """A message is no longer as it was ``before``: edited, or a link in it unfurled."""
    slack.workspace.changes += 1
    after = copy.deepcopy(message.data)
    _hidden(slack, message.channel, "message_changed", message=after, previous_message=dict(before))


def heard_deletion(slack: "SlackServer", message: Message) -> None:
    """A message is gone. The head of a thread leaves a tombstone, and its deletion is heard as a change."""
    before = copy.deepcopy(message.data)
    if message.data.get("reply_count"):
        for name in ("blocks", "files", "client_msg_id", "edited"):
            message.data.pop(name, None)
        message.data |= {"subtype": "tombstone", "text": "This message was deleted.", "user": "USLACKBOT"}
        heard_change(slack, message, before)
        return
    message.deleted = True
    _hidden(slack, message.channel, "message_deleted", deleted_ts=message.ts, previous_message=before)


def _reaction(slack: "SlackServer", kind: str, message: Message, name: str, user: str) -> None:
    channel = slack.workspace.channels[message.channel]
    if slack.workspace.bot_user not in channel.members:
        return
    event = {
        "type": kind,
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "item_user": message.data.get("user"),
        "event_ts": slack.workspace.stamps.next(),
    }
    emit(slack, event)


def react(slack: "SlackServer", message: Message, name: str, user: str) -> None:
    """``user`` reacts to a message."""
    reactions = message.data.setdefault("reactions", [])
    for each in reactions:
        if each["name"] == name:
            each["users"].append(user)
            each["count"] += 1
            break
    else:
        reactions.append({"name": name, "users": [user], "count": 1})
    _reaction(slack, "reaction_added", message, name, user)


def unreact(slack: "SlackServer", message: Message, name: str, user: str) -> None:
    """``user`` takes a reaction back."""
    for each in list(message.data.get("reactions", ())):
        if each["name"] == name and user in each["users"]:
            each["users"].remove(user)
            each["count"] -= 1
            if not each["users"]:
                message.data["reactions"].remove(each)
    _reaction(slack, "reaction_removed", message, name, user)
