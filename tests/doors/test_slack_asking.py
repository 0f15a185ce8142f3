"""A rep asks about visits in Slack, and is told what that rep may see."""

from typing import Any

import pytest
from sqlalchemy import select

from store.tables import Access, Account, Rep
from tests.conftest import TestHouse
from tests.doors.conftest import SlackHouse

REPORT = "gisteren bij zuivelhuis terwolde geweest met Kees & Marja, offerte sturen voor vrijdag"


def said(at_slack: SlackHouse, text: str, rep: str = "noor@varenhof.example") -> None:
    at_slack.house.says(text, rep)
    at_slack.house.run_jobs()


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        (
            "laatste bezoek zuivelhuis terwolde?",
            ["Laatste bezoeken: Zuivelhuis Terwolde", "Kees Bruinsma", "V-2026-00001"],
        ),
        ("wat stond open bij Terwolde?", ["Te doen: Zuivelhuis Terwolde", "offerte sturen"]),
        ("wie kennen we bij Terwolde?", ["Mensen: Zuivelhuis Terwolde", "Kees Bruinsma (inkoper)"]),
        ("mijn acties", ["Je actielijst", "offerte sturen", "Zuivelhuis Terwolde"]),
        ("hoeveel bezoeken heb ik deze week?", ["deze week"]),
        ("laatste bezoek Bakkerij Zonneveld?", ["Ik ken geen klant “Bakkerij Zonneveld”"]),
    ],
)
def test_a_question_is_answered_in_its_thread_and_nothing_is_filed(
    at_slack: SlackHouse, question: str, shown: list[str]
) -> None:
    said(at_slack, REPORT)
    noor = at_slack.slack.human(at_slack.noor)
    asked = noor.says(question)
    at_slack.house.run_jobs()
    answer = noor.sees(shown[0], timeout_s=5)
    assert all(part in answer.shown for part in shown)
    assert answer.thread_ts == asked.ts
    assert len(at_slack.house.visits()) == 1


def test_a_command_asks_too(at_slack: SlackHouse) -> None:
    said(at_slack, REPORT)
    noor = at_slack.slack.human(at_slack.noor)
    noor.slash("/visit", "laatste bezoek terwolde?")
    at_slack.house.run_jobs()
    noor.sees("Laatste bezoeken: Zuivelhuis Terwolde", timeout_s=5)


def test_a_rep_is_told_of_colleagues_visits_only_at_accounts_that_are_also_theirs(at_slack: SlackHouse) -> None:
    said(at_slack, REPORT)
    said(at_slack, "Kävin tänään Kuusiston Panimolla, Pekka Rautanen tilasi 3 pumppua", "saara@varenhof.example")
    noor, saara = at_slack.slack.human(at_slack.noor), at_slack.slack.human(at_slack.saara)
    noor.says("laatste bezoek Kuusiston Panimo?")
    saara.says("milloin kävimme viimeksi Kuusiston Panimolla?")
    at_slack.house.run_jobs()
    noor.sees("Hier is geen bezoek vastgelegd", timeout_s=5)
    assert "pumppua" in saara.sees("Viimeisimmät käynnit: Kuusiston Panimo", timeout_s=5).shown


def test_answers_link_to_the_pages(build_house: Any, sqlite_url: str) -> None:
    house: TestHouse = build_house(sqlite_url, public_url="https://debrief.example")
    house.says(REPORT)
    house.run_jobs()
    house.says("laatste bezoek zuivelhuis terwolde?")
    house.run_jobs()
    blocks = str(house.deliveries()[-1].letter["blocks"])
    assert "https://debrief.example/visits/" in blocks
    assert "https://debrief.example/accounts/" in blocks


def test_a_question_in_the_thread_of_a_question_of_ours_is_no_answer_to_it(at_slack: SlackHouse) -> None:
    noor = at_slack.slack.human(at_slack.noor)
    head = noor.says("vanmorgen bij hofstra langs geweest, ze willen een offerte")
    at_slack.house.run_jobs()
    noor.says("laatste bezoek slagerij hofstra?", thread=head)
    at_slack.house.run_jobs()
    noor.sees("Laatste bezoeken: Slagerij Hofstra", timeout_s=5)
    assert at_slack.house.visits()[0].account_id is None


@pytest.mark.parametrize("command", ["brief zuivelhuis terwolde", "briefing Terwolde", "bereid me voor op Terwolde"])
def test_a_brief_is_asked_for_by_the_command(at_slack: SlackHouse, command: str) -> None:
    said(at_slack, REPORT)
    said(at_slack, "vorige week dinsdag bij zuivelhuis terwolde geweest, klacht over de levering")
    noor = at_slack.slack.human(at_slack.noor)
    noor.slash("/visit", command)
    at_slack.house.run_jobs()
    shown = noor.sees("Briefing: Zuivelhuis Terwolde", timeout_s=5).shown
    for part in ("Terwolde · klasse A · accountmanager Noor Wijngaard", "Komt hier: Noor Wijngaard", "Klacht: ",
                 "Laatste bezoeken: ", "offerte sturen", "Kees Bruinsma (inkoper)"):  # fmt: skip
        assert part in shown, shown
    assert len(at_slack.house.visits()) == 2


def test_a_brief_tells_nobody_what_they_may_not_see_and_leaves_its_line(at_slack: SlackHouse) -> None:
    said(at_slack, "Kävin tänään Kuusiston Panimolla, Pekka Rautanen tilasi 3 pumppua", "saara@varenhof.example")
    with at_slack.house.house.db.write() as tx:
        for account in tx.scalars(select(Account).where(Account.name.startswith("Kuusiston"))):
            account.owner_id = tx.scalars(select(Rep.id).where(Rep.name.startswith("Saara"))).one()
        for rep in tx.scalars(select(Rep)):
            rep.manager_id, rep.team = None, None
    noor = at_slack.slack.human(at_slack.noor)
    noor.says("brief Kuusiston Panimo")
    at_slack.house.run_jobs()
    shown = noor.sees("Briefing: Kuusiston Panimo", timeout_s=5).shown
    assert ("Saara" in shown, "pumppua" in shown) == (True, False)
    with at_slack.house.house.db.read() as tx:
        assert ["an answer by slack"] == list(tx.scalars(select(Access.how).distinct()))
