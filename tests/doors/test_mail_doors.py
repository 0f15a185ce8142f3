"""Mails by other ways than IMAP: a maildir, and a service that posts them."""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote_from_bytes

import httpx
import pytest

from capture import Assistant
from mail_ingest.inbound import NoMailError, raw_mail
from tests.conftest import TestHouse
from tests.servers.ports import until
from tests.servers.web import served

MAIL = (
    b"From: noor@varenhof.example\r\nMessage-ID: <%d@varenhof.example>\r\nSubject: Bezoek\r\n"
    b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nVanmiddag bij caf\xe9 De Schelp geweest.\r\n"
)
SECRET = "an open secret"
BOX = {"max_size_bytes": 50_000, "trusted_domains": "varenhof.example"}


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    folder = tmp_path / "Maildir"
    for name in ("tmp", "new", "cur"):
        (folder / name).mkdir(parents=True)
    return folder


@pytest.fixture
def at_maildir(build_house: Callable[..., TestHouse], sqlite_url: str, maildir: Path) -> TestHouse:
    return build_house(sqlite_url, maildir=maildir, mailbox=BOX)


def _deliver(maildir: Path, name: str, raw: bytes) -> None:
    (maildir / "tmp" / name).write_bytes(raw)
    (maildir / "tmp" / name).rename(maildir / "new" / name)


def _sweep(house: TestHouse) -> int:
    [watcher] = house.house.watchers()
    left: int = watcher.sweep()
    return left


# -------------------------------------------------------------------------------------------------------- maildir


def test_a_mail_in_a_maildir_is_taken_and_moved_as_seen(at_maildir: TestHouse, maildir: Path) -> None:
    _deliver(maildir, "1.host", MAIL % 1)
    assert _sweep(at_maildir) == 0
    at_maildir.run_jobs()
    assert [visit.report for visit in at_maildir.visits()] == ["Vanmiddag bij café De Schelp geweest."]
    assert [path.name for path in maildir.rglob("*") if path.is_file()] == ["1.host:2,S"]


def test_a_maildir_is_watched(at_maildir: TestHouse, maildir: Path) -> None:
    [watcher] = at_maildir.house.watchers()
    thread = threading.Thread(target=watcher.watch, daemon=True)
    thread.start()
    for number in range(20):
        _deliver(maildir, f"{number}.host", MAIL % number)
    until(lambda: len(at_maildir.captures()) == 20, "all are taken")
    watcher.stop()
    thread.join(timeout=5)
    assert not thread.is_alive()


def test_a_process_that_dies_between_keeping_and_moving_costs_nothing(at_maildir: TestHouse, maildir: Path) -> None:
    _deliver(maildir, "1.host", MAIL % 1)
    _sweep(at_maildir)
    (maildir / "cur" / "1.host:2,S").rename(maildir / "new" / "1.host")
    _sweep(at_maildir)
    assert len(at_maildir.captures()) == 1
    assert list((maildir / "new").iterdir()) == []


def test_a_mail_that_cannot_be_kept_stays_in_new(
    at_maildir: TestHouse, maildir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _deliver(maildir, "1.host", MAIL % 1)
    monkeypatch.setattr(Assistant, "accept", _disk_is_full)
    assert _sweep(at_maildir) == 1
    assert [path.name for path in (maildir / "new").iterdir()] == ["1.host"]
    monkeypatch.undo()
    assert _sweep(at_maildir) == 0
    assert len(at_maildir.captures()) == 1


def test_of_a_mail_that_is_too_large_the_header_alone_is_kept(at_maildir: TestHouse, maildir: Path) -> None:
    _deliver(maildir, "1.host", MAIL % 1 + b"x" * 60_000)
    _sweep(at_maildir)
    [capture] = at_maildir.captures()
    assert (capture.problem, capture.text) == ("too_large", "")


def test_a_maildir_that_is_not_there_is_waited_for(at_maildir: TestHouse, maildir: Path) -> None:
    (maildir / "new").rmdir()
    [watcher] = at_maildir.house.watchers()
    thread = threading.Thread(target=watcher.watch, daemon=True)
    thread.start()
    time.sleep(0.2)
    (maildir / "new").mkdir()
    _deliver(maildir, "1.host", MAIL % 1)
    until(at_maildir.captures, "the mail is taken", timeout_s=5)
    watcher.stop()
    thread.join(timeout=5)


def _disk_is_full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


# ----------------------------------------------------------------------------------------------------------- HTTP


@pytest.fixture
def posted_to(build_house: Callable[..., TestHouse], sqlite_url: str) -> Iterator[tuple[TestHouse, httpx.Client]]:
    house = build_house(sqlite_url, inbound_secret=SECRET, mailbox=BOX)
    with (
        served(house.house.web()) as url,
        httpx.Client(base_url=url, auth=("service", SECRET), trust_env=False, timeout=30) as client,
    ):
        yield house, client


SHAPES = {
    "raw": lambda raw: {"content": raw, "headers": {"Content-Type": "message/rfc822"}},
    "SendGrid": lambda raw: {"data": {"envelope": "{}"}, "files": {"email": (None, raw)}},
    "Mailgun": lambda raw: {"data": {"recipient": "debrief@x.example"}, "files": {"body-mime": ("m.eml", raw)}},
    "form": lambda raw: {
        "content": b"recipient=x&body-mime=" + quote_from_bytes(raw).encode(),
        "headers": {"Content-Type": "application/x-www-form-urlencoded"},
    },
    "Postmark": lambda raw: {"json": {"From": "noor@varenhof.example", "RawEmail": _in_ascii(raw)}},
    "part that is a mail": lambda raw: {"files": {"message": ("m.eml", raw, "message/rfc822")}},
}


def _in_ascii(raw: bytes) -> str:
    """As Postmark gives it: 8-bit text encoded."""
    head, _, body = raw.partition(b"\r\n\r\n")
    return f"{head.decode()}\r\nContent-Transfer-Encoding: base64\r\n\r\n{base64.b64encode(body).decode()}\r\n"


@pytest.mark.parametrize("shape", SHAPES)
def test_a_mail_is_taken_as_each_service_wraps_it(posted_to: tuple[TestHouse, httpx.Client], shape: str) -> None:
    house, client = posted_to
    wrapped = SHAPES[shape](MAIL % 1)
    assert [client.post("/mail/inbound", **wrapped).status_code for _ in range(2)] == [200, 200]
    house.run_jobs()
    assert [visit.report for visit in house.visits()] == ["Vanmiddag bij café De Schelp geweest."]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer guessed"}, 401),
        ({"Authorization": "Basic " + base64.b64encode(b"service:guessed").decode()}, 401),
        ({"Authorization": "Basic !"}, 401),
        ({"Authorization": f"Bearer {SECRET}"}, 200),
    ],
)
def test_who_does_not_know_the_secret_hands_nothing_in(
    posted_to: tuple[TestHouse, httpx.Client], headers: dict[str, str], status: int
) -> None:
    house, client = posted_to
    client.auth = None  # type: ignore[assignment]
    answer = client.post("/mail/inbound", content=MAIL % 1, headers={**headers, "Content-Type": "message/rfc822"})
    assert answer.status_code == status
    assert len(house.captures()) == (status == 200)


def test_without_a_secret_there_is_no_such_door(build_house: Callable[..., TestHouse], sqlite_url: str) -> None:
    with served(build_house(sqlite_url, empty=True).house.web()) as url:
        assert httpx.post(f"{url}/mail/inbound", content=MAIL % 1, trust_env=False).status_code == 404


def test_a_mail_that_is_too_large_is_refused_before_it_is_read_whole(
    posted_to: tuple[TestHouse, httpx.Client],
) -> None:
    house, client = posted_to
    for size in (51_000, 5_000_000):
        answer = client.post("/mail/inbound", content=MAIL % 1 + b"x" * size)
        assert answer.status_code == 413
    assert house.captures() == []


def test_a_mail_that_cannot_be_kept_is_to_be_sent_again(
    posted_to: tuple[TestHouse, httpx.Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, client = posted_to
    monkeypatch.setattr(Assistant, "accept", _disk_is_full)
    answer = client.post("/mail/inbound", content=MAIL % 1)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    monkeypatch.undo()
    assert client.post("/mail/inbound", content=MAIL % 1).status_code == 200
    assert len(house.captures()) == 1


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("message/rfc822", b""),
        ("application/json", b"{"),
        ("application/json", b"[" * 100_000),
        ("application/json", json.dumps({"Subject": "parsed alone", "RawEmail": 3}).encode()),
        ("multipart/form-data", b"--x\r\n\r\n--x--"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="subject"\r\n\r\nBezoek'),
        ("application/x-www-form-urlencoded", b"subject=Bezoek&stripped-text=kort"),
        ("image/png", b"\x89PNG"),
    ],
)  # fmt: skip
def test_what_holds_no_mail_is_told_so(content_type: str, body: bytes) -> None:
    with pytest.raises(NoMailError):
        raw_mail(content_type, body)
