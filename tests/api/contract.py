"""The API against its own document, tried by schemathesis: no failure of ours, no answer that is not described."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.wiring import House
from capture.rights import HOST
from capture.tokens import SCOPES
from capture.webhook_events import EVENTS
from store import reps
from tests.servers.web import served

TOOL = Path(sys.executable).parent / "schemathesis"
UNFIT = "positive_data_acceptance"
"""What the document cannot say, a customer that is not there or a day that has passed, is rightly refused."""


@contextmanager
def api_of(house: House, email: str) -> Iterator[tuple[str, str]]:
    """The address of the document and a token that may do anything, of a house in which each route finds something."""
    with house.db.write() as tx:
        rep = reps.by_email(tx, email)
        assert rep
        rep.role = "administrator"
    token = house.tokens.make(rep.id, "schemathesis", [scope for scope in SCOPES if scope != "calendar"])
    hook = house.webhooks.add(HOST, "https://hooks.firm.example/", list(EVENTS))
    house.webhooks.test(HOST, hook.id)
    with served(house.web()) as url:
        yield f"{url}/api/v1/openapi.json", token


def tried(url: str, token: str, folder: Path, *options: Any) -> "subprocess.CompletedProcess[str]":
    """What schemathesis says of it; it ends with 0 where it found nothing. It leaves its notes in ``folder``."""
    command = [TOOL, "run", url, "--header", f"Authorization: Bearer {token}", "--exclude-checks", UNFIT, "--no-color"]
    return subprocess.run(
        [*map(str, command), *map(str, options)], cwd=folder, capture_output=True, text=True, check=False, timeout=3600
    )
