"""A filter of visits and the address that shows the same."""

from dataclasses import fields
from datetime import date

import pytest

from store.filters import LARGEST_ID, VisitFilter

WHOLE = VisitFilter(
    text='"te hoog" -prijs',
    rep_id=1, rep="noor",
    account_id=2, account="Brouwerij & Zn", contact_id=3, team="Noord", manager_id=4, type="first",
    medium="call", outcome="order", status="held", keyword="koeling", grade="A", region="Friesland",
    since=date(2026, 1, 1), until=date(2026, 3, 31), open=True,
    first=True, new_account=True, complete="no",
)  # fmt: skip


def test_an_address_says_all_of_a_filter() -> None:
    assert WHOLE == VisitFilter.read(WHOLE.query())
    unset = [one.name for one in fields(WHOLE) if getattr(WHOLE, one.name) is None]
    assert ["sight"] == unset, "what is asked for must stand in the address; who may see it must not"


def test_a_filter_for_everything_needs_no_words() -> None:
    assert {} == VisitFilter().query()
    assert VisitFilter() == VisitFilter.read({})


@pytest.mark.parametrize(
    "query",
    [
        {"rep": "x"}, {"rep": "-1"}, {"rep": "٣x"}, {"rep": "9" * 4000}, {"rep": str(LARGEST_ID + 1)},
        {"since": "soon"}, {"until": "2026-02-30"}, {"open": "1"}, {"team": "  "}, {"account": "\0"},
        {"sight": "1"}, {"page": "2"}, {"first": "1"}, {"complete": "perhaps"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_narrows_nothing(query: dict[str, str]) -> None:
    assert VisitFilter() == VisitFilter.read(query)


def test_a_long_text_is_cut() -> None:
    read = VisitFilter.read({"account": "x" * 10_000})
    assert read.account is not None
    assert 200 == len(read.account)
