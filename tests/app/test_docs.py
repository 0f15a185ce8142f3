"""What can be named is documented: each setting, command, option, job and letter, and the pictures that are shown."""

import os
import re
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import typer

from app.cli import app
from app.settings import every_setting
from letters.rendering import PREPARE
from tests.conftest import TestHouse

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
MARK = "<!-- settings -->"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


def settings_tables() -> str:
    """The tables of docs/settings.md."""
    lines = []
    for part, settings in groupby(every_setting(), key=lambda setting: setting.part):
        name, _, more = part.partition(". ")
        lines += [
            "",
            f"## {name.rstrip('.')}",
            *(["", more] if more else []),
            "",
            "| setting | default | |",
            "|---|---|---|",
        ]
        lines += [f"| `{one.name}` | {f'`{one.default}`' if one.default else ''} | {one.says} |" for one in settings]
    return "\n".join(lines) + "\n"


def commands(group: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        is_group = hasattr(command, "commands")  # typer brings a click of its own
        if is_group:
            yield from commands(command, *path, name)
        if not is_group or command.invoke_without_command:
            yield (*path, name), command


COMMANDS = dict(commands(typer.main.get_command(app)))


def test_the_page_of_settings_is_made_from_the_settings() -> None:
    page = DOCS / "settings.md"
    head = page.read_text("utf-8").partition(MARK)[0]
    wanted = f"{head}{MARK}\n{settings_tables()}"
    if os.environ.get("DEBRIEF_GOLDEN") == "write":
        page.write_text(wanted, "utf-8")
    assert wanted == page.read_text("utf-8")


def test_every_setting_says_what_it_is_for() -> None:
    settings = list(every_setting())
    assert len(settings) > 20
    assert [] == [one.name for one in settings if not one.says]


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_a_command_is_documented_with_its_options(path: tuple[str, ...]) -> None:
    page = (DOCS / "commands.md").read_text("utf-8")
    assert f"`debrief {' '.join(path)}" in page
    options = [name for one in COMMANDS[path].params if one.param_type_name == "option" for name in one.opts]
    assert [] == [name for name in options if name != "--help" and name not in page]


def test_no_command_is_documented_that_is_not_there() -> None:
    page = (DOCS / "commands.md").read_text("utf-8")
    named = re.findall(r"^\| `debrief ([a-z ]+?)(?: [A-Z-].*?)?`", page, re.MULTILINE)
    assert set(COMMANDS) == {tuple(one.split()) for one in named}


def test_every_job_is_documented(build_house: Callable[..., TestHouse], sqlite_url: str) -> None:
    house = build_house(sqlite_url, empty=True)
    page = (DOCS / "commands.md").read_text("utf-8")
    jobs = page.partition("| job |")[2].partition("| letter |")[0]
    assert set(house.house.work) == set(re.findall(r"^\| `(\w+)`", jobs, re.MULTILINE))


def test_every_letter_is_documented() -> None:
    letters = (DOCS / "commands.md").read_text("utf-8").partition("| letter |")[2]
    assert set(PREPARE) == set(re.findall(r"^\| `(\w+)`", letters, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_links_to_is_there(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text("utf-8"))
    assert [] == [target for target in targets if not (page.parent / target).exists()]


def test_a_setting_that_a_page_names_is_one() -> None:
    known = {setting.name for setting in every_setting()} | {"DEBRIEF_GOLDEN"}
    texts = "".join(page.read_text("utf-8") for page in (*PAGES, ROOT / "docker-compose.yml", DOCS / "debrief.env"))
    # What is said of a mailbox by its name is said of it as of the one without.
    texts = re.sub(r"DEBRIEF_MAILBOXES__[A-Z]+__", "DEBRIEF_MAILBOX__", texts)
    named = set(re.findall(r"DEBRIEF_[A-Z_]+[A-Z]", texts))
    assert named
    assert [] == sorted(named - known)
