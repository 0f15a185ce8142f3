"""Web API: modals and Home; and the triggers that let an app open one."""

import copy
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.servers.slack import block_kit
from tests.servers.slack.controls import state_of
from tests.servers.slack.methods_chat import refuse_blocks
from tests.servers.slack.web_api import Args, Refusal, method
from tests.servers.slack.workspace import View, name_controls

if TYPE_CHECKING:
    from tests.servers.slack.server import SlackServer

TRIGGER_S = 3.0
MOST_STACKED = 3
MOST_CHARS = 250_000


@dataclass
class Trigger:
    """The right to open one modal for ``user``, within three seconds of ``at``; ``view`` is the modal they were in."""

    user: str
    at: float
    view: str | None = None
    used: bool = False


def new_trigger(slack: "SlackServer", user: str, view: str | None = None) -> str:
    """A fresh ``trigger_id`` for something ``user`` just did."""
    name = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
    slack.triggers[name] = Trigger(user, slack.clock.now(), view)
    return name


def _spend(slack: "SlackServer", name: Any) -> Trigger:
    trigger = slack.triggers.get(str(name))
    if trigger is None:
        raise Refusal("invalid_trigger_id")
    if trigger.used:
        raise Refusal("exchanged_trigger_id")
    if slack.clock.now() - trigger.at > TRIGGER_S:
        raise Refusal("expired_trigger_id")
    trigger.used = True
    return trigger


def view_json(slack: "SlackServer", view: View) -> dict[str, Any]:
    """A view as Slack hands it out."""
    space = slack.workspace
    data: dict[str, Any] = copy.deepcopy(
        {
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "title": {"type": "plain_text", "text": "View Title", "emoji": True},
            "submit": None,
            "close": None,
            "clear_on_close": False,
            "notify_on_close": False,
            **view.data,
        }
    )
    stack = space.stacks.get(view.user, [])
    place = next((place for place, each in enumerate(stack) if each is view), 0)
    return {
        **data,
        "id": view.id,
        "team_id": space.team_id,
        "state": {"values": copy.deepcopy(state_of(view.data["blocks"], view.values))},
        "hash": view.data["hash"],
        "root_view_id": stack[0].id if stack and data["type"] == "modal" else view.id,
        "previous_view_id": stack[place - 1].id if place else None,
        "app_id": space.app_id,
        "app_installed_team_id": space.team_id,
        "bot_id": space.bot_id,
    }


def check(slack: "SlackServer", data: Any, type_: str, own: View | None = None) -> dict[str, Any]:
    """``data`` as a view of ``type_``, or Slack's refusal of it. ``own`` is the view it takes the place of."""
    if isinstance(data, str):
        raise Refusal("invalid_arguments", response_metadata={"messages": ["[ERROR] view is not valid JSON"]})
    problems = block_kit.check_view(data)
    if not problems and data["type"] != type_:
        problems = [block_kit.Problem("/view/type", f"must be {type_}")]
    if problems:
        refuse_blocks(problems, "invalid_arguments")
    if len(json.dumps(data)) > MOST_CHARS:
        raise Refusal("view_too_large")
    external = data.get("external_id")
    for other in slack.workspace.views.values():
        if external and other is not own and not other.closed and other.data.get("external_id") == external:
            raise Refusal("duplicate_external_id")
    checked = copy.deepcopy(dict(data))
    name_controls(checked["blocks"])
    checked["hash"] = f"{int(slack.clock.now())}.{secrets.token_hex(4)}"
    return checked


def put(slack: "SlackServer", user: str, data: dict[str, Any], *, on_top: bool = False) -> View:
    """Show a modal to ``user``: on top of those they have open, or instead of them."""
    space = slack.workspace
    stack = space.stacks.setdefault(user, [])
    if on_top and len(stack) >= MOST_STACKED:
        raise Refusal("push_limit_reached")
    if not on_top:
        for view in stack:
            view.closed = True
        stack.clear()
    view = View(space.new_id("V"), user, data)
    space.views[view.id] = view
    stack.append(view)
    return view


def replace(view: View, data: dict[str, Any]) -> None:
    """Put ``data`` in the place of what ``view`` shows. Fields of the same block and action keep what was typed."""
    kept = {(block["block_id"], element["action_id"]) for block, element in block_kit.elements(data["blocks"])}
    view.values = {
        block_id: {action_id: value for action_id, value in actions.items() if (block_id, action_id) in kept}
        for block_id, actions in view.values.items()
    }
    view.data, view.errors = data, {}


@method("views.open", tier=4)
def views_open(slack: "SlackServer", args: Args) -> dict[str, Any]:
    data = check(slack, args.must("view"), "modal")
    trigger = _spend(slack, args.get("trigger_id") or args.must("interactivity_pointer"))
    return {"view": view_json(slack, put(slack, trigger.user, data))}


@method("views.push", tier=4)
def views_push(slack: "SlackServer", args: Args) -> dict[str, Any]:
    data = check(slack, args.must("view"), "modal")
    trigger = _spend(slack, args.must("trigger_id"))
    if trigger.view is None:
        raise Refusal("invalid_trigger_id")
    return {"view": view_json(slack, put(slack, trigger.user, data, on_top=True))}


@method("views.update", tier=4)
def views_update(slack: "SlackServer", args: Args) -> dict[str, Any]:
    view_id, external = args.get("view_id"), args.get("external_id")
    if not view_id and not external:
        args.must("view_id")
    for view in slack.workspace.views.values():
        named = view.id == view_id if view_id else view.data.get("external_id") == external
        if named and not view.closed:
            break
    else:
        raise Refusal("not_found")
    data = check(slack, args.must("view"), view.data["type"], view)
    if args.get("hash") and args["hash"] != view.data["hash"]:
        raise Refusal("hash_conflict")
    replace(view, data)
    return {"view": view_json(slack, view)}


@method("views.publish", tier=4)
def views_publish(slack: "SlackServer", args: Args) -> dict[str, Any]:
    user = str(args.must("user_id"))
    if user not in slack.workspace.users:
        raise Refusal("invalid_arguments", response_metadata={"messages": ["[ERROR] user_id is nobody"]})
    if not slack.manifest.home_tab:
        raise Refusal("not_enabled")
    before = slack.workspace.homes.get(user)
    data = check(slack, args.must("view"), "home", before)
    if args.get("hash") and (before is None or args["hash"] != before.data["hash"]):
        raise Refusal("hash_conflict")
    if before is None:
        before = slack.workspace.homes[user] = View(slack.workspace.new_id("V"), user, data)
        slack.workspace.views[before.id] = before
    else:
        replace(before, data)
    return {"view": view_json(slack, before)}
