"""The road from Slack's HTTP events to the card in the thread, against a Slack that refuses what Slack refuses."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from capture import Assistant
from tests.doors.conftest import SlackHouse
from tests.servers.ports import until

REPORT = "gisteren bij zuivelhuis terwolde geweest met Kees & Marja, offerte sturen voor vrijdag"


def test_a_direct_message_is_answered_with_a_card_in_its_thread(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    said = noor.says(REPORT)
    at_slack.slack.settle()
    at_slack.house.run_jobs()
    card = noor.sees("Zuivelhuis Terwolde", timeout_s=5)
    assert card.thread_ts == said.ts
    assert len(at_slack.house.visits()) == 1
    assert at_slack.house.captures()[0].text == REPORT


def test_four_deliveries_two_of_them_at_once_are_one_visit_and_one_card(at_slack: SlackHouse) -> None:
    with at_slack.slack.holding() as held:
        at_slack.slack.human(at_slack.noor).says(REPORT)
    [event] = held
    for delivery in at_slack.slack.deliver_twice_at_once(event):
        assert delivery.ok
    at_slack.house.run_jobs()
    assert at_slack.slack.deliver(event, retry_num=1).ok
    assert at_slack.slack.deliver(event, retry_num=2).ok
    at_slack.house.run_jobs()
    assert len(at_slack.house.visits()) == 1
    assert len(at_slack.slack.journal.called("chat.postMessage")) == 1


def test_the_200_leaves_only_after_the_commit(at_slack: SlackHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    committed: list[bool] = []
    accept = Assistant.accept

    def watched(self: Assistant, *args: object, **kwargs: object) -> object:
        receipt = accept(self, *args, **kwargs)  # type: ignore[arg-type]
        committed.append(True)
        return receipt

    monkeypatch.setattr(Assistant, "accept", watched)
    assert at_slack.slack.deliver(_event(at_slack, REPORT)).ok
    assert committed == [True]
    assert len(at_slack.house.captures()) == 1


def test_a_locked_database_is_slacks_to_try_again_and_nothing_is_lost(
    at_slack: SlackHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.db.BUSY_TIMEOUT_MS", 200)
    at_slack.house.house.db.engine.dispose()
    event = _event(at_slack, REPORT)
    with at_slack.house.house.db.engine.connect() as other:
        other.execute(text("SELECT 1"))  # begins IMMEDIATE and holds the one write lock
        refused = at_slack.slack.deliver(event)
        other.rollback()
    assert refused.status == 500
    assert at_slack.house.captures() == []
    assert at_slack.slack.deliver(event, retry_num=1).ok
    assert len(at_slack.house.captures()) == 1


def test_an_event_signed_by_somebody_else_is_refused_and_not_kept(at_slack: SlackHouse) -> None:
    assert at_slack.slack.deliver(_event(at_slack, REPORT), secret="somebody-elses").status == 401
    assert at_slack.house.captures() == []


def test_slack_may_verify_the_url(at_slack: SlackHouse) -> None:
    assert at_slack.slack.verifies_url()


def test_a_rep_is_found_by_the_address_in_the_slack_profile(at_slack: SlackHouse) -> None:
    saara = at_slack.slack.human(at_slack.saara)
    saara.says("Kävin eilen Kuusiston Panimolla, Pekka halusi tarjouksen")
    at_slack.slack.settle()
    at_slack.house.run_jobs()
    saara.sees("Kuusiston Panimo", timeout_s=5)
    saara.says("Soitin tänään Pekka Rautaselle, tilasi 3 pumppua")
    at_slack.slack.settle()
    assert len(at_slack.slack.journal.called("users.info")) == 1


def test_a_colleague_who_is_no_rep_is_told_whom_to_ask(at_slack: SlackHouse) -> None:
    stranger = at_slack.slack.human(at_slack.slack.add_user("Otto", "otto@varenhof.example"))
    stranger.says(REPORT)
    at_slack.slack.settle()
    at_slack.house.run_jobs()
    answer = stranger.reads()[-1]
    assert answer.from_app
    assert "Terwolde" not in answer.shown
    assert at_slack.house.visits() == []


def test_guests_of_the_workspace_get_nothing(at_slack: SlackHouse) -> None:
    guest = at_slack.slack.human(at_slack.slack.add_user("Gast", "gast@elsewhere.example", is_restricted=True))
    guest.says("hallo")
    at_slack.slack.settle()
    assert at_slack.house.captures() == []


def test_undo_takes_the_visit_back_and_the_card_says_so(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    noor.says(REPORT)
    at_slack.slack.settle()
    at_slack.house.run_jobs()
    noor.clicks(_label(noor.sees("Terwolde", timeout_s=5), "undo"))
    at_slack.slack.settle()
    at_slack.house.run_jobs()
    assert at_slack.house.visits()[0].withdrawn_at is not None
    assert len(at_slack.slack.journal.called("chat.update", ok=True)) == 1


def test_a_question_is_answered_by_a_tap(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    noor.says("vanmorgen bij hofstra langs geweest, ze willen een offerte")
    at_slack.slack.settle()
    at_slack.house.run_jobs()
    noor.clicks("Slagerij Hofstra, Grou")
    at_slack.slack.settle()
    at_slack.house.run_jobs()
    assert at_slack.house.visits()[0].account_id is not None
    noor.sees("Slagerij Hofstra", timeout_s=5)


def test_slack_in_a_hurry_is_obeyed_and_the_card_still_arrives(at_slack: SlackHouse) -> None:
    at_slack.slack.fail_next("chat.postMessage", status=429, error="ratelimited", retry_after=1, times=1)
    noor = at_slack.slack.human(at_slack.noor)
    noor.says(REPORT)
    at_slack.slack.settle()
    at_slack.house.run_jobs()
    noor.sees("Terwolde", timeout_s=10)
    assert len(at_slack.slack.journal.called("chat.postMessage", ok=True)) == 1


def test_a_workspace_that_knows_no_new_blocks_gets_the_text(at_slack: SlackHouse) -> None:
    at_slack.slack.fail_next("chat.postMessage", error="invalid_blocks", times=1)
    noor = at_slack.slack.human(at_slack.noor)
    noor.says(REPORT)
    at_slack.slack.settle()
    at_slack.house.run_jobs()
    assert "Terwolde" in noor.reads()[-1].text


def test_a_card_whose_thread_is_gone_is_posted_beside_it(at_slack: SlackHouse) -> None:
    at_slack.slack.deliver(_event(at_slack, REPORT))
    at_slack.house.run_jobs()
    card = at_slack.slack.human(at_slack.noor).sees("Terwolde", timeout_s=5)
    assert card.thread_ts is None


def test_a_mention_in_a_channel_comes_as_one_report(at_slack: SlackHouse) -> None:
    channel = at_slack.slack.add_channel("sales", members=[at_slack.noor])
    noor = at_slack.slack.human(at_slack.noor)
    noor.says(f"<@{at_slack.slack.workspace.bot_user}> {REPORT}", to=channel, raw=True)
    at_slack.slack.settle()
    at_slack.house.run_jobs()
    assert [capture.text for capture in at_slack.house.captures()] == [REPORT]


def test_twenty_reps_at_once_are_all_taken(at_slack: SlackHouse) -> None:
    threads = [threading.Thread(target=at_slack.slack.deliver, args=(_event(at_slack, REPORT, n),)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(lambda: len(at_slack.house.captures()) == 20, "all are kept")


def _event(at_slack: SlackHouse, said: str, number: int = 0) -> dict[str, object]:
    channel = at_slack.slack.dm(at_slack.noor)
    ts = f"{datetime.now(UTC).timestamp() + number:.6f}"
    return {
        "type": "message", "channel": channel.id, "channel_type": "im", "user": at_slack.noor.id, "text": said,
        "ts": ts, "event_ts": ts,
    }  # fmt: skip


def _label(card: object, action_id: str) -> str:
    for block in card.blocks:  # type: ignore[attr-defined]
        for element in block.get("elements", []):
            if str(element.get("action_id", "")).startswith(action_id):
                return str(element["text"]["text"])
    raise AssertionError(f"no button {action_id}")
