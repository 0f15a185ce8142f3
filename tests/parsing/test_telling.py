"""What an owner says in a few words of somebody who seems gone, and where a report says that somebody works now."""

import tomllib
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from parsing import parse
from parsing.model import Crm, KnownAccount, KnownContact, KnownRep, Message
from parsing.telling import read_told

CASES = tomllib.loads((Path(__file__).parent / "telling.toml").read_text("utf-8"))
LEAVER = {"nl": ("Karin Bos", "1"), "de": ("Anna Gruber", "3"), "fi": ("Pentti Salo", "4"), "en": ("Tom Hadley", "5")}


def crm(language: str) -> Crm:
    rep = KnownRep(email="rep@varenhof.example", name="Noor Vos", language=language, timezone="Europe/Amsterdam")
    accounts = (
        KnownAccount(id="1", name="Smederij Kolk", city="Deventer"),
        KnownAccount(id="2", name="Gieterij Hamel", city="Vianen"),
        KnownAccount(id="3", name="Huber Maschinenbau GmbH", city="Graz"),
        KnownAccount(id="4", name="Kalliotek Oy", city="Tampere"),
        KnownAccount(id="5", name="Hartley & Sons", city="Leeds"),
    )
    people = zip(("10", "11", "12", "13"), LEAVER.values(), strict=True)
    contacts = tuple(KnownContact(id=one, name=name, accounts=(at,)) for one, (name, at) in people)
    return Crm(reps=(rep,), accounts=accounts, contacts=contacts, revision=f"telling {language}")


def message(text: str) -> Message:
    return Message(via="slack", rep="rep@varenhof.example", sent_at=datetime(2026, 3, 10, 12, tzinfo=UTC), text=text)


def told(value: Any) -> Any:
    """What is said, without what is not."""
    if isinstance(value, dict):
        return {key: told(one) for key, one in value.items() if one}
    return value


@pytest.mark.parametrize("case", CASES["told"], ids=lambda case: case["text"][:40])
def test_a_few_words_under_the_card_are_understood(case: dict[str, Any]) -> None:
    name, account = LEAVER[case["lang"]]
    read = told(asdict(read_told(message(case["text"]), crm(case["lang"]), name, account)))
    assert read == case["says"]


@pytest.mark.parametrize("case", CASES["report"], ids=lambda case: case["text"][:40])
def test_a_report_says_where_somebody_works_now(case: dict[str, Any]) -> None:
    read = parse(message(case["text"]), crm(case["lang"]))
    changes = [one.value for visit in read.visits for one in visit.contact_changes]
    got = [
        {
            "who": one.contact.id or one.contact.name,
            "where": (one.employer.id or one.employer.name) if one.employer else "",
        }
        for one in changes
    ]
    assert got == case["moved"]
    assert [visit.account.value.id for visit in read.visits if visit.account] == [case["at"]]
