"""Mails of several megabytes that are nothing but one thing: read to an end, quickly, in little memory."""

import subprocess
import sys
import time

import pytest

from mail_ingest.bounces import read_bounce
from mail_ingest.reading import read_mail

pytestmark = pytest.mark.slow

FROM = b"From: a@b.example\nSubject: Bezoek\n"
PARTED = FROM + b"Content-Type: multipart/mixed; boundary=b\n\n"
LARGE = {
    "headers": FROM + b"X-A: word\n" * 700_000 + b"\nhi",
    "headers of an enclosed mail": FROM + b"Content-Type: message/rfc822\n\n" + b"X-A: word\n" * 700_000,
    "a header": FROM + b"X-A: " + b"word " * 800_000 + b"\n\nhi",
    "parts": PARTED + b"--b\n\nhi\n" * 500_000,
    "text": FROM + b"\n" + b"word and word\n" * 700_000,
    "a line": FROM + b"\n" + b"word " * 800_000,
    "tables": FROM + b"Content-Type: text/html\n\n" + b"<table><tr><td>word</td></tr></table>\n" * 100_000,
}
PROGRAM = """
import resource, sys
from mail_ingest.reading import read_mail
raw = sys.stdin.buffer.read()
def megabytes(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
before = megabytes()
assert len(read_mail(raw).attachments) == 1
print(megabytes() - before)
"""


@pytest.mark.parametrize("what", LARGE)
def test_a_large_mail_is_read_to_an_end(what: str) -> None:
    began = time.thread_time()
    assert read_mail(LARGE[what]).subject == "Bezoek"
    read_bounce(LARGE[what])
    assert time.thread_time() - began < 5


def test_a_file_is_held_in_memory_a_few_times_no_more() -> None:
    head = b"--b\n\nhi\n--b\nContent-Type: application/zip\nContent-Transfer-Encoding: base64\n\n"
    raw = PARTED + head + (b"UEsDBBQAAAAIA" + b"A" * 63 + b"\n") * 100_000 + b"--b--\n"
    done = subprocess.run([sys.executable, "-c", PROGRAM], input=raw, capture_output=True, check=True)
    assert float(done.stdout) < 10 * len(raw) / 1e6
