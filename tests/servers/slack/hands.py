"""What a person does with controls: press, pick, fill in, send, close; slash commands and shortcuts."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.servers.slack import interactions, screen
from tests.servers.slack.controls import NAMES, option_named, options_of, refusals, value_of
from tests.servers.slack.interactions import SlackSaysError
from tests.servers.slack.methods_views import view_json
from tests.servers.slack.screen import Control, NotOnScreenError
from tests.servers.slack.workspace import Channel, Message, User, View

if TYPE_CHECKING:
    from tests.servers.slack.server import SlackServer

PATIENCE_S = 3.0
EXTERNAL = {"external_select", "multi_external_select"}


class Hands:
    """The screen of one person and what they can do on it."""

    tab = "messages"

    def __init__(self, slack: "SlackServer", user: User) -> None:
        self.slack = slack
        self.user = user

    # What is on the screen

    def reads(self, to: "str | Channel" = "dm") -> list[Message]:
        """What they see in the conversation with the app, or in a channel; oldest first."""
        with self.slack.lock:
            channel = to if isinstance(to, Channel) else self.slack.workspace.dm(self.user.id)
            return self.slack.workspace.visible(channel.id, self.user.id)

    def sees(self, text: str, timeout_s: float = 0.0) -> Message:
        """The newest message of the app that shows ``text``; waits for it up to ``timeout_s`` real seconds."""
        until = time.monotonic() + timeout_s
        while True:
            with self.slack.lock:
                looked_at = self.slack.workspace.changes
                shown = [m for m in self.slack.workspace.seen_by(self.user.id) if m.from_app]
                for message in shown:
                    if text in message.shown:
                        return message
            while looked_at == self.slack.workspace.changes and time.monotonic() < until:
                time.sleep(0.005)
            if time.monotonic() >= until:
                last = [message.shown[:400] for message in shown[:3]]
                raise NotOnScreenError(f"{text!r} is not on the screen; the newest there is {last}")

    @property
    def home(self) -> View | None:
        """Their Home tab, if the app ever published one."""
        return self.slack.workspace.homes.get(self.user.id)

    @property
    def modal(self) -> View | None:
        """The modal before them; ``None`` where there is none."""
        stack = self.slack.workspace.stacks.get(self.user.id)
        return stack[-1] if stack else None

    def sees_modal(self, timeout_s: float = PATIENCE_S) -> View:
        """The modal before them, waited for."""
        until = time.monotonic() + timeout_s
        while (modal := self.modal) is None:
            if time.monotonic() > until:
                raise NotOnScreenError("no modal opened")
            time.sleep(0.005)
        return modal

    @property
    def errors(self) -> dict[str, str]:
        """What stands in red under the fields of the modal, by label."""
        modal = self.modal
        if modal is None:
            return {}
        labels = {block["block_id"]: block["label"]["text"] for block in modal.data["blocks"] if "label" in block}
        return {labels[block_id]: said for block_id, said in modal.errors.items()}

    def _things(self, on: "Message | View | None") -> list[Message | View]:
        if on is not None:
            if getattr(on, "deleted", False) or getattr(on, "closed", False):
                raise NotOnScreenError("it is no longer there")
            return [on]
        if self.modal:
            return [self.modal]
        home = [self.home] if self.home and self.tab == "home" else []
        with self.slack.lock:
            return [*home, *self.slack.workspace.seen_by(self.user.id)]

    # Pressing and picking

    def clicks(
        self, label: str, on: "Message | View | None" = None, *, near: str | None = None, confirms: bool = True
    ) -> None:
        """Press the button that reads ``label``: in the modal, else on Home if open, else the newest message with one.

        ``near`` tells it from others by the text above it; ``confirms`` is the answer to a confirm dialog.
        A ``copy()`` of a message presses what an old screen still shows.
        """
        control = screen.find(self._things(on), screen.is_button(label), label, near)
        if control.element.get("confirm") and not confirms:
            return
        element = control.element
        picked = {name: element[name] for name in ("text", "value", "style", "url") if name in element}
        self._act(control, picked)

    def selects(
        self,
        option: str,
        label: str | None = None,
        on: "Message | View | None" = None,
        *,
        near: str | None = None,
        typed: str | None = None,
    ) -> None:
        """Pick ``option`` in a menu, an overflow or a box; ``typed`` is what they type into a searching one.

        A date or time is picked by the ``label`` of its field.
        """
        control = screen.find(self._things(on), screen.offers(option, label), option, near)
        if control.element["type"] == "overflow":
            picked = option_named(options_of(control.element), option)
            self._act(control, {"selected_option": picked})
            return
        value = self._holds(control, [option] if control.element["type"] in _MANY else option, typed)
        if _acts_at_once(control):
            self._act(control, value)

    def suggestions(self, typed: str, label: str | None = None, on: "Message | View | None" = None) -> list[str]:
        """What a searching menu offers for ``typed``, as read."""
        control = screen.find(self._things(on), _searches(label), label or "searching menu")
        found = interactions.suggestions(self.slack, self.user, control, typed)
        return [option["text"]["text"] for option in found]

    def _holds(self, control: Control, answer: Any, typed: str | None = None) -> dict[str, Any]:
        """Put the answer in the control and give its new value."""
        element = control.element
        options = options_of(element)
        if element["type"] in EXTERNAL and answer is not None:
            for word in answer if isinstance(answer, list) else [answer]:
                asked = word if typed is None else typed
                options += interactions.suggestions(self.slack, self.user, control, asked)
            # What was there before stays pickable.
            options += element.get("initial_options") or []
        value = value_of(element, answer, options)
        if value is None:
            raise NotOnScreenError(f"{answer!r} is not offered; there is {[o['text']['text'] for o in options]}")
        if isinstance(control.thing, View):
            held = control.thing.values.setdefault(control.block["block_id"], {})
            held[control.element["action_id"]] = value
        return value

    def _act(self, control: Control, picked: Mapping[str, Any]) -> None:
        with self.slack.lock:
            view = control.thing if isinstance(control.thing, View) else None
            payload = {
                **interactions.base(self.slack, self.user, "block_actions", view),
                **interactions.where(self.slack, self.user, control.thing),
                "actions": [
                    {
                        "type": control.element["type"],
                        "action_id": control.element["action_id"],
                        "block_id": control.block["block_id"],
                        **picked,
                        "action_ts": self.slack.workspace.stamps.next(),
                    }
                ],
            }
            payload.setdefault("state", {"values": {}})
        interactions.ask(self.slack, "interactive", payload)

    # Forms

    def fills(self, values: Mapping[str, Any]) -> None:
        """Fill in fields of the modal by their labels. A field that acts at once tells the app."""
        modal = self.sees_modal()
        for label, answer in values.items():
            control = screen.find([modal], screen.is_field(label), label)
            value = self._holds(control, answer)
            if _acts_at_once(control):
                self._act(control, value)

    def submits(self, values: Mapping[str, Any] | None = None) -> dict[str, str]:
        """Fill in fields and press the modal's submit button; what then stands in red, by label.

        Raises ``SlackSaysError`` where Slack itself would not send the form.
        """
        self.fills(values or {})
        modal = self.sees_modal()
        if not modal.data.get("submit"):
            raise NotOnScreenError("the modal has nothing to submit")
        with self.slack.lock:
            state = view_json(self.slack, modal)["state"]["values"]
            said = [
                f"{control.labels[0] if control.labels else ''}: {refusal}"
                for control in screen.controls(modal)
                if control.element["type"] in NAMES
                for refusal in refusals(
                    control.block, control.element, state[control.block["block_id"]][control.element["action_id"]]
                )
            ]
            if said:
                raise SlackSaysError("; ".join(said))
            modal.errors = {}
            payload = {
                **interactions.base(self.slack, self.user, "view_submission", modal),
                "view": view_json(self.slack, modal),
                "response_urls": [],
            }
        delivery = interactions.ask(self.slack, "interactive", payload)
        with self.slack.lock:
            interactions.submitted(self.slack, modal, delivery.body)
        return self.errors

    def closes(self) -> None:
        """Close the modal before them, unsent."""
        modal = self.sees_modal()
        with self.slack.lock:
            modal.closed = True
            payload = {
                **interactions.base(self.slack, self.user, "view_closed"),
                "view": view_json(self.slack, modal),
                "is_cleared": False,
            }
            self.slack.workspace.stacks[self.user.id].remove(modal)
        payload.pop("trigger_id")
        if modal.data.get("notify_on_close"):
            interactions.ask(self.slack, "interactive", payload)

    # Commands and shortcuts

    def slash(self, command: str, text: str = "", to: "str | Channel" = "dm") -> None:
        """Use a slash command that the manifest declares."""
        if command not in self.slack.manifest.commands:
            raise NotOnScreenError(f"{command} is not a valid command")
        with self.slack.lock:
            space = self.slack.workspace
            channel = to if isinstance(to, Channel) else space.dm(self.user.id)
            common = interactions.base(self.slack, self.user, "command")
            form = {
                "token": common["token"],
                "team_id": space.team_id,
                "team_domain": space.domain,
                "channel_id": channel.id,
                "channel_name": channel.name,
                "user_id": self.user.id,
                "user_name": common["user"]["name"],
                "command": command,
                "text": text,
                "api_app_id": space.app_id,
                "is_enterprise_install": "false",
                "response_url": interactions.new_response_url(self.slack, channel.id, self.user.id),
                "trigger_id": common["trigger_id"],
            }
        body = interactions.ask(self.slack, "command", form).body
        answer = {"text": body} if isinstance(body, str) else body
        if answer and (answer.get("text") or answer.get("blocks")):
            with self.slack.lock:
                url = self.slack.response_urls[form["response_url"].rsplit("/", 1)[1]]
                interactions.answered(self.slack, url, answer)

    def shortcut(self, name: str, on: Message | None = None) -> None:
        """Use a shortcut by its name: on a message, or a global one."""
        kind, callback_id = self.slack.manifest.shortcuts.get(name, ("", ""))
        if kind != ("message" if on else "global"):
            raise NotOnScreenError(f"no shortcut {name!r} here")
        with self.slack.lock:
            payload = {
                **interactions.base(self.slack, self.user, "message_action" if on else "shortcut"),
                "callback_id": callback_id,
                "action_ts": self.slack.workspace.stamps.next(),
            }
            if on:
                place = interactions.where(self.slack, self.user, on)
                payload |= {
                    "channel": place["channel"],
                    "message": place["message"],
                    "message_ts": on.ts,
                    "response_url": place["response_url"],
                }
        interactions.ask(self.slack, "interactive", payload)


_MANY = {kind for kind, (name, _) in NAMES.items() if name.endswith("s") and kind != "file_input"}


def _acts_at_once(control: Control) -> bool:
    return control.block["type"] != "input" or bool(control.block.get("dispatch_action"))


def _searches(label: str | None) -> Any:
    return lambda control: control.element["type"] in EXTERNAL and label in (None, *control.labels)
