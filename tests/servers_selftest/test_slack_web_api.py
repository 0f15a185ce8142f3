"""The Web API refuses what Slack refuses, in Slack's words, and remembers what no good app would have asked."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from tests.servers.slack import SlackServer, User
from tests.servers_selftest.pigeon import MANIFEST, card, error_of, plain, without

Call = Callable[[WebClient, User, SlackServer], Any]
DIVIDER = [{"type": "divider"}]
MODAL = {"type": "modal", "title": plain("A"), "blocks": DIVIDER}


def codes(slack: SlackServer) -> list[str]:
    return [violation.code for violation in slack.journal.violations]


def _post(**more: Any) -> Call:
    # Not by the SDK's own method, which warns of some of these before it sends them.
    return lambda web, rep, _: web.api_call("chat.postMessage", json={"channel": rep.id, "text": "Hi", **more})


def _said(slack: SlackServer, rep: User) -> dict[str, str]:
    message = slack.human(rep).says("Mine")
    return {"channel": message.channel, "ts": message.ts}


def _posted(web: WebClient, rep: User) -> dict[str, str]:
    answer = web.chat_postMessage(channel=rep.id, text="Hi")
    return {"channel": answer["channel"], "ts": answer["ts"]}


def _react(name: str, **more: Any) -> Call:
    def call(web: WebClient, rep: User, _: SlackServer) -> Any:
        posted = _posted(web, rep)
        at = {"channel": posted["channel"], "timestamp": posted["ts"], "name": name, **more}
        web.reactions_add(**{**at, "name": "eyes", "timestamp": posted["ts"]})
        return web.reactions_add(**at)

    return call


# What the app did wrong: the error, and a violation beside it.
FAULTS: dict[str, tuple[str, Call]] = {
    "no text": ("no_text", _post(text="")),
    "bad blocks": ("invalid_blocks", _post(blocks=[{"type": "section"}])),
    "blocks that are no JSON": ("invalid_blocks_format", _post(blocks="[oops")),
    "bad blocks in an attachment": ("invalid_blocks", _post(attachments=[{"blocks": [{"type": "header"}]}])),
    "101 attachments": ("too_many_attachments", _post(attachments=[{"text": "a"}] * 101)),
    "attachments that are none": ("invalid_attachments", _post(attachments=["a"])),
    "too much in all blocks": (
        "msg_blocks_too_long",
        _post(blocks=[{"type": "section", "text": plain("a" * 2900)}] * 5),
    ),
    "metadata without a type": ("invalid_metadata_format", _post(metadata={"event_payload": {}})),
    "no channel": ("invalid_arguments", lambda web, _, __: web.chat_postMessage(channel="", text="Hi")),
    "an unknown method": ("unknown_method", lambda web, _, __: web.api_call("chat.shout")),
    "no token": ("not_authed", lambda _, __, slack: WebClient(base_url=slack.base_url).auth_test()),
    "a wrong token": ("invalid_auth", lambda web, _, __: web.auth_test(token="xoxb-wrong")),
    "a bot's token for the app's": (
        "not_allowed_token_type",
        lambda web, _, slack: web.apps_connections_open(app_token=slack.bot_token),
    ),
    "another's message": (
        "cant_update_message",
        lambda web, rep, slack: web.chat_update(**_said(slack, rep), text="x"),
    ),
    "deleting another's": ("cant_delete_message", lambda web, rep, slack: web.chat_delete(**_said(slack, rep))),
    "a change to nothing": ("no_text", lambda web, rep, _: web.api_call("chat.update", json=_posted(web, rep))),
    "an emoji that is none": ("invalid_name", _react("Thumbs Up")),
    "a trigger from nowhere": ("invalid_trigger_id", lambda web, _, __: web.views_open(trigger_id="1", view=MODAL)),
    "a bad modal": ("invalid_arguments", lambda web, _, __: web.views_open(trigger_id="1", view={"type": "modal"})),
    "a Home for nobody": (
        "invalid_arguments",
        lambda web, _, __: web.views_publish(user_id="U1", view={"type": "home", "blocks": DIVIDER}),
    ),
    "a modal for Home": ("invalid_arguments", lambda web, rep, _: web.views_publish(user_id=rep.id, view=MODAL)),
}


@pytest.mark.parametrize("name", FAULTS)
def test_refuses_and_holds_it_against_the_app(name: str, slack: SlackServer, rep: User, web: WebClient) -> None:
    error, call = FAULTS[name]
    assert error == error_of(lambda: call(web, rep, slack))
    assert error in codes(slack)
    with pytest.raises(AssertionError, match=error):
        slack.assert_no_violations()


# What may happen to any app: the error alone.
MISHAPS: dict[str, tuple[str, Call]] = {
    "a channel that is none": ("channel_not_found", lambda web, _, __: web.chat_postMessage(channel="C1", text="Hi")),
    "a private channel without us": (
        "channel_not_found",
        lambda web, rep, slack: web.chat_postMessage(
            channel=slack.add_channel("secret", members=[rep], kind="group", with_bot=False).id, text="Hi"
        ),
    ),
    "a channel without us": (
        "not_in_channel",
        lambda web, rep, slack: web.chat_postMessage(
            channel=slack.add_channel("open", members=[rep], with_bot=False).id, text="Hi"
        ),
    ),
    "a thread that is none": ("thread_not_found", _post(thread_ts="1.000001")),
    "a message that is none": (
        "message_not_found",
        lambda web, rep, slack: web.chat_update(channel=slack.dm(rep).id, ts="1.000001", text="Hi"),
    ),
    "a person that is none": ("user_not_found", lambda web, _, __: web.users_info(user="U1")),
    "an address of nobody": ("users_not_found", lambda web, _, __: web.users_lookupByEmail(email="no@pigeon.example")),
    "a reaction that is there": ("already_reacted", _react("eyes")),
    "a reaction to nothing": ("message_not_found", _react("eyes", timestamp="1.000001")),
    "a view that is none": ("not_found", lambda web, _, __: web.views_update(view_id="V1", view=MODAL)),
    "a file that is none": ("file_not_found", lambda web, _, __: web.files_info(file="F1")),
    "a past that cannot be written to": (
        "time_in_past",
        lambda web, rep, _: web.chat_scheduleMessage(channel=rep.id, text="Hi", post_at=1),
    ),
}


@pytest.mark.parametrize("name", MISHAPS)
def test_refuses_and_blames_nobody(name: str, slack: SlackServer, rep: User, web: WebClient) -> None:
    error, call = MISHAPS[name]
    assert error == error_of(lambda: call(web, rep, slack))
    slack.assert_no_violations()


def test_a_refused_payload_tells_where_in_it(slack: SlackServer, rep: User, web: WebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        web.chat_postMessage(channel=rep.id, text="Hi", blocks=card("a" * 3001))
    told = refused.value.response["response_metadata"]["messages"]
    assert ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"] == told


@pytest.mark.parametrize(
    ("scope", "call"),
    [
        ("chat:write", lambda web, rep: web.chat_postMessage(channel=rep.id, text="Hi")),
        ("users:read", lambda web, rep: web.users_info(user=rep.id)),
        ("users:read.email", lambda web, rep: web.users_lookupByEmail(email=rep.email)),
        ("im:write", lambda web, rep: web.conversations_open(users=rep.id)),
        ("files:read", lambda web, _: web.files_info(file="F1")),
        ("reactions:write", lambda web, _: web.reactions_add(channel="C1", timestamp="1.1", name="eyes")),
    ],
)
def test_what_the_manifest_does_not_ask_for_is_not_granted(scope: str, call: Callable[[WebClient, User], Any]) -> None:
    deaf = {"settings": {"interactivity": {"is_enabled": True}}}
    with SlackServer(without("oauth_config", "scopes", "bot", drop=scope) | deaf) as slack:
        web = WebClient(slack.bot_token, base_url=slack.base_url)
        rep = slack.add_user("Ada", "ada@pigeon.example")
        with pytest.raises(SlackApiError) as refused:
            call(web, rep)
        assert "missing_scope" == refused.value.response["error"]
        assert scope in refused.value.response["needed"]
        assert scope not in refused.value.response["provided"].split(",")
        assert scope not in refused.value.response.headers["x-oauth-scopes"].split(",")
        assert ["missing_scope"] == codes(slack)


def test_people_are_told_of_by_what_was_asked_and_granted(slack: SlackServer, rep: User, web: WebClient) -> None:
    user = web.users_info(user=rep.id)["user"]
    assert ("Europe/Helsinki", "ada@pigeon.example") == (user["tz"], user["profile"]["email"])
    assert user["tz_offset"] in {7200, 10800}
    assert "locale" not in user
    assert "fi-FI" == web.users_info(user=rep.id, include_locale=True)["user"]["locale"]
    assert rep.id == web.users_lookupByEmail(email="ADA@pigeon.example")["user"]["id"]
    assert {rep.id, slack.workspace.bot_user} == {member["id"] for member in web.users_list()["members"]}


def test_no_email_without_its_scope() -> None:
    with SlackServer(without("oauth_config", "scopes", "bot", drop="users:read.email")) as slack:
        rep = slack.add_user("Ada", "ada@pigeon.example")
        web = WebClient(slack.bot_token, base_url=slack.base_url)
        assert "email" not in web.users_info(user=rep.id)["user"]["profile"]


def test_a_long_text_is_cut_with_a_warning(slack: SlackServer, rep: User, web: WebClient) -> None:
    answer = web.chat_postMessage(channel=rep.id, text="a" * 40_001)
    assert ("message_truncated", 40_000) == (answer["warning"], len(answer["message"]["text"]))


def test_an_update_keeps_what_it_does_not_name_and_an_empty_list_takes_it_away(rep: User, web: WebClient) -> None:
    posted = web.chat_postMessage(channel=rep.id, text="Hi", blocks=card("Hi"))
    at = {"channel": posted["channel"], "ts": posted["ts"]}
    kept = web.chat_update(**at, text="Ho")["message"]
    assert ("Ho", "Hi") == (kept["text"], kept["blocks"][0]["text"]["text"])
    assert "blocks" not in web.chat_update(**at, text="Ho", blocks=[])["message"]


def test_a_reply_to_a_reply_stays_in_the_thread(slack: SlackServer, rep: User, web: WebClient) -> None:
    head = web.chat_postMessage(channel=rep.id, text="Head")
    reply = web.chat_postMessage(channel=rep.id, text="Reply", thread_ts=head["ts"])
    again = web.chat_postMessage(channel=rep.id, text="Again", thread_ts=reply["ts"])
    assert head["ts"] == again["message"]["thread_ts"]
    thread = web.conversations_replies(channel=head["channel"], ts=head["ts"])["messages"]
    assert ["Head", "Reply", "Again"] == [message["text"] for message in thread]
    assert ["Head"] == [m["text"] for m in web.conversations_history(channel=head["channel"])["messages"]]
    assert web.chat_getPermalink(channel=head["channel"], message_ts=reply["ts"])["permalink"].endswith(head["channel"])


def test_every_ts_is_its_own_and_later_than_the_last(rep: User, web: WebClient) -> None:
    stamps = [web.chat_postMessage(channel=rep.id, text=str(number))["ts"] for number in range(3)]
    assert sorted(set(stamps)) == stamps


def test_an_ephemeral_message_is_seen_by_one_and_cannot_be_changed(
    slack: SlackServer, rep: User, web: WebClient
) -> None:
    ben = slack.add_user("Ben", "ben@pigeon.example")
    channel = slack.add_channel("sales", members=[rep, ben])
    ts = web.chat_postEphemeral(channel=channel.id, user=rep.id, text="For you")["message_ts"]
    assert ["For you"] == [message.text for message in slack.human(rep).reads(channel)]
    assert [] == slack.human(ben).reads(channel)
    assert "message_not_found" == error_of(lambda: web.chat_update(channel=channel.id, ts=ts, text="x"))


# Rate limits and faults


def test_a_channel_takes_a_short_burst_and_then_one_message_a_second(rep: User) -> None:
    with SlackServer(MANIFEST, burst=2) as slack:
        web = WebClient(slack.bot_token, base_url=slack.base_url)
        ada, ben = (slack.add_user(name, f"{name}@pigeon.example") for name in ("ada", "ben"))
        for _ in range(2):
            web.chat_postMessage(channel=ada.id, text="Hi")
        with pytest.raises(SlackApiError) as refused:
            web.chat_postMessage(channel=ada.id, text="Hi")
        assert (429, "ratelimited") == (refused.value.response.status_code, refused.value.response["error"])
        assert "1" == refused.value.response.headers["Retry-After"]
        web.chat_postMessage(channel=ben.id, text="Another channel")
        slack.clock.advance(1)
        web.chat_postMessage(channel=ada.id, text="Hi")
        slack.assert_no_violations()


def test_who_does_not_wait_is_remembered() -> None:
    with SlackServer(MANIFEST, burst=1) as slack:
        web = WebClient(slack.bot_token, base_url=slack.base_url)
        rep = slack.add_user("Ada", "ada@pigeon.example")
        web.chat_postMessage(channel=rep.id, text="Hi")
        assert "ratelimited" == error_of(lambda: web.chat_postMessage(channel=rep.id, text="Hi"))
        time.sleep(0.25)
        assert "ratelimited" == error_of(lambda: web.chat_postMessage(channel=rep.id, text="Hi"))
        assert ["retry_after_ignored"] == codes(slack)


def test_a_client_that_waits_gets_through(rep: User) -> None:
    with SlackServer(MANIFEST, burst=1) as slack:
        patient = RateLimitErrorRetryHandler(max_retry_count=2)
        web = WebClient(slack.bot_token, base_url=slack.base_url, retry_handlers=[patient])
        ada = slack.add_user("Ada", "ada@pigeon.example")
        for number in range(2):
            web.chat_postMessage(channel=ada.id, text=str(number))
        assert [200, 429, 200] == [call.status for call in slack.journal.called("chat.postMessage")]
        slack.assert_no_violations()


def test_a_method_has_its_tier(slack: SlackServer, web: WebClient) -> None:
    slack.clock.scale = 1.0
    for _ in range(20):
        web.users_list()
    assert "ratelimited" == error_of(web.users_list)
    web.auth_test()


def test_calls_fail_as_they_are_told(slack: SlackServer, rep: User, web: WebClient) -> None:
    slack.fail_next("users.info", "internal_error", times=2)
    slack.fail_next("auth.test", status=429, retry_after=7)
    slack.fail_next("*", "fatal_error")
    assert "fatal_error" == error_of(web.users_list)
    for _ in range(2):
        assert "internal_error" == error_of(lambda: web.users_info(user=rep.id))
    assert web.users_info(user=rep.id)["ok"]
    with pytest.raises(SlackApiError) as limited:
        web.auth_test()
    assert "7" == limited.value.response.headers["Retry-After"]
    slack.fail_next("auth.test", "service_unavailable", status=503)
    with pytest.raises(SlackApiError) as down:
        web.auth_test()
    assert 503 == down.value.response.status_code
    slack.assert_no_violations()


def test_a_dropped_call_did_nothing_and_a_lost_answer_did_it(slack: SlackServer, rep: User, web: WebClient) -> None:
    web.retry_handlers.clear()
    slack.fail_next("chat.postMessage", drop=True)
    with pytest.raises(OSError, match=r"closed|reset"):
        web.chat_postMessage(channel=rep.id, text="Never")
    assert [] == slack.messages(rep)
    slack.fail_next("chat.postMessage", lost=True)
    with pytest.raises(OSError, match=r"closed|reset"):
        web.chat_postMessage(channel=rep.id, text="Posted")
    assert ["Posted"] == [message.text for message in slack.messages(rep)]


def test_calls_come_late_as_they_are_told(slack: SlackServer, web: WebClient) -> None:
    slack.fail_next("auth.test", delay_s=0.1)
    began = time.monotonic()
    web.auth_test()
    slack.slow(0.1)
    web.auth_test()
    assert 0.2 <= time.monotonic() - began < 1


def test_the_journal_keeps_every_call_with_its_arguments(slack: SlackServer, rep: User, web: WebClient) -> None:
    web.chat_postMessage(channel=rep.id, text="Hi", blocks=card("Hi"))
    (call,) = slack.journal.called("chat.postMessage", ok=True)
    assert ("Hi", "section") == (call.args["text"], call.args["blocks"][0]["type"])
    assert "token" not in call.args
    assert [] == slack.journal.called("chat.postMessage", ok=False)


def test_slacks_own_checker_is_there_to_ask(slack: SlackServer, web: WebClient) -> None:
    assert web.api_call("blocks.validate", json={"blocks": card("Hi")})["ok"]
    with pytest.raises(SlackApiError) as refused:
        web.api_call("blocks.validate", json={"view": {**MODAL, "title": plain("a" * 25)}})
    assert "/view/title/text" == refused.value.response["errors"][0]["pointer"]


def test_conversations_are_found_opened_and_joined(slack: SlackServer, rep: User, web: WebClient) -> None:
    channel = slack.add_channel("sales", members=[rep], with_bot=False)
    assert not web.conversations_info(channel=channel.id)["channel"]["is_member"]
    assert "not_in_channel" == error_of(lambda: web.conversations_history(channel=channel.id))
    web.conversations_join(channel=channel.id)
    assert slack.workspace.bot_user in web.conversations_members(channel=channel.id)["members"]
    assert ["sales"] == [each["name"] for each in web.conversations_list()["channels"]]
    assert slack.dm(rep).id == web.conversations_open(users=[rep.id])["channel"]["id"]
    channel.is_archived = True
    assert "is_archived" == error_of(lambda: web.chat_postMessage(channel=channel.id, text="Hi"))
