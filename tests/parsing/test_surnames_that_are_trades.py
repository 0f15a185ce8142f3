"""Surnames that are also trades: Anna de Boer is no farmer, and the baker Tom Birch is one."""

from datetime import UTC, datetime

import pytest

from parsing import parse
from parsing.model import Crm, KnownAccount, KnownRep, Message

CRM = Crm(
    reps=(KnownRep(email="noor@varenhof.example", name="Noor", language="nl", timezone="Europe/Amsterdam"),),
    accounts=(KnownAccount(id="1", name="Zuivelhuis Terwolde B.V.", city="Terwolde"),),
)


@pytest.mark.parametrize(
    ("said", "people"),
    [
        ("gesproken met Joost Vermeulen en Anna de Boer (inkoper)", ["Joost Vermeulen", "Anna de Boer"]),
        ("gesproken met Anna Visser", ["Anna Visser"]),
    ],
)
def test_a_given_name_before_it_makes_a_trade_a_surname(said: str, people: list[str]) -> None:
    text = f"vandaag bij zuivelhuis terwolde, {said}"
    message = Message(via="web", rep="noor@varenhof.example", sent_at=datetime(2026, 3, 3, 17, tzinfo=UTC), text=text)
    [visit] = parse(message, CRM).visits
    assert [found.value.name for found in visit.contacts] == people
