"""Short answers that only the one who asked sees; people's words in them are read as they were typed."""

from typing import Any

from letters import cut, mrkdwn

LONGEST = 3_000
"""Characters of a section's text (docs.slack.dev/reference/block-kit/blocks/section-block)."""


def plainly(text: str) -> dict[str, Any]:
    """The text as arguments of an answer: no mark-up, mention or link is read in a plain_text."""
    shown = cut(text, LONGEST)
    block = {"type": "section", "text": {"type": "plain_text", "text": shown, "emoji": False}}
    return {"text": mrkdwn(shown), "blocks": [block]}
