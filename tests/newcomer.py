"""From ``git clone`` to the first visit filed from Slack, as the README says it: ``python -m tests.newcomer``.

Its commands are run as they stand in *Ten minutes to Slack*, in a fresh clone, against the Slack of our tests; what a
person does on Slack's pages is done by hand there and takes no time here. ``--write README.md`` puts the figures there.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.servers.ports import free_port
from tests.servers.slack import SlackServer

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- newcomer -->\n", "<!-- end of newcomer -->"
SAID = "Demo at Marlow & Finch this afternoon, quote by Friday"
PATIENCE_S = 1800.0


@dataclass
class Newcomer:
    """Somebody with a terminal in ``home``; ``took`` is what they waited for, in seconds."""

    home: Path
    took: dict[str, float] = field(default_factory=dict)
    commands: int = 0

    @contextmanager
    def waiting(self, what: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.took[what] = self.took.get(what, 0.0) + time.monotonic() - began

    def types(self, command: str, **settings: str) -> str:
        """Run a command to its end; what it printed."""
        self.commands += 1
        done = subprocess.run(
            command,
            shell=True,
            cwd=self.home,
            env=_environment(**settings),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"{command}\n{done.stdout}{done.stderr}")
        return done.stdout


def _environment(**settings: str) -> dict[str, str]:
    """That of a new terminal: nothing of ours, nothing of the environment that this runs in."""
    ours = re.compile("DEBRIEF_|PYTHON|VIRTUAL_ENV|MAKE")
    return {name: value for name, value in os.environ.items() if not ours.match(name)} | settings


def section() -> str:
    """What the README says of Slack."""
    text = (ROOT / "README.md").read_text("utf-8")
    return text.split("## Ten minutes to Slack\n", 1)[1].split("\n## ", 1)[0]


def follow(source: str, home: Path) -> Newcomer:
    """Do what it says; raises, or ends, where it does not lead to a card."""
    says = section()
    blocks = [re.sub("(?m)^   ", "", block) for block in re.findall(r"```sh\n(.*?) *```", says, re.DOTALL)]
    tokens, company = blocks[:2]
    assert all(
        command in says for command in ("`make install`", "`.venv/bin/debrief manifest`", "`.venv/bin/debrief run`")
    )
    who = Newcomer(home / "debrief")
    with who.waiting("clone and install"):
        Newcomer(home).types(f"git clone --quiet {source} debrief")
        who.types("make install")
    with who.waiting("the rest"):
        app = yaml.safe_load(who.types(".venv/bin/debrief manifest"))
    with SlackServer(app) as slack:
        user = slack.add_user("You", "you@your.company")
        filled = tokens.replace("xoxb-…", slack.bot_token).replace("xapp-…", slack.app_token)
        (who.home / ".env").write_text(filled)
        with who.waiting("the rest"):
            for command in company.strip().splitlines():
                who.types(command)
            _first_card(who, slack, user)
    who.commands += 2  # git clone, debrief run
    return who


def _first_card(who: Newcomer, slack: SlackServer, user: Any) -> None:
    port = free_port()
    place = {"DEBRIEF_SLACK__API_URL": slack.base_url, "DEBRIEF_PORT": str(port)}
    log = (who.home / "run.log").open("w")
    command = [str(who.home / ".venv/bin/debrief"), "run"]
    running = subprocess.Popen(command, cwd=who.home, env=_environment(**place), stdout=log, stderr=log)
    try:
        _until(lambda: slack.postman.sockets.count > 0, running)
        slack.human(user).says(SAID)
        _until(lambda: bool(slack.journal.called("chat.postMessage", ok=True)), running)
        [card] = slack.journal.called("chat.postMessage", ok=True)
        assert "Marlow &amp; Finch" in str(card.args), card.args
    finally:
        running.terminate()
        running.wait(timeout=30)
        log.close()


def _until(holds: Callable[[], bool], running: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert running.poll() is None, "debrief run ended"
        assert time.monotonic() < end, "no card came"
        time.sleep(0.1)


def figures(who: Newcomer) -> str:
    """One sentence for the README."""
    steps = len(re.findall(r"(?m)^\d+\. ", section()))
    minutes = {what: seconds / 60 for what, seconds in who.took.items()}
    waits = ", ".join(f"{minutes[what]:.1f} for {what}" for what in minutes)
    return (
        f"From `git clone` to the first visit filed from Slack: {steps} steps, {who.commands} commands and"
        f" {sum(minutes.values()):.1f} minutes of\nwaiting ({waits}), followed to the letter by"
        " `python -m tests.newcomer`\nagainst the Slack of our tests; the clicks on Slack's pages come on top.\n"
    )


def main() -> None:
    """Follow it once."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--source", default=str(ROOT), help="what to clone")
    arguments.add_argument("--write", type=Path, metavar="PAGE", help="put the figures into this page, too")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="debrief-newcomer-") as home:
        told = figures(follow(given.source, Path(home)))
    sys.stdout.write(told)
    if given.write:
        before, _, rest = given.write.read_text("utf-8").partition(BEGIN)
        given.write.write_text(before + BEGIN + told + END + rest.partition(END)[2], "utf-8")


if __name__ == "__main__":
    main()
