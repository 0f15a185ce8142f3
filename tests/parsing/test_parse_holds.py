"""What holds for every text, thought of or not: no exception, evidence at its words, an answer in time."""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsing import parse
from parsing.model import Address, Crm, Forwarded, Invitation, KnownAccount, KnownContact, KnownRep, Message

SENT = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
REP = KnownRep(email="ann@house.example", name="Ann Rep", language="en", timezone="Europe/London")
CRM = Crm(
    reps=(REP, KnownRep(email="bo@house.example", name="Bo Colleague", slack_id="U0BO", language="nl")),
    accounts=(
        KnownAccount(id="1", name="Mulder Zuivel B.V.", city="Assen", country="NL", owner=REP.email),
        KnownAccount(id="2", name="Konepaja Rantanen Oy", aliases=("KR",), city="Lohja", country="FI"),
        KnownAccount(id="3", name="Obsthof Kirchner GmbH", city="Stade", country="DE"),
        KnownAccount(id="4", name="The Old Mill Ltd", city="Ely", country="GB"),
    ),
    contacts=(
        KnownContact(id="a", name="Joke Mulder", accounts=("1",), role="inkoper", emails=("joke@mulder.example",)),
        KnownContact(id="b", name="Timo Rantanen", accounts=("2",), role="yrittäjä"),
        KnownContact(id="c", name="Dr. Helga Kirchner", accounts=("3",), phones=("04141 99 88 77",)),
        KnownContact(id="d", name="Sid Marlowe", accounts=("4",)),
    ),
    keywords=("koelcel", "palletwikkelaar"),
    revision="four",
)
PIECES = """Mulder|Rantasella|beim Kirchner|the Old Mill|Joke|Timo Rantanen|gisteren|um halb vier|klo 10|1) |2) |€ 1.200
not|besteld|Termin|käynti|Frau|GmbH|joke@mulder.example|<@U0BO>|<mailto:x@y.example|&amp;|+31 6 12345678|daarna|danach
then|\u202e|\u0336|\U0001f600"""
NAMES = st.sampled_from(["\n- ", "<mailto:x@y.example|x@y.example>", *PIECES.replace("\n", "|").split("|")])
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.one_of(NAMES, st.text(max_size=12)), max_size=40).map(" ".join),
)


def message(text: str, **more: Any) -> Message:
    return Message(via="slack", rep=REP.email, sent_at=SENT, text=text, **more)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_every_found_value_points_at_its_words(said: str) -> None:
    for found in parse(message(said), CRM).found():
        assert 0.0 <= found.confidence <= 1.0
        if found.part == "text":
            assert 0 <= found.start <= found.end <= len(said)
            assert found.start == found.end or said[found.start : found.end].strip()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, TEXTS, TEXTS)
def test_mails_of_any_kind_are_read(note: str, subject: str, body: str) -> None:
    forwarded = Forwarded(
        sender=Address(email="joke@mulder.example", name=subject),
        subject=subject,
        body=body,
        date=SENT - timedelta(days=1),
    )
    invitation = Invitation(
        subject=subject, organizer=Address(email="sid@mill.example", name=note), place=body, start=SENT
    )
    for sent in (
        message(note, subject=subject, forwarded=forwarded),
        message(note, subject=subject, invitation=invitation),
    ):
        extraction = parse(sent, CRM)
        assert bool(extraction.visits) != bool(extraction.not_a_report)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_no_visit_lies_in_the_future(said: str) -> None:
    assert all(visit.on.value <= date(2026, 3, 10) for visit in parse(message(said), CRM).visits)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_the_same_message_is_read_the_same_twice(said: str) -> None:
    assert parse(message(said), CRM) == parse(message(said), CRM)


@pytest.mark.parametrize(
    "piece",
    ["a", "Mulder ", "1) ", "\n- Mulder ", "e\u0301\u0336\u0337\u0338", "\u202e", "((((", "<", "<@U0BO> ", "12.3. ",
     "10:00-", "a@", "0612345678 ", "Herr ", "van der ", "B.V. & ", "€1.", "?!", " ", "\n", "https://x.example/",
     "daarna bij Mulder. ", "I'll send it by Friday, ", "\x00", "\U0001d56c", "\U0001f600", "-", "A.B."],
)  # fmt: skip
def test_a_hundred_thousand_characters_take_less_than_two_seconds(piece: str) -> None:
    text = (piece * (100_000 // len(piece) + 1))[:100_000]
    parse(message("warm up"), CRM)
    start = time.thread_time()
    parse(message(text), CRM)
    assert time.thread_time() - start < 2


def test_a_crm_without_anything_in_it_is_enough() -> None:
    extraction = parse(message("Visited Joe Bloggs at Acme Tools Ltd yesterday, he ordered two pumps"), Crm())
    assert extraction.visits[0].account is not None
    assert "Acme Tools Ltd" == extraction.visits[0].account.value.name


def test_markup_moves_no_evidence() -> None:
    said = "Saw <mailto:joke@mulder.example|joke@mulder.example> at *Mulder* &amp; co yesterday"
    account = parse(message(said), CRM).visits[0].account
    assert account is not None
    assert "1" == account.value.id
    assert "Mulder" in said[account.start : account.end]
