"""Socket Mode: the same conversation as over HTTP, and sockets that are refreshed, cut, or die without a word."""

import time

import pytest

from tests.doors.conftest import SlackHouse, both_ways

REPORT = "vanmorgen bij hofstra langs geweest, ze willen een offerte"
by_socket = pytest.mark.parametrize("at_slack", ["sockets"], indirect=True)


@both_ways
def test_a_whole_conversation(at_slack: SlackHouse) -> None:
    """Report, question by tap, Fix by form, another wording, command, question, Home, and taken back."""
    noor = at_slack.slack.human(at_slack.noor)
    said = noor.says(REPORT)
    at_slack.house.run_jobs()
    noor.clicks("Slagerij Hofstra, Grou", on=noor.sees("Welke klant", timeout_s=5))
    at_slack.house.run_jobs()
    card = noor.sees("Slagerij Hofstra", timeout_s=5)
    noor.clicks("Aanpassen", on=card)
    at_slack.slack.wait_for(lambda: noor.modal is not None and noor.modal.data.get("submit"))
    assert noor.submits({"Plaats": "Grouw"}) == {}
    at_slack.house.run_jobs()
    assert at_slack.house.visits()[0].city == "Grouw"
    noor.edits(said, f"{REPORT}, en monsters voor 12500 euro")
    at_slack.house.run_jobs()
    noor.sees("12.500", timeout_s=5)
    noor.slash("/visit", "laatste bezoek slagerij hofstra?")
    at_slack.house.run_jobs()
    noor.sees("Laatste bezoeken: Slagerij Hofstra", timeout_s=5)
    noor.opens_home()
    assert noor.home is not None
    assert "V-2026-00001" in noor.home.shown
    noor.opens_messages()
    noor.deletes(said)
    at_slack.house.run_jobs()
    assert at_slack.house.visits()[0].withdrawn_at is not None
    at_slack.slack.wait_for(lambda: noor.home and "V-2026-00001" not in noor.home.shown)


@by_socket
def test_a_socket_that_slack_refreshes_loses_nothing(at_slack: SlackHouse) -> None:
    at_slack.slack.refresh_sockets()
    at_slack.slack.wait_for(lambda: at_slack.slack.sockets == 1, 5)
    at_slack.slack.human(at_slack.noor).says(REPORT)
    assert len(at_slack.house.captures()) == 1


@by_socket
@pytest.mark.parametrize("silently", [False, True], ids=["aborted", "without a word"])
def test_a_socket_that_was_cut_is_back_within_fifteen_seconds(at_slack: SlackHouse, silently: bool) -> None:
    at_slack.slack.cut_sockets(silently=silently)
    began = time.monotonic()
    at_slack.slack.wait_for(lambda: at_slack.slack.sockets == 1, 15)
    assert time.monotonic() - began < 15
    at_slack.slack.human(at_slack.noor).says(REPORT)
    at_slack.slack.wait_for(at_slack.house.captures)


@by_socket
def test_an_envelope_that_could_not_be_kept_is_not_acknowledged(
    at_slack: SlackHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    with at_slack.slack.holding() as held:
        at_slack.slack.human(at_slack.noor).says(REPORT)
    at_slack.slack.ack_s = 0.5
    with monkeypatch.context() as patched:
        patched.setattr("capture.Assistant.accept", broken)
        assert not at_slack.slack.deliver(held[0]).ok
    assert at_slack.slack.deliver(held[0], retry_num=1).ok
    assert len(at_slack.house.captures()) == 1
