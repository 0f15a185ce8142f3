"""Ways into the house beside a plain message: /visit, the shortcut, threads of channels; and that each is seen."""

import pytest
from sqlalchemy import select

from store.tables import Attachment
from tests.doors.conftest import SlackHouse, both_ways

pytestmark = both_ways

REPORT = "gisteren bij zuivelhuis terwolde geweest met Kees & Marja, offerte sturen voor vrijdag"
NASTY = "<!channel> *vet* <@U1> & <https://evil.example|klik>"


def test_a_message_is_marked_as_seen_at_once_and_as_done_when_it_is_filed(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    said = noor.says(REPORT)
    at_slack.slack.wait_for(lambda: said.reactions == {"eyes": [at_slack.slack.workspace.bot_user]})
    at_slack.house.run_jobs()
    at_slack.slack.wait_for(lambda: list(said.reactions) == ["white_check_mark"])


def test_reactions_that_slack_does_not_want_cost_nothing_but_themselves(at_slack: SlackHouse) -> None:
    at_slack.slack.fail_next("reactions.add", status=429, retry_after=30)
    noor = at_slack.slack.human(at_slack.noor)
    first = noor.says(REPORT)
    at_slack.slack.wait_for(lambda: at_slack.slack.journal.called("reactions.add"))
    at_slack.house.run_jobs()
    noor.sees("Terwolde", timeout_s=5)
    noor.says("dank je")
    at_slack.house.run_jobs()
    assert first.reactions == {}
    assert len(at_slack.slack.journal.called("reactions.add")) == 1


def test_a_command_is_a_report_and_its_card_comes_in_the_direct_messages(at_slack: SlackHouse) -> None:
    channel = at_slack.slack.add_channel("sales", members=[at_slack.noor], with_bot=False)
    noor = at_slack.slack.human(at_slack.noor)
    noor.slash("/visit", REPORT, to=channel)
    assert "Kees & Marja" in noor.reads(channel)[-1].shown
    at_slack.house.run_jobs()
    card = noor.sees("Zuivelhuis Terwolde", timeout_s=5)
    assert at_slack.slack.dm(at_slack.noor).id == card.channel
    assert [visit.rep_id for visit in at_slack.house.visits()] == [at_slack.house.captures()[0].rep_id]


def test_what_is_said_and_shown_under_the_card_of_a_command_goes_with_its_visit(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    noor.slash("/visit", REPORT)
    at_slack.house.run_jobs()
    card = noor.sees("Zuivelhuis Terwolde", timeout_s=5)
    noor.says("actie: ook monsters sturen", thread=card)
    noor.uploads("schap.png", b"\x89PNG\r\n", "image/png", thread=card)
    at_slack.house.run_jobs()
    noor.sees("monsters", timeout_s=5)
    [visit] = at_slack.house.visits()
    with at_slack.house.house.db.read() as tx:
        kept = tx.scalars(select(Attachment.capture_id).where(Attachment.name == "schap.png")).all()
    assert visit.capture_id in kept


def test_the_same_command_typed_twice_is_two_reports(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    noor.slash("/visit", REPORT)
    noor.slash("/visit", REPORT)
    assert len(at_slack.house.captures()) == 2


def test_a_command_without_words_says_how_it_is_done(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    noor.slash("/visit")
    assert at_slack.house.captures() == []
    assert "Acme" in noor.reads()[-1].shown


def test_what_is_typed_after_a_command_is_shown_as_it_was_typed(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    noor.slash("/visit", NASTY.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    answer = noor.reads()[-1]
    assert NASTY in answer.shown
    assert "<!channel>" not in answer.text


def test_anybodys_message_is_logged_as_a_visit_of_whoever_chose_it(at_slack: SlackHouse) -> None:
    channel = at_slack.slack.add_channel("sales", members=[at_slack.noor, at_slack.saara], with_bot=False)
    said = at_slack.slack.human(at_slack.saara).says(REPORT, to=channel)
    noor = at_slack.slack.human(at_slack.noor)
    noor.shortcut("Log as visit", on=said)
    at_slack.house.run_jobs()
    noor.sees("Zuivelhuis Terwolde", timeout_s=5)
    noor.shortcut("Log as visit", on=said)
    at_slack.house.run_jobs()
    assert "had ik al" in noor.reads(channel)[-1].shown
    [visit] = at_slack.house.visits()
    assert at_slack.house.captures()[0].sender == at_slack.noor.id.lower()
    assert visit.report == REPORT


def test_ones_own_message_that_was_logged_follows_when_it_is_edited(at_slack: SlackHouse) -> None:
    channel = at_slack.slack.add_channel("sales", members=[at_slack.noor])
    noor = at_slack.slack.human(at_slack.noor)
    said = noor.says(REPORT, to=channel)
    assert at_slack.house.captures() == []
    noor.shortcut("Log as visit", on=said)
    at_slack.house.run_jobs()
    noor.edits(said, REPORT.replace("gisteren", "vandaag"))
    at_slack.house.run_jobs()
    assert [visit.on for visit in at_slack.house.visits()] == [at_slack.house.captures()[0].sent_at.date()]


@pytest.mark.parametrize("said", ["Morgen ga ik langs bij zuivelhuis terwolde", "Wie gaat er mee lunchen?"])
def test_what_reads_like_no_report_is_logged_when_somebody_says_it_is_one(at_slack: SlackHouse, said: str) -> None:
    channel = at_slack.slack.add_channel("sales", members=[at_slack.noor, at_slack.saara], with_bot=False)
    plan = at_slack.slack.human(at_slack.saara).says(said, to=channel)
    at_slack.slack.human(at_slack.noor).shortcut("Log as visit", on=plan)
    at_slack.house.run_jobs()
    [visit] = at_slack.house.visits()
    assert at_slack.house.captures()[0].state == ("filed" if visit.account_id else "asked")
    assert visit.report == said


def test_what_was_judged_to_be_no_visit_is_one_after_all(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    said = noor.says("Bedankt!")
    at_slack.house.run_jobs()
    assert at_slack.house.visits() == []
    noor.shortcut("Log as visit", on=said)
    at_slack.house.run_jobs()
    [visit] = at_slack.house.visits()
    card = noor.sees("welke klant", timeout_s=5)
    assert len(at_slack.slack.journal.called("chat.postMessage")) == 1, "the answer became the card"
    assert visit.number in card.shown
    noor.edits(said, "Bedankt, Kees!")
    noor.shortcut("Log as visit", on=said)
    at_slack.house.run_jobs()
    assert "had ik al" in noor.reads()[-1].shown
    assert [one.withdrawn_at for one in at_slack.house.visits()] == [None]


def test_a_card_is_nothing_to_log(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    noor.says(REPORT)
    at_slack.house.run_jobs()
    noor.shortcut("Log as visit", on=noor.sees("Terwolde", timeout_s=5))
    at_slack.house.run_jobs()
    assert len(at_slack.house.captures()) == 1


def test_guests_and_bots_get_no_answer_to_a_command_or_a_shortcut(at_slack: SlackHouse) -> None:
    guest = at_slack.slack.human(at_slack.slack.add_user("Gast", "gast@elsewhere.example", is_ultra_restricted=True))
    channel = at_slack.slack.add_channel("sales", members=[guest.user, at_slack.noor])
    said = at_slack.slack.human(at_slack.noor).says(REPORT, to=channel)
    guest.slash("/visit", REPORT)
    guest.shortcut("Log as visit", on=said)
    at_slack.house.run_jobs()
    assert at_slack.house.captures() == []
    assert [message for message in guest.reads() if message.from_app] == []


def test_in_a_channel_only_the_thread_of_ones_own_report_is_listened_to(at_slack: SlackHouse) -> None:
    channel = at_slack.slack.add_channel("sales", members=[at_slack.noor, at_slack.saara])
    noor, saara = at_slack.slack.human(at_slack.noor), at_slack.slack.human(at_slack.saara)
    head = noor.says(f"<@{at_slack.slack.workspace.bot_user}> {REPORT}", to=channel, raw=True)
    at_slack.house.run_jobs()
    saara.says("Wie gaat er mee lunchen?", to=channel)
    saara.says("Mooi, Noor!", to=channel, thread=head)
    noor.says("gisteren ook nog bij slagerij hofstra in Grou geweest", to=channel, thread=head)
    at_slack.house.run_jobs()
    assert [capture.sender for capture in at_slack.house.captures()] == [at_slack.noor.id.lower()] * 2
