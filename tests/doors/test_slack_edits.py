"""Messages edited and deleted in Slack: the one card of the report follows."""

from datetime import time

from tests.doors.conftest import SlackHouse, both_ways

pytestmark = both_ways

REPORT = "gisteren om 14u bij zuivelhuis terwolde geweest met Kees & Marja, offerte sturen voor vrijdag"


def test_editing_the_message_changes_the_record_and_its_one_card(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    said = noor.says(REPORT)
    at_slack.house.run_jobs()
    noor.edits(said, REPORT.replace("14u", "16u"))
    at_slack.house.run_jobs()
    assert [visit.starts for visit in at_slack.house.visits()] == [time(16)]
    noor.sees("16:00", timeout_s=5)
    assert len(at_slack.slack.journal.called("chat.postMessage", ok=True)) == 1


def test_a_link_that_unfolds_is_no_edit(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    said = noor.says(f"{REPORT}, zie https://www.example.org/kaas")
    at_slack.house.run_jobs()
    noor.edits(said, f"{REPORT}, zie https://www.example.org/melk")
    at_slack.house.run_jobs()
    renewed = len(at_slack.slack.journal.called("chat.update"))
    noor.sees_unfurled(said)
    at_slack.house.run_jobs()
    assert len(at_slack.slack.journal.called("chat.update")) == renewed
    assert at_slack.house.visits()[0].withdrawn_at is None


def test_edits_delivered_in_the_wrong_order_and_twice_end_with_the_last(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    with at_slack.slack.holding() as held:
        said = noor.says(REPORT)
        noor.edits(said, REPORT.replace("14u", "15u"))
        noor.edits(said, REPORT.replace("14u", "16u"))
    first, older, newer = held
    for event in (newer, older, first, newer, older):
        assert at_slack.slack.deliver(event).ok
        at_slack.house.run_jobs()
    assert [visit.starts for visit in at_slack.house.visits()] == [time(16)]
    assert len(at_slack.slack.journal.called("chat.postMessage", ok=True)) == 1


def test_deleting_the_message_withdraws_the_record_and_the_card_says_so(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    said = noor.says(REPORT)
    at_slack.house.run_jobs()
    noor.deletes(said)  # it heads the thread with the card: Slack leaves a tombstone
    at_slack.house.run_jobs()
    assert at_slack.house.visits()[0].withdrawn_at is not None
    noor.sees("ingetrokken", timeout_s=5)


def test_a_message_deleted_before_it_was_read_leaves_nothing(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    noor.deletes(noor.says(REPORT))
    at_slack.house.run_jobs()
    assert at_slack.house.visits() == []
    assert not at_slack.slack.journal.called("chat.postMessage")


def test_a_deletion_that_overtakes_its_message_keeps_it_out(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    with at_slack.slack.holding() as held:
        noor.deletes(noor.says(REPORT))
    for event in reversed(held):
        assert at_slack.slack.deliver(event).ok
    at_slack.house.run_jobs()
    assert at_slack.house.visits() == []


def test_what_a_stranger_edits_or_deletes_is_nothing_to_us(at_slack: SlackHouse) -> None:
    guest = at_slack.slack.human(at_slack.slack.add_user("Gast", "gast@elsewhere.example", is_restricted=True))
    said = guest.says("hallo")
    guest.edits(said, REPORT)
    guest.deletes(said)
    assert at_slack.house.captures() == []
