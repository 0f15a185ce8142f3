"""Web API: who is who, conversations, and the small things."""

from typing import TYPE_CHECKING, Any

from tests.servers.slack import block_kit
from tests.servers.slack.methods_chat import find_channel
from tests.servers.slack.web_api import Args, Refusal, method
from tests.servers.slack.workspace import Channel, User

if TYPE_CHECKING:
    from tests.servers.slack.server import SlackServer

READ = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
PREFIX = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


def user_json(slack: "SlackServer", user: User, *, locale: bool = False) -> dict[str, Any]:
    """A member as users.info tells it: the e-mail by scope, the locale only where asked for."""
    profile: dict[str, Any] = {"real_name": user.name, "display_name": user.name, "team": slack.workspace.team_id}
    if "users:read.email" in slack.manifest.scopes and not user.is_bot:
        profile["email"] = user.email
    data: dict[str, Any] = {
        "id": user.id,
        "team_id": slack.workspace.team_id,
        "name": user.name.lower().replace(" ", "."),
        "real_name": user.name,
        "deleted": user.deleted,
        "profile": profile,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "is_admin": user.is_admin,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": user.tz_offset,
        "updated": 1_700_000_000,
    }
    if locale:
        data["locale"] = user.locale
    return data


@method("auth.test", tier=4)
def auth_test(slack: "SlackServer", _: Args) -> dict[str, Any]:
    space = slack.workspace
    return {
        "url": f"https://{space.domain}.slack.com/",
        "team": space.team_name,
        "team_id": space.team_id,
        "user": slack.manifest.bot_name,
        "user_id": space.bot_user,
        "bot_id": space.bot_id,
        "is_enterprise_install": False,
    }


@method("api.test", tier=4, token="none")
def api_test(_: "SlackServer", args: Args) -> dict[str, Any]:
    return {"args": dict(args)}


@method("users.info", "users:read", tier=4)
def users_info(slack: "SlackServer", args: Args) -> dict[str, Any]:
    user = slack.workspace.users.get(str(args.must("user")))
    if user is None:
        raise Refusal("user_not_found")
    return {"user": user_json(slack, user, locale=args.flag("include_locale"))}


@method("users.list", "users:read", tier=2)
def users_list(slack: "SlackServer", args: Args) -> dict[str, Any]:
    users = list(slack.workspace.users.values())
    page, cursor = _page(users, args)
    members = [user_json(slack, user, locale=args.flag("include_locale")) for user in page]
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


@method("users.lookupByEmail", "users:read.email")
def users_by_email(slack: "SlackServer", args: Args) -> dict[str, Any]:
    email = str(args.must("email")).lower()
    for user in slack.workspace.users.values():
        if user.email.lower() == email and not user.is_bot and not user.deleted:
            return {"user": user_json(slack, user)}
    raise Refusal("users_not_found")


def _page(things: list[Any], args: Args) -> tuple[list[Any], str]:
    start, size = int(args.get("cursor") or 0), args.number("limit", 100)
    end = start + size
    return things[start:end], str(end) if end < len(things) else ""


def channel_json(slack: "SlackServer", channel: Channel) -> dict[str, Any]:
    """A conversation as conversations.info tells it."""
    data: dict[str, Any] = {
        "id": channel.id,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "channel",
        "is_archived": channel.is_archived,
        "is_member": slack.workspace.bot_user in channel.members,
    }
    return {**data, "user": channel.peer} if channel.kind == "im" else {**data, "name": channel.name}


def _needs(slack: "SlackServer", channel: Channel, what: str) -> None:
    needed = f"{PREFIX[channel.kind]}:{what}"
    if needed not in slack.manifest.scopes:
        raise Refusal("missing_scope", needed=needed, provided=",".join(sorted(slack.manifest.scopes)))


@method("conversations.info", *READ)
def conversations_info(slack: "SlackServer", args: Args) -> dict[str, Any]:
    channel = find_channel(slack, args.must("channel"))
    _needs(slack, channel, "read")
    return {"channel": channel_json(slack, channel)}


@method("conversations.list", *READ, tier=2)
def conversations_list(slack: "SlackServer", args: Args) -> dict[str, Any]:
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
    wanted = {kinds[each.strip()] for each in str(args.get("types") or "public_channel").split(",")}
    bot = slack.workspace.bot_user
    known = [c for c in slack.workspace.channels.values() if c.kind in wanted]
    page, cursor = _page([c for c in known if c.kind == "channel" or bot in c.members], args)
    return {"channels": [channel_json(slack, c) for c in page], "response_metadata": {"next_cursor": cursor}}


@method("conversations.open", "im:write", "mpim:write")
def conversations_open(slack: "SlackServer", args: Args) -> dict[str, Any]:
    users = [each.strip() for each in str(args.get("users") or "").split(",") if each.strip()]
    if not users and not args.get("channel"):
        raise Refusal("users_list_not_supplied")
    if any(user not in slack.workspace.users for user in users):
        raise Refusal("user_not_found")
    if slack.workspace.bot_user in users:
        raise Refusal("cannot_dm_bot")
    if args.get("channel"):
        channel = find_channel(slack, args["channel"])
    elif len(users) == 1:
        channel = slack.workspace.dm(users[0])
    else:
        members = (*users, slack.workspace.bot_user)
        channel = slack.workspace.add_channel("mpdm", members=members, kind="mpim")
    full = args.flag("return_im")
    return {"channel": channel_json(slack, channel) if full else {"id": channel.id}}


@method("conversations.members", *READ, tier=4)
def conversations_members(slack: "SlackServer", args: Args) -> dict[str, Any]:
    channel = find_channel(slack, args.must("channel"))
    page, cursor = _page(sorted(channel.members), args)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


@method("conversations.join", "channels:join")
def conversations_join(slack: "SlackServer", args: Args) -> dict[str, Any]:
    channel = find_channel(slack, args.must("channel"))
    if channel.kind != "channel":
        raise Refusal("method_not_supported_for_channel_type")
    channel.members.add(slack.workspace.bot_user)
    return {"channel": channel_json(slack, channel)}


@method("conversations.history", *HISTORY)
def conversations_history(slack: "SlackServer", args: Args) -> dict[str, Any]:
    channel = find_channel(slack, args.must("channel"))
    _needs(slack, channel, "history")
    if slack.workspace.bot_user not in channel.members:
        raise Refusal("not_in_channel")
    heads = [m for m in slack.workspace.visible(channel.id, "") if m.thread_ts in (None, m.ts)]
    oldest, latest = str(args.get("oldest") or "0"), str(args.get("latest") or "9" * 17)
    found = [m.data for m in reversed(heads) if float(oldest) <= float(m.ts) <= float(latest)]
    page, cursor = _page(found, args)
    return {"messages": page, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


@method("conversations.replies", *HISTORY)
def conversations_replies(slack: "SlackServer", args: Args) -> dict[str, Any]:
    channel = find_channel(slack, args.must("channel"))
    _needs(slack, channel, "history")
    ts = str(args.must("ts"))
    if slack.workspace.find(channel.id, ts) is None:
        raise Refusal("thread_not_found")
    found = [m.data for m in slack.workspace.visible(channel.id, "") if ts in (m.ts, m.thread_ts)]
    page, cursor = _page(found, args)
    return {"messages": page, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


@method("apps.connections.open", tier=2, token="app")
def connections_open(slack: "SlackServer", _: Args) -> dict[str, Any]:
    return {"url": slack.new_socket_url()}


@method("assistant.threads.setStatus", "assistant:write", "chat:write")
def set_status(slack: "SlackServer", args: Args) -> dict[str, Any]:
    find_channel(slack, args.must("channel_id"))
    args.must("thread_ts")
    return {}


@method("assistant.threads.setSuggestedPrompts", "assistant:write")
def set_prompts(slack: "SlackServer", args: Args) -> dict[str, Any]:
    channel = find_channel(slack, args.must("channel_id"))
    prompts = args.must("prompts")
    if (
        not isinstance(prompts, list)
        or not 1 <= len(prompts) <= 4
        or any(not {"title", "message"} <= p.keys() for p in prompts)
    ):
        raise Refusal("invalid_arguments", response_metadata={"messages": ["[ERROR] one to four prompts"]})
    slack.prompts[channel.id] = prompts
    return {}


@method("blocks.validate", tier=2)
def blocks_validate(_: "SlackServer", args: Args) -> dict[str, Any]:
    """Slack's own checker; here it asks ours."""
    problems = []
    if args.get("blocks"):
        problems += block_kit.check_blocks(args["blocks"])
    if args.get("message"):
        problems += block_kit.check_blocks(args["message"].get("blocks", []), pointer="/message/blocks")
    if args.get("view"):
        problems += block_kit.check_view(args["view"])
    if problems:
        errors = [{"pointer": p.pointer, "code": "failed_constraint", "message": p.message} for p in problems]
        raise Refusal("invalid_blocks", errors=errors)
    return {}
