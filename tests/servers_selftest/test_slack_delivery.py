"""Events and interactions reach the app as Slack brings them: signed, within three seconds, again when they fail."""

import json
import time
from collections.abc import Iterator

import pytest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.web import WebClient

from tests.servers.slack import SlackSaysError, SlackServer, User
from tests.servers_selftest.pigeon import MANIFEST, Listener, button, listening, pigeon, serving


def retries(listener: Listener) -> list[tuple[str | None, str | None]]:
    return [(headers.get("X-Slack-Retry-Num"), headers.get("X-Slack-Retry-Reason")) for _, headers in listener.requests]


def test_a_request_is_signed(slack: SlackServer, rep: User) -> None:
    with listening(slack) as listener:
        slack.human(rep).says("Hi")
    ((body, headers),) = listener.requests
    assert SignatureVerifier(slack.signing_secret).is_valid_request(body, dict(headers))
    assert not SignatureVerifier("another").is_valid_request(body, dict(headers))


def test_a_real_app_refuses_a_wrong_signature(slack: SlackServer, rep: User) -> None:
    event = {"type": "app_home_opened", "user": rep.id, "tab": "messages", "channel": slack.dm(rep).id}
    with serving(pigeon(slack), slack):
        assert 401 == slack.deliver(event, secret="somebody else's").status
        assert 200 == slack.deliver(event).status


def test_a_new_address_is_asked_to_prove_itself(slack: SlackServer) -> None:
    with serving(pigeon(slack), slack):
        assert slack.verifies_url()
    with listening(slack, body="no idea"):
        assert not slack.verifies_url()


def test_a_failed_event_comes_three_times_more_with_the_same_id(slack: SlackServer, rep: User) -> None:
    with listening(slack, statuses=[500, 500, 500]) as listener:
        slack.human(rep).says("Hi")
        slack.wait_for(lambda: len(listener.requests) == 4)
        slack.assert_no_violations()
    assert [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")] == retries(listener)
    assert 1 == len({json.loads(body)["event_id"] for body, _ in listener.requests})


def test_an_event_that_fails_four_times_is_lost(slack: SlackServer, rep: User) -> None:
    with listening(slack, statuses=[500] * 4) as listener:
        slack.human(rep).says("Hi")
        slack.wait_for(lambda: slack.journal.violations)
        assert 4 == len(listener.requests)
    with pytest.raises(AssertionError, match="event_lost"):
        slack.assert_no_violations()
    assert ["event_lost"] == [violation.code for violation in slack.journal.forgive("event_lost")]


def test_retries_wait_a_minute_and_five_of_slacks_time() -> None:
    with SlackServer(MANIFEST) as slack, listening(slack, statuses=[500, 500, 500]) as listener:
        slack.human(slack.add_user("Ada", "ada@pigeon.example")).says("Hi")
        slack.wait_for(lambda: len(listener.requests) == 2 and slack.clock.waiting)
        slack.clock.advance(59)
        time.sleep(0.05)
        assert 2 == len(listener.requests)
        slack.clock.advance(2)
        slack.wait_for(lambda: len(listener.requests) == 3 and slack.clock.waiting)
        slack.clock.advance(301)
        slack.wait_for(lambda: len(listener.requests) == 4)


def test_no_retry_is_obeyed_only_with_a_failure(slack: SlackServer, rep: User) -> None:
    with listening(slack, statuses=[500], headers={"X-Slack-No-Retry": "1"}) as listener:
        slack.human(rep).says("Hi")
        slack.human(rep).says("Hi again")
        time.sleep(0.1)
        assert 2 == len(listener.requests)


def test_a_late_answer_is_none() -> None:
    with SlackServer(MANIFEST, clock_scale=0.001, ack_s=0.1) as slack, listening(slack, delays_s=[0.3]) as listener:
        slack.human(slack.add_user("Ada", "ada@pigeon.example")).says("Hi")
        slack.wait_for(lambda: len(listener.requests) == 2)
        slack.wait_for(lambda: len(slack.journal.deliveries) == 2)
        late, again = slack.journal.deliveries
        assert (None, "http_timeout", True) == (late.status, late.reason, again.ok)
        assert ("1", "http_timeout") == retries(listener)[1]


def test_nobody_at_the_address_is_a_failed_connection(slack: SlackServer, rep: User) -> None:
    slack.events_url = "http://127.0.0.1:9/slack/events"
    slack.human(rep).says("Hi")
    assert "connection_failed" == slack.journal.deliveries[0].reason


def test_an_interaction_is_never_tried_again(slack: SlackServer, rep: User, web: WebClient) -> None:
    with listening(slack) as listener:
        blocks = [{"type": "actions", "elements": [button("Go", "go")]}]
        web.chat_postMessage(channel=rep.id, text="Go?", blocks=blocks)
        slack.settle()
        listener.requests.clear()
        listener.statuses = [500]
        with pytest.raises(SlackSaysError, match="dispatch_failed"):
            slack.human(rep).clicks("Go")
        time.sleep(0.1)
        assert 1 == len(listener.requests)
    assert ["dispatch_failed"] == [violation.code for violation in slack.journal.forgive("dispatch_failed")]


def test_a_late_interaction_shows_a_timeout() -> None:
    with SlackServer(MANIFEST, ack_s=0.1) as slack, listening(slack, delays_s=[0.3]):
        with pytest.raises(SlackSaysError, match="operation_timeout"):
            slack.human(slack.add_user("Ada", "ada@pigeon.example")).slash("/note", "milk")
        assert ["operation_timeout"] == [violation.code for violation in slack.journal.violations]


def test_an_event_may_be_delivered_again_and_twice_at_once(slack: SlackServer, rep: User) -> None:
    event = {"type": "message", "channel": slack.dm(rep).id, "user": rep.id, "text": "Hi", "ts": "1.2"}
    with listening(slack) as listener:
        slack.deliver(event)
        slack.deliver(event, retry_num=1)
        first, second = slack.deliver_twice_at_once(event)
        assert first.ok
        assert second.ok
        assert [(None, None), ("1", "http_timeout")] == retries(listener)[:2]
        assert 1 == len({json.loads(body)["event_id"] for body, _ in listener.requests})
        assert 4 == len(listener.requests)


def test_held_events_are_delivered_by_hand_and_in_any_order(slack: SlackServer, rep: User) -> None:
    ada = slack.human(rep)
    with listening(slack) as listener:
        with slack.holding() as held:
            ada.edits(ada.says("Hi"), "Ho")
        assert [] == listener.requests
        for envelope in reversed(held):
            slack.deliver(envelope)
        assert ["message_changed", None] == [event.get("subtype") for event in listener.heard]


def test_an_app_is_told_that_it_is_limited(slack: SlackServer) -> None:
    with listening(slack) as listener:
        slack.limits_app()
    assert "app_rate_limited" == json.loads(listener.requests[0][0])["type"]


def test_a_removed_app_is_told_and_then_hears_and_may_do_nothing(slack: SlackServer, rep: User, web: WebClient) -> None:
    with listening(slack) as listener:
        slack.uninstalls()
        assert {"tokens_revoked", "app_uninstalled"} == {event["type"] for event in listener.heard}
        with pytest.raises(SlackSaysError, match="turned off"):
            slack.human(rep).says("Hello?")
        with pytest.raises(SlackApiError, match="account_inactive"):
            web.auth_test()
        web.token = slack.installs()
        assert web.auth_test()["ok"]
        slack.human(rep).says("Hello again")
        assert "Hello again" == listener.heard[-1]["text"]


@pytest.fixture
def socket(slack: SlackServer, rep: User) -> Iterator[SocketModeHandler]:
    handler = SocketModeHandler(pigeon(slack), slack.app_token, ping_interval=1)
    handler.connect()
    slack.wait_for(lambda: slack.sockets)
    yield handler
    handler.close()


def test_a_socket_is_renewed_when_slack_asks(slack: SlackServer, rep: User, socket: SocketModeHandler) -> None:
    slack.refresh_sockets()
    slack.wait_for(lambda: slack.sockets)
    slack.human(rep).says("Still there?")
    slack.human(rep).sees("Kept: Still there?", timeout_s=3)
    slack.assert_no_violations()


def test_events_are_tried_again_after_a_socket_is_cut(slack: SlackServer, rep: User, socket: SocketModeHandler) -> None:
    slack.cut_sockets()
    slack.human(rep).says("Hello?")
    assert "connection_failed" == slack.journal.delivered("event", type_="message")[0].reason


def test_a_silent_socket_takes_nothing_and_the_app_finds_out(
    slack: SlackServer, rep: User, socket: SocketModeHandler
) -> None:
    slack.cut_sockets(silently=True)
    slack.human(rep).says("Hello?")
    assert "connection_failed" == slack.journal.delivered("event", type_="message")[0].reason
    assert 0 == slack.sockets


def test_envelopes_go_to_the_open_sockets_in_turn_and_need_an_ack(slack: SlackServer, rep: User) -> None:
    heard: dict[str, list[str]] = {"a": [], "b": []}
    clients = []
    for types in heard.values():
        client = SocketModeClient(slack.app_token, web_client=WebClient(base_url=slack.base_url))
        client.message_listeners.append(lambda _, message, __, types=types: types.append(message["type"]))
        client.connect()
        clients.append(client)
    slack.wait_for(lambda: slack.sockets == 2)
    slack.ack_s = 0.05
    slack.human(rep).says("One")
    slack.wait_for(lambda: slack.journal.violations)
    for client in clients:
        client.close()
    assert {"a": 2, "b": 2} == {name: types.count("events_api") for name, types in heard.items()}
    assert ["timeout"] * 4 == [delivery.reason for delivery in slack.journal.deliveries]
