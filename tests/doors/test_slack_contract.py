"""What we send, looked at by Slack itself: only where ``SLACK_SANDBOX_TOKEN`` holds a token of a workspace.

``blocks.validate`` needs no scope and posts nothing (docs.slack.dev/reference/methods/blocks.validate).
"""

import json
import os
import time
from pathlib import Path

import pytest
from slack_sdk import WebClient

LETTERS = Path(__file__).parents[1] / "letters"
TOKEN = os.environ.get("SLACK_SANDBOX_TOKEN")
PAUSE_S = 3.0
"""The method belongs to the slowest tier: twenty calls a minute."""

pytestmark = pytest.mark.skipif(not TOKEN, reason="SLACK_SANDBOX_TOKEN is not set: Slack itself is not asked")


@pytest.mark.parametrize("file", sorted(LETTERS.glob("golden/*.nl.json")), ids=lambda file: file.stem)
def test_slack_itself_takes_every_letter(file: Path) -> None:
    time.sleep(PAUSE_S)
    answer = WebClient(TOKEN).blocks_validate(blocks=json.loads(file.read_text("utf-8")))
    assert answer["ok"]


@pytest.mark.parametrize("file", sorted(LETTERS.glob("forms/*.nl.json")), ids=lambda file: file.stem)
def test_slack_itself_takes_every_form(file: Path) -> None:
    time.sleep(PAUSE_S)
    assert WebClient(TOKEN).blocks_validate(view=json.loads(file.read_text("utf-8")))["ok"]
