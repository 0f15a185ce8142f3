"""Messages of an invented house, each with the record that a careful person files from it."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from parsing import parse
from parsing.model import ContactMention, Crm, Extraction, KnownAccount, KnownContact, KnownRep, Message, VisitMention

HERE = Path(__file__).parent


def read_crm() -> Crm:
    said = tomllib.loads((HERE / "crm.toml").read_text("utf-8"))

    def lists(row: dict[str, Any]) -> dict[str, Any]:
        return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}

    return Crm(
        reps=tuple(KnownRep(**lists(row)) for row in said["reps"]),
        accounts=tuple(KnownAccount(**lists(row)) for row in said["accounts"]),
        contacts=tuple(KnownContact(**lists(row)) for row in said["contacts"]),
        revision="the invented house",
    )


CRM = read_crm()


def cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}: {case['name']}")
        for path in sorted((HERE / "cases").glob("*.toml"))
        for case in tomllib.loads(path.read_text("utf-8"))["case"]
    ]


def read(case: dict[str, Any]) -> Extraction:
    sent_at: datetime = case["sent_at"]
    return parse(Message(via="slack", rep=case["rep"], sent_at=sent_at, text=case["text"]), CRM)


def shown(contact: ContactMention) -> str:
    return contact.id or contact.name or "?"


def check_visit(visit: VisitMention, expect: dict[str, Any]) -> None:
    account = visit.account.value if visit.account else None
    got = {
        "account": account and account.id,
        "account_name": account and account.name,
        "candidates": sorted(account.candidates) if account else [],
        "open": account is None or (account.id is None and account.name is None),
        "contacts": sorted(shown(one.value) for one in visit.contacts),
        "on": visit.on.value,
        "starts": visit.starts and f"{visit.starts.value:%H:%M}",
        "ends": visit.ends and f"{visit.ends.value:%H:%M}",
        "type": visit.type and visit.type.value,
        "medium": visit.medium and visit.medium.value,
        "outcome": visit.outcome.value if visit.outcome else "",
        "city": visit.city and visit.city.value,
        "actions": [one.value.text for one in visit.actions],
        "due": [one.value.due for one in visit.actions if one.value.due],
        "left": [shown(one.value.contact) for one in visit.contact_changes],
    }
    wanted = {name: sorted(value) if name in {"contacts", "candidates"} else value for name, value in expect.items()}
    assert {name: got[name] for name in wanted} == wanted


@pytest.mark.parametrize("case", cases())
def test_a_message_is_filed_as_a_careful_person_would(case: dict[str, Any]) -> None:
    extraction = read(case)
    expect = dict(case["expect"])
    if expect.pop("none", False):
        assert () == extraction.visits
        assert extraction.not_a_report
        return
    visits = expect.pop("visits", None) or [expect]
    assert len(visits) == len(extraction.visits)
    for visit, wanted in zip(extraction.visits, visits, strict=True):
        check_visit(visit, wanted)


def test_there_are_cases_in_four_languages() -> None:
    assert {"dutch", "german", "finnish", "english"} <= {path.stem for path in (HERE / "cases").glob("*.toml")}
    assert len(cases()) >= 59
