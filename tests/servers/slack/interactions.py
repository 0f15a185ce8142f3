"""What happens between a person's press and the app: the payloads, the app's answers, and response URLs."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.servers.slack import events
from tests.servers.slack.block_kit import check_part
from tests.servers.slack.controls import options_of
from tests.servers.slack.journal import Delivery
from tests.servers.slack.limits import GROUPS, OPTIONS
from tests.servers.slack.methods_chat import app_message, check_content
from tests.servers.slack.methods_views import check, new_trigger, put, replace, view_json
from tests.servers.slack.screen import Control
from tests.servers.slack.web_api import Refusal
from tests.servers.slack.workspace import Message, User, View, name_controls

if TYPE_CHECKING:
    from tests.servers.slack.server import SlackServer

RESPONSES, RESPONSE_S = 5, 30 * 60


class SlackSaysError(Exception):
    """What Slack shows a person when something did not work."""


@dataclass
class ResponseUrl:
    """An address for answers to one interaction: five uses within half an hour."""

    channel: str
    user: str
    message: Message | None
    at: float
    uses: int = 0


def base(slack: "SlackServer", user: User, type_: str, view: View | None = None) -> dict[str, Any]:
    """What every interaction tells."""
    space = slack.workspace
    name = user.name.lower().replace(" ", ".")
    return {
        "type": type_,
        "user": {"id": user.id, "username": name, "name": name, "team_id": space.team_id},
        "team": {"id": space.team_id, "domain": space.domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "api_app_id": space.app_id,
        "token": "verification-token",
        "trigger_id": new_trigger(slack, user.id, view.id if view else None),
    }


def new_response_url(slack: "SlackServer", channel: str, user: str, message: Message | None = None) -> str:
    """An address the app may answer to."""
    key = secrets.token_hex(12)
    slack.response_urls[key] = ResponseUrl(channel, user, message, slack.clock.now())
    return f"{slack.root_url}/actions/{key}"


def ask(slack: "SlackServer", kind: str, payload: Mapping[str, Any]) -> Delivery:
    """Bring an interaction to the app, once; Slack never tries again. Raises ``SlackSaysError`` where none answers."""
    if kind != "command" and not slack.manifest.interactive:
        raise SlackSaysError("This app is not configured to handle interactive responses.")
    delivery: Delivery = slack.run(slack.postman.send(kind, payload))
    if not delivery.ok:
        code = "operation_timeout" if delivery.status is None else "dispatch_failed"
        slack.journal.violate(code, f"{payload.get('type', kind)}: {delivery.reason}")
        raise SlackSaysError(code)
    return delivery


def where(slack: "SlackServer", user: User, thing: Message | View) -> dict[str, Any]:
    """The part of a press that says what was on the screen."""
    if isinstance(thing, View):
        return {"container": {"type": "view", "view_id": thing.id}, "view": view_json(slack, thing)}
    channel = slack.workspace.channels[thing.channel]
    container = {
        "type": "message",
        "message_ts": thing.ts,
        "channel_id": channel.id,
        "is_ephemeral": thing.ephemeral_to is not None,
    }
    if thing.thread_ts:
        container["thread_ts"] = thing.thread_ts
    named = {"id": channel.id, "name": "directmessage" if channel.kind == "im" else channel.name}
    shown = {} if thing.ephemeral_to else {"message": thing.copy().data}
    url = new_response_url(slack, channel.id, user.id, thing)
    return {"container": container, "channel": named, **shown, "response_url": url}


def suggestions(slack: "SlackServer", user: User, control: Control, typed: str) -> list[dict[str, Any]]:
    """The options the app offers for what was typed into an external select."""
    with slack.lock:
        payload = {
            **base(slack, user, "block_suggestion"),
            **where(slack, user, control.thing),
            "action_id": control.element["action_id"],
            "block_id": control.block["block_id"],
            "value": typed,
        }
        payload.pop("trigger_id")
        payload.pop("response_url", None)
    body = ask(slack, "options", payload).body
    offered = body if isinstance(body, Mapping) else {}
    problems = check_part(OPTIONS, offered["options"], "/options") if offered.get("options") else []
    problems += check_part(GROUPS, offered["option_groups"], "/option_groups") if offered.get("option_groups") else []
    if problems or not offered.keys() & {"options", "option_groups"}:
        slack.journal.violate("invalid_options", "; ".join(map(str, problems)) or f"no options in {body!r}")
        raise SlackSaysError("No results")
    return options_of(offered)


def submitted(slack: "SlackServer", view: View, body: Any) -> None:
    """Do with a submitted modal what the app answered: close, refuse fields, replace, push or clear."""
    answer = body if isinstance(body, Mapping) else {"response_action": body} if body else {}
    try:
        _apply(slack, view, answer)
    except Refusal as refusal:
        slack.journal.violate(refusal.error, f"view_submission: {json.dumps(refusal.more)[:2000]}")
        raise SlackSaysError("We had some trouble connecting. Try again?") from refusal


def _apply(slack: "SlackServer", view: View, answer: Mapping[str, Any]) -> None:
    action = answer.get("response_action")
    stack = slack.workspace.stacks[view.user]
    if action is None:
        view.closed = True
        if view in stack:
            stack.remove(view)
    elif action == "errors":
        _refused_fields(view, answer.get("errors"))
    elif action == "update":
        replace(view, check(slack, answer.get("view"), "modal", view))
    elif action == "push":
        put(slack, view.user, check(slack, answer.get("view"), "modal"), on_top=True)
    elif action == "clear":
        for each in stack:
            each.closed = True
        stack.clear()
    else:
        raise Refusal("invalid_arguments", detail=str(action)[:200])


def _refused_fields(view: View, errors: Any) -> None:
    inputs = {block["block_id"] for block in view.data["blocks"] if block["type"] == "input"}
    if not isinstance(errors, Mapping) or not errors or not errors.keys() <= inputs:
        raise Refusal("invalid_arguments", detail=f"errors for {errors!r}; inputs are {sorted(inputs)}")
    view.errors = {str(block_id): str(said) for block_id, said in errors.items()}


def answered(slack: "SlackServer", url: ResponseUrl, answer: Mapping[str, Any]) -> None:
    """Show what the app answered to a slash command itself."""
    try:
        respond(slack, url, answer)
    except Refusal as refusal:
        slack.journal.violate(refusal.error, f"answer to a command: {json.dumps(answer)[:2000]}")
        raise SlackSaysError("dispatch_failed") from refusal


async def serve_response_url(slack: "SlackServer", request: web.Request) -> web.Response:
    """Take the app's answer at a response URL."""
    raw = await request.text()
    with slack.lock:
        url = slack.response_urls.get(request.match_info["key"])
        if url is None or slack.clock.now() - url.at > RESPONSE_S:
            return _refused(slack, "expired_url")
        url.uses += 1
        if url.uses > RESPONSES:
            return _refused(slack, "used_url")
        try:
            respond(slack, url, json.loads(raw))
        except Refusal as refusal:
            return _refused(slack, refusal.error)
    return web.Response(text="ok")


def _refused(slack: "SlackServer", error: str) -> web.Response:
    slack.journal.violate(error, "response_url")
    return web.json_response({"ok": False, "error": error}, status=404)


def respond(slack: "SlackServer", url: ResponseUrl, answer: Mapping[str, Any]) -> None:
    """What an answer to an interaction does: change or take away the message it came from, or say something new."""
    slack.workspace.changes += 1
    if answer.get("delete_original"):
        if url.message:
            url.message.deleted = True
        return
    content = check_content(answer)
    if answer.get("replace_original") and url.message:
        before = url.message.copy().data
        name_controls(content.get("blocks", []))
        url.message.data.pop("blocks", None)
        url.message.data.update(content)
        if not url.message.ephemeral_to:
            events.heard_change(slack, url.message, before)
        return
    for_all = answer.get("response_type") == "in_channel"
    data = app_message(slack, content)
    if answer.get("thread_ts"):
        data["thread_ts"] = answer["thread_ts"]
    message = slack.workspace.post(url.channel, data, ephemeral_to=None if for_all else url.user)
    if for_all:
        events.heard_message(slack, message)
