"""What people write, change and take back is heard as Slack tells it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient

from tests.servers.slack import NotOnScreenError, SlackSaysError, SlackServer, User
from tests.servers.slack.human import as_typed
from tests.servers_selftest.pigeon import MANIFEST, listening, pigeon, serving, without


def test_a_message_to_the_app(slack: SlackServer, rep: User) -> None:
    at = datetime(2026, 3, 2, 18, 10, tzinfo=UTC)
    with listening(slack) as listener:
        message = slack.human(rep).says("Met Kim & Co <3", at=at)
        again = slack.human(rep).says("Same second", at=at)
    event = listener.heard[0]
    assert ("message", "im", rep.id) == (event["type"], event["channel_type"], event["user"])
    assert "Met Kim &amp; Co &lt;3" == event["text"]
    assert event["channel"] == slack.dm(rep).id
    assert event["client_msg_id"]
    assert ("1772475000.000000", "1772475000.000001") == (message.ts, again.ts)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("a <b> & c", "a &lt;b&gt; &amp; c"),
        ("see https://example.org/a?b=1&c=2.", "see <https://example.org/a?b=1&amp;c=2>."),
        ("mail kim@acorn.example, soon", "mail <mailto:kim@acorn.example|kim@acorn.example>, soon"),
        ("call +358 40 123 4567!", "call <tel:+358401234567|+358 40 123 4567>!"),
        ("www.acorn.com", "<http://www.acorn.com|www.acorn.com>"),
        ("<!channel> *x*", "&lt;!channel&gt; *x*"),
        ("@Ada Berg said", "<@U7> said"),
    ],
)
def test_text_is_handed_on_as_slack_writes_it(typed: str, sent: str) -> None:
    assert sent == as_typed(typed, {"U7": User("U7", "Ada Berg", "ada@pigeon.example")})


def test_an_edit_tells_before_and_after(slack: SlackServer, rep: User) -> None:
    ada = slack.human(rep)
    with listening(slack) as listener:
        message = ada.says("Hi")
        ada.edits(message, "Ho")
    event = listener.heard[1]
    assert ("message_changed", True) == (event["subtype"], event["hidden"])
    assert ("Hi", "Ho") == (event["previous_message"]["text"], event["message"]["text"])
    assert rep.id == event["message"]["edited"]["user"]
    assert event["message"]["ts"] == message.ts != event["ts"]


def test_an_unfurled_link_is_a_change_that_nobody_made(slack: SlackServer, rep: User) -> None:
    ada = slack.human(rep)
    with listening(slack) as listener:
        ada.sees_unfurled(ada.says("https://example.org"))
    event = listener.heard[1]
    assert event["message"]["text"] == event["previous_message"]["text"]
    assert "edited" not in event["message"]


def test_a_deletion_tells_what_is_gone(slack: SlackServer, rep: User) -> None:
    ada = slack.human(rep)
    with listening(slack) as listener:
        message = ada.says("Hi")
        ada.deletes(message)
    event = listener.heard[1]
    assert ("message_deleted", message.ts, "Hi") == (
        event["subtype"],
        event["deleted_ts"],
        event["previous_message"]["text"],
    )
    assert [] == slack.messages(rep)
    with pytest.raises(NotOnScreenError):
        ada.edits(message, "Ho")


def test_the_head_of_a_thread_leaves_a_tombstone(slack: SlackServer, rep: User, web: WebClient) -> None:
    ada = slack.human(rep)
    with listening(slack) as listener:
        message = ada.says("Hi")
        web.chat_postMessage(channel=message.channel, text="Reply", thread_ts=message.ts)
        ada.deletes(message)
        slack.settle()
    event = listener.heard[-1]
    assert ("message_changed", "tombstone") == (event["subtype"], event["message"]["subtype"])
    assert "Hi" == event["previous_message"]["text"]
    assert ["This message was deleted.", "Reply"] == [each.text for each in slack.messages(rep)]


def test_only_ones_own_messages_can_be_changed(slack: SlackServer, rep: User, web: WebClient) -> None:
    web.chat_postMessage(channel=rep.id, text="The app's")
    with pytest.raises(NotOnScreenError):
        slack.human(rep).deletes(slack.messages(rep)[0])


def test_a_mention_in_a_channel_is_heard_twice_under_one_ts(slack: SlackServer, rep: User) -> None:
    channel = slack.add_channel("sales", members=[rep])
    with listening(slack) as listener:
        slack.human(rep).says("@pigeon met Kim", to=channel)
    message, mention = sorted(listener.heard, key=lambda event: str(event["type"]), reverse=True)
    assert ("message", "channel") == (message["type"], message["channel_type"])
    assert ("app_mention", message["ts"]) == (mention["type"], mention["ts"])
    assert mention["text"].startswith(f"<@{slack.workspace.bot_user}> met")
    first, second = slack.journal.deliveries
    assert first.event_id != second.event_id


def test_a_channel_without_the_app_is_not_heard(slack: SlackServer, rep: User) -> None:
    channel = slack.add_channel("sales", members=[rep], with_bot=False)
    with listening(slack) as listener:
        slack.human(rep).says("@pigeon met Kim", to=channel)
        assert [] == listener.requests


def test_nobody_writes_where_they_are_not(slack: SlackServer, rep: User) -> None:
    with pytest.raises(NotOnScreenError, match="not in sales"):
        slack.human(rep).says("Hi", to=slack.add_channel("sales", members=[]))


def test_replies_broadcasts_and_reactions(slack: SlackServer, rep: User) -> None:
    ada = slack.human(rep)
    with listening(slack) as listener:
        head = ada.says("Head")
        reply = ada.says("Reply", thread=head)
        ada.says("To all", thread=reply, also_to_channel=True)
        ada.reacts("white_check_mark", on=head)
        ada.unreacts("white_check_mark", on=head)
    _, replied, broadcast, reacted = listener.heard
    assert (head.ts, rep.id) == (replied["thread_ts"], replied["parent_user_id"])
    assert ("thread_broadcast", head.ts) == (broadcast["subtype"], broadcast["thread_ts"])
    assert ("reaction_added", "white_check_mark", head.ts) == (
        reacted["type"],
        reacted["reaction"],
        reacted["item"]["ts"],
    )
    assert {} == head.reactions


def test_another_bot_writes_as_bots_do(slack: SlackServer) -> None:
    robot = slack.add_user("Robot", "", is_bot=True)
    channel = slack.add_channel("sales", members=[robot])
    with listening(slack):
        slack.human(robot).says("Beep", to=channel)
    (delivery,) = slack.journal.delivered("event")
    event = delivery.payload["event"]
    assert "bot_message" == event["subtype"]
    assert event["bot_id"] != slack.workspace.bot_id


def test_a_scheduled_message_comes_when_it_is_due(slack: SlackServer, rep: User, web: WebClient) -> None:
    at = int(slack.clock.now()) + 3600
    web.chat_scheduleMessage(channel=slack.dm(rep).id, text="Later", post_at=at)
    never = web.chat_scheduleMessage(channel=slack.dm(rep).id, text="Never", post_at=at)["scheduled_message_id"]
    web.chat_deleteScheduledMessage(channel=slack.dm(rep).id, scheduled_message_id=never)
    assert [] == slack.messages(rep)
    slack.clock.advance(3601)
    slack.human(rep).sees("Later", timeout_s=3)
    assert 1 == len(slack.messages(rep))


def test_twenty_people_write_at_once(slack: SlackServer) -> None:
    people = [slack.human(slack.add_user(f"Rep {number}", f"{number}@pigeon.example")) for number in range(20)]
    with serving(pigeon(slack), slack), ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda person: person.says(f"Hello from {person.user.name}."), people))
        for person in people:
            person.sees(f"Kept: Hello from {person.user.name}.", timeout_s=5)
        slack.assert_no_violations()


def test_what_the_app_did_not_subscribe_to_is_not_sent() -> None:
    manifest = without("settings", "event_subscriptions", "bot_events", drop="message.im")
    with SlackServer(manifest) as slack, listening(slack) as listener:
        slack.human(slack.add_user("Ada", "ada@pigeon.example")).says("Hi")
        assert [] == listener.requests


def test_an_app_without_a_messages_tab_cannot_be_written_to() -> None:
    manifest = without("features", "app_home", "messages_tab_enabled")
    with SlackServer(manifest) as slack, pytest.raises(SlackSaysError, match="turned off"):
        slack.human(slack.add_user("Ada", "ada@pigeon.example")).says("Hi")


def test_the_app_hears_what_it_wrote_itself(slack: SlackServer, rep: User, web: WebClient) -> None:
    with listening(slack):
        ts = web.chat_postMessage(channel=rep.id, text="Hi")["ts"]
        web.chat_update(channel=slack.dm(rep).id, ts=ts, text="Ho")
        web.chat_delete(channel=slack.dm(rep).id, ts=ts)
        slack.settle()
    told = [delivery.payload["event"] for delivery in slack.journal.delivered("event")]
    assert {None, "message_changed", "message_deleted"} == {event.get("subtype") for event in told}
    assert all("bot_id" in event.get("previous_message", event) for event in told)


def test_a_changed_profile_is_heard(slack: SlackServer, rep: User) -> None:
    with listening(slack) as listener:
        slack.changes(rep, tz="America/New_York", locale="en-US")
        slack.settle()
    assert ("user_change", "America/New_York", "en-US") == (
        listener.heard[0]["type"],
        listener.heard[0]["user"]["tz"],
        listener.heard[0]["user"]["locale"],
    )


def test_a_shared_file_is_fetched_with_the_token_only(slack: SlackServer, rep: User) -> None:
    with listening(slack) as listener:
        slack.human(rep).uploads("card.png", b"\x89PNG", "image/png", text="Her card")
    event = listener.heard[0]
    assert ("file_share", "Her card") == (event["subtype"], event["text"])
    (file,) = event["files"]
    assert ("image/png", "png", 4) == (file["mimetype"], file["filetype"], file["size"])

    def fetch(token: str) -> tuple[str, bytes]:
        with urlopen(Request(file["url_private"], headers={"Authorization": f"Bearer {token}"})) as response:
            return response.headers.get_content_type(), response.read()

    assert ("image/png", b"\x89PNG") == fetch(slack.bot_token)
    kind, page = fetch("xoxb-wrong")
    assert "text/html" == kind
    assert b"Sign in" in page
    assert ["file_without_token"] == [violation.code for violation in slack.journal.violations]


def test_an_app_is_brought_into_a_channel_and_put_out(slack: SlackServer, rep: User) -> None:
    ada = slack.human(rep)
    channel = slack.add_channel("sales", members=[rep], with_bot=False)
    with listening(slack) as listener:
        ada.invites_app(channel)
        ada.says("Hi", to=channel)
        ada.removes_app(channel)
        ada.says("Gone?", to=channel)
    assert ["member_joined_channel", "message"] == [event["type"] for event in listener.heard]
    assert slack.workspace.bot_user == listener.heard[0]["user"]


def test_a_voice_clip_gets_its_words_later() -> None:
    events = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    settings = {**MANIFEST["settings"], "event_subscriptions": {"bot_events": [*events, "file_change"]}}
    with SlackServer({**MANIFEST, "settings": settings}) as slack, listening(slack) as listener:
        rep = slack.add_user("Ada", "ada@pigeon.example")
        clip = slack.human(rep).uploads(
            "clip.m4a", b"\0", "audio/mp4", subtype="slack_audio", transcription={"status": "processing"}
        )
        assert "processing" == listener.heard[0]["files"][0]["transcription"]["status"]
        slack.transcribes(clip, "Met Kim", "en-US")
        slack.settle()
        assert "file_change" == listener.heard[1]["type"]
        web = WebClient(slack.bot_token, base_url=slack.base_url)
        told = web.files_info(file=listener.heard[1]["file_id"])["file"]["transcription"]
        assert ("complete", "Met Kim") == (told["status"], told["preview"]["content"])


def test_the_app_shares_a_file(slack: SlackServer, rep: User, web: WebClient) -> None:
    web.files_upload_v2(channel=slack.dm(rep).id, content="a;b", filename="week.csv", initial_comment="Your week")
    (message,) = slack.messages(rep)
    assert ("Your week", "week.csv") == (message.text, message.data["files"][0]["name"])
    assert b"a;b" == slack.workspace.files[message.data["files"][0]["id"]].content
