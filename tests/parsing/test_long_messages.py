"""However long a message is and whatever it is made of, it is read within two seconds and nothing raises."""

import time
from datetime import UTC, datetime

import pytest

from parsing import parse
from parsing.model import Address, Crm, Forwarded, KnownAccount, KnownContact, KnownRep, Message

pytestmark = pytest.mark.slow

CRM = Crm(
    reps=(KnownRep(email="jo@rep.example", name="Jo Rep", language="nl", timezone="Europe/Amsterdam"),),
    accounts=(KnownAccount(id="1", name="Bakkerij Müller", city="Breda"), KnownAccount(id="2", name="Holm Pumps Ltd")),
    contacts=(KnownContact(id="1", name="Jan de Boer", accounts=("1",)),),
    keywords=("pump",),
    revision="long messages",
)
SIZE = 100_000
SECONDS = 2.0
PIECES = [
    "a ", "1", "1,", "1 ", "(", "[[", "<", "<a@b>", "a@b.c ", "?", ". ", "\n", "- ", "İ", "ß|", "%s", "a-", "ä̷",
    "👩‍👩‍👧 ", "مرحبا ", "\u202e", "\x00", "3.3.2026 ", "am 3. März ", "next Monday ", "vko 12 ", "14:00 ",
    "half drie ",     "€ 1.000 ", "1'000 CHF ", "12k ", "zwölf", "kaksikymmentä",
    "honderd ", "Straße 5 ", "1234 AB ", "+31 6 12345678 ",
    "Jan de Boer ", "A. ", "Dr. ", "war bei Müller ", "Angebot schicken ", "send the quote Friday ", "not ", "ab1-",
    "was at Holm Pumps, ordered 3 pumps for € 900, call Jan on 3 March. ",
    "am 3. März von Angebot schicken nicht ", "offerte sturen morgen 14:00 € 1.000 ",
]  # fmt: skip


def seconds_of(message: Message) -> float:
    """Processor time, so that a busy machine fails nothing."""
    began = time.thread_time()
    extraction = parse(message, CRM)
    took = time.thread_time() - began
    assert all(0.0 <= found.confidence <= 1.0 for found in extraction.found())
    return took


@pytest.fixture(scope="module", autouse=True)
def _words_are_read() -> None:
    """The tables of each language are read at its first message, which is not what is measured."""
    for text in (
        "was at Holm yesterday",
        "gisteren bij Müller geweest",
        "war gestern bei Müller",
        "kävin eilen Müllerillä",
    ):
        seconds_of(Message(via="slack", rep="jo@rep.example", sent_at=datetime(2026, 3, 2, tzinfo=UTC), text=text))


@pytest.mark.parametrize("piece", PIECES)
def test_a_hundred_thousand_characters_take_no_two_seconds(piece: str) -> None:
    text = (piece * (SIZE // len(piece) + 1))[:SIZE]
    sent_at = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
    assert seconds_of(Message(via="slack", rep="jo@rep.example", sent_at=sent_at, text=text)) < SECONDS
    forwarded = Forwarded(
        sender=Address(email="jan@mueller.example", name="Jan de Boer"), subject=text[:200], body=text
    )
    mail = Message(via="email", rep="jo@rep.example", sent_at=sent_at, text="was at Holm", forwarded=forwarded)
    assert seconds_of(mail) < SECONDS
