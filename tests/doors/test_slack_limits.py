"""Slack says slower, goes away, throws the app out and takes it back: every reply arrives, once."""

from app.settings import Settings
from app.wiring import build
from tests.conftest import TestHouse
from tests.doors.conftest import SlackHouse

PLACES = ("zuivelhuis terwolde", "brouwerij de kraanvogel", "slagerij hofstra")


def posted(at_slack: SlackHouse) -> list[float]:
    """When each message was taken by Slack, in monotonic seconds."""
    return [call.at for call in at_slack.slack.journal.called("chat.postMessage", ok=True)]


def test_one_channel_gets_one_card_a_second_and_slack_never_has_to_say_so(at_slack: SlackHouse) -> None:
    at_slack.slack.clock.scale = 1.0
    noor = at_slack.slack.human(at_slack.noor)
    for place in PLACES:
        noor.says(f"gisteren bij {place} geweest, offerte voor vrijdag")
    at_slack.house.run_jobs()
    times = posted(at_slack)
    assert len(times) == len(PLACES)
    assert times[-1] - times[0] > len(PLACES) - 1 - 0.8  # paced by when each begins; the way to Slack varies
    assert len(at_slack.slack.journal.called("chat.postMessage")) == len(PLACES)


def test_slack_that_breaks_off_and_fails_gets_the_card_in_the_end(at_slack: SlackHouse) -> None:
    at_slack.slack.fail_next("chat.postMessage", drop=True)
    at_slack.slack.fail_next("chat.postMessage", error="internal_error", status=500)
    at_slack.slack.fail_next("chat.postMessage", status=429, retry_after=1)
    noor = at_slack.slack.human(at_slack.noor)
    noor.says("gisteren bij zuivelhuis terwolde geweest, offerte voor vrijdag")
    at_slack.house.run_jobs()
    noor.sees("Zuivelhuis Terwolde", timeout_s=5)
    assert len(posted(at_slack)) == 1


def test_an_app_that_was_thrown_out_and_taken_back_says_what_it_owed(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    noor.says("gisteren bij zuivelhuis terwolde geweest, offerte voor vrijdag")
    at_slack.slack.uninstalls()
    worker = at_slack.house.house.worker()
    worker.start()
    at_slack.slack.wait_for(lambda: at_slack.slack.journal.called("chat.postMessage"))
    worker.stop()
    assert posted(at_slack) == []
    token = at_slack.slack.installs()
    settings = Settings(
        _env_file=None,
        database_url=at_slack.house.house.db.url,
        slack={"bot_token": token, "signing_secret": at_slack.slack.signing_secret, "api_url": at_slack.slack.base_url},
    )
    again = TestHouse(build(settings, at_slack.house.clock), at_slack.house.clock)
    try:
        again.run_jobs()
        noor.sees("Zuivelhuis Terwolde", timeout_s=5)
        assert len(posted(at_slack)) == 1
        assert len(again.visits()) == 1
    finally:
        again.stop()
        again.house.close()
