"""Nothing raises, and nothing takes long: whatever stands in a mail, a bounce mailbox must be read to its end."""

import random
import time
from pathlib import Path

import pytest

from mail_ingest.bounces import read_bounce, to_json

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
MAILS = [path.read_bytes() for path in sorted((HERE / "mails").glob("*.eml"))]
JUNK = [
    b"\x00", b"\xff\xfe", b"=?utf-8?b?%%%?=", b"@" * 50, b"\n\n", b"--", b"<a@b.example>", b"5.1.1", b"charset=idna",
    b"Content-Type: multipart/mixed; boundary=x\n", "\u00df\u0130\u2019".encode(), b"\r", b": ",
    b"Final-Recipient: rfc822;",
]  # fmt: skip
SLOWEST_S = 1.0


def mutated(raw: bytes, dice: random.Random) -> bytes:
    """``raw`` with one to six parts cut out, doubled, swapped or overwritten."""
    for _ in range(dice.randint(1, 6)):
        start = dice.randrange(len(raw) + 1)
        end = min(len(raw), start + dice.randrange(1, 200))
        piece = raw[start:end]
        change = dice.choice((b"", piece * 2, piece[::-1], dice.choice(JUNK), piece.swapcase(), dice.randbytes(8)))
        raw = raw[:start] + change + raw[end:]
    return raw


@pytest.mark.parametrize("seed", range(4))
def test_mutations_are_read_without_an_exception(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(400):
        reading = read_bounce(mutated(dice.choice(MAILS), dice))
        assert to_json(reading)["kind"] in {"bounce", "autoreply", "complaint", "left_company", "none"}
        assert all("@" in one.address for one in reading.recipients)


NESTED = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level) for level in range(3000))
DAEMON = b"From: MAILER-DAEMON@x.example\nReturn-Path: <>\nSubject: failure notice\nAuto-Submitted: auto-replied\n"
SLOW = {
    "nothing": b"",
    "only line ends": b"\n" * 100_000,
    "three thousand levels": NESTED,
    "a boundary that never closes": DAEMON + b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\n" * 50_000,
    "one line of at signs": DAEMON + b"\n" + b"@" * 500_000,
    "one line of addresses": DAEMON + b"\n" + b"a@b.example, " * 40_000,
    "a line of dots": DAEMON + b"\n" + b"a." * 200_000 + b"@" + b"a." * 200_000,
    "open tags": DAEMON + b"Content-Type: text/html\n\n" + b"<style><" * 60_000,
    "open quotes in a header": b"Content-Type: multipart/report" + b'; a="' * 20_000 + b"\n\n" + DAEMON,
    "encoded words": b"Subject: " + b"=?utf-8?q?" * 20_000 + b"\n\n",
    "spaces": DAEMON + b"\n" + b" " * 500_000 + b"x\n" + b"no longer " * 20_000,
    "spaces and line ends": DAEMON.replace(b"MAILER-DAEMON", b"ann") + b"\n" + b" \n" * 20_000 + b"x",
    "half a phrase": b"From: A <a@b.example>\nAuto-Submitted: auto-replied\n\n" + b"niet meer in ich habe das " * 2000,
    "numbers": b"From: A <a@b.example>\nAuto-Submitted: auto-replied\n\nI have retired. Contact " + b"0 1 " * 20_000,
    "capitals": b"From: A <a@b.example>\nAuto-Submitted: auto-replied\n\nI have retired. Contact " + b"Aa De " * 20_000,
    "report fields": DAEMON + b"Content-Type: message/delivery-status\n\n" + b"Final-Recipient: a@b.example\n" * 20_000,
    "codes": DAEMON + b"\n" + b"5.1.1 4.4.7 " * 40_000,
    "JSON": b"\n\n" + b'{"notificationType":' * 20_000,
    "brackets": b"\n\n{" + b'"eventType":' + b"[" * 50_000,
}


@pytest.mark.parametrize("name", SLOW)
def test_hostile_mail_ends_soon(name: str) -> None:
    started = time.thread_time()
    read_bounce(SLOW[name])
    assert time.thread_time() - started < SLOWEST_S


def test_two_hundred_messages_a_second() -> None:
    started = time.thread_time()
    for _ in range(5):
        for raw in MAILS:
            read_bounce(raw)
    assert 5 * len(MAILS) / (time.thread_time() - started) > 200
