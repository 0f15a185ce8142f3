"""Names looked up as they are typed, and names that a new one is much like."""

import time

import pytest

from parsing.model import Crm, KnownAccount, KnownContact
from parsing.searching import find_accounts, find_contacts, nearest_accounts

CRM = Crm(
    accounts=(
        KnownAccount(id="1", name="Slagerij Hofstra", city="Grou", owner="noor@varenhof.example"),
        KnownAccount(id="2", name="Hofstra Koeltechniek", city="Drachten"),
        KnownAccount(id="3", name="Molkerei Äbtle GmbH", aliases=("MAG",), city="Memmingen"),
        KnownAccount(id="4", name="Kuusiston Panimo Oy", city="Kaarina"),
        KnownAccount(id="5", name="Bakkerij Zonneveld-Prins", city="Assen"),
    ),
    contacts=(
        KnownContact(id="1", name="Wim Hofstra", accounts=("1",)),
        KnownContact(id="2", name="Anneke Hofstra", accounts=("2",)),
        KnownContact(id="3", name="Jürgen Weiß", accounts=("3",)),
    ),
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("hof", ["2", "1"]),
        ("hofstra grou", ["1"]),
        ("mag", ["3"]),
        ("ABT", ["3"]),
        ("äbt", ["3"]),
        ("kaarina", ["4"]),
        ("prins", ["5"]),
        ("kuusistn panimo", ["4"]),
        ("xyzzy", []),
        ("", []),
    ],
)
def test_an_account_is_found_by_the_beginnings_of_its_words(typed: str, found: list[str]) -> None:
    assert found == [one.id for one in find_accounts(CRM, typed, "noor@varenhof.example", 10)]


def test_people_of_the_account_come_first_and_alone_before_a_word_is_typed() -> None:
    assert ["2"] == [one.id for one in find_contacts(CRM, "", "2", 10)]
    assert ["2", "1"] == [one.id for one in find_contacts(CRM, "hofstra", "2", 10)]
    assert ["3"] == [one.id for one in find_contacts(CRM, "jurg", None, 10)]


@pytest.mark.parametrize(
    ("new", "near"),
    [
        ("Slagerij Hofstar", ["1"]),
        ("Kuusisto Panimo", ["4"]),
        ("Molkerei Aebtle", ["3"]),
        ("Bakkerij Zonneveld", ["5"]),
        ("Slagerij Jansen", []),
        ("Hof", []),
    ],
)
def test_a_new_name_is_near_to_one_that_it_may_be_misspelt_for(new: str, near: list[str]) -> None:
    assert near == [one.id for one in nearest_accounts(CRM, new)]


def test_the_account_itself_is_not_near_to_itself() -> None:
    assert [] == nearest_accounts(CRM, "Slagerij Hofstra", without={"1"})


def test_fifty_thousand_names_are_searched_within_what_slack_waits() -> None:
    accounts = tuple(KnownAccount(id=str(n), name=f"Firma {n:05} Werk", city="Ulm") for n in range(50_000))
    crm = Crm(accounts=accounts, revision="searching#1")
    find_accounts(crm, "0", "", 20)
    began = time.thread_time()
    assert 20 == len(find_accounts(Crm(accounts=accounts, revision="searching#2"), "firma 042", "", 20))
    assert 1.0 > time.thread_time() - began
