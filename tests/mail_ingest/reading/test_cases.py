"""Whole mails of many clients, in four languages: each ``.eml`` has its expectations beside it."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from mail_ingest.forwards import ForwardedMail
from mail_ingest.reading import Reading, read_mail

CASES = sorted(Path(__file__).with_name("cases").glob("*.eml"))


def read_case(path: Path) -> tuple[Reading, dict[str, Any]]:
    return read_mail(path.read_bytes()), tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))


def levels(mail: ForwardedMail | None) -> list[ForwardedMail]:
    return [] if mail is None else [mail, *levels(mail.nested)]


def same_moment(expected: datetime, got: datetime | None) -> bool:
    """The same wall time, and the same zone or none alike."""
    return got is not None and expected.isoformat() == got.isoformat()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_mail_is_read_as_a_person_reads_it(path: Path) -> None:
    reading, expect = read_case(path)
    assert expect["note"] == reading.note
    if "signature" in expect:
        assert expect["signature"] == reading.signature
    if "forwarded" in expect:
        mail, want = reading.forwarded, expect["forwarded"]
        assert mail is not None
        assert mail.sender is not None
        assert (want["sender"], want["name"]) == (mail.sender.email, mail.sender.name)
        assert want["to"] == [one.email for one in mail.to]
        assert want["subject"] == mail.subject
        assert same_moment(want["date"], mail.date), mail.date
        assert want["body"] == mail.body
        assert reading.quoted is None
    if "nested_subjects" in expect:
        mails = levels(reading.forwarded)
        assert expect["nested_subjects"] == [one.subject for one in mails]
        assert expect["nested_senders"] == [one.sender.email for one in mails if one.sender]
    if "quoted_sender" in expect:
        assert reading.forwarded is None
        assert reading.quoted is not None
        assert reading.quoted.sender is not None
        assert expect["quoted_sender"] == reading.quoted.sender.email


def test_there_are_cases_of_each_language() -> None:
    for language in ("nl", "de", "fi", "en"):
        assert 6 <= sum(path.stem.startswith(f"{language}_") for path in CASES)
