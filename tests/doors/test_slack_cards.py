"""What a card shows and what is told by one tap on it, against a Slack that refuses what Slack refuses."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.doors.conftest import SlackHouse
from tests.servers.slack import Message
from tests.servers.slack.block_kit import live_markup

CALLED = "vandaag bij zuivelhuis terwolde met Kees de offerte doorgenomen, 12.500 euro, contract sturen"
REPORT = "gisteren om 14u bij zuivelhuis terwolde geweest met Kees, offerte 12.500 euro sturen voor vrijdag"


@pytest.fixture(autouse=True)
def _today(at_slack: SlackHouse) -> None:
    at_slack.house.clock.now = datetime.now(UTC)  # as Slack's, which stamps messages


def reports(at_slack: SlackHouse, text: str, shows: str) -> Message:
    noor = at_slack.slack.human(at_slack.noor)
    noor.says(text)
    at_slack.house.run_jobs()
    return noor.sees(shows, timeout_s=20)


def taps(at_slack: SlackHouse, label: str, on: Message | None = None) -> None:
    at_slack.slack.human(at_slack.noor).clicks(label, on=on)
    at_slack.slack.settle()
    at_slack.house.run_jobs()


def test_the_card_tells_all_that_was_understood_and_where_the_rep_stands(at_slack: SlackHouse) -> None:
    card = reports(at_slack, REPORT, "Zuivelhuis Terwolde")
    for said in ("Terwolde", "14:00", "Kees Bruinsma", "12.500", "Te doen", "uiterlijk", "V-2026-0", "deze week"):
        assert said in card.shown, said


def test_a_new_customer_and_person_are_marked_as_new(at_slack: SlackHouse) -> None:
    said = "gisteren kennisgemaakt bij Bakkerij Oldenhof in Assen, gesproken met Geert Mulderij. offerte maken"
    card = reports(at_slack, said, "Oldenhof")
    assert card.shown.count("nieuw") == 2


def test_words_of_a_doubtful_value_stand_on_the_card_until_a_person_looked_at_it(at_slack: SlackHouse) -> None:
    card = reports(at_slack, "gisteren bij zuivelhuis terwolde, Kees gaat misschien bestellen", "Terwolde")
    assert "Niet zeker" in card.shown
    assert "Uitkomst uit “bestellen”" in card.shown
    house = at_slack.house
    house.house.assistant.correct(house.visits()[0].id, "noor@varenhof.example", "outcome", "order")
    house.run_jobs()
    assert "Niet zeker" not in at_slack.slack.human(at_slack.noor).sees("Terwolde").shown


def test_by_phone_and_done_are_one_tap_and_the_card_changes_in_place(at_slack: SlackHouse) -> None:
    reports(at_slack, CALLED, "Terwolde")
    taps(at_slack, "Was telefonisch")
    [visit] = at_slack.house.visits()
    assert visit.medium == "phone"
    done = next(label for label in labels(at_slack) if label.startswith("Gedaan: "))
    taps(at_slack, done)
    assert [action.state for action in at_slack.house.visits()[0].actions] == ["done"]
    card = at_slack.slack.human(at_slack.noor).sees("Terwolde")
    assert "✓" in card.shown
    assert not {"Was telefonisch", done} & set(labels(at_slack))
    assert len(at_slack.slack.journal.called("chat.postMessage", ok=True)) == 1


def test_nobody_there_rescheduled_and_held_after_all(at_slack: SlackHouse) -> None:
    reports(at_slack, "vanmiddag bij zuivelhuis terwolde geweest", "Terwolde")
    assert "1 bezoek deze week" in at_slack.slack.human(at_slack.noor).sees("Terwolde").shown
    taps(at_slack, "Niemand aanwezig")
    [visit] = at_slack.house.visits()
    assert (visit.status, visit.outcome) == ("missed", "no_show")
    taps(at_slack, "Verplaatst")
    [visit] = at_slack.house.visits()
    assert (visit.status, visit.outcome) == ("cancelled", None)
    assert "0 bezoeken deze week" in at_slack.slack.human(at_slack.noor).sees("Terwolde").shown
    taps(at_slack, "Is wel doorgegaan")
    assert at_slack.house.visits()[0].status == "held"


def test_a_button_of_an_old_card_does_what_it_says_or_tells_why_not(at_slack: SlackHouse) -> None:
    old = reports(at_slack, CALLED, "Terwolde").copy()
    taps(at_slack, "Was telefonisch")
    taps(at_slack, "Was telefonisch", on=old)
    assert at_slack.house.visits()[0].medium == "phone"
    taps(at_slack, "Ongedaan maken")
    taps(at_slack, "Was telefonisch", on=old)
    said = at_slack.slack.human(at_slack.noor).reads()[-1]
    assert said.ephemeral_to == at_slack.noor.id
    assert "al ingetrokken" in said.shown


def test_a_colleague_cannot_press_the_buttons_of_another(at_slack: SlackHouse) -> None:
    channel = at_slack.slack.add_channel("sales", members=[at_slack.noor, at_slack.saara])
    noor = at_slack.slack.human(at_slack.noor)
    noor.says(f"<@{at_slack.slack.workspace.bot_user}> {REPORT}", to=channel, raw=True)
    at_slack.house.run_jobs()
    noor.sees("Terwolde", timeout_s=20)
    saara = at_slack.slack.human(at_slack.saara)
    saara.clicks("Ongedaan maken")
    at_slack.house.run_jobs()
    assert at_slack.house.visits()[0].withdrawn_at is None


HOSTILE = ("<!channel>", f"<@{'U0NOOR'}>", "*vet* _schuin_", "<https://evil.example|Undo>", "x" * 10_000)


@pytest.mark.parametrize("hostile", HOSTILE, ids=["channel", "person", "stars", "link", "long"])
def test_what_people_write_is_shown_as_text_and_cut(at_slack: SlackHouse, hostile: str) -> None:
    reports(at_slack, REPORT, "Terwolde")
    house = at_slack.house
    [visit] = house.visits()
    correct = house.house.assistant.correct
    short = hostile[:200]
    correct(visit.id, "noor@varenhof.example", "new_account", short)
    correct(visit.id, "noor@varenhof.example", "contacts", [{"name": short, "role": short}])
    correct(visit.id, "noor@varenhof.example", "keywords", [short])
    correct(visit.id, "noor@varenhof.example", "actions", [{"text": hostile[:2_000]}])
    correct(visit.id, "noor@varenhof.example", "city", short)
    house.run_jobs()
    card = at_slack.slack.human(at_slack.noor).sees("V-2026-0")
    assert list(live_markup(card.data)) == []
    assert hostile[:40] in card.shown
    assert len(card.shown) < 4_000
    assert house.visits()[0].amounts[0].value == Decimal(12_500)


def labels(at_slack: SlackHouse) -> list[str]:
    card = at_slack.slack.human(at_slack.noor).sees("V-2026-0")
    rows = [block for block in card.blocks if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row["elements"] if "text" in element]
