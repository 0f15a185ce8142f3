"""Amazon SES's own notices: JSON of a bounce or a complaint, mailed by its notification service.

Source: the SES developer guide, "Amazon SNS notification contents" (``notificationType`` or, newer, ``eventType``).
"""

import json
from collections.abc import Iterator
from typing import Any

from mail_ingest.bounce.addresses import clean
from mail_ingest.bounce.dsn import Reported

MAX_CHARS = 60_000


def read_notification(text: str) -> tuple[str, list[Reported]] | None:
    """``("bounce", …)`` or ``("complaint", …)`` with whom it is about; None where ``text`` is no such notice."""
    start = text.lstrip()[:MAX_CHARS]
    if not start.startswith("{") or not ("notificationType" in start or "eventType" in start):
        return None
    # Relays break lines of more than 990 octets with "!" and a new line.
    event = _object(start.replace("!\n ", ""))
    if isinstance(event.get("Message"), str):
        event = _object(event["Message"])
    kind = str(event.get("notificationType") or event.get("eventType") or "").lower()
    about = event.get(kind)
    if kind not in {"bounce", "complaint"} or not isinstance(about, dict):
        return None
    passing = str(about.get("bounceType", "")).lower() == "transient"
    return kind, list(_recipients(about, passing=passing))


def _recipients(about: dict[str, Any], *, passing: bool) -> Iterator[Reported]:
    for one in about.get("bouncedRecipients") or about.get("complainedRecipients") or ():
        address = clean(str(one.get("emailAddress", ""))) if isinstance(one, dict) else ""
        if address:
            yield Reported(
                final_recipient=address,
                original_recipient="",
                action="delayed" if str(one.get("action", "")).lower() == "delayed" else "failed",
                status=str(one.get("status") or ("4.0.0" if passing else "")),
                diagnostic_code=str(one.get("diagnosticCode", "")).removeprefix("smtp; "),
            )


def _object(text: str) -> dict[str, Any]:
    """The first JSON object in ``text``; an empty one where there is none."""
    try:
        found, _ = json.JSONDecoder(strict=False).raw_decode(text.lstrip())
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
