"""`debrief handover`: what somebody had goes over, is shown before, and taken back."""

from collections.abc import Callable
from pathlib import Path

from app.sample import HERE
from tests.app.conftest import Ended

Debrief = Callable[..., Ended]
MARIT, OTHER = "marit.dekkers@kornhaven.example", "nobody@kornhaven.example"


def test_a_handover_is_shown_done_and_taken_back(debrief: Debrief) -> None:
    assert 0 == debrief("import", Path(str(HERE))).status
    heir = next(
        line.split(",")[0]
        for line in (Path(str(HERE)) / "reps.csv").read_text("utf-8").splitlines()[1:]
        if not line.startswith(MARIT)
    )
    shown = debrief("handover", "--from", MARIT, "--to", heir, "--dry-run")
    assert 0 == shown.status
    assert "would go" in shown.out
    done = debrief("handover", "--from", MARIT, "--to", heir)
    assert shown.out.replace("would go", "went") == done.out
    assert not done.out.startswith("0 accounts")
    assert debrief("handover", "--from", MARIT, "--to", heir, "--dry-run").out.startswith("0 accounts")
    assert "has it again" in debrief("handover", "--from", MARIT, "--to", heir, "--undo").out
    assert 1 == debrief("handover", "--from", MARIT, "--to", heir, "--undo").status
    assert shown.out == debrief("handover", "--from", MARIT, "--to", heir, "--dry-run").out


def test_who_is_nobody_is_told(debrief: Debrief) -> None:
    assert 0 == debrief("import", Path(str(HERE))).status
    ended = debrief("handover", "--from", MARIT, "--to", OTHER)
    assert (2, f"debrief: {OTHER} is nobody here") == (ended.status, ended.err.strip())
