"""The forms about somebody who seems gone, as Slack's modals: a new address, who follows, where to."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from letters.filters import cut
from letters.wording import Wording

FORMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"address": ("email",), "successor": ("name", "email", "phone"), "where": ("employer",)}
)
"""The fields of each form; the first has to be filled in."""
TITLE, LABEL, INPUT = 24, 150, 200
"""Characters that Slack takes in a title, in a label, and that we take in a field (docs.slack.dev/reference/views)."""
Json = dict[str, Any]


def form(words: Wording, kind: str, employment_id: str) -> Json:
    """The form of this kind, one of `FORMS`, about one employment."""
    return {
        "type": "modal", "callback_id": f"alive:{kind}", "private_metadata": employment_id,
        "title": _plain(words.say(f"leaver.{kind}"), TITLE), "submit": _plain(words.say("fix.save"), TITLE),
        "close": _plain(words.say("fix.close"), TITLE),
        "blocks": [_field(words, name, needed=name == FORMS[kind][0]) for name in FORMS[kind]],
    }  # fmt: skip


def _field(words: Wording, name: str, *, needed: bool) -> Json:
    # Slack reads what is typed into a menu of employers, and only there.
    element: Json = {"type": "plain_text_input", "action_id": f"alive:{name}", "max_length": INPUT}
    if name == "employer":
        element = {"type": "external_select", "action_id": "alive:employer", "min_query_length": 1}
    label = _plain(words.say(f"leaver.field_{name}"), LABEL)
    return {"type": "input", "block_id": f"{name}:", "optional": not needed, "label": label, "element": element}


def _plain(text: str, most: int) -> Json:
    return {"type": "plain_text", "text": cut(text, most), "emoji": False}
