"""Tables for a terminal, and the middles and ends of measured times."""

import statistics
import sys
from collections.abc import Sequence


def say(text: str = "") -> None:
    """A line to the terminal, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under their heads; numbers stand right."""
    cells = [list(head), *([_told(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    say(f"\n{title}")
    for number, row in enumerate(cells):
        say(
            "  ".join(
                _placed(cell, width, column) for column, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
        )
        if number == 0:
            say("  ".join("-" * width for width in widths))


def _told(cell: object) -> str:
    return f"{cell:,.1f}" if isinstance(cell, float) else f"{cell:,}" if isinstance(cell, int) else str(cell)


def _placed(cell: str, width: int, column: int) -> str:
    return cell.ljust(width) if column == 0 else cell.rjust(width)


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that so many percent of ``values`` do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def middle(values: Sequence[float]) -> float:
    """The median; nan of none."""
    return statistics.median(values) if values else float("nan")
