"""The sample company holds together: what people see first must not be broken."""

from collections import Counter
from datetime import date, timedelta
from email import message_from_bytes, policy
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from app import sample

TODAY = date(2026, 3, 18)
REPS, ACCOUNTS, CONTACTS = (sample.rows(name) for name in ("reps", "accounts", "contacts"))
CAPTURES = list(sample.captures(TODAY))
MAILS = [capture for capture in CAPTURES if capture.raw is not None]

HEADS = {
    "reps": "email,name,slack_id,role,team,manager_email,language,timezone",
    "accounts": "external_id,name,aliases,street,postcode,city,country,industry,class,status,owner_email",
    "contacts": "external_id,account_external_id,name,role,email,phone,language",
}


@pytest.mark.parametrize("name", HEADS)
def test_a_table_has_the_columns_of_an_export_and_no_short_row(name: str) -> None:
    for row in sample.rows(name):
        assert HEADS[name].split(",") == list(row)
        assert None not in row.values()


@pytest.mark.parametrize(
    ("table", "column"),
    [(REPS, "email"), (ACCOUNTS, "external_id"), (ACCOUNTS, "name"), (CONTACTS, "external_id")],
)
def test_what_names_a_row_is_there_and_names_one_row(table: list[dict[str, str]], column: str) -> None:
    times = Counter(row[column] for row in table)
    assert "" not in times
    assert 1 == max(times.values())


def test_one_rep_has_no_account_in_slack_for_a_newcomer_to_stand_in_for() -> None:
    assert [1, 1, 1, 1] == list(Counter(row["slack_id"] for row in REPS).values())
    assert [""] == [row["slack_id"] for row in REPS if row["name"].startswith("Grace")]


def test_the_house_is_as_large_as_it_says() -> None:
    assert Counter(rep=3, manager=1) == Counter(rep["role"] for rep in REPS)
    assert 40 <= len(ACCOUNTS) <= 45
    assert 80 <= len(CONTACTS) <= 90
    assert {"NL", "BE", "DE", "AT", "CH", "FI", "GB", "IE"} == {account["country"] for account in ACCOUNTS}


def test_values_are_those_that_an_import_takes() -> None:
    assert {"A", "B", "C", "D", "E", ""} >= {account["class"] for account in ACCOUNTS}
    assert {"customer", "prospect"} == {account["status"] for account in ACCOUNTS}
    assert {"nl", "de", "fi", "en"} == {row["language"] for row in REPS + CONTACTS}
    assert all(ZoneInfo(rep["timezone"]).key == rep["timezone"] for rep in REPS)


def test_every_reference_has_its_row() -> None:
    reps = {rep["email"] for rep in REPS if rep["role"] == "rep"}
    managers = {rep["email"] for rep in REPS if rep["role"] == "manager"}
    accounts = {account["external_id"] for account in ACCOUNTS}
    assert reps == {account["owner_email"] for account in ACCOUNTS}
    assert managers == {rep["manager_email"] for rep in REPS if rep["role"] == "rep"}
    assert accounts == {contact["account_external_id"] for contact in CONTACTS}
    assert reps == {capture.rep for capture in CAPTURES}
    assert accounts >= {account for capture in CAPTURES for account in capture.accounts} - {"new", None}


def test_no_address_can_reach_anybody() -> None:
    emails = [row["email"] for row in REPS + CONTACTS if row["email"]]
    assert all(email.endswith(".example") and email == email.lower() for email in emails)
    for mail in MAILS:
        message = message_from_bytes(mail.raw, policy=policy.default)
        words = " ".join(part.get_content() for part in message.walk() if part.get_content_maintype() == "text")
        hosts = [word.split("@")[1] for word in words.replace("<", " ").replace(">", " ").split() if "@" in word]
        assert hosts
        assert all(".example" in host for host in hosts)


def test_some_cells_are_empty_as_in_a_real_export() -> None:
    for table, column in ((CONTACTS, "email"), (CONTACTS, "phone"), (ACCOUNTS, "aliases"), (ACCOUNTS, "class")):
        share = sum(not row[column] for row in table) / len(table)
        assert 0 < share < 0.7, column


def test_captures_fill_a_fortnight_and_are_in_order() -> None:
    assert 40 <= len(CAPTURES) <= 50
    days = [capture.sent_at.date() for capture in CAPTURES]
    assert days == sorted(days)
    assert TODAY - timedelta(days=13) == days[0]
    assert TODAY == days[-1]


def test_a_capture_is_said_on_the_clock_of_its_rep() -> None:
    zones = {rep["email"]: rep["timezone"] for rep in REPS}
    for capture in CAPTURES:
        assert zones[capture.rep] == str(capture.sent_at.tzinfo)
        assert 6 <= capture.sent_at.hour <= 20


def test_a_capture_is_a_text_or_a_mail() -> None:
    for capture in CAPTURES:
        assert (capture.via == "slack") == bool(capture.text)
        assert (capture.via == "email") == bool(capture.raw)


def test_every_mail_is_told_and_sound() -> None:
    folder = files("app.sample") / "mails"
    assert len(MAILS) == len(list(folder.iterdir()))
    for mail in MAILS:
        message = message_from_bytes(mail.raw, policy=policy.default)
        assert [] == [defect for part in message.walk() for defect in part.defects]
        assert mail.rep == message["From"].addresses[0].addr_spec
        assert mail.sent_at == message["Date"].datetime
        assert message.get_body(("plain",)).get_content().strip()


def test_an_invitation_moves_with_the_mail_that_brings_it() -> None:
    [invited] = [mail for mail in MAILS if b"BEGIN:VCALENDAR" in mail.raw]
    day = invited.sent_at.strftime("%Y%m%d").encode()
    assert b"DTSTART;TZID=W. Europe Standard Time:" + day + b"T133000" in invited.raw
    assert b"DTEND;TZID=W. Europe Standard Time:" + day + b"T150000" in invited.raw
    assert 1 == invited.raw.count(b"DTSTART:16010101T020000")


def test_the_sample_shows_what_the_product_does() -> None:
    expected = [capture.accounts for capture in CAPTURES]
    assert 3 <= expected.count(()), "messages that report nothing"
    assert 1 <= expected.count((None,)), "a message that makes us ask"
    assert 1 <= expected.count(("new",)), "a new account"
    assert any(len(accounts) == 2 for accounts in expected), "two visits in one message"
