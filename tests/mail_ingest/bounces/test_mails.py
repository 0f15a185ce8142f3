"""Notices of mail systems, complaints, and mail that only looks like them."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from mail_ingest.bounces import read_bounce, to_json

HERE = Path(__file__).parent
MAILS = {path.stem: path.read_bytes() for path in sorted((HERE / "mails").glob("*.eml"))}
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((HERE / "cases" / "mails.toml").read_text(encoding="utf-8"))


def test_every_mail_has_its_expectation() -> None:
    assert set(EXPECTED) == set(MAILS)


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_is_taken_for_what_it_is(name: str) -> None:
    reading = read_bounce(MAILS[name])
    want = EXPECTED[name]
    assert want["kind"] == reading.kind
    assert want.get("recipients", []) == [
        [one.address, one.action, one.permanent, one.reason, one.status] for one in reading.recipients
    ]


@pytest.mark.parametrize("name", MAILS)
def test_line_ends_and_an_mbox_line_change_nothing(name: str) -> None:
    raw = MAILS[name]
    assert read_bounce(raw) == read_bounce(raw.replace(b"\n", b"\r\n"))
    assert read_bounce(raw) == read_bounce(b"From MAILER-DAEMON Mon Oct  5 10:00:00 2026\n" + raw)


def test_the_contract_as_json() -> None:
    told = to_json(read_bounce(MAILS["postfix_unknown_user"]))
    assert "bounce" == told["kind"]
    (recipient,) = told["recipients"]
    assert {
        "address": "karin.smit@tandwiel.example",
        "action": "failed",
        "permanent": True,
        "reason": "unknown_user",
        "status": "5.1.1",
    }.items() <= recipient.items()
    assert "User unknown" in recipient["diagnostic"]


def test_user_unknown_retires_nobody_without_a_second_witness() -> None:
    # The same words, once with the code for it and once from a filter that answers after DATA.
    assert read_bounce(MAILS["spam_hostname"]).recipients[0].permanent
    assert not read_bounce(MAILS["filter_after_data"]).recipients[0].permanent


def test_a_full_mailbox_and_a_policy_are_no_death() -> None:
    for name in ("provider_nl_full", "exchange_not_allowed", "gmx_text", "verp_only"):
        assert not any(one.permanent for one in read_bounce(MAILS[name]).recipients), name


def test_a_forwarded_mail_is_known_by_the_address_that_we_wrote_to() -> None:
    reading = read_bounce(MAILS["forwarded_to_a_dead_box"])
    assert ("gareth.pugh@millstone.example",) == reading.recipients[0].aliases
    assert "n42@debrief-house.example" == reading.about


def test_a_bounce_tells_which_of_our_addresses_it_came_to() -> None:
    assert read_bounce(MAILS["verp_only"]).arrived_at == ("bounces+marieke=waterlijn.example@debrief-house.example",)
