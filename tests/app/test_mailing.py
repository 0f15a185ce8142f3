"""A mailing goes to living addresses, and says of everybody else why not."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app.csvs import cell
from store.db import Db
from store.tables import Account, Contact, ContactEmail, ContactSign, Employment
from tests.app.conftest import Ended

Debrief = Callable[..., Ended]
NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def filled(debrief: Debrief, sqlite_url: str) -> Debrief:
    """Anna lives; Bert left, Carla seems gone, Dirk has no address, Els complained; Anna works at two places."""
    assert debrief("migrate").status == 0
    db = Db(sqlite_url)
    with db.write() as tx:
        kolk = Account(name="=Kolk & Zn", grade="A", country="NL", created_at=NOW)
        duin = Account(name="Duin", grade="B", country="BE", created_at=NOW)
        tx.add_all([kolk, duin])
        tx.flush()
        jobs = {
            "Anna": [Employment(account_id=kolk.id), Employment(account_id=duin.id)],
            "Bert": [Employment(account_id=kolk.id, until=date(2026, 1, 5))],
            "Carla": [Employment(account_id=kolk.id, stale_since=date(2026, 2, 9))],
            "Dirk": [Employment(account_id=kolk.id)],
            "Els": [Employment(account_id=kolk.id)],
        }
        for name, employments in jobs.items():
            emails = [] if name == "Dirk" else [ContactEmail(email=f"{name.lower()}@kolk.example")]
            tx.add(Contact(name=name, created_at=NOW, employments=employments, emails=emails, language="nl"))
        tx.flush()
        els = tx.scalars(select(Contact).where(Contact.name == "Els")).one()
        tx.add(ContactSign(contact_id=els.id, address="els@kolk.example", kind="feedback", on=date(2026, 2, 1)))
    db.close()
    return debrief


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_only_the_living_are_written_to_and_each_once(filled: Debrief, tmp_path: Path) -> None:
    listed = filled("mailing", "--left-out", tmp_path / "others.csv")
    assert [(one["name"], one["email"]) for one in rows(listed.out)] == [("Anna", "anna@kolk.example")]
    others = {(one["name"], one["account"]): one["left_out"] for one in rows((tmp_path / "others.csv").read_text())}
    assert others == {
        ("Anna", "Duin"): "named above",
        ("Bert", "'=Kolk & Zn"): "left on 2026-01-05",
        ("Carla", "'=Kolk & Zn"): "seems gone since 2026-02-09",
        ("Dirk", "'=Kolk & Zn"): "no address",
        ("Els", "'=Kolk & Zn"): "complained about a mailing",
    }
    assert "1 people; 5 left out" in listed.err


@pytest.mark.parametrize(
    ("options", "accounts"),
    [
        (["--class", "b"], ["Duin"]),
        (["--country", "BE"], ["Duin"]),
        (["--class", "A", "--country", "BE"], []),
        (["--language", "de"], []),
        (["--met-since", "2026-01-01"], []),
        (["--not-met-since", "2026-01-01", "--class", "B"], ["Duin"]),
        (["--owner", "nobody@varenhof.example"], []),
        (["--keyword", "crane"], []),
    ],
)
def test_a_segment_is_narrowed(filled: Debrief, options: list[str], accounts: list[str]) -> None:
    assert [one["account"] for one in rows(filled("mailing", *options).out)] == accounts


@pytest.mark.parametrize("text", ["=1+1", "+31 6", "-2", "@cmd", "\tx"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert cell("Kolk") == "Kolk"


def test_what_was_handed_out_is_listed(filled: Debrief) -> None:
    assert "1 people; 5 left out; mailing 1" in filled("mailing", "--name", "Spring").err
    assert filled("mailing", "--class", "B").status == 0
    told = filled("mailing", "sendings").out.splitlines()
    assert len(told) == 2
    assert told[1].split()[0] == "1"
    assert told[1].endswith("1 sent      0 back (0.0%)  0 dead, 0 refused  Spring")
