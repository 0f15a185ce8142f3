"""Our own command as a process of its own, to be killed."""

import os
import resource
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.servers.ports import free_port

COMMAND = Path(sys.executable).parent / "debrief"


class DebriefRun:
    """``debrief run`` with these settings, as often as it is started; the database and the port stay the same.

    ``command`` is another of its commands; ``within`` what it is started by, such as ``ip netns exec there``.
    """

    def __init__(
        self, folder: Path, settings: Mapping[str, object], command: str = "run", within: Sequence[str] = ()
    ) -> None:
        self.folder, self.port, self._command = folder, free_port(), [*within, COMMAND, command]
        self.log = folder / ("debrief.log" if command == "run" else f"debrief-{command}-{self.port}.log")
        outside = {name: value for name, value in os.environ.items() if not name.startswith("DEBRIEF_")}
        ours = {f"DEBRIEF_{name}": str(value) for name, value in settings.items()}
        self._environment = {**outside, **ours, "DEBRIEF_PORT": str(self.port)}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it; `wait_ready` waits for it."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=self.folder, env=self._environment, stdout=log, stderr=log
            )

    def fill_disk(self) -> None:
        """From now on no file can be written past its first page, as on a disk that is full.

        A write fails with EFBIG there (setrlimit(2); Python ignores SIGXFSZ), which SQLite takes as it takes ENOSPC.
        """
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))

    def free_disk(self) -> None:
        """There is space again."""
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def is_ready(self) -> bool:
        """Whether it takes messages."""
        try:
            with urllib.request.urlopen(f"{self.url}/health/ready", timeout=1) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def wait_ready(self, timeout_s: float = 120.0) -> float:
        """Return when it takes messages: how many seconds that took."""
        began = time.monotonic()
        while not self.is_ready():
            assert self._process is not None
            assert self._process.poll() is None, f"it ended by itself:\n{self.log.read_text()[-3000:]}"
            assert time.monotonic() - began < timeout_s, f"not ready after {timeout_s} s"
            time.sleep(0.02)
        return time.monotonic() - began

    def command(self, *arguments: str) -> None:
        """Run another of its commands on the same house, to its end."""
        with self.log.open("ab") as log:
            subprocess.run(
                [COMMAND, *arguments], cwd=self.folder, env=self._environment, stdout=log, stderr=log, check=True
            )

    def kill(self) -> None:
        """``kill -9``: it is told nothing and finishes nothing."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(timeout=30)
            self._process = None

    def cpu_s(self) -> float:
        """Processor seconds that it used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_bytes(self) -> int:
        """Memory that it holds now."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * resource.getpagesize()

    def open_files(self) -> int:
        """How many files, sockets and pipes it has open now."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))
