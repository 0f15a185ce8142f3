"""Making people's text harmless and short enough for the medium that shows it."""

import re
import unicodedata

SECTION, BUTTON, HEADER, LABEL = 3000, 75, 150, 75
"""Characters that Slack takes in a section, on a button, in a header, and as a button's spoken label
(docs.slack.dev/reference/block-kit)."""

# Line and paragraph separators break a mail's header lines; bidirectional overrides (Unicode TR 36, 2.2) let a
# name rewrite the words around it; the rest of the C categories is invisible.
_UNSEEN = re.compile(r"[\u200b\u2060\ufeff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def one_line(text: object) -> str:
    """The text without line breaks, control characters and direction marks, its runs of white space made one."""
    seen = _UNSEEN.sub("", str(text))
    kept = "".join(" " if unicodedata.category(char) in {"Cc", "Zl", "Zp", "Cs"} else char for char in seen)
    # Babel's no-break spaces stay: only what breaks or doubles is narrowed.
    return re.sub(r"[ \t]{2,}", " ", kept).strip()


def cut(text: str, most: int) -> str:
    """The text in at most ``most`` characters, an ellipsis in place of what was cut."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    space = kept.rfind(" ")
    return (kept[:space] if space > most * 2 // 3 else kept).rstrip() + "…"


def line(text: object, most: int) -> str:
    """`one_line` and `cut` in one, without reading far beyond what is kept: mails can be very long."""
    return cut(one_line(str(text)[: 4 * most]), most)


def mrkdwn(text: str) -> str:
    """The text as Slack's mrkdwn: nothing in it calls a person or a channel, or is a link.

    Source: docs.slack.dev/messaging/formatting-message-text, "Escaping text": & < > and no others.
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
