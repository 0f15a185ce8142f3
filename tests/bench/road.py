"""The mail road through a real Dovecot: from delivery to capture, and what trouble on the way costs."""

import logging
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from app.settings import Settings
from app.wiring import House, build
from store.migrate import migrate
from store.tables import Capture
from tests.bench.tables import middle, say, table
from tests.servers.dovecot import Dovecot, find_dovecot, running
from tests.servers.ports import until
from tests.servers.proxy import Proxy

WAIT_S = 120.0
MAIL = """\
From: Noor Wijngaard <noor@varenhof.example>
To: debrief@varenhof.example
Subject: Fwd: Levering {number}
Date: {date}
Message-ID: <{number}@varenhof.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Vanmiddag geweest, Kees wil een offerte.

---------- Forwarded message ---------
Van: Kees Bruinsma <k.bruinsma@zuivelhuis-terwolde.example>
Date: ma 2 mrt 2026 om 11:02
Subject: Levering {number}
To: Noor Wijngaard <noor@varenhof.example>

Dag Noor, kom je vanmiddag nog langs?
"""


def numbered(number: int) -> bytes:
    """A forwarded mail that is like no other."""
    date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime())
    return MAIL.format(number=number, date=date).encode()


@dataclass
class Road:
    """A Dovecot, a proxy before it, and a house that watches the mailbox."""

    dovecot: Dovecot
    proxy: Proxy
    house: House
    delivered: int = 0

    def deliver(self, many: int) -> None:
        for _ in range(many):
            self.dovecot.deliver(numbered(self.delivered))
            self.delivered += 1

    def taken(self) -> int:
        with self.house.db.read() as tx:
            return tx.scalar(select(func.count(Capture.id))) or 0

    def all_taken(self) -> float:
        """Wait until every mail was taken, and none twice; the seconds that it took."""
        began = time.monotonic()
        until(lambda: self.taken() >= self.delivered, f"{self.delivered} mails are taken", WAIT_S)
        took = time.monotonic() - began
        assert self.taken() == self.delivered
        return took


def road(*, mails: int = 500) -> None:
    """Print how long mails wait, in peace and after each kind of trouble, with ``mails`` delivered meanwhile."""
    if find_dovecot() is None or os.getuid() != 0:
        say("\nthe mail road is left out: it needs Dovecot, and root to start it (make test says how)")
        return
    logging.getLogger("debrief.mail").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder, running() as dovecot, _road(Path(folder), dovecot) as place:
        waits = [_one(place) for _ in range(20)]
        troubles: list[tuple[str, Callable[[Road, int], None]]] = [
            ("server stopped for 20 s, then started", _stopped),
            ("mailbox thrown away and made anew", _recreated),
            ("connection cut without a word for 20 s", _cut),
            ("server restarted while they are taken", _restarted),
        ]
        rows = [(what, mails, _after(place, trouble, mails)) for what, trouble in troubles]
    table(
        "From delivery to capture, seconds (IDLE)", ("mails", "median", "longest"), [("20", middle(waits), max(waits))]
    )
    table("Until every mail was taken once, since the server is back", ("trouble", "mails", "seconds"), rows)


@contextmanager
def _road(folder: Path, dovecot: Dovecot) -> Iterator[Road]:
    proxy = Proxy(dovecot.port)
    box = {"host": "127.0.0.1", "port": proxy.port, "tls": False, "username": dovecot.user, "password": "secret"}
    settings = Settings(_env_file=None, database_url=f"sqlite:///{folder}/debrief.db", mailbox=box)  # type: ignore[arg-type]
    house = build(settings)
    migrate(house.db)
    house.jobs.prepare()
    [watcher] = house.watchers()
    thread = threading.Thread(target=watcher.watch, daemon=True)
    thread.start()
    time.sleep(2)
    try:
        yield Road(dovecot, proxy, house)
    finally:
        watcher.stop()
        thread.join(timeout=30)
        proxy.close()
        house.close()


def _one(place: Road) -> float:
    time.sleep(0.3)
    place.deliver(1)
    return place.all_taken()


def _after(place: Road, trouble: Callable[[Road, int], None], mails: int) -> float:
    time.sleep(2)
    trouble(place, mails)
    return place.all_taken()


def _stopped(place: Road, mails: int) -> None:
    place.dovecot.stop()
    place.deliver(mails)
    time.sleep(20)
    place.dovecot.start()


def _recreated(place: Road, mails: int) -> None:
    place.dovecot.recreate()
    place.deliver(mails)


def _cut(place: Road, mails: int) -> None:
    place.proxy.silence()
    place.deliver(mails)
    time.sleep(20)
    place.proxy.speak()


def _restarted(place: Road, mails: int) -> None:
    before = place.taken()
    place.deliver(mails)
    until(lambda: place.taken() > before + mails // 5, "some are taken", WAIT_S)
    place.dovecot.stop()
    place.dovecot.start()
