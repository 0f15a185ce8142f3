"""How long our commands take to begin, and what memory they hold."""

import resource
import subprocess
import tempfile
import time
from pathlib import Path

from tests.bench.tables import middle, table
from tests.servers.process import COMMAND, DebriefRun

TIMES = 3


def start() -> None:
    """Print seconds and megabytes."""
    rows = [_command("--help"), _command("parse", "--help")]
    with tempfile.TemporaryDirectory() as folder:
        run = DebriefRun(Path(folder), {"DATABASE_URL": f"sqlite:///{folder}/debrief.db", "LOG_LEVEL": "WARNING"})
        took = []
        for _ in range(TIMES):
            run.start()
            took.append(run.wait_ready())
            time.sleep(1)
            held = run.resident_bytes()
            run.stop()
        rows.append(("debrief run, until it takes messages", middle(took), held / 1e6))
    table(f"Start, median of {TIMES}", ("command", "seconds", "MB"), rows)


def _command(*words: str) -> tuple[str, float, object]:
    took = []
    for _ in range(TIMES):
        began = time.monotonic()
        subprocess.run([COMMAND, *words], check=True, stdout=subprocess.DEVNULL)
        took.append(time.monotonic() - began)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    return f"debrief {' '.join(words)}", middle(took), most
