"""Automatic answers in four languages: who is away, who has gone, and whom to write to."""

import tomllib
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from mail_ingest.bounces import read_bounce

CASES = tomllib.loads((Path(__file__).parent / "cases" / "answers.toml").read_text(encoding="utf-8"))["answer"]


def mail(case: dict[str, Any]) -> bytes:
    message = EmailMessage()
    message["From"] = f"{case['name']} <{case['address']}>"
    message["To"] = "rita@debrief-house.example"
    message["Subject"] = case["subject"]
    message["Date"] = "Tue, 06 Oct 2026 09:12:00 +0200"
    message["Message-ID"] = "<answer@mail.example>"
    if case.get("answers", True):
        message["In-Reply-To"] = "<ours@debrief-house.example>"
    if case.get("marked", True):
        message["Auto-Submitted"] = "auto-replied"
    message.set_content(case["text"])
    return bytes(message)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['name']}: {case['subject']}")
def test_an_answer_is_taken_for_what_it_says(case: dict[str, Any]) -> None:
    reading = read_bounce(mail(case))
    assert case["kind"] == reading.kind
    if case["kind"] != "left_company":
        assert () == reading.recipients
        assert reading.left is reading.successor is reading.since is None
        return
    assert [(case["address"], True, "left")] == [(one.address, one.permanent, one.reason) for one in reading.recipients]
    if "left" in case:
        assert reading.left is not None
        assert case["left"] == reading.left.name
    assert case.get("since") == reading.since
    successor = reading.successor
    want = case["successor"]
    assert successor is not None
    assert want == {
        key: value
        for key, value in (("name", successor.name), ("email", successor.email), ("phone", successor.phone))
        if value
    }


def test_a_system_that_answers_for_someone_names_the_dead_address() -> None:
    message = EmailMessage()
    message["From"] = "Kleiwerk Servicedesk <servicedesk@kleiwerk.example>"
    message["To"] = "rita@debrief-house.example"
    message["Subject"] = "Automatisch antwoord: bestelling"
    message["Auto-Submitted"] = "auto-replied"
    message.set_content(
        "Het e-mailadres tom.baert@kleiwerk.example is niet meer in gebruik. Mail naar info@kleiwerk.example."
    )
    reading = read_bounce(bytes(message))
    assert "left_company" == reading.kind
    assert ["tom.baert@kleiwerk.example"] == [one.address for one in reading.recipients]
    assert reading.successor is not None
    assert "info@kleiwerk.example" == reading.successor.email


def test_leaving_may_lie_ahead() -> None:
    message = EmailMessage()
    message["From"] = "Nina Vogt <nina@glasbau.example>"
    message["Subject"] = "Automatische Antwort: Muster"
    message["Auto-Submitted"] = "auto-replied"
    message["Date"] = "Tue, 06 Oct 2026 09:12:00 +0200"
    message.set_content("Ab dem 1. November bin ich nicht mehr im Unternehmen.")
    assert date(2026, 11, 1) == read_bounce(bytes(message)).since
