"""Mails that were broken on the way, or written to break a reader: none raises, none takes long."""

import random
import time
from pathlib import Path

import pytest

from mail_ingest.reading import read_mail, to_json

pytestmark = pytest.mark.slow

SEEDS = [path.read_bytes() for path in sorted(Path(__file__).with_name("cases").glob("*.eml"))]
HEAD = b"From: A <a@b.example>\nDate: Tue, 3 Mar 2026 10:00:00 +0100\nMIME-Version: 1.0\n"
PLAIN = HEAD + b"Content-Type: text/plain; charset=utf-8\n\n"
HTML = HEAD + b"Content-Type: text/html; charset=utf-8\n\n"
CALENDAR = HEAD + b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\n"
EVENT = b"BEGIN:VEVENT\nDTSTART:19970101T100000Z\n"
MULTIPART = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n"
FORWARD = b"-- Forwarded message --\nFrom: A <a@b.c>\nDate: 3/3/2026 10:00\nSubject: x\n\nhi\n"
SPLINTERS = (
    b"\n",
    b"\r",
    b"\0",
    b"\xff",
    b"=?utf-8?b?",
    b"?=",
    b"--b\n",
    b"Content-Type: multipart/mixed; boundary=x\n",
    b">",
    b"> > ",
    b"charset*=a'b'c",
    b"filename*0*=utf-8''%ff",
    b"From: ",
    b"Van: ",
    b"BEGIN:VEVENT\n",
    b"<div>" * 40,
    b"</",
    b"&#x110000;",
    b"Date: Thu, 32 Foo 9999 99:99:99 +9999\n",
    b"On 3/3/2026 10:00 X <a@b.c> wrote:\n",
    b"_" * 200,
    b"a" * 3000,
    b"(" * 100,
)


def mutate(raw: bytes, chance: random.Random) -> bytes:
    """``raw`` with a few bytes lost, doubled, changed or put in."""
    broken = bytearray(raw)
    for _ in range(chance.randint(1, 10)):
        at = chance.randrange(len(broken) + 1)
        match chance.randrange(4):
            case 0:
                del broken[at : at + chance.randint(1, 120)]
            case 1:
                broken[at:at] = chance.choice(SPLINTERS)
            case 2:
                broken[at:at] = broken[at : at + chance.randint(1, 200)] * chance.randint(1, 5)
            case _:
                broken[at : at + 3] = bytes(chance.randrange(256) for _ in range(3))
    return bytes(broken)


def test_broken_mails_are_read_without_a_word_of_complaint() -> None:
    chance = random.Random(20260312)
    for _ in range(400):
        raw = mutate(chance.choice(SEEDS), chance)
        started = time.thread_time()
        reading = read_mail(raw)
        assert to_json(reading).keys() == {"note", "from", "to", "cc", "subject", "date", "body"}
        assert reading.message(rep="a@b.example").source_id
        assert time.thread_time() - started < 2


@pytest.mark.parametrize(
    "raw",
    {
        "no bytes": b"",
        "zeros": b"\0" * 300_000,
        "10,000 parts": HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\nhi\n" * 10_000 + b"--x--\n",
        "a subject of a megabyte": b"Subject: " + b"a" * 1_000_000 + b"\n" + PLAIN + b"hi",
        "100,000 recipients": b"To: " + b"a <a@b.c>, " * 100_000 + b"\n" + PLAIN + b"hi",
        "a comment without end": b"To: " + b"(" * 1_000_000 + b"\n" + PLAIN + b"hi",
        "a megabyte of parameters": b"Content-Type: text/plain; " + b"a=b; " * 200_000 + b"\n" + HEAD + b"\nhi",
        "deep parts": HEAD + b"".join(MULTIPART % (n, n) for n in range(2000)),
        "deep mails": HEAD + b"Content-Type: message/rfc822\n\n" * 2000,
        "deep elements": HTML + b"<div>" * 100_000,
        "deep quotes": HTML + b"<blockquote>" * 30_000 + b"hi",
        "one long word": PLAIN + b"a" * 1_000_000,
        "one long address": PLAIN + b"a@" * 500_000,
        "marks": PLAIN + b">" * 500_000 + b"\n" + b"- " * 300_000,
        "many blocks": PLAIN + FORWARD * 2000,
        "a line of labels": PLAIN + b"----- Forwarded Message ----- " + b"From: a <a@b>To: b " * 50_000,
        "endless rule": CALENDAR + EVENT + b"RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\n",
        "an army of attendees": CALENDAR + EVENT + b"ATTENDEE:mailto:a@b\n" * 30_000,
    }.items(),
    ids=lambda item: item[0],
)
def test_no_mail_takes_long(raw: tuple[str, bytes]) -> None:
    started = time.thread_time()
    reading = read_mail(raw[1])
    assert time.thread_time() - started < 3
    assert len(reading.note) <= 400_000
    assert len(reading.attachments) <= 1000
