"""Home, commands, shortcuts and response URLs: where else a person meets the app, and the app answers."""

import pytest
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from tests.servers.slack import NotOnScreenError, SlackServer, User
from tests.servers.slack.human import Human
from tests.servers_selftest.pigeon import Listener, button, error_of, post, without


def test_home_is_opened_pressed_and_guarded_by_its_hash(
    slack: SlackServer, web: WebClient, ada: Human, app: Listener
) -> None:
    home = {"type": "home", "blocks": [{"type": "actions", "elements": [button("Done", "done")]}]}
    first = web.views_publish(user_id=ada.user.id, view=home)["view"]
    ada.opens_home()
    assert ("home", first["id"]) == (app.heard[-1]["tab"], app.heard[-1]["view"]["id"])
    ada.clicks("Done")
    assert ("view", first["id"]) == (app.asked[-1]["container"]["type"], app.asked[-1]["view"]["id"])
    web.views_publish(user_id=ada.user.id, view=home, hash=first["hash"])
    assert "hash_conflict" == error_of(lambda: web.views_publish(user_id=ada.user.id, view=home, hash=first["hash"]))
    ada.opens_messages()
    assert ("app_home_opened", "messages") == (app.heard[-1]["type"], app.heard[-1]["tab"])
    slack.assert_no_violations()


def test_an_app_without_a_home_tab_shows_none() -> None:
    with SlackServer(without("features", "app_home", "home_tab_enabled")) as slack:
        rep = slack.add_user("Ada", "ada@pigeon.example")
        with pytest.raises(NotOnScreenError):
            slack.human(rep).opens_home()
        web = WebClient(slack.bot_token, base_url=slack.base_url)
        view = {"type": "home", "blocks": [{"type": "divider"}]}
        assert "not_enabled" == error_of(lambda: web.views_publish(user_id=rep.id, view=view))


def test_only_what_the_manifest_declares_can_be_used(slack: SlackServer, rep: User, ada: Human) -> None:
    message = ada.says("Hi")
    with pytest.raises(NotOnScreenError, match="not a valid command"):
        ada.slash("/visit")
    with pytest.raises(NotOnScreenError, match="no shortcut"):
        ada.shortcut("Keep it")
    with pytest.raises(NotOnScreenError, match="no shortcut"):
        ada.shortcut("New note", on=message)


def test_a_command_and_a_shortcut_tell_where_they_were_used(
    slack: SlackServer, rep: User, ada: Human, app: Listener
) -> None:
    channel = slack.add_channel("sales", members=[rep], with_bot=False)
    message = ada.says("Met Kim", to=channel)
    app.body = {"response_type": "in_channel", "text": "Noted"}
    ada.slash("/note", "two milk", to=channel)
    told = app.asked[-1]
    assert ("/note", "two milk", channel.id) == (told["command"], told["text"], told["channel_id"])
    assert "Noted" == slack.messages(channel)[-1].text
    ada.shortcut("Keep it", on=message)
    told = app.asked[-1]
    assert ("message_action", "keep", message.ts) == (told["type"], told["callback_id"], told["message_ts"])
    assert "Met Kim" == told["message"]["text"]


def test_a_response_url_replaces_deletes_and_wears_out(
    slack: SlackServer, rep: User, web: WebClient, ada: Human, app: Listener
) -> None:
    post(web, ada, {"type": "actions", "elements": [button("Go", "go")]})
    ada.clicks("Go")
    answer = WebhookClient(app.asked[-1]["response_url"])
    answer.send(text="Only you", response_type="ephemeral")
    answer.send(text="Replaced", replace_original=True)
    assert ["Replaced"] == [message.text for message in slack.messages(rep)]
    assert {"Only you", "Replaced"} == {message.text for message in ada.reads()}
    assert 404 == answer.send(text="Bad", blocks=[{"type": "section"}]).status_code
    answer.send(delete_original=True)
    assert [] == slack.messages(rep)
    answer.send(text="Fifth")
    assert "used_url" in answer.send(text="Sixth").body
    post(web, ada, {"type": "actions", "elements": [button("Go", "go")]})
    ada.clicks("Go")
    slack.clock.advance(1801)
    assert "expired_url" in WebhookClient(app.asked[-1]["response_url"]).send(text="Late").body
    assert ["invalid_blocks", "used_url", "expired_url"] == [each.code for each in slack.journal.violations]
