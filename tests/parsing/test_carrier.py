"""A reading as a spaCy Doc: every value over its words."""

from datetime import UTC, datetime

from app.showing import as_page
from parsing import parse
from parsing.carrier import SPANS, to_doc
from parsing.model import Crm, KnownAccount, KnownRep, Message

CRM = Crm(
    reps=(KnownRep(email="noor@varenhof.example", name="Noor", language="nl", timezone="Europe/Amsterdam"),),
    accounts=(KnownAccount(id="1", name="Zuivelhuis Terwolde B.V.", city="Terwolde"),),
)


def _message(text: str) -> Message:
    return Message(via="web", rep="noor@varenhof.example", sent_at=datetime(2026, 3, 3, 17, tzinfo=UTC), text=text)


def test_each_value_read_from_the_text_is_a_span_with_its_field() -> None:
    message = _message("gisteren bij zuivelhuis terwolde geweest, offerte sturen voor vrijdag")
    doc = to_doc(message, parse(message, CRM))
    said = {span.label_: span.text for span in doc.spans[SPANS]}
    assert doc.text == message.text
    assert said["account"] == "zuivelhuis terwolde"
    assert said["on"] == "gisteren"
    assert {span.id_ for span in doc.spans[SPANS]} == {"1"}


def test_a_message_that_reports_nothing_says_why() -> None:
    message = _message("dank je wel!")
    doc = to_doc(message, parse(message, CRM))
    assert len(doc.spans[SPANS]) == 0
    assert doc.user_data["not_a_report"] == "thanks"


def test_the_page_shows_markup_as_text() -> None:
    message = _message("gisteren bij zuivelhuis terwolde geweest <script>alert(1)</script>")
    assert "<script>alert" not in as_page(message, parse(message, CRM))
