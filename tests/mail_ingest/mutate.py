"""``python -m tests.mail_ingest.mutate 10000 [--mails FOLDER] [--seed N]``: broken mails, each read to its end.

Mails of the tests (or of a folder) are broken in ways that a number decides, so that any can be made again with
``--only NUMBER``. What raises, takes more than two seconds or needs much memory is named; the exit status is the number
of those.
"""

import argparse
import random
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from types import FrameType

from mail_ingest.bounces import read_bounce
from mail_ingest.bounces import to_json as bounce_json
from mail_ingest.reading import read_mail
from mail_ingest.reading import to_json as mail_json

HERE = Path(__file__).parent
SLOW_S = 2.0
HANGS_S = 20
MOST_MB = 400.0
"""More memory than that beside what the process had at its start is a fault."""
LARGEST = 3_000_000
CHARSETS = (
    "utf-7", "utf-16", "utf-32-be", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "hex", "zlib", "rot13",
    "base64", "undefined", "mbcs", "iso-2022-jp", "hz", "big5", "x-unknown", "8bit", "ascii", "cp037", "\xe9", "", "''",
)  # fmt: skip
ENCODINGS = ("base64", "quoted-printable", "uuencode", "x-uue", "7bit", "binary", "gzip", "", "base64\0", "none")
TYPES = (
    "text/plain", "text/html", "text/calendar", "message/rfc822", "message/delivery-status", "message/partial",
    "message/external-body", "message/feedback-report", "multipart/mixed", "multipart/alternative", "multipart/signed",
    "multipart/encrypted", "multipart/report", "application/ms-tnef", "application/pkcs7-mime", "text", "", "a/b/c",
)  # fmt: skip
WORDS = (
    b"\0", b"\xff\xfe", b"\r", b"\n\n", b"\r\n\r\n", b"=?utf-8?b?", b"=?x?q?=FF=?=", b"?=", b"--b\n", b"<a@b.example>",
    b"@" * 60, b"(" * 200, b'"' * 99, b"<" * 500, b">" * 300, b"> " * 300, b"&#x110000;", b"<!--", b"<![CDATA[",
    b"<div>" * 300, b"<table><tr><td>" * 100, b"BEGIN:VEVENT\n", b"RRULE:FREQ=SECONDLY;COUNT=99999999\n",
    b"DTSTART;TZID=Nowhere:99999999T999999\n", b"Date: Thu, 32 Foo 9999 99:99:99 +9999\n", b"5.1.1 4.9.9 ",
    b"Final-Recipient: rfc822;", b"On 3/3/2026 10:00 X <a@b.c> wrote:\n", b"-----Original Message-----\n", b"From: ",
    b"Von: ", b"*Van:* ", b"_" * 300, b"a" * 5000, b" " * 5000, b"\xe2\x80\xae", b"\xed\xa0\x80", b"0" * 4000,
    "\u0130\u1e9e\ufb03".encode() * 40,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a mail did to a reader."""

    number: int
    reader: str
    what: str


Mutation = Callable[[bytes, random.Random, Sequence[bytes]], bytes]


def broken(mails: Sequence[bytes], seed: int, number: int) -> bytes:
    """The mail of this number: one of ``mails`` with one to eight things done to it."""
    chance = random.Random(f"{seed}/{number}")
    raw = chance.choice(mails)
    for _ in range(chance.randint(1, 8)):
        raw = chance.choice(MUTATIONS)(raw, chance, mails)[:LARGEST]
    return raw


def _span(raw: bytes, chance: random.Random, most: int = 400) -> tuple[int, int]:
    begin = chance.randrange(len(raw) + 1)
    return begin, min(len(raw), begin + chance.randint(1, most))


def _cut(raw: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    begin, end = _span(raw, chance)
    return raw[:begin] + raw[end:]


def _double(raw: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    begin, end = _span(raw, chance)
    return raw[:end] + raw[begin:end] * chance.choice((1, 1, 2, 5, 200)) + raw[end:]


def _scatter(raw: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    changed = bytearray(raw)
    for _ in range(chance.randint(1, 30) if changed else 0):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _put(raw: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    at, _end = _span(raw, chance)
    return raw[:at] + chance.choice(WORDS) + raw[at:]


def _cross(raw: bytes, chance: random.Random, mails: Sequence[bytes]) -> bytes:
    """Its beginning, and the end of another."""
    other = chance.choice(mails)
    return raw[: _span(raw, chance)[0]] + other[_span(other, chance)[0] :]


def _end(raw: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    return raw[: _span(raw, chance)[0]]


def _line_ends(raw: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\n", b"\n \n", b"\x0b")))


def _lines(raw: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """Lines in another order."""
    lines = raw.split(b"\n")
    begin, end = sorted((chance.randrange(len(lines) + 1), chance.randrange(len(lines) + 1)))
    part = lines[begin:end]
    chance.shuffle(part)
    return b"\n".join(lines[:begin] + part + lines[end:])


def _header(raw: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    """A header more, at the top: of a kind that decides how the rest is read, or as long as a book."""
    kind, charset = chance.choice(TYPES), chance.choice(CHARSETS)
    head = chance.choice(
        (
            f"Content-Type: {kind}; charset={charset}; boundary=b",
            f"Content-Type: {kind}; charset=\"{charset}\"; name*0*=utf-8''%ff%; name*1=x",
            f"Content-Transfer-Encoding: {chance.choice(ENCODINGS)}",
            f"Content-Disposition: attachment; filename*={charset}''%FF%00..%2f",
            f"Subject: =?{charset}?{chance.choice('bqx')}?AAAA=?= =?{charset}?b?////",
            "From: " + "a" * chance.choice((10, 1000, 1_000_000)) + "@b.example",
            "To: " + "a <a@b.example>, " * chance.choice((2, 5000, 60_000)),
            "References: " + "<a@b> " * chance.choice((2, 100_000)),
            "Date: " + chance.choice(("", "0", "1 Jan 0001 00:00:00 -2359", "31 Dec 9999 23:59:59 -2359", "9" * 5000)),
            "X: " + "y " * chance.choice((5, 500_000)),
        )
    )
    return head.encode("utf-8", "replace") + b"\n" + raw


def _within(raw: bytes, chance: random.Random, mails: Sequence[bytes]) -> bytes:
    """Inside another: as an attached mail, as a part among many, or as text of it."""
    match chance.randrange(4):
        case 0:
            return b"From: a@b.example\nContent-Type: message/rfc822\n\n" * chance.choice((1, 3, 60)) + raw
        case 1:
            part = b"--b\nContent-Type: text/plain\n\nhi\n" * chance.choice((1, 40, 10_000))
            head = f"From: a@b.example\nContent-Type: {chance.choice(TYPES)}; boundary=b\n\n"
            return head.encode() + part + b"--b\nContent-Type: message/rfc822\n\n" + raw + b"\n--b--\n"
        case 2:
            return chance.choice(mails) + b"\n> ".join(raw.split(b"\n"))
        case _:
            return chance.choice(mails) + b"\n---------- Forwarded message ---------\n" + raw


MUTATIONS: tuple[Mutation, ...] = (
    _cut, _double, _scatter, _put, _put, _cross, _end, _line_ends, _lines, _header, _header, _within,
)  # fmt: skip


def mails_of(folder: Path | None) -> list[bytes]:
    """The mails that are broken: those of the tests, or those in ``folder``."""
    return [path.read_bytes() for path in sorted((folder or HERE).rglob("*.eml"))]


def troubles(mails: Sequence[bytes], seed: int, numbers: Sequence[int]) -> Iterator[Trouble]:
    """What of the mails of these numbers raises or takes long."""
    for number in numbers:
        raw = broken(mails, seed, number)
        for name, read in (("mail", _read), ("bounce", _read_bounce)):
            began = time.process_time()
            try:
                with _not_for_ever():
                    read(raw)
            except Exception as error:  # noqa: BLE001  # whatever leaves a reader is what is looked for
                yield Trouble(number, name, repr(error)[:300])
            took = time.process_time() - began
            if took > SLOW_S:
                yield Trouble(number, name, f"took {took:.1f} s for {len(raw)} bytes")


def _read(raw: bytes) -> None:
    reading = read_mail(raw)
    mail_json(reading)
    assert reading.message(rep="a@b.example").source_id
    _keepable(reading, "reading")


def _read_bounce(raw: bytes) -> None:
    reading = read_bounce(raw)
    bounce_json(reading)
    _keepable(reading, "bounce")


def _keepable(said: object, place: str) -> None:
    """Fail where a text holds what no database keeps: NUL, or half a surrogate pair."""
    if isinstance(said, str):
        assert "\0" not in said, f"NUL in {place}"
        said.encode("utf-8")
    elif isinstance(said, tuple):
        for one in said:
            _keepable(one, place)
    elif is_dataclass(said):
        for field in fields(said):
            _keepable(getattr(said, field.name), f"{place}.{field.name}")


@contextmanager
def _not_for_ever() -> Iterator[None]:
    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"hangs: {HANGS_S} s of processor time")

    # The clock of this process alone: a machine that does other things too is no fault of the reader.
    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, HANGS_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def main() -> int:
    """Read the broken mails; the number of troubles."""
    arguments = argparse.ArgumentParser(prog="python -m tests.mail_ingest.mutate", description=__doc__)
    arguments.add_argument("many", type=int, nargs="?", default=10_000)
    arguments.add_argument("--mails", type=Path)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--only", type=int, help="read the mail of this number alone; it is printed")
    given = arguments.parse_args()
    mails = mails_of(given.mails)
    if given.only is not None:
        sys.stdout.buffer.write(broken(mails, given.seed, given.only))
    numbers = range(given.many) if given.only is None else range(given.only, given.only + 1)
    before, began, found = _memory_mb(), time.monotonic(), 0
    for trouble in troubles(mails, given.seed, numbers):
        found += 1
        sys.stderr.write(f"{trouble.number} {trouble.reader}: {trouble.what}\n")
    grown = _memory_mb() - before
    sys.stderr.write(
        f"{len(numbers)} broken mails from {len(mails)}, {found} troubles, {time.monotonic() - began:.0f} s, "
        f"at most {grown:.0f} MB more than at the start\n"
    )
    return found + (grown > MOST_MB)


if __name__ == "__main__":
    sys.exit(min(main(), 99))
