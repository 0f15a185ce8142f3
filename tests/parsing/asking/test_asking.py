"""What is asked about filed visits is told from reports and from what is asked of colleagues, in four languages."""

import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.importing import import_folder
from parsing.asking import read_question
from parsing.model import Crm, Message
from store import crm
from store.db import Db
from store.migrate import migrate

CASES = tomllib.loads(Path(__file__).with_name("cases.toml").read_text("utf-8"))
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUSE = Path(__file__).parents[2] / "house"
ASKED = [
    (kind, name, said)
    for kind in ("last", "open", "people", "count", "brief", "unknown")
    for name, some in CASES[kind].items()
    for said in some
]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Crm:
    db = Db(f"sqlite:///{tmp_path_factory.mktemp('asking')}/debrief.db")
    migrate(db)
    import_folder(db, HOUSE, NOON)
    with db.read() as tx:
        snapshot = crm.snapshot(tx)
    db.close()
    return snapshot


@pytest.fixture(scope="module")
def ask(known: Crm) -> Callable[[str], Any]:
    return lambda said: read_question(Message(via="slack", rep="noor@varenhof.example", sent_at=NOON, text=said), known)


@pytest.mark.parametrize(("kind", "name", "said"), ASKED)
def test_a_question_is_understood(kind: str, name: str, said: str, ask: Callable[[str], Any], known: Crm) -> None:
    asked = ask(said)
    assert asked is not None
    names = {account.id: account.name.removesuffix(" B.V.").removesuffix(" Oy") for account in known.accounts}
    if kind == "unknown":
        assert (asked.accounts, asked.unknown) == ((), name)
        return
    assert asked.kind == kind
    assert [names[one] for one in asked.accounts] == ([] if name == "own" else [name])


@pytest.mark.parametrize("said", [*CASES["none"]["reports"], *CASES["none"]["chatter"]])
def test_what_is_no_question_about_visits_is_none(said: str, ask: Callable[[str], Any]) -> None:
    assert ask(said) is None


def test_two_customers_of_one_name_are_both_meant(ask: Callable[[str], Any], known: Crm) -> None:
    asked = ask("laatste bezoek hofstra?")
    names = {account.id: account.name for account in known.accounts}
    assert {names[one] for one in asked.accounts} == {"Slagerij Hofstra", "Hofstra Koeltechniek"}


@settings(max_examples=60, deadline=None)
@given(said=st.text(max_size=200))
def test_any_text_may_be_asked(said: str) -> None:
    read_question(Message(via="slack", rep="x@y.example", sent_at=NOON, text=said + "?"), Crm())
