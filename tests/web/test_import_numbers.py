"""Customers and people whom a report made get their numbers from the first list that is surely about them."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from capture.importing import dry_run, import_folder
from capture.importing.uploads import Uploads
from capture.rights import HOST
from store.tables import Account, Contact, ContactEmail, Employment
from tests.conftest import HOUSE, TestHouse


@pytest.fixture
def house(build_house: Callable[..., TestHouse], sqlite_url: str) -> TestHouse:
    """A house with customers and people whom only reports told of."""
    house = build_house(sqlite_url)
    now = house.clock()
    with house.house.db.write() as tx:
        firm, twin, other = (
            Account(name=name, city=city, created_at=now)
            for name, city in (("Molen Aalders", None), ("Dubbel", None), ("Dubbel", None))
        )
        tx.add_all([firm, twin, other, Account(name="Elders", city="Olst", created_at=now)])
        tx.flush()
        ilse = Contact(name="Ilse Aalders", created_at=now, employments=[Employment(account_id=firm.id)])
        piet = Contact(name="Piet Post", created_at=now, emails=[ContactEmail(email="piet@molen.example")])
        tx.add_all([ilse, piet])
    return house


def brought_in(house: TestHouse, what: str, raw: str) -> list[str]:
    """What becomes of each line."""
    uploads = Uploads(house.house.db, house.clock)
    number = uploads.take(HOST, what, "list.csv", raw.encode())
    looked = uploads.look(HOST, number)
    assert () == tuple(looked.plan.faults)
    uploads.confirm(HOST, number, looked.mark)
    return [one.kind for one in looked.steps]


def numbers(house: TestHouse, table: type[Account | Contact], name: str) -> list[str | None]:
    with house.house.db.read() as tx:
        return list(tx.scalars(select(table.external_id).where(table.name == name).order_by(table.id)))


def test_a_list_gives_a_number_to_the_one_it_is_surely_about(house: TestHouse) -> None:
    head = "id,name,city\n"
    lines = "M1,molen aalders,Zwolle\nD1,Dubbel,Zwolle\nE1,Elders,Zwolle\n"
    assert ["changed", "new", "new"] == brought_in(house, "accounts", head + lines)
    assert ["M1"] == numbers(house, Account, "molen aalders")
    assert [None, None, "D1"] == numbers(house, Account, "Dubbel"), "two may be meant"
    assert [None, "E1"] == numbers(house, Account, "Elders"), "one in another place is another one"
    assert ["unchanged"] * 3 == brought_in(house, "accounts", head + lines)
    people = "id,name,email,klantnummer\nI1,Ilse Aalders,,M1\nP1,Piet Post,PIET@molen.example,M1\nX1,Ilse Aalders,,D1\n"
    assert ["changed", "changed", "new"] == brought_in(house, "contacts", people)
    assert (["I1", "X1"], ["P1"]) == (numbers(house, Contact, "Ilse Aalders"), numbers(house, Contact, "Piet Post"))
    assert ["unchanged"] * 3 == brought_in(house, "contacts", people)


def test_two_lines_for_one_without_a_number_give_it_none(house: TestHouse) -> None:
    assert ["new", "new"] == brought_in(house, "accounts", "id,name,city\nM1,Molen Aalders,\nM2,Molen Aalders,Zwolle\n")
    assert [None, "M1", "M2"] == numbers(house, Account, "Molen Aalders")


def test_the_command_finds_the_people_of_an_account_that_it_gives_a_number(house: TestHouse, tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    shutil.copytree(HOUSE, folder)
    for name, told in (
        ("accounts.csv", {"external_id": "M1", "name": "Molen Aalders", "status": "customer"}),
        ("contacts.csv", {"external_id": "I1", "account_external_id": "M1", "name": "Ilse Aalders"}),
    ):
        file = folder / name
        text = file.read_text("utf-8")
        columns = text.splitlines()[0].split(",")
        file.write_text(text + ",".join(told.get(one, "") for one in columns) + "\n", "utf-8")
    with house.house.db.read() as tx:
        before = tx.scalar(select(func.count(Account.id))), tx.scalar(select(func.count(Contact.id)))
    assert 0 == dry_run(house.house.db, folder, house.clock()).count("new")
    import_folder(house.house.db, folder, house.clock())
    with house.house.db.read() as tx:
        assert before == (tx.scalar(select(func.count(Account.id))), tx.scalar(select(func.count(Contact.id))))
    assert (["M1"], ["I1"]) == (numbers(house, Account, "Molen Aalders"), numbers(house, Contact, "Ilse Aalders"))
