"""The API against its own document: every route with everything that schemathesis thinks of."""

import re
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from app.settings import Settings
from app.wiring import build, now
from capture.importing import import_folder
from parsing.model import Message
from store.migrate import migrate
from tests.api.contract import api_of, tried
from tests.bench.tables import say, table
from tests.conftest import HOUSE

NOOR = "noor@varenhof.example"


def api(examples: int) -> None:
    """Try each route ``examples`` times, and with every boundary of every parameter; print what came of it."""
    with TemporaryDirectory() as folder:
        place = Path(folder)
        settings = Settings(_env_file=None, database_url=f"sqlite:///{place}/debrief.db", api_per_minute=10_000_000)  # type: ignore[call-arg]
        house = build(settings)
        try:
            migrate(house.db)
            house.jobs.prepare()
            import_folder(house.db, HOUSE, now())
            said = Message(
                via="api",
                rep=NOOR,
                sent_at=now(),
                text="vanmorgen bij zuivelhuis terwolde, offerte vrijdag",
                source_id="1",
            )
            house.assistant.file(house.assistant.accept(said).capture_id)
            began = time.monotonic()
            with api_of(house, NOOR) as (url, token):
                done = tried(
                    url, token, place, "--phases", "coverage,fuzzing", "--max-examples", examples, "--workers", 2
                )
        finally:
            house.close()
    counted = re.search(r"(\d+) generated.*", done.stdout)
    rows = [
        ("routes tried", _found(r"Tested: (\d+)", done.stdout)),
        ("requests", counted.group(0) if counted else "?"),
        ("seconds", round(time.monotonic() - began)),
        ("failures of ours, answers that are not described", "none" if done.returncode == 0 else "see below"),
    ]
    table(f"The API against its document, schemathesis, {examples} examples a route", ("what", "figure"), rows)
    if done.returncode:
        say(done.stdout[-20_000:])


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    return match.group(1) if match else "?"
