"""Web API: messages and reactions."""

import asyncio
import copy
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.servers.slack import block_kit, events
from tests.servers.slack.limits_of_blocks import ATTACHMENTS, TEXT_CHARS
from tests.servers.slack.web_api import Args, Refusal, method
from tests.servers.slack.workspace import Channel, Message, name_controls

if TYPE_CHECKING:
    from tests.servers.slack.server import SlackServer

LOOK_S = 0.02
CONTENT = ("text", "blocks", "attachments", "metadata")
EMOJI = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def find_channel(slack: "SlackServer", name: Any) -> Channel:
    """The conversation ``name`` means: its id, a person's id for their direct messages, or ``#name``."""
    space = slack.workspace
    if name in space.users and name != space.bot_user:
        return space.dm(str(name))
    if name in space.channels:
        channel = space.channels[str(name)]
        hidden = channel.kind != "channel" and space.bot_user not in channel.members
        if not hidden:
            return channel
    for channel in space.channels.values():
        if channel.kind == "channel" and f"#{channel.name}" == name:
            return channel
    raise Refusal("channel_not_found")


def _writable(slack: "SlackServer", args: Args) -> Channel:
    channel = find_channel(slack, args.must("channel"))
    if channel.is_archived:
        raise Refusal("is_archived")
    if slack.workspace.bot_user not in channel.members and "chat:write.public" not in slack.manifest.scopes:
        raise Refusal("not_in_channel")
    return channel


def check_content(args: Mapping[str, Any], *, text_required: bool = True) -> dict[str, Any]:
    """The ``text``, ``blocks``, ``attachments`` and ``metadata`` of a message, or Slack's refusal of them."""
    content = {name: copy.deepcopy(args[name]) for name in CONTENT if args.get(name)}
    if isinstance(content.get("blocks"), str):
        raise Refusal("invalid_blocks_format")
    if text_required and not content.keys() & {"text", "blocks", "attachments"}:
        raise Refusal("no_text")
    if problems := block_kit.check_blocks(content.get("blocks", [])):
        refuse_blocks(problems)
    if block_kit.too_long(content.get("blocks", [])):
        raise Refusal("msg_blocks_too_long")
    _check_attachments(content.get("attachments", []))
    metadata = content.get("metadata")
    if metadata and not (isinstance(metadata, dict) and {"event_type", "event_payload"} <= metadata.keys()):
        raise Refusal("invalid_metadata_format")
    if "text" in content:
        content["text"] = content["text"][:TEXT_CHARS]
    return content


def _check_attachments(attachments: Any) -> None:
    if not isinstance(attachments, list) or not all(isinstance(each, dict) for each in attachments):
        raise Refusal("invalid_attachments")
    if len(attachments) > ATTACHMENTS:
        raise Refusal("too_many_attachments")
    for place, attachment in enumerate(attachments):
        pointer = f"/attachments/{place}/blocks"
        if problems := block_kit.check_blocks(attachment.get("blocks", []), pointer=pointer):
            refuse_blocks(problems)


def refuse_blocks(problems: list[block_kit.Problem], error: str = "invalid_blocks") -> None:
    """Say no to blocks as Slack does."""
    told = [str(problem) for problem in problems]
    raise Refusal(error, errors=[problem.message for problem in problems], response_metadata={"messages": told})


def app_message(slack: "SlackServer", content: Mapping[str, Any]) -> dict[str, Any]:
    """A message of the app as Slack keeps it."""
    space = slack.workspace
    return {
        "text": "",
        **content,
        "user": space.bot_user,
        "bot_id": space.bot_id,
        "app_id": space.app_id,
        "team": space.team_id,
        "bot_profile": {"id": space.bot_id, "app_id": space.app_id, "name": slack.manifest.bot_name},
    }


@method("chat.postMessage", "chat:write")
def post_message(slack: "SlackServer", args: Args) -> dict[str, Any]:
    channel = _writable(slack, args)
    data = app_message(slack, check_content(args))
    if args.get("thread_ts"):
        parent = slack.workspace.find(channel.id, str(args["thread_ts"]))
        if parent is None:
            raise Refusal("thread_not_found")
        # Slack moves a reply to a reply up to the head of the thread.
        data["thread_ts"] = parent.thread_ts or parent.ts
        if args.flag("reply_broadcast"):
            data |= {"subtype": "thread_broadcast", "root": copy.deepcopy(parent.data)}
    message = slack.workspace.post(channel.id, data)
    events.heard_message(slack, message)
    answer: dict[str, Any] = {"channel": channel.id, "ts": message.ts, "message": message.data}
    if len(str(args.get("text") or "")) > TEXT_CHARS:
        answer |= {"warning": "message_truncated", "response_metadata": {"warnings": ["message_truncated"]}}
    return copy.deepcopy(answer)


@method("chat.update", "chat:write")
def update(slack: "SlackServer", args: Args) -> dict[str, Any]:
    channel = find_channel(slack, args.must("channel"))
    message = _own(slack, channel, args, "cant_update_message")
    content = check_content(args, text_required=False)
    if not content and args.get("blocks") is None and args.get("attachments") is None:
        raise Refusal("no_text")
    # What is left out is kept; an empty list takes blocks away.
    emptied = [name for name in ("blocks", "attachments") if args.get(name) == []]
    before = copy.deepcopy(message.data)
    name_controls(content.get("blocks", []))
    message.data.update(content)
    for name in emptied:
        message.data.pop(name, None)
    message.edits += 1
    message.data["edited"] = {"user": slack.workspace.bot_id, "ts": slack.workspace.stamps.next()}
    events.heard_change(slack, message, before)
    return copy.deepcopy({"channel": channel.id, "ts": message.ts, "text": message.text, "message": message.data})


@method("chat.delete", "chat:write")
def delete(slack: "SlackServer", args: Args) -> dict[str, Any]:
    channel = find_channel(slack, args.must("channel"))
    message = _own(slack, channel, args, "cant_delete_message")
    events.heard_deletion(slack, message)
    return {"channel": channel.id, "ts": message.ts}


def _own(slack: "SlackServer", channel: Channel, args: Args, otherwise: str) -> Message:
    message = slack.workspace.find(channel.id, str(args.must("ts")))
    if message is None:
        raise Refusal("message_not_found")
    if not message.from_app:
        raise Refusal(otherwise)
    return message


@method("chat.postEphemeral", "chat:write", tier=4)
def post_ephemeral(slack: "SlackServer", args: Args) -> dict[str, Any]:
    channel = _writable(slack, args)
    if args.must("user") not in channel.members:
        raise Refusal("user_not_in_channel")
    data = app_message(slack, check_content(args))
    if args.get("thread_ts"):
        data["thread_ts"] = str(args["thread_ts"])
    message = slack.workspace.post(channel.id, data, ephemeral_to=str(args["user"]))
    return {"message_ts": message.ts}


@method("chat.getPermalink", tier=4)
def get_permalink(slack: "SlackServer", args: Args) -> dict[str, Any]:
    channel = find_channel(slack, args.must("channel"))
    message = slack.workspace.find(channel.id, str(args.must("message_ts")))
    if message is None:
        raise Refusal("message_not_found")
    link = f"https://{slack.workspace.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts and message.thread_ts != message.ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


@method("chat.scheduleMessage", "chat:write")
def schedule_message(slack: "SlackServer", args: Args) -> dict[str, Any]:
    channel = _writable(slack, args)
    content = check_content(args)
    post_at = int(args.must("post_at"))
    if post_at <= slack.clock.now():
        raise Refusal("time_in_past")
    if post_at > slack.clock.now() + 120 * 86_400:
        raise Refusal("time_too_far")
    scheduled = slack.workspace.new_id("Q")
    slack.scheduled[scheduled] = {"channel": channel.id, "post_at": post_at, **content}
    slack.postman.later(_post_when_due(slack, scheduled))
    return {"channel": channel.id, "scheduled_message_id": scheduled, "post_at": post_at, "message": content}


async def _post_when_due(slack: "SlackServer", scheduled: str) -> None:
    while scheduled in slack.scheduled:
        due = slack.scheduled[scheduled]
        if slack.clock.now() >= due["post_at"]:
            with slack.lock:
                del slack.scheduled[scheduled]
                content = {name: due[name] for name in CONTENT if name in due}
                message = slack.workspace.post(due["channel"], app_message(slack, content))
                events.heard_message(slack, message)
            return
        await asyncio.sleep(LOOK_S)


@method("chat.deleteScheduledMessage", "chat:write")
def delete_scheduled(slack: "SlackServer", args: Args) -> dict[str, Any]:
    if slack.scheduled.pop(str(args.must("scheduled_message_id")), None) is None:
        raise Refusal("invalid_scheduled_message_id")
    return {}


def _reacted(slack: "SlackServer", args: Args) -> tuple[Message, str]:
    name = str(args.must("name")).strip(":")
    if not EMOJI.fullmatch(name):
        raise Refusal("invalid_name")
    channel = find_channel(slack, args.must("channel"))
    message = slack.workspace.find(channel.id, str(args.must("timestamp")))
    if message is None:
        raise Refusal("message_not_found")
    return message, name


@method("reactions.add", "reactions:write")
def add_reaction(slack: "SlackServer", args: Args) -> dict[str, Any]:
    message, name = _reacted(slack, args)
    if slack.workspace.bot_user in message.reactions.get(name, ()):
        raise Refusal("already_reacted")
    events.react(slack, message, name, slack.workspace.bot_user)
    return {}


@method("reactions.remove", "reactions:write", tier=2)
def remove_reaction(slack: "SlackServer", args: Args) -> dict[str, Any]:
    message, name = _reacted(slack, args)
    if slack.workspace.bot_user not in message.reactions.get(name, ()):
        raise Refusal("no_reaction")
    events.unreact(slack, message, name, slack.workspace.bot_user)
    return {}
