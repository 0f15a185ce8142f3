"""What a press of a card's button means: the same for every medium that shows buttons."""

import re
from dataclasses import dataclass

from capture.values import CorrectionError, Value

FACTS: dict[str, tuple[str, Value]] = {
    "phone": ("medium", "phone"),
    "missed": ("status", "missed"),
    "rescheduled": ("status", "cancelled"),
    "held": ("status", "held"),
}
"""What one tap says, and what `Assistant.correct` is told."""
PROPOSED = {"newrole", "newphone", "newemail"}
"""What one tap lets a signature fill in of a known contact."""
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Press:
    """Which visit a press is about, and what is to be corrected of it."""

    visit_id: int
    what: str
    value: Value = None


def read_press(action_id: str, value: str) -> Press:
    """The press of a button of the letter ``filed``; raises `CorrectionError` for one that no card of ours has.

    ``undo 41``, ``account:2 41:7`` (an account of the CRM), ``account:1 41:new`` (it is a new one indeed),
    ``account:other 41:+Name`` (a new one of that name), ``fact:phone 41``, ``fact:done 41:9`` (an action).
    """
    visit, _, more = value.partition(":")
    family, _, which = action_id.partition(":")
    if re.fullmatch(r"\d{1,12}", visit, re.ASCII) and len(more) <= LONGEST:
        visit_id = int(visit)
        if action_id == "undo":
            return Press(visit_id, "undo")
        if family == "account" and more == "new":
            return Press(visit_id, "is_new")
        if family == "account" and more.startswith("+"):
            return Press(visit_id, "new_account", more[1:])
        if family == "account":
            return Press(visit_id, "account", more)
        if family == "fact" and which.partition(":")[0] == "done":  # ``fact:done:2`` where several are on one page
            return Press(visit_id, "action", {"id": more, "state": "done"})
        if family == "fact" and which in {*PROPOSED, *FACTS}:
            return Press(visit_id, "proposal", more) if which in PROPOSED else Press(visit_id, *FACTS[which])
    raise CorrectionError("unknown", "This button does nothing any more.")
