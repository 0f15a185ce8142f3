"""*Fix*: the form with every field, opened at once, filled in a moment, and kept whole or not at all."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.forms import Sent, block_of, read_form, visit_of
from bot.listeners.pickers import VALUE, account_options, options_of
from capture import Assistant, CorrectionError, FixError, MeanwhileError
from capture.values import quoted
from letters import Wording, wording
from letters.fix import closed_modal, fix_modal, loading_modal, with_values

log = logging.getLogger("debrief.bot")
FILLERS = 8
"""Forms that are filled in at a time: each waits for Slack, not for this machine."""


def register(app: App, assistant: Assistant) -> None:
    """Listen to the button and to the form that it opens."""
    fillers = ThreadPoolExecutor(FILLERS, "debrief-fix")

    @app.action("fix")
    def on_fix(ack: Ack, body: dict[str, Any], action: dict[str, Any], client: WebClient, respond: Respond) -> None:
        # Slack takes the opening for three seconds after the press: it comes first, whatever the form takes.
        words = wording(assistant.language_of(body["user"]["id"]))
        try:
            opened = client.views_open(trigger_id=body["trigger_id"], view=loading_modal(words))
        except SlackApiError as error:
            log.warning("a form could not be opened: %s", error.response["error"])
            ack()
            respond(text=words.say("trouble.again"), response_type="ephemeral", replace_original=False)
            return
        ack()
        visit_id, user, view_id = int(action["value"]), body["user"]["id"], opened["view"]["id"]
        fillers.submit(_fill, client, view_id, words, lambda: _form(assistant, visit_id, user, words))

    @app.view("fix")
    def on_sent(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        ack(**_answer(assistant, body["user"]["id"], view))

    _offer(app, assistant)


def _offer(app: App, assistant: Assistant) -> None:
    """Look up what is typed into the form's menus."""

    @app.options("fix:account")
    def on_account(ack: Ack, body: dict[str, Any]) -> None:
        ack(options=account_options(assistant, body, ""))

    @app.options("fix:contacts")
    def on_contacts(ack: Ack, body: dict[str, Any]) -> None:
        typed = body.get("value") or ""
        try:
            known = assistant.contacts_like(typed, body["user"]["id"], visit_of(body["view"]))
        except CorrectionError:
            known = []
        told = [(one.name, one.id) for one in known]
        ack(options=options_of([*told, *([(f"+ {typed}", f"+{typed}"[:VALUE])] if typed.strip() else [])]))

    @app.options("fix:who")
    def on_who(ack: Ack, body: dict[str, Any]) -> None:
        known = assistant.colleagues_like(body.get("value") or "", body["user"]["id"])
        ack(options=options_of([(one.name, one.email) for one in known]))


def _answer(assistant: Assistant, user: str, view: dict[str, Any]) -> dict[str, Any]:
    """Keep the form; what Slack is to do with it: close it, show errors at fields, or show the form of now."""
    words = wording(assistant.language_of(user))
    sent = read_form(view, words.language)
    wrong = {name: quoted(words.say(f"trouble.{key}"), assistant.why(name, user)) for name, key in sent.errors.items()}
    if not wrong:
        try:
            assistant.fix(sent.visit_id, user, sent.wanted, sent.seen)
        except FixError as error:
            wrong = {name: quoted(words.say(f"trouble.{why.key}"), why.reason) for name, why in error.errors.items()}
        except MeanwhileError as error:
            return {"response_action": "update", "view": _again(assistant, user, words, sent, error.fields)}
        except CorrectionError as error:
            closed = closed_modal(words, words.say(f"trouble.{error.key}"))
            return {"response_action": "update", "view": closed}
    errors = {block_of(view, name, sent.states): told for name, told in wrong.items()}
    return {"response_action": "errors", "errors": errors} if errors else {}


def _form(assistant: Assistant, visit_id: int, user: str, words: Wording) -> dict[str, Any]:
    try:
        return fix_modal(words, assistant.form(visit_id, user))
    except CorrectionError as error:
        return closed_modal(words, words.say(f"trouble.{error.key}"))


def _fill(client: WebClient, view_id: str, words: Wording, form: Callable[[], dict[str, Any]]) -> None:
    """Put the form in the place of what says that it is coming."""
    try:
        view = form()
    except Exception:
        log.exception("a form could not be made")
        view = closed_modal(words, words.say("trouble.again"))
    try:
        client.views_update(view_id=view_id, view=view)
    except SlackApiError as error:
        # Somebody closed it before it was there.
        log.log(logging.INFO if error.response["error"] == "not_found" else logging.WARNING, "a form was not filled in")
    except (SlackClientError, OSError):
        log.exception("a form was not filled in")


def _again(assistant: Assistant, user: str, words: Wording, sent: Sent, meanwhile: tuple[str, ...]) -> dict[str, Any]:
    """The form as the visit is now, with what was filled in where nobody else changed it."""
    try:
        form = assistant.form(sent.visit_id, user, meanwhile)
    except CorrectionError as error:
        return closed_modal(words, words.say(f"trouble.{error.key}"))
    lost = {*meanwhile, *({"new_contact"} if "contacts" in meanwhile else set())}
    kept = {
        base: state for base, state in sent.states.items()
        if base not in lost and not (base.startswith("action.") and "actions" in lost)
    }  # fmt: skip
    return with_values(fix_modal(words, form, kept), kept)
