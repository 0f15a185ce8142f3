"""How a counter stands against the days that are gone."""

import pytest

from digests import Progress


def at(done: int, target: int | None, gone: int, left: int) -> str | None:
    progress = Progress(
        rep_id=1, name="Noor", team=None, done=done, target=target, period="week", working_days_left=left,
        working_days_gone=gone, works_today=True,
    )  # fmt: skip
    return progress.pace


@pytest.mark.parametrize(
    ("done", "target", "gone", "left", "pace"),
    [
        (0, 10, 0, 4, "on_track"),  # Monday morning owes nothing yet
        (1, 10, 0, 4, "ahead"),
        (4, 10, 2, 2, "on_track"),
        (5, 10, 2, 2, "ahead"),
        (9, 25, 2, 2, "behind"),
        (3, 10, 2, 2, "at_risk"),
        (0, 10, 4, 0, "at_risk"),
        (10, 10, 1, 3, "reached"),
        (3, None, 2, 2, None),
        (0, 0, 2, 2, "reached"),
    ],
)
def test_the_bands(done: int, target: int | None, gone: int, left: int, pace: str | None) -> None:
    assert at(done, target, gone, left) == pace
