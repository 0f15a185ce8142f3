"""Two machines, a network namespace each, watch one mailbox; the leader is cut off, and the other takes over."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import func, select

from app.settings import Settings
from app.wiring import House, build
from capture.importing import import_folder
from store.migrate import migrate
from store.tables import Capture, Heartbeat
from tests.conftest import HOUSE, MONDAY
from tests.servers.dovecot import Dovecot
from tests.servers.ports import until
from tests.servers.postgres import Postgres
from tests.servers.process import DebriefRun
from tests.servers.proxy import Proxy

pytestmark = pytest.mark.slow

TAKEN_OVER_S = 30.0
HERE, THERE = "10.213.77.1", "10.213.77.2"
MAIL = """\
From: Noor Wijngaard <noor@varenhof.example>
To: debrief@varenhof.example
Subject: Bezoek {n}
Message-ID: <visit-{n}@varenhof.example>

Vanmiddag bij Zuivelhuis Terwolde geweest, Kees wil een offerte.
"""


@dataclass
class Network:
    """Another machine, by the name of its namespace, and the cable to it."""

    name: str
    cable: str

    def cut(self) -> None:
        _ip("link", "set", self.cable, "down")

    def mend(self) -> None:
        _ip("link", "set", self.cable, "up")


@pytest.fixture
def network() -> Iterator[Network]:
    if os.getuid() != 0 or shutil.which("ip") is None:
        pytest.skip("network namespaces need root and iproute2")
    made = Network(f"debrief{os.getpid()}", f"dbf{os.getpid()}")
    try:
        _ip("netns", "add", made.name)
    except subprocess.CalledProcessError:
        pytest.skip("network namespaces are not allowed here")
    try:
        _ip("link", "add", made.cable, "type", "veth", "peer", "name", "eth0", "netns", made.name)
        _ip("addr", "add", f"{HERE}/24", "dev", made.cable)
        _ip("link", "set", made.cable, "up")
        for setting in (["addr", "add", f"{THERE}/24", "dev", "eth0"], ["link", "set", "eth0", "up"],
                        ["link", "set", "lo", "up"]):  # fmt: skip
            _ip("-n", made.name, *setting)
        yield made
    finally:
        _ip("netns", "del", made.name)
        subprocess.run(["ip", "link", "del", made.cable], capture_output=True, check=False)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


@dataclass
class Machines:
    """The house looked at from outside, and its two machines; ``there`` is the one behind the cable."""

    house: House
    there: DebriefRun
    here: DebriefRun

    def state(self, run: DebriefRun) -> str | None:
        """How the machine says that the mailbox is with it, as far as it could tell."""
        with self.house.db.read() as tx:
            beats = {one.process: one.facts for one in tx.scalars(select(Heartbeat))}
        [facts] = [facts for process, facts in beats.items() if process.endswith(f" {run.pid}")] or [{}]
        boxes: dict[str, Any] = facts.get("mailboxes", {})
        return next((str(box["state"]) for box in boxes.values()), None)

    def captures(self) -> int:
        with self.house.db.read() as tx:
            return tx.scalar(select(func.count(Capture.id))) or 0


@pytest.fixture
def machines(tmp_path: Path, network: Network, dovecot: Dovecot) -> Iterator[Machines]:
    with ExitStack() as ending:
        folder = ending.enter_context(TemporaryDirectory(prefix="debrief-postgres-"))
        server = Postgres(Path(folder), also=HERE)
        server.start()
        ending.callback(server.stop)
        url = server.database()
        imap = Proxy(dovecot.port, HERE)
        ending.callback(imap.close)
        house = build(Settings(_env_file=None, database_url=url))
        ending.callback(house.close)
        migrate(house.db)
        house.jobs.prepare()
        import_folder(house.db, HOUSE, MONDAY)
        settings: dict[str, object] = {
            "DATABASE_URL": url.replace("127.0.0.1", HERE), "MAILBOX__HOST": HERE, "MAILBOX__PORT": imap.port,
            "MAILBOX__TLS": "false", "MAILBOX__USERNAME": dovecot.user, "MAILBOX__PASSWORD": dovecot.password,
            "MAILBOX__REQUIRE_PROOF": "false",
        }  # fmt: skip
        there = DebriefRun(tmp_path, settings, "ingest", within=["ip", "netns", "exec", network.name])
        here = DebriefRun(tmp_path, settings, "ingest")
        for run in (there, here):
            ending.callback(run.kill)
        yield Machines(house, there, here)


@pytest.mark.servers
def test_the_leader_is_cut_off_and_the_other_machine_takes_over(
    machines: Machines, network: Network, dovecot: Dovecot
) -> None:
    machines.there.start()
    until(lambda: machines.state(machines.there) == "watched", "the machine there watches", timeout_s=60)
    machines.here.start()
    until(lambda: "another process watches it" in machines.here.log.read_text(), "this one waits", timeout_s=60)
    network.cut()
    cut = time.monotonic()
    dovecot.deliver(MAIL.format(n=1).encode())
    until(lambda: machines.captures() == 1, "this machine took over", timeout_s=60)
    assert time.monotonic() - cut < TAKEN_OVER_S
    network.mend()
    until(lambda: machines.state(machines.there) == "elsewhere", "the other waits now", timeout_s=90)
    dovecot.deliver(MAIL.format(n=2).encode())
    until(lambda: machines.captures() == 2, "the next mail is taken", timeout_s=30)
    time.sleep(1)
    assert machines.captures() == 2
