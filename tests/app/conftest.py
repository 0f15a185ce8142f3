"""The command line as it is met: in this process where that says as much, as a process of its own where it runs on."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pytest
from typer.testing import CliRunner

from app.cli import app
from tests.servers.ports import until

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "tests" / "house"


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str


@dataclass
class Process:
    """A `debrief` that runs on, and what it has printed so far."""

    popen: subprocess.Popen[bytes]
    printed: IO[bytes] = field(repr=False)

    @property
    def output(self) -> str:
        self.printed.seek(0)
        return self.printed.read().decode()

    def says(self, words: str, timeout_s: float = 40.0) -> None:
        until(lambda: words in self.output or self.popen.poll() is not None, f"{words!r} is printed", timeout_s)
        assert words in self.output, self.output

    def ends(self, number: signal.Signals) -> int:
        """The exit status after the signal."""
        self.popen.send_signal(number)
        return self.popen.wait(timeout=20)


@pytest.fixture
def debrief(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ended]:
    """Runs a command over an SQLite file of the test's own; capitals are settings."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path, **settings: str) -> Ended:
        with monkeypatch.context() as here:
            here.setenv("DEBRIEF_DATABASE_URL", sqlite_url)
            for name, value in settings.items():
                here.setenv(f"DEBRIEF_{name}", value)
            result = CliRunner().invoke(app, [str(one) for one in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return Ended(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Starts `debrief` as a process of its own, with these settings and no others; killed after the test."""
    started: list[Process] = []

    def run(arguments: list[str], settings: Mapping[str, str]) -> Process:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("DEBRIEF_")}
        printed = (tmp_path / f"printed-{len(started)}").open("w+b")
        popen = subprocess.Popen(
            [sys.executable, "-P", "-c", "from app.cli import main; main()", *arguments],
            env={**clean, "PYTHONPATH": str(ROOT), **settings},
            stdout=printed,
            stderr=subprocess.STDOUT,
            cwd=tmp_path,
        )
        started.append(Process(popen, printed))
        return started[-1]

    yield run
    for process in started:
        process.popen.kill()
        process.popen.wait()
        process.printed.close()


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the tests' own company, to be changed."""
    made = tmp_path / "house"
    made.mkdir()
    for file in HOUSE.glob("*.csv"):
        (made / file.name).write_bytes(file.read_bytes())
    return made
