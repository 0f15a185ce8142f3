"""The command line used wrongly: one clear line, an exit status that is not 0, and nothing half done."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.sample import HERE
from store.db import Db
from store.tables import Account, Contact, Rep
from tests.app.conftest import Ended
from tests.servers.ports import free_port

Debrief = Callable[..., Ended]
SAMPLE = Path(str(HERE))
MARIT = "marit.dekkers@kornhaven.example"
SAID: dict[str, Any] = {
    "id": 1, "channel": "slack", "rep": MARIT, "sent_at": "2026-03-12T16:40:00+01:00", "text": "bedankt!",
}  # fmt: skip


@pytest.fixture
def filled(debrief: Debrief) -> Debrief:
    """The command line over a house with the sample company."""
    assert 0 == debrief("import", SAMPLE).status
    return debrief


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample's CSV files, to be spoilt."""
    copy = tmp_path / "export"
    copy.mkdir()
    for name in ("reps.csv", "accounts.csv", "contacts.csv"):
        shutil.copy(SAMPLE / name, copy)
    return copy


def complaint(ended: Ended, status: int = 2) -> str:
    """The one line that was said; nothing else was."""
    assert status == ended.status
    assert "" == ended.out
    [line] = ended.err.splitlines()
    assert line.startswith("debrief: ")
    return line.removeprefix("debrief: ")


def rows(url: str) -> int:
    db = Db(url)
    with db.read() as tx:
        count = sum(tx.scalar(select(func.count()).select_from(table)) or 0 for table in (Rep, Account, Contact))
    db.close()
    return count


# ------------------------------------------------------------------------------------------------------------ import


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("reps.csv", "timezone", "zone"), "reps.csv: column timezone is missing"),
        (
            ("reps.csv", "Europe/Amsterdam", "Europe/Utrecht"),
            "reps.csv:2:timezone: 'Europe/Utrecht' is no IANA time zone",
        ),
        (("reps.csv", "U0DEMO2", "U0DEMO1"), "reps.csv:3:slack_id: 'U0DEMO1' stands in line 2 already"),
        (("accounts.csv", "KH002,", "KH001,"), "accounts.csv:3:external_id: 'KH001' stands in line 2 already"),
        (
            ("accounts.csv", "Bakkerij Jansen,", "Jansen, Ede,"),
            "accounts.csv:2: 12 cells under 11 headings; quote what",
        ),
        (
            ("contacts.csv", "KP001,KH001", "KP001,KH999"),
            "contacts.csv:2:account_external_id: 'KH999' is no customer here",
        ),
        (("contacts.csv", "KP001,KH001", ",KH001"), "contacts.csv:2:external_id: must be filled"),
    ],
)
def test_a_fault_in_a_csv_file_is_told_with_its_line(
    debrief: Debrief, folder: Path, sqlite_url: str, change: tuple[str, str, str], told: str
) -> None:
    name, *words = change
    edit(folder / name, *words)
    ended = debrief("import", folder)
    assert (2, "") == (ended.status, ended.out)
    first, last = ended.err.splitlines()[0], ended.err.splitlines()[-1]
    assert first.startswith(f"debrief: {name}")
    assert told in first
    assert "debrief: nothing was brought in" == last
    assert 0 == rows(sqlite_url)


def test_a_file_that_is_not_utf_8_says_so(debrief: Debrief, folder: Path) -> None:
    accounts = folder / "accounts.csv"
    accounts.write_bytes(accounts.read_text("utf-8").encode("utf-16"))
    ended = debrief("import", folder)
    assert 2 == ended.status
    assert "accounts.csv: not UTF-8" in ended.err


def test_a_folder_without_the_files_is_told(debrief: Debrief, tmp_path: Path) -> None:
    ended = debrief("import", tmp_path / "none")
    assert 2 == ended.status
    assert "reps.csv: there is no such file" in ended.err


def test_a_spreadsheet_may_save_with_semicolons(debrief: Debrief, folder: Path) -> None:
    for name in ("reps.csv", "contacts.csv"):
        path = folder / name
        text = path.read_text("utf-8")
        assert ";" not in text
        assert '"' not in text
        path.write_text("\ufeff" + text.replace(",", ";"), "utf-8")
    assert "4 reps, 45 accounts, 83 contacts" in debrief("import", folder).out


# ------------------------------------------------------------------------------------------------------------- parse


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b'{"id": ', "line 2: no JSON: Expecting value"),
        (b"[1]", "line 2: an object is wanted"),
        (b'{"id": 1, "rep": "a"}', "line 2: channel, sent_at, text (or eml) is missing"),
        (b'{"id": "\xff"}', "line 2: not UTF-8 (byte 9 of the line)"),
        (json.dumps({**SAID, "sent_at": "12 March"}).encode(), "line 2: sent_at '12 March' is no moment"),
        (json.dumps({**SAID, "sent_at": "2026-03-12"}).encode(), "line 2: sent_at '2026-03-12' has no offset"),
        (json.dumps({**SAID, "text": 5}).encode(), "line 2: text: text is wanted"),
        (json.dumps({**SAID, "eml": "gone.eml"}).encode(), "line 2: there is no file"),
    ],
)  # fmt: skip
def test_a_broken_line_is_named_before_the_first_answer(
    filled: Debrief, tmp_path: Path, line: bytes, told: str
) -> None:
    path = tmp_path / "said.jsonl"
    path.write_bytes(json.dumps(SAID).encode() + b"\n" + line + b"\n")
    assert f"{path}, {told}" in complaint(filled("parse", "--jsonl", path))


def test_sound_lines_are_answered_in_order(filled: Debrief, tmp_path: Path) -> None:
    path = tmp_path / "said.jsonl"
    path.write_text(
        "\ufeff" + "\n\n".join(json.dumps({**SAID, "id": n, "rep": MARIT.upper()}) for n in (7, 3)), "utf-8"
    )
    answers = [json.loads(line) for line in filled("parse", "--jsonl", path).out.splitlines()]
    assert [
        {"id": 7, "visits": [], "not_a_report": "thanks"},
        {"id": 3, "visits": [], "not_a_report": "thanks"},
    ] == answers


def test_what_cannot_be_parsed_is_told(filled: Debrief, tmp_path: Path) -> None:
    assert "gone.eml: No such file" in complaint(filled("parse", "gone.eml"), 1)
    assert "none.jsonl: No such file" in complaint(filled("parse", "--jsonl", tmp_path / "none.jsonl"), 1)
    assert "say who says it: --rep EMAIL" == complaint(filled("parse", "Met Dana"))
    assert complaint(filled("parse", "Met Dana", "--rep", "x@y.example")).startswith(
        "x@y.example is no rep here; known"
    )
    assert "give either a text" in complaint(filled("parse"))


def test_a_moment_without_a_zone_is_on_the_clock_of_the_rep(filled: Debrief) -> None:
    shown = filled("parse", "bedankt!", "--rep", MARIT, "--at", "2026-07-01T00:30").out
    assert "Marit Dekkers · Wed 01 Jul 2026 00:30" in shown
    assert "Nothing would be filed: thanks." in shown


def test_a_reading_is_shown_with_its_words_and_what_would_be_asked(filled: Debrief) -> None:
    shown = filled(
        "parse", "vanmiddag bij jansen geweest, mooi gesprek", "--rep", MARIT, "--at", "2026-03-12T17:00"
    ).out
    assert "Thu 12 Mar 2026" in shown
    assert "“vanmiddag”" in shown
    assert "The card would ask: which account, Bakkerij Jansen or Banketbakkerij Jansen?" in " ".join(shown.split())


@pytest.mark.parametrize("command", ["read", "bounce"])
def test_a_list_of_mails_is_looked_at_before_the_first_is_read(debrief: Debrief, tmp_path: Path, command: str) -> None:
    listed = tmp_path / "mails"
    listed.write_text(f"{SAMPLE / 'mails' / 'kitchen-refit.eml'}\n/none/gone.eml\n", "utf-8")
    assert f"{listed}, line 2: there is no file /none/gone.eml" == complaint(debrief("mail", command, "--list", listed))
    assert "No such file" in complaint(debrief("mail", command, "--list", tmp_path / "none"), 1)
    listed.write_text(f"{SAMPLE / 'mails' / 'kitchen-refit.eml'}\n", "utf-8")
    assert 0 == debrief("mail", command, "--list", listed).status


# ------------------------------------------------------------------------------------------ settings, database, doctor


def test_commands_say_when_the_database_is_not_set_up_and_make_none(debrief: Debrief, tmp_path: Path) -> None:
    for command in (["serve"], ["worker"], ["ingest"], ["parse", "x", "--rep", MARIT], ["shelf", "list"]):
        assert "is not set up for this release: run `debrief migrate`" in complaint(debrief(*command))
    assert 1 == debrief("doctor").status
    assert [] == list(tmp_path.iterdir())


def test_a_database_that_cannot_be_reached_is_one_line_without_its_password(debrief: Debrief) -> None:
    url = f"postgresql://debrief:hunter2@127.0.0.1:{free_port()}/debrief"
    for command in ("serve", "migrate", "worker"):
        told = complaint(debrief(command, DATABASE_URL=url), 1)
        assert "Connection refused" in told
        assert "hunter2" not in told


def test_a_database_file_that_cannot_be_made_is_told(debrief: Debrief) -> None:
    assert "unable to open database file" in complaint(debrief("migrate", DATABASE_URL="sqlite:////proc/no/x.db"), 1)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PORT", "http", "DEBRIEF_PORT: Input should be a valid integer"),
        ("MAILBOX__POLL_S", "-1", "DEBRIEF_MAILBOX__POLL_S: Input should be greater than 0"),
        ("DATABASE_URL", "mysql://x/y", "DEBRIEF_DATABASE_URL: begins with sqlite:/// or postgresql://"),
        ("DATABASE_URL", "postgresql://h:port/n", "DEBRIEF_DATABASE_URL: is no address as in"),
        ("SLACK", "xoxb", 'settings: error parsing value for field "slack"'),
    ],
)
def test_a_wrong_setting_is_named(debrief: Debrief, name: str, value: str, told: str) -> None:
    assert complaint(debrief("migrate", **{name: value})).startswith(told)


def test_settings_are_shown_without_their_secrets(debrief: Debrief) -> None:
    shown = debrief("settings", SMTP__PASSWORD="hunter2", DATABASE_URL="postgresql://u:hunter2@h/n", PORT="8000").out
    assert "DEBRIEF_PORT=8000  # The port" in shown
    assert "DEBRIEF_SMTP__PASSWORD=(set)" in shown
    assert "DEBRIEF_DATABASE_URL=postgresql://u:***@h/n" in shown
    assert "hunter2" not in shown


def test_a_port_or_host_that_cannot_be_had_is_told_before_anything_is_started(
    debrief: Debrief, tmp_path: Path, taken_port: int
) -> None:
    assert f"port {taken_port} is in use; set DEBRIEF_PORT" == complaint(debrief("run", PORT=str(taken_port)), 1)
    assert "nowhere.invalid is no address of this machine" in complaint(debrief("run", HOST="nowhere.invalid"), 1)
    assert [] == list(tmp_path.iterdir())


def test_a_mailbox_is_needed_to_ingest(filled: Debrief) -> None:
    assert "no mailbox is set up: set DEBRIEF_MAILBOX__HOST" in complaint(filled("ingest"))


def test_targets_are_for_people_who_are_here(filled: Debrief) -> None:
    assert "x@y.example is no rep here" == complaint(filled("target", "x@y.example", "5"))
    assert 2 == filled("target", MARIT, "5", "--per", "day").status
    assert 2 == filled("target", MARIT, "--", "-5").status
    assert f"{MARIT}: 5 visits a month\n" == filled("target", MARIT, "5", "--per", "month").out


def test_only_what_is_on_the_shelf_can_be_tried_again(filled: Debrief) -> None:
    assert "" == filled("shelf", "list").out
    assert "file:7 is not on the shelf" == complaint(filled("shelf", "replay", "file:7"))


def test_a_house_is_backed_up_and_restored(debrief: Debrief, tmp_path: Path) -> None:
    debrief("import", SAMPLE)
    assert "house.backup" in debrief("backup", tmp_path / "house.backup").out
    over = debrief("restore", tmp_path / "house.backup")
    assert over.status == 1
    assert "already" in over.err
    restored = debrief("restore", tmp_path / "house.backup", DATABASE_URL=f"sqlite:///{tmp_path}/again/debrief.db")
    assert restored.status == 0
    assert "is restored" in restored.out


def test_a_backup_into_a_folder_that_is_not_there_is_one_line(debrief: Debrief, tmp_path: Path) -> None:
    debrief("migrate")
    ended = debrief("backup", tmp_path / "nowhere" / "house.backup")
    assert ended.status == 1
    assert len(ended.err.splitlines()) == 1
