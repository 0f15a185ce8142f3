"""Tables in a page of the documentation, between marks, so that a command can write them again."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path


def markdown(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table; the first column is words, the others are numbers."""
    lines = [list(head), ["---", *["---:"] * (len(head) - 1)], *([_told(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(page: Path, mark: str, text: str) -> None:
    """Put ``text`` between ``<!-- mark -->`` and ``<!-- end of mark -->`` of the page; raises where it has not both."""
    begin, end = f"<!-- {mark} -->\n", f"<!-- end of {mark} -->"
    before, found, rest = page.read_text("utf-8").partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"{page} has no place marked {mark!r}")
    page.write_text(f"{before}{begin}\n{text}\n\n{end}{after}", "utf-8")


def machine() -> str:
    """When and on what this was measured."""
    cores = len(os.sched_getaffinity(0))
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    return f"{datetime.now(UTC):%Y-%m-%d}, {cores} cores ({model}), Python {platform.python_version()}"


def _told(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:,.2f}" if abs(cell) < 10 else f"{cell:,.0f}"  # three digits tell enough
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
