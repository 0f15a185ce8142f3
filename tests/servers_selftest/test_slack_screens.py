"""Modals, Home, menus and answers: Slack's rules for them, and a person who can only do what the screen offers."""

from typing import Any

import pytest
from slack_sdk import WebClient

from tests.servers.slack import NotOnScreenError, SlackSaysError, SlackServer, User
from tests.servers.slack.human import Human
from tests.servers_selftest.pigeon import MANIFEST, Listener, button, error_of, listening, plain, post

Json = dict[str, Any]
ACTION = "block_actions"


def option(text: str) -> Json:
    return {"text": plain(text), "value": text.lower()}


def asks(label: str, kind: str, block_id: str, **more: Any) -> Json:
    element = {"type": kind, "action_id": block_id, **more.pop("element", {})}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("Form"), "submit": plain("Send"), "blocks": list(blocks), **more}


NAME = asks("Name", "plain_text_input", "name")


def trigger(app: Listener, ada: Human) -> str:
    ada.shortcut("New note")
    return str(app.asked[-1]["trigger_id"])


def opens(web: WebClient, app: Listener, ada: Human, *blocks: Json, **more: Any) -> str:
    return str(web.views_open(trigger_id=trigger(app, ada), view=modal(*blocks, **more))["view"]["id"])


# Pressing and picking


def test_a_press_tells_what_was_pressed_and_where(web: WebClient, ada: Human, app: Listener) -> None:
    post(web, ada, {"type": "actions", "block_id": "row", "elements": [button("Go", "go")]})
    ada.clicks("Go")
    told = app.asked[-1]
    assert (ACTION, ada.user.id) == (told["type"], told["user"]["id"])
    assert ("go", "row", "7") == tuple(told["actions"][0][name] for name in ("action_id", "block_id", "value"))
    assert told["message"]["ts"] == told["container"]["message_ts"]
    assert {"trigger_id", "response_url", "channel", "team", "state"} <= told.keys()


def test_nobody_presses_what_is_not_there(web: WebClient, ada: Human) -> None:
    post(web, ada, {"type": "actions", "elements": [button("Go", "go")]})
    with pytest.raises(NotOnScreenError, match="no 'Stop' on the screen; there is \\['Go'\\]"):
        ada.clicks("Stop")


def test_of_two_alike_the_text_above_tells_them_apart(web: WebClient, ada: Human, app: Listener) -> None:
    rows = [
        {"type": "section", "text": plain(f"Call {who}"), "accessory": button("Done", who)} for who in ("Kim", "Lee")
    ]
    post(web, ada, *rows)
    with pytest.raises(NotOnScreenError, match="2 controls"):
        ada.clicks("Done")
    ada.clicks("Done", near="Call Lee")
    assert "Lee" == app.asked[-1]["actions"][0]["action_id"]


def test_the_newest_message_is_looked_at_first_and_an_old_screen_still_shows_old_buttons(
    slack: SlackServer, rep: User, web: WebClient, ada: Human, app: Listener
) -> None:
    for number in ("1", "2"):
        post(web, ada, {"type": "actions", "elements": [button("Go", "go" + number)]})
    old, new = slack.messages(rep)
    ada.clicks("Go")
    ada.clicks("Go", on=old)
    assert ["go2", "go1"] == [told["actions"][0]["action_id"] for told in app.asked]
    screen = new.copy()
    web.chat_update(channel=new.channel, ts=new.ts, text="Gone", blocks=[])
    with pytest.raises(NotOnScreenError):
        ada.clicks("Go", on=new)
    ada.clicks("Go", on=screen)
    assert "go2" == app.asked[-1]["actions"][0]["action_id"]


def test_a_confirm_dialog_can_be_refused(web: WebClient, ada: Human, app: Listener) -> None:
    sure = {"title": plain("Sure?"), "text": plain("Really"), "confirm": plain("Yes"), "deny": plain("No")}
    post(web, ada, {"type": "actions", "elements": [button("Drop", "drop", confirm=sure)]})
    ada.clicks("Drop", confirms=False)
    assert [] == app.asked
    ada.clicks("Drop")
    assert 1 == len(app.asked)


def test_menus_overflows_dates_and_boxes_are_picked_by_what_they_show(
    web: WebClient, ada: Human, app: Listener
) -> None:
    elements = [
        {"type": "static_select", "action_id": "menu", "options": [option("One"), option("Two")]},
        {"type": "overflow", "action_id": "more", "options": [option("Drop")]},
        {"type": "datepicker", "action_id": "day", "placeholder": plain("When")},
        {"type": "checkboxes", "action_id": "box", "options": [option("Yes")]},
    ]
    post(web, ada, {"type": "actions", "block_id": "row", "elements": elements})
    ada.selects("Two")
    ada.selects("Drop")
    ada.selects("2026-03-04", "When")
    ada.selects("Yes")
    menu, more, day, box = (told["actions"][0] for told in app.asked)
    assert ("two", "drop") == (menu["selected_option"]["value"], more["selected_option"]["value"])
    assert ("2026-03-04", "yes") == (day["selected_date"], box["selected_options"][0]["value"])
    with pytest.raises(NotOnScreenError):
        ada.selects("Three")


def test_a_searching_menu_offers_what_the_app_finds(
    slack: SlackServer, web: WebClient, ada: Human, app: Listener
) -> None:
    post(web, ada, {"type": "actions", "elements": [{"type": "external_select", "action_id": "firm"}]})
    app.body = {"options": [option("Acorn"), option("Oak")]}
    assert ["Acorn", "Oak"] == ada.suggestions("a")
    assert ("block_suggestion", "a") == (app.asked[-1]["type"], app.asked[-1]["value"])
    ada.selects("Oak", typed="o")
    assert "oak" == app.asked[-1]["actions"][0]["selected_option"]["value"]
    app.body = {"options": [option("a" * 76)]}
    with pytest.raises(SlackSaysError, match="No results"):
        ada.suggestions("a")
    assert ["invalid_options"] == [violation.code for violation in slack.journal.violations]


def test_an_app_that_takes_no_presses_gets_none() -> None:
    features = {**MANIFEST["features"], "shortcuts": None}
    settings = {**MANIFEST["settings"], "interactivity": {"is_enabled": False}}
    with SlackServer({**MANIFEST, "features": features, "settings": settings}) as slack, listening(slack) as app:
        rep = slack.add_user("Ada", "ada@pigeon.example")
        web = WebClient(slack.bot_token, base_url=slack.base_url)
        post(web, slack.human(rep), {"type": "actions", "elements": [button("Go", "go")]})
        with pytest.raises(SlackSaysError, match="not configured"):
            slack.human(rep).clicks("Go")
        assert [] == app.asked


# Triggers and modals


def test_a_trigger_is_good_once_and_for_three_seconds(
    slack: SlackServer, web: WebClient, ada: Human, app: Listener
) -> None:
    used = trigger(app, ada)
    web.views_open(trigger_id=used, view=modal(NAME))
    assert "exchanged_trigger_id" == error_of(lambda: web.views_open(trigger_id=used, view=modal(NAME)))
    late = trigger(app, ada)
    slack.clock.advance(3.1)
    assert "expired_trigger_id" == error_of(lambda: web.views_open(trigger_id=late, view=modal(NAME)))


def test_a_form_is_filled_by_labels_and_comes_whole(web: WebClient, ada: Human, app: Listener) -> None:
    opens(
        web,
        app,
        ada,
        NAME,
        asks("Day", "datepicker", "day", element={"initial_date": "2026-03-02"}),
        asks("Kind", "static_select", "kind", element={"options": [option("Call"), option("Demo")]}),
        asks("Who", "multi_static_select", "who", element={"options": [option("Kim"), option("Lee")]}),
        asks("Sum", "number_input", "sum", element={"is_decimal_allowed": False}, optional=True),
        callback_id="visit",
        private_metadata="17",
    )
    assert {} == ada.submits({"Name": "Kim", "Kind": "Demo", "Who": ["Lee", "Kim"], "Sum": "125"})
    view = app.asked[-1]["view"]
    values = {block: next(iter(held.values())) for block, held in view["state"]["values"].items()}
    assert ("visit", "17") == (view["callback_id"], view["private_metadata"])
    assert ("Kim", "2026-03-02", "125") == (
        values["name"]["value"],
        values["day"]["selected_date"],
        values["sum"]["value"],
    )
    assert "demo" == values["kind"]["selected_option"]["value"]
    assert ["lee", "kim"] == [each["value"] for each in values["who"]["selected_options"]]
    assert ada.modal is None


@pytest.mark.parametrize(
    "case",
    [
        ("plain_text_input", {}, "", "complete this required field"),
        ("plain_text_input", {"min_length": 3}, "ab", "at least 3 characters"),
        ("plain_text_input", {"max_length": 3}, "abcd", "at most 3 characters"),
        ("number_input", {"is_decimal_allowed": False}, "1.5", "enter a number"),
        ("number_input", {"is_decimal_allowed": True, "min_value": "2"}, "1.5", "at least 2"),
        ("number_input", {"is_decimal_allowed": True, "max_value": "1"}, "1.5", "at most 1"),
        ("email_text_input", {}, "kim", "valid email"),
        ("url_text_input", {}, "kim", "valid URL"),
        ("multi_users_select", {"max_selected_items": 1}, ["U1", "U2"], "at most 1"),
    ],
)
def test_slacks_own_window_refuses_before_the_app_hears(
    case: tuple[str, Json, Any, str], web: WebClient, ada: Human, app: Listener
) -> None:
    kind, element, answer, said = case
    opens(web, app, ada, asks("Field", kind, "field", element=element))
    heard = len(app.asked)
    with pytest.raises(SlackSaysError, match=said):
        ada.submits({"Field": answer})
    assert heard == len(app.asked)


def test_the_app_may_refuse_fields_update_push_and_clear(web: WebClient, ada: Human, app: Listener) -> None:
    opens(web, app, ada, NAME)
    app.body = {"response_action": "errors", "errors": {"name": "Who is that?"}}
    assert {"Name": "Who is that?"} == ada.submits({"Name": "Kim"})
    app.body = {"response_action": "push", "view": modal(NAME, title=plain("Second"))}
    ada.submits()
    assert "Second" in ada.sees_modal().shown
    app.body = {"response_action": "update", "view": modal(NAME, title=plain("Third"))}
    ada.submits({"Name": "Lee"})
    assert "Third" in ada.sees_modal().shown
    app.body = ""
    ada.submits()
    assert "Form" in ada.sees_modal().shown
    app.body = {"response_action": "clear"}
    ada.submits()
    assert ada.modal is None


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "Who?"}},
        {"response_action": "errors"},
        {"response_action": "update", "view": modal()},
        {"response_action": "vanish"},
        "thanks",
        "{broken",
    ],
)
def test_an_answer_that_slack_cannot_use_is_held_against_the_app(
    answer: Any, slack: SlackServer, web: WebClient, ada: Human, app: Listener
) -> None:
    opens(web, app, ada, NAME)
    app.body = answer
    with pytest.raises(SlackSaysError, match="trouble"):
        ada.submits({"Name": "Kim"})
    assert ["invalid_arguments"] == [violation.code for violation in slack.journal.violations]


def test_an_update_keeps_what_was_typed_where_the_field_stays(web: WebClient, ada: Human, app: Listener) -> None:
    view_id = opens(web, app, ada, NAME, asks("City", "plain_text_input", "city"))
    ada.fills({"Name": "Kim", "City": "Ghent"})
    moved = asks("City", "plain_text_input", "city2")
    web.views_update(view_id=view_id, view=modal(NAME, moved))
    with pytest.raises(SlackSaysError, match="City: Please complete"):
        ada.submits()
    ada.submits({"City": "Bonn"})
    values = app.asked[-1]["view"]["state"]["values"]
    assert ("Kim", "Bonn") == (values["name"]["name"]["value"], values["city2"]["city2"]["value"])


def test_views_know_their_hash_and_their_height(web: WebClient, ada: Human, app: Listener) -> None:
    section = {"type": "section", "text": plain("More?"), "accessory": button("Next", "next")}
    opened = web.views_open(trigger_id=trigger(app, ada), view=modal(section))["view"]
    view = {"view_id": opened["id"], "view": modal(section)}
    web.views_update(**view, hash=opened["hash"])
    assert "hash_conflict" == error_of(lambda: web.views_update(**view, hash=opened["hash"]))
    for _ in range(2):
        ada.clicks("Next")
        pushed = web.views_push(trigger_id=app.asked[-1]["trigger_id"], view=modal(section))["view"]
    assert opened["id"] == pushed["root_view_id"]
    ada.clicks("Next")
    too_high = app.asked[-1]["trigger_id"]
    assert "push_limit_reached" == error_of(lambda: web.views_push(trigger_id=too_high, view=modal(section)))


def test_an_external_id_is_given_once_and_found_again(web: WebClient, ada: Human, app: Listener) -> None:
    opens(web, app, ada, NAME, external_id="visit-17")
    again = trigger(app, ada)
    view = modal(NAME, external_id="visit-17")
    assert "duplicate_external_id" == error_of(lambda: web.views_open(trigger_id=again, view=view))
    assert web.views_update(external_id="visit-17", view=view)["ok"]


def test_a_field_that_acts_at_once_tells_the_app(web: WebClient, ada: Human, app: Listener) -> None:
    acting = asks("Firm", "plain_text_input", "firm", dispatch_action=True)
    opens(web, app, ada, acting, NAME)
    heard = len(app.asked)
    ada.fills({"Name": "Kim"})
    assert heard == len(app.asked)
    ada.fills({"Firm": "Acorn"})
    told = app.asked[-1]
    assert (ACTION, "Acorn") == (told["type"], told["actions"][0]["value"])
    assert "Kim" == told["view"]["state"]["values"]["name"]["name"]["value"]


def test_closing_is_told_where_it_was_asked_for(web: WebClient, ada: Human, app: Listener) -> None:
    opens(web, app, ada, NAME)
    ada.closes()
    assert "shortcut" == app.asked[-1]["type"]
    opens(web, app, ada, NAME, notify_on_close=True)
    ada.closes()
    assert "view_closed" == app.asked[-1]["type"]
    with pytest.raises(NotOnScreenError):
        ada.sees_modal(timeout_s=0.01)
