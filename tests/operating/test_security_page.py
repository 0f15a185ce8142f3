"""Every test that the page on security names is there: a claim without one is only a claim."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
FILES = re.findall(r"`((?:capture|deploy|web|app|store|mail_ingest)/[\w./]+)`", PAGE)


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_it_is_there(file: str, test: str) -> None:
    assert f"\ndef {test}(" in (ROOT / file).read_text("utf-8")


@pytest.mark.parametrize("file", FILES)
def test_the_file_is_there(file: str) -> None:
    assert (ROOT / file).exists()


def test_every_threat_names_one() -> None:
    rows = [row for row in PAGE.split("## Threats")[1].split("## Where")[0].splitlines() if row.startswith("| ")][1:]
    without = [row for row in rows if "tests/" not in row]
    assert len(without) == 1, without  # of dependencies: the commands
