"""What is handed to operators: every metric that a rule or picture names is there, every unit can be started."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import typer
import yaml

from app.cli import app
from web.metrics import HELP

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def named(text: str) -> set[str]:
    return set(re.findall(r"\bdebrief_(\w+)", text))


def test_every_metric_of_a_rule_is_there() -> None:
    rules = yaml.safe_load((DEPLOY / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
    told = {name for rule in rules for name in named(rule["expr"])}
    assert told
    assert told <= HELP.keys()
    assert all(rule["annotations"]["summary"] and rule["labels"]["severity"] for rule in rules)


def test_the_dashboard_shows_every_metric_and_no_other() -> None:
    board = json.loads((DEPLOY / "grafana" / "debrief.json").read_text("utf-8"))
    told = {name for panel in board["panels"] for target in panel["targets"] for name in named(target["expr"])}
    assert told == HELP.keys()


@pytest.mark.parametrize("process", ["serve", "worker", "ingest"])
def test_the_target_starts_processes_that_there_are(process: str) -> None:
    assert f"debrief@{process}.service" in (DEPLOY / "systemd" / "debrief.target").read_text("utf-8")
    assert process in COMMANDS


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd is not installed here")
    for unit in (DEPLOY / "systemd").iterdir():
        # Our program and its user are not on this machine.
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text("utf-8"), flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(re.sub(r"^(User|EnvironmentFile)=.*\n", "", text, flags=re.MULTILINE))
    units = sorted(str(unit) for unit in tmp_path.iterdir())
    checked = subprocess.run([analyze, "verify", *units], capture_output=True, text=True, check=False)
    faults = [line for line in checked.stderr.splitlines() if "debrief" in line]
    assert not faults, checked.stderr


def test_the_proxy_hands_on_what_people_and_slack_ask_for_and_nothing_of_the_inside() -> None:
    proxy = (DEPLOY / "Caddyfile").read_text("utf-8")
    assert "reverse_proxy serve:8420" in proxy
    assert "/metrics" in proxy.partition("respond @inside 404")[0]
