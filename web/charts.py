"""Pictures of figures as lines of numbers that a template draws: no script, and a table says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

HEIGHT = 96
"""Units of the picture's height that the tallest bar takes."""
STEP, WIDTH = 40, 26
"""From one bar to the next, and a bar's width."""
MONTHS_A_YEAR = 12

Number = int | Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: where it begins from above, how tall it is, and how it is drawn (a class of the stylesheet)."""

    y: float
    height: float
    look: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with what stands under it; ``says`` tells it in words, ``link`` leads to what it counts."""

    x: int
    label: str
    says: str
    parts: tuple[Part, ...]
    link: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars side by side. ``id`` is unlike that of every other picture of the page."""

    id: str
    title: str
    bars: tuple[Bar, ...]

    @property
    def width(self) -> int:
        """Units of the picture's width."""
        return max(1, len(self.bars)) * STEP

    @property
    def says(self) -> str:
        """All bars in words."""
        return "; ".join(f"{bar.label}: {bar.says}" for bar in self.bars)


@dataclass(frozen=True, slots=True)
class Column:
    """What a bar is to show: its label, its pieces from below with their looks, the same in words, where it leads."""

    label: str
    pieces: Sequence[tuple[Number, str]]
    says: str
    link: str = ""


def chart(name: str, title: str, columns: Sequence[Column]) -> Chart:
    """The bars, the tallest as tall as the picture; what is not nought is seen."""
    most = max((sum(value for value, _ in one.pieces) for one in columns), default=0)
    bars = []
    for place, column in enumerate(columns):
        parts, top = [], float(HEIGHT)
        for value, look in column.pieces:
            height = max(2.0, round(float(value) / float(most) * HEIGHT, 1)) if value else 0.0
            top -= height
            if value:
                parts.append(Part(round(top, 1), height, look))
        bars.append(Bar(place * STEP + (STEP - WIDTH) // 2, column.label, column.says, tuple(parts), column.link))
    return Chart(name, title, tuple(bars))


def months_until(day: date, count: int) -> list[tuple[int, int]]:
    """The last ``count`` months up to that of ``day``, oldest first, as year and month."""
    last = day.year * MONTHS_A_YEAR + day.month - 1
    return [(one // MONTHS_A_YEAR, one % MONTHS_A_YEAR + 1) for one in range(last - count + 1, last + 1)]
