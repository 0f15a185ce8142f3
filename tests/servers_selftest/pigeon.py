"""A small real app, written with Slack's own framework, to try the Slack of our tests with."""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import pytest
from slack_bolt import Ack, App, BoltRequest, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.servers.slack import SlackServer
from tests.servers.slack.human import Human

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Pigeon"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "bot_user": {"display_name": "pigeon", "always_online": True},
        "slash_commands": [{"command": "/note", "description": "Keep a note", "url": "https://pigeon.example/slack"}],
        "shortcuts": [
            {"name": "Keep it", "type": "message", "callback_id": "keep", "description": "Keep a message"},
            {"name": "New note", "type": "global", "callback_id": "new", "description": "Write a note"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "app_mentions:read",
                "channels:history",
                "channels:join",
                "channels:read",
                "chat:write",
                "commands",
                "files:read",
                "files:write",
                "groups:history",
                "im:history",
                "im:read",
                "im:write",
                "reactions:read",
                "reactions:write",
                "users:read",
                "users:read.email",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "app_home_opened",
                "app_mention",
                "app_uninstalled",
                "member_joined_channel",
                "message.channels",
                "message.groups",
                "message.im",
                "reaction_added",
                "tokens_revoked",
                "user_change",
            ]
        },
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": False,
    },
}


def without(*path: str, drop: Any = None) -> dict[str, Any]:
    """The manifest with the entry ``drop`` taken from the list at ``path``, or the key at ``path`` gone."""
    return _without(MANIFEST, path, drop)


def _without(branch: Mapping[str, Any], path: tuple[str, ...], drop: Any) -> dict[str, Any]:
    name, *rest = path
    if rest:
        return {**branch, name: _without(branch[name], tuple(rest), drop)}
    if drop is None:
        return {key: value for key, value in branch.items() if key != name}
    return {**branch, name: [each for each in branch[name] if each != drop]}


def new_app(slack: SlackServer) -> App:
    """A bolt app of the double, that answers Slack after its listener has run."""
    client = WebClient(slack.bot_token, base_url=slack.base_url)
    return App(client=client, signing_secret=slack.signing_secret, process_before_response=True)


@contextlib.contextmanager
def http_server(answer: Callable[[bytes, Mapping[str, str]], tuple[int, Mapping[str, str], bytes]]) -> Iterator[str]:
    """The address of an HTTP server that answers every POST by ``answer(body, headers)``."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, said = answer(body, dict(self.headers))
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
            pass

    class Server(ThreadingHTTPServer):
        # The default queue of five makes the sixth connection of a burst wait for a second.
        request_queue_size = 128

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/slack/events"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Listener:
    """An app that keeps every request and answers as it is told: ``statuses`` in turn, then 200; ``delays_s`` late."""

    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    delays_s: list[float] = field(default_factory=list)
    body: Any = ""
    requests: list[tuple[bytes, Mapping[str, str]]] = field(default_factory=list)

    def __call__(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        self.requests.append((body, headers))
        status = self.statuses.pop(0) if self.statuses else 200
        time.sleep(self.delays_s.pop(0) if self.delays_s else 0.0)
        said = self.body if isinstance(self.body, str) else json.dumps(self.body)
        kind = "text/plain" if isinstance(self.body, str) else "application/json"
        return status, {"Content-Type": kind, **self.headers}, said.encode()

    @property
    def heard(self) -> list[dict[str, Any]]:
        """The events that came, without what the app wrote itself."""
        events = [json.loads(body).get("event", {}) for body, _ in self.requests if body[:1] == b"{"]
        return [event for event in events if "bot_id" not in event.get("message", event)]

    @property
    def asked(self) -> list[dict[str, Any]]:
        """The interactions that came."""
        forms = [dict(parse_qsl(body.decode())) for body, _ in self.requests if body[:1] != b"{"]
        return [json.loads(form["payload"]) if "payload" in form else form for form in forms]


@contextlib.contextmanager
def listening(slack: SlackServer, **how: Any) -> Iterator[Listener]:
    """Let the double reach a ``Listener``."""
    listener = Listener(**how)
    with http_server(listener) as slack.events_url:
        yield listener


@contextlib.contextmanager
def serving(app: App, slack: SlackServer) -> Iterator[None]:
    """Let the double reach ``app`` by HTTP."""

    def answer(body: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        response = app.dispatch(BoltRequest(body=body.decode(), headers={k: [v] for k, v in headers.items()}))
        return response.status, response.first_headers_without_set_cookie(), response.body.encode()

    with http_server(answer) as url:
        slack.events_url = url
        yield


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(text: str, action_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(text), "action_id": action_id, "value": "7", **more}


def card(text: str) -> list[dict[str, Any]]:
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": text}},
        {"type": "actions", "elements": [button("Fix", "fix"), button("Undo", "undo")]},
    ]


FORM = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("A note"),
    "submit": plain("Save"),
    "blocks": [
        {
            "type": "input",
            "block_id": "who",
            "label": plain("Who"),
            "element": {"type": "plain_text_input", "action_id": "who", "max_length": 20},
        },
        {
            "type": "input",
            "block_id": "day",
            "label": plain("Day"),
            "optional": True,
            "element": {"type": "datepicker", "action_id": "day", "initial_date": "2026-03-02"},
        },
        {
            "type": "input",
            "block_id": "firm",
            "label": plain("Firm"),
            "optional": True,
            "element": {"type": "external_select", "action_id": "firm", "min_query_length": 1},
        },
    ],
}


def pigeon(slack: SlackServer) -> App:
    """An app that answers a message with a card, opens a form, and keeps what is sent."""
    app = new_app(slack)
    app.event("message")(_on_message)
    app.event("app_home_opened")(_on_home)
    app.action("fix")(_on_fix)
    app.action("undo")(_on_undo)
    app.action("done")(_on_done)
    app.options("firm")(_on_firm)
    app.view("form")(_on_form)
    app.command("/note")(_on_note)
    app.shortcut("keep")(_on_keep)
    return app


def _on_message(event: dict[str, Any], client: WebClient) -> None:
    if "subtype" not in event:
        client.reactions_add(channel=event["channel"], name="eyes", timestamp=event["ts"])
        text = f"Kept: {event['text']}"
        client.chat_postMessage(channel=event["channel"], thread_ts=event["ts"], text=text, blocks=card(text))


def _on_home(event: dict[str, Any], client: WebClient) -> None:
    if event["tab"] == "home":
        blocks = [{"type": "section", "text": plain("Your week"), "accessory": button("Done", "done")}]
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})


def _on_fix(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    client.views_open(trigger_id=body["trigger_id"], view={**FORM, "private_metadata": body["message"]["ts"]})
    ack()


def _on_undo(ack: Ack, respond: Respond) -> None:
    respond(text="Gone", replace_original=True)
    ack()


def _on_done(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    view = {"type": "home", "blocks": [{"type": "section", "text": plain("All done")}]}
    client.views_publish(user_id=body["user"]["id"], hash=body["view"]["hash"], view=view)
    ack()


def _on_firm(ack: Ack, payload: dict[str, Any]) -> None:
    ack(options=[{"text": plain(f"{payload['value']} Ltd"), "value": "1"}])


def _on_form(ack: Ack, view: dict[str, Any], body: dict[str, Any], client: WebClient) -> None:
    values = view["state"]["values"]
    who, day = values["who"]["who"]["value"], values["day"]["day"]["selected_date"]
    if who == "nobody":
        ack(response_action="errors", errors={"who": "Nobody?"})
        return
    firm = values["firm"]["firm"]["selected_option"]
    text = f"{who} / {day} / {firm['text']['text'] if firm else None}"
    channel = client.conversations_open(users=body["user"]["id"])["channel"]["id"]
    client.chat_update(channel=channel, ts=view["private_metadata"], text=text, blocks=card(text))
    ack()


def _on_note(ack: Ack, command: dict[str, Any]) -> None:
    ack(f"Noted {command['text']}")


def _on_keep(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    client.chat_postMessage(channel=body["user"]["id"], text=f"Will keep {body['message']['text']}")
    ack()


def post(web: WebClient, ada: Human, *blocks: dict[str, Any]) -> None:
    """Have the app show ``blocks`` to a person, and wait until it has heard of it itself."""
    web.chat_postMessage(channel=ada.user.id, text="Card", blocks=list(blocks))
    ada.slack.settle()


def error_of(call: Callable[[], Any]) -> str:
    """The error with which Slack refuses ``call``."""
    with pytest.raises(SlackApiError) as refused:
        call()
    return str(refused.value.response["error"])
