"""`debrief import FOLDER --dry-run` says what an import would do, and does none of it."""

from collections.abc import Callable
from pathlib import Path

from store.db import Db
from store.tables import Row
from tests.app.conftest import Ended

Debrief = Callable[..., Ended]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def kept(url: str) -> list[object]:
    db = Db(url)
    with db.read() as tx:
        rows = [tuple(row) for table in Row.metadata.sorted_tables for row in tx.execute(table.select())]
    db.close()
    return sorted(rows, key=repr)


def test_a_dry_run_tells_what_is_new_and_what_changes_and_writes_nothing(
    debrief: Debrief, folder: Path, sqlite_url: str
) -> None:
    assert 2 == debrief("import", folder, "--dry-run").status, "there is no database yet"
    assert 0 == debrief("import", folder).status
    before = kept(sqlite_url)
    same = debrief("import", folder, "--dry-run")
    assert (0, True) == (same.status, "accounts.csv: 0 new, 0 changed" in same.out)
    edit(folder / "accounts.csv", "7396 AB,Terwolde", "7396 AC,Twello")
    edit(folder / "accounts.csv", "V02,", "V99,")
    edit(folder / "reps.csv", "noor@varenhof.example,Noor Wijngaard", "noor@varenhof.example,Noor van Wijngaard")
    edit(folder / "contacts.csv", "V02,", "V99,")
    (folder / "targets.csv").write_text(
        "whose,measure,period,value,currency,since,until,reason\nnoor@varenhof.example,visits,week,8,,2026-01-01,,\n"
    )
    told = debrief("import", folder, "--dry-run")
    assert 0 == told.status, told.err
    for line in (
        "accounts.csv:2: changed: Zuivelhuis Terwolde B.V.", "    city: Terwolde → Twello",
        "    postcode: 7396 AB → 7396 AC", "accounts.csv:3: new: Brouwerij De Kraanvogel",
        "reps.csv:2: changed: noor@varenhof.example", "    name: Noor Wijngaard → Noor van Wijngaard",
        "targets.csv:2: new: noor@varenhof.example visits", "a dry run: nothing was written",
    ):  # fmt: skip
        assert f"\n{line}\n" in f"\n{told.out}"
    assert before == kept(sqlite_url)
    done = debrief("import", folder)
    assert "; 1 of them new" in done.out
    assert "0 new, 0 changed" in debrief("import", folder, "--dry-run").out, "what was told is what was done"


def test_a_dry_run_tells_every_fault_with_its_place_and_ends_with_1(
    debrief: Debrief, folder: Path, sqlite_url: str
) -> None:
    assert 0 == debrief("import", folder).status
    before = kept(sqlite_url)
    edit(folder / "reps.csv", "Europe/Amsterdam", "Europe/Utrecht")
    edit(folder / "accounts.csv", ",A,customer", ",F,customer")
    edit(folder / "contacts.csv", ",V01,", ",V77,")
    told = debrief("import", folder, "--dry-run")
    assert 1 == told.status
    for place in ("reps.csv:2:timezone: ", "accounts.csv:2:class: 'F' is none of A", "contacts.csv:"):
        assert place in told.err
    assert before == kept(sqlite_url)


def test_faults_of_files_that_may_be_there_are_told_too(debrief: Debrief, folder: Path) -> None:
    assert 0 == debrief("import", folder).status
    (folder / "intervals.csv").write_text("class,account_external_id,every\nA,,often\nB,,4 weeks\n")
    told = debrief("import", folder, "--dry-run")
    assert (1, True) == (told.status, "intervals.csv:2: " in told.err)
    assert "intervals.csv:3: new: B" in told.out
