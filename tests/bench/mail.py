"""Reading mails: how many a second."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from mail_ingest.bounces import read_bounce
from mail_ingest.reading import read_mail
from tests.bench.tables import middle, percentile, table

OURS = Path(__file__).parents[1] / "mail_ingest"
SECONDS = 8.0


def mail(folder: Path | None) -> None:
    """Print times over the mails in ``folder`` (``*.eml``, below it too), or over those of the tests."""
    raws = [path.read_bytes() for path in sorted((folder or OURS).rglob("*.eml"))]
    if not raws:
        raise SystemExit(f"no *.eml in {folder or OURS}")
    table(
        f"{len(raws)} mails of {sum(map(len, raws)) / len(raws) / 1000:.1f} kB",
        ("reading", "mails/s", "median ms", "p99 ms"),
        [_row("forwards and replies", raws, read_mail), _row("bounces and automatic answers", raws, read_bounce)],
    )


def _row(name: str, raws: Sequence[bytes], read: Callable[[bytes], object]) -> tuple[str, float, float, float]:
    read(raws[0])
    took: list[float] = []
    began = time.perf_counter()
    while time.perf_counter() - began < SECONDS / 2 and len(took) < 20 * len(raws):
        for raw in raws:
            since = time.perf_counter()
            read(raw)
            took.append((time.perf_counter() - since) * 1000)
    return name, len(took) / sum(took) * 1000, middle(took), percentile(took, 99)
