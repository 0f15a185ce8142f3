"""Half load for an hour: what each process holds of memory and open files, and how old waiting work becomes."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.driving import Driver
from tests.bench.load import IN_FLIGHT, RAMP, Place, working
from tests.bench.tables import middle, percentile, say, table
from tests.bench.written import machine, markdown, write
from tests.servers.process import DebriefRun

FIND_RATE_S = 15.0
HEAD = ("process", "MB at first", "at half time", "at the end", "MB an hour, second half", "files", "most files")
QUEUE_HEAD = ("of the queue and the answers", "")
MB = 1e6


@dataclass(frozen=True)
class Look:
    """``second`` since the soak began; memory and open files of each process, jobs that wait and the oldest's age."""

    second: float
    bytes: list[int]
    files: list[int]
    waiting: int
    oldest_s: float


def soak(
    minutes: float = 60.0, workers: int = 2, rate: float | None = None, every_s: float = 30.0, page: Path | None = None
) -> None:
    """Print a look every ``every_s`` and at the end a table; half of the sustained rate unless ``rate`` is given."""
    with working(workers) as place:
        rate = rate or _half(place)
        say(f"{rate:.1f} messages a second for {minutes:g} minutes, on {machine()}")
        began, looks = time.monotonic(), [_look(place, 0.0)]
        while (gone := time.monotonic() - began) < minutes * 60:
            place.driver.steady(rate, min(every_s, minutes * 60 - gone))
            looks.append(_look(place, time.monotonic() - began))
            _tell(place, looks[-1])
        settled = place.driver.settle()
        waits = place.driver.waits(began)
        names = _names(place.processes)
    rows = [_row(name, looks, number) for number, name in enumerate(names)]
    ends = _ends(looks, waits, place.driver, settled=settled)
    table(f"Memory and open files, {rate:.1f} messages a second", HEAD, rows)
    table("Beside that", QUEUE_HEAD, ends)
    if page is not None:
        command = f"python -m tests.bench soak --minutes {minutes:g} --workers {workers} --write {page}"
        told = f"`{command}`: {rate:.1f} messages a second, {machine()}."
        write(page, "soak", f"{told}\n\n{markdown(HEAD, rows)}\n\n{markdown(QUEUE_HEAD, ends)}")


def _half(place: Place) -> float:
    begin = time.monotonic()
    place.driver.full(FIND_RATE_S, IN_FLIGHT)
    rate = place.driver.rate(begin + FIND_RATE_S * RAMP, begin + FIND_RATE_S)
    place.driver.settle()
    return max(rate / 2, 0.5)


def _look(place: Place, second: float) -> Look:
    jobs = place.town.house.jobs
    return Look(
        second,
        [run.resident_bytes() for run in place.processes],
        [run.open_files() for run in place.processes],
        jobs.waiting(),
        jobs.oldest_due_s(datetime.now(UTC)),
    )


def _tell(place: Place, look: Look) -> None:
    memory = " ".join(f"{held / MB:.0f}" for held in look.bytes)
    files = " ".join(map(str, look.files))
    driver = place.driver
    say(
        f"{look.second:6.0f} s  {memory} MB  {files} files  {look.waiting} jobs wait, the oldest {look.oldest_s:.1f} s"
        f"  {len(driver.answered):,} of {len(driver.due):,} answered, {dict(driver.refused) or 0} refused"
    )


def _names(processes: Sequence[DebriefRun]) -> list[str]:
    if len(processes) == 1:
        return ["run"]
    return ["serve", *(f"worker {number}" for number in range(1, len(processes)))]


def _row(name: str, looks: Sequence[Look], number: int) -> tuple[object, ...]:
    held = [look.bytes[number] / MB for look in looks]
    files = [look.files[number] for look in looks]
    late = len(looks) // 2
    points = [(look.second / 3600, look.bytes[number] / MB) for look in looks[late:]]
    return (name, held[0], held[late], held[-1], slope(points), files[-1], max(files))


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Of the straight line that fits best, by least squares; nan of fewer than two different moments."""
    mean_x, mean_y = (sum(point[axis] for point in points) / len(points) for axis in (0, 1))
    wide = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / wide if wide else float("nan")


def _ends(looks: Sequence[Look], waits: Sequence[float], driver: Driver, *, settled: bool) -> list[tuple[object, ...]]:
    late = len(looks) // 2
    return [
        ("messages", len(driver.due)),
        ("unanswered" if settled else "unanswered after a minute's wait", driver.open),
        ("refused", driver.refused.total()),
        ("jobs that wait, most in the first half", max(look.waiting for look in looks[: late + 1])),
        ("jobs that wait, most in the second half", max(look.waiting for look in looks[late:])),
        ("age of the oldest job, longest, s", max(look.oldest_s for look in looks)),
        ("event → card p50, s", middle(waits)),
        ("event → card p95, s", percentile(waits, 95) if waits else float("nan")),
        ("event → card p99, s", percentile(waits, 99) if waits else float("nan")),
    ]
