"""Delivery status notifications (RFC 3464), in the dialects that are sent.

Seen in the wild and read here: groups without a blank line between them, fields without an address type, addresses in
angle brackets, the report as plain text or behind a lost boundary, actions that the RFC does not know, several reports
in one mail, and fields that only X.400 gateways write.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mail_ingest.bounce.addresses import clean, find_addresses
from mail_ingest.bounce.model import DsnAction
from mail_ingest.bounce.parts import Mail

REPORT_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status", "message/delivery-report"})
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{2,40})[ \t]?:[ \t]{0,20}(.*)")
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_OF_RECIPIENT = frozenset(
    {
        "final-recipient", "original-recipient", "action", "status", "remote-mta", "diagnostic-code",
        "last-attempt-date", "will-retry-until", "final-log-id", "x-actual-recipient", "x-display-name",
        "x-supplementary-info", "x-notes", "x-postfix-sender",
    }
)  # fmt: skip
_DELAYED = frozenset({"delayed", "deferred", "delay", "warning", "retrying", "queued"})
_DELIVERED = frozenset({"delivered", "relayed", "expanded", "success", "deliverable", "forwarded"})
_NOT_AN_ADDRESS_TYPE = re.compile(r"^\s*[a-zA-Z0-9-]{1,20}\s*;\s*")
MAX_LINES = 5000


@dataclass(frozen=True, slots=True)
class Reported:
    """One group of fields about one recipient, as written; ``action`` is None where mail was delivered."""

    final_recipient: str
    original_recipient: str
    action: DsnAction | None
    status: str
    diagnostic_code: str

    @property
    def address(self) -> str:
        """The address that we wrote to: the original one, where it is an address."""
        return self.original_recipient or self.final_recipient


def read_reports(mail: Mail, text: str) -> list[Reported] | None:
    """What the delivery status parts say; None where the message has none, in a part or in its ``text``."""
    bodies = [part.text() for part in mail.parts if part.type in REPORT_TYPES]
    if not bodies and _looks_like_fields(text):
        bodies = [text]
    if not bodies and any("report; delivery-status" in one for one in mail.containers):
        bodies = [
            said
            for part in mail.parts
            if not part.type.startswith("message/") and _looks_like_fields(said := part.text())
        ]
    if not bodies:
        return None
    return [reported for body in bodies for reported in _read_body(body)]


def status_in(text: str) -> str:
    """The first enhanced status code (RFC 3463) of class 4 or 5 in ``text``; empty where there is none."""
    for found in _STATUS.finditer(text[:4000]):
        if found[1] != "2":
            return found[0]
    return ""


def _looks_like_fields(text: str) -> bool:
    low = text.lower()
    return ("\nfinal-recipient" in low or "\noriginal-recipient" in low) and ("\naction" in low or "\nstatus" in low)


def _read_body(body: str) -> Iterator[Reported]:
    for group in _groups(body):
        reported = _read_group(group)
        if reported is not None:
            yield reported


def _groups(body: str) -> Iterator[dict[str, str]]:
    """The fields about each recipient; a field that comes again begins the next one."""
    group: dict[str, str] = {}
    last = ""
    for line in body.split("\n")[:MAX_LINES]:
        if line[:1] in {" ", "\t"} and last and line.strip():
            group[last] = f"{group[last]} {line.strip()}"[:4000]
            continue
        found = _FIELD.match(line)
        name = found[1].lower() if found else ""
        if not line.strip():
            last = ""
            if _names_someone(group) and ("action" in group or "status" in group):
                yield group
                group = {}
        if found is None or name not in _OF_RECIPIENT:
            last = ""
            continue
        if name in group and name in {"final-recipient", "original-recipient", "action"}:
            yield group
            group = {}
        group[name] = found[2].strip() if name not in group else group[name]
        last = name
    if group:
        yield group


def _names_someone(group: dict[str, str]) -> bool:
    return "final-recipient" in group or "original-recipient" in group or "x-actual-recipient" in group


def _read_group(group: dict[str, str]) -> Reported | None:
    if not _names_someone(group):
        return None
    word = group.get("action", "").partition(";")[0].partition("(")[0].strip().lower()
    status = status_in(group.get("status", ""))
    diagnostic = _NOT_AN_ADDRESS_TYPE.sub("", group.get("diagnostic-code", ""))
    action: DsnAction | None = "failed"
    if word in _DELIVERED or (not word and group.get("status", "").startswith("2")):
        action = None
    elif word in _DELAYED:
        action = "delayed"
    if not diagnostic and "(" in group.get("status", ""):
        diagnostic = group["status"].partition("(")[2].rstrip(")")
    return Reported(
        final_recipient=_recipient(group.get("final-recipient", "")) or _recipient(group.get("x-actual-recipient", "")),
        original_recipient=_recipient(group.get("original-recipient", "")),
        action=action,
        status=status,
        diagnostic_code=diagnostic,
    )


def _recipient(value: str) -> str:
    """The address of ``rfc822; <ann@acme.com>`` or of ``ann@acme.com``; empty where it is none, as X.400 names are."""
    bare = _NOT_AN_ADDRESS_TYPE.sub("", value)
    found = find_addresses(bare)
    if found:
        return found[0]
    bare = clean(bare)
    return bare if bare.count("@") == 1 and " " not in bare else ""
