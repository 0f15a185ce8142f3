"""The one question of a card, and what is said in its thread, against a Slack that refuses what Slack refuses."""

from datetime import UTC, datetime

import pytest

from store.tables import Account
from tests.doors.conftest import SlackHouse
from tests.servers.slack import Message

REPORT = "gisteren om 14u bij zuivelhuis terwolde geweest met Kees, offerte sturen voor vrijdag"
WHICH = "vanmorgen bij hofstra langs geweest, ze willen een offerte"
NEAR = "gisteren kennisgemaakt bij Slagerij Hofstaart in Sneek, gesproken met Geert Mulderij. offerte maken"
NONE = "vanmiddag om 14u offerte besproken met Piet Dijkman, hij belt morgen terug"


@pytest.fixture(autouse=True)
def _today(at_slack: SlackHouse) -> None:
    at_slack.house.clock.now = datetime.now(UTC)  # as Slack's, which stamps messages


def reports(at_slack: SlackHouse, text: str) -> Message:
    said = at_slack.slack.human(at_slack.noor).says(text)
    at_slack.house.run_jobs()
    at_slack.slack.human(at_slack.noor).sees("V-2026-0", timeout_s=20)
    return said


def replies(at_slack: SlackHouse, head: Message, text: str) -> Message:
    said = at_slack.slack.human(at_slack.noor).says(text, thread=head)
    at_slack.house.run_jobs()
    return said


def settled(at_slack: SlackHouse) -> None:
    at_slack.slack.settle()
    at_slack.house.run_jobs()


def account(at_slack: SlackHouse) -> str | None:
    [visit] = at_slack.house.visits()
    with at_slack.house.house.db.read() as tx:
        found = tx.get(Account, visit.account_id) if visit.account_id else None
        return found.name if found else None


def shown(at_slack: SlackHouse) -> str:
    return str(at_slack.slack.human(at_slack.noor).sees("V-2026-0").shown)


def posted(at_slack: SlackHouse) -> int:
    return len(at_slack.slack.journal.called("chat.postMessage", ok=True))


def test_two_that_fit_are_two_buttons_and_one_question(at_slack: SlackHouse) -> None:
    reports(at_slack, WHICH)
    assert shown(at_slack).count("?") == 1
    at_slack.slack.human(at_slack.noor).clicks("Hofstra Koeltechniek, Drachten")
    settled(at_slack)
    assert account(at_slack) == "Hofstra Koeltechniek"
    assert "Welke klant" not in shown(at_slack)
    assert posted(at_slack) == 1


def test_another_is_looked_up_among_all_customers(at_slack: SlackHouse) -> None:
    reports(at_slack, WHICH)
    noor = at_slack.slack.human(at_slack.noor)
    assert noor.suggestions("kraan") == ["Brouwerij De Kraanvogel, Leeuwarden", "+ kraan"]
    noor.selects("Brouwerij De Kraanvogel, Leeuwarden", typed="kraan")
    settled(at_slack)
    assert account(at_slack) == "Brouwerij De Kraanvogel"


def test_where_no_customer_was_named_one_is_asked_for_and_may_be_new(at_slack: SlackHouse) -> None:
    reports(at_slack, NONE)
    assert account(at_slack) is None
    assert "Bij welke klant" in shown(at_slack)
    at_slack.slack.human(at_slack.noor).selects("+ Kaasboerderij Het Weiland", typed="Kaasboerderij Het Weiland")
    settled(at_slack)
    assert account(at_slack) == "Kaasboerderij Het Weiland"


def test_an_answer_in_words_settles_the_question(at_slack: SlackHouse) -> None:
    head = reports(at_slack, WHICH)
    replies(at_slack, head, "die in Grou")
    assert account(at_slack) == "Slagerij Hofstra"
    assert posted(at_slack) == 1


def test_a_customer_spelt_like_a_known_one_is_new_or_that_one_by_a_tap(at_slack: SlackHouse) -> None:
    reports(at_slack, NEAR)
    assert "bestaande klant" in shown(at_slack)
    old = at_slack.slack.human(at_slack.noor).sees("V-2026-0").copy()
    at_slack.slack.human(at_slack.noor).clicks("Ja, nieuw")
    settled(at_slack)
    assert account(at_slack) == "Slagerij Hofstaart"
    assert "bestaande klant" not in shown(at_slack)
    at_slack.slack.human(at_slack.noor).clicks("Slagerij Hofstra, Grou", on=old)
    settled(at_slack)
    assert account(at_slack) == "Slagerij Hofstra"
    assert posted(at_slack) == 1


def test_what_is_said_in_the_thread_changes_the_one_card(at_slack: SlackHouse) -> None:
    head = reports(at_slack, REPORT)
    replies(at_slack, head, "Marja was er ook bij")
    replies(at_slack, head, "actie: ook monsters sturen")
    replies(at_slack, head, "om 16u")
    for said in ("Marja Doornbos", "monsters sturen", "16:00"):
        assert said in shown(at_slack), said
    assert posted(at_slack) == 1
    assert len(at_slack.house.visits()) == 1


def test_undo_in_the_thread_takes_the_visit_back(at_slack: SlackHouse) -> None:
    head = reports(at_slack, REPORT)
    replies(at_slack, head, "undo")
    assert at_slack.house.visits()[0].withdrawn_at is not None
    assert "ingetrokken" in shown(at_slack)


def test_an_amendment_edited_or_deleted_in_slack_is_taken_back(at_slack: SlackHouse) -> None:
    head = reports(at_slack, REPORT)
    said = replies(at_slack, head, "actie: monsters sturen")
    noor = at_slack.slack.human(at_slack.noor)
    noor.edits(said, "actie: folders sturen")
    settled(at_slack)
    assert [action.text for action in at_slack.house.visits()[0].actions][1:] == ["folders sturen"]
    noor.deletes(said)
    settled(at_slack)
    assert len(at_slack.house.visits()[0].actions) == 1
    assert "folders" not in shown(at_slack)


def test_what_nobody_understands_in_a_thread_is_said_there(at_slack: SlackHouse) -> None:
    head = reports(at_slack, REPORT)
    replies(at_slack, head, "hmm blauw met stippen")
    answer = at_slack.slack.human(at_slack.noor).sees("Aanpassen, of schrijf", timeout_s=20)
    assert answer.thread_ts == head.ts


def test_a_colleague_in_the_thread_of_a_channel_changes_nothing(at_slack: SlackHouse) -> None:
    channel = at_slack.slack.add_channel("sales", members=[at_slack.noor, at_slack.saara])
    noor = at_slack.slack.human(at_slack.noor)
    bot = at_slack.slack.workspace.bot_user
    head = noor.says(f"<@{bot}> {REPORT}", to=channel, raw=True)
    at_slack.house.run_jobs()
    at_slack.slack.human(at_slack.saara).says(f"<@{bot}> undo", thread=head, raw=True)
    at_slack.house.run_jobs()
    assert at_slack.house.visits()[0].withdrawn_at is None
    noor.says("undo", thread=head)
    at_slack.house.run_jobs()
    assert at_slack.house.visits()[0].withdrawn_at is not None
