"""What a rep might say to try Debrief out: examples about accounts that are really there."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from store.conversations import Meeting


@cache
def _said() -> dict[str, list[str]]:
    return tomllib.loads((Path(__file__).parent / "examples.toml").read_text("utf-8"))


def examples(language: str, meetings: Sequence[Meeting]) -> list[str]:
    """A few messages in the language, English where we do not speak it, about the places and people given."""
    templates = _said().get(language) or _said()["en"]
    made = []
    for number, template in enumerate(templates):
        meeting = meetings[number % len(meetings)] if meetings else None
        if "{contact}" in template and not (meeting and meeting.contact):
            continue
        if "{account}" in template and not meeting:
            continue
        values = {"account": meeting.account, "contact": meeting.contact} if meeting else {}
        made.append(template.format(**values))
    return made
