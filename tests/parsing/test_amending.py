"""What is written under a card to have the visit changed, in four languages: one file of cases each."""

import tomllib
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.amending import Amendment, read_amendment
from parsing.model import LANGUAGES, Crm, KnownAccount, KnownContact, KnownRep, Message
from parsing.words import table

CRM = Crm(
    accounts=(
        KnownAccount(id="1", name="Zuivelhuis Terwolde B.V.", city="Terwolde"),
        KnownAccount(id="2", name="Brouwerij De Kraanvogel", city="Leeuwarden"),
        KnownAccount(id="3", name="Slagerij Hofstra", city="Grou"),
        KnownAccount(id="4", name="Hofstra Koeltechniek", city="Drachten"),
    ),
    contacts=(
        KnownContact(id="1", name="Kees Bruinsma", accounts=("1",)),
        KnownContact(id="2", name="Marja Doornbos", accounts=("1",)),
        KnownContact(id="3", name="Ruben Stavenga", accounts=("2",)),
    ),
    reps=(
        KnownRep(email="noor@varenhof.example", name="Noor Wijngaard", language="nl", timezone="Europe/Amsterdam"),
        KnownRep(email="jonas@varenhof.example", name="Jonas Edelhoff", language="de", timezone="Europe/Berlin"),
    ),
    revision="amending",
)
CASES = [
    (file["language"], said, expected)
    for path in sorted((Path(__file__).parent / "amending").glob("*.toml"))
    for file in [tomllib.loads(path.read_text("utf-8"))]
    for said, expected in file["expect"].items()
]


def read(text: str, language: str) -> Amendment:
    sent_at = datetime(2026, 3, 4, 17, tzinfo=UTC)
    message = Message(via="slack", rep="noor@varenhof.example", sent_at=sent_at, text=text)
    return read_amendment(message, CRM, "1", language)


def told(amendment: Amendment) -> dict[str, Any]:
    """The amendment as the cases write it."""
    people = {one.id: one.name for one in CRM.contacts}
    accounts = {one.id: one.name for one in CRM.accounts}
    account = amendment.account
    shapes = {
        "come": [people.get(one.id) or one.name for one in amendment.come],
        "gone": [people.get(one.id) or one.name for one in amendment.gone],
        "actions": [one.text for one in amendment.actions],
        "amounts": [f"{one.value.normalize():f} {one.currency}" for one in amendment.amounts],
        "keywords": list(amendment.keywords),
        "account": (accounts.get(account.id or "") or account.name) if account else None,
    }
    every = {spec.name: getattr(amendment, spec.name) for spec in fields(amendment)} | shapes
    return {name: value for name, value in every.items() if value}


@pytest.mark.parametrize(("language", "said", "expected"), CASES, ids=[f"{c[0]}: {c[1]}" for c in CASES])
def test_what_is_said_under_a_card_is_understood(language: str, said: str, expected: dict[str, Any]) -> None:
    got = told(read(said, language))
    unsaid = {"instead", "more"} - expected.keys()
    assert expected == {name: value for name, value in got.items() if name not in unsaid}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_that_takes_a_visit_back_does_in_every_language(language: str) -> None:
    for phrase in table(language, "amending")["undo"]:
        for spoken in LANGUAGES:
            assert read(phrase, spoken).undo, phrase


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
def test_whatever_is_said_is_read_without_an_error_and_never_by_itself_takes_back(said: str, language: str) -> None:
    assert not read(f"{said} 7", language).undo


def test_a_long_text_amends_nothing() -> None:
    assert not read("Kees was er ook bij " * 50, "nl")
