"""Complaints: Abuse Reporting Format (RFC 5965), and the two dialects that came before it."""

import re

from mail_ingest.bounce.addresses import all_addresses, find_addresses, from_verp, is_daemon
from mail_ingest.bounce.parts import Headers, Mail, split_headers

_FIELD = re.compile(r"^([A-Za-z][A-Za-z0-9-]{2,40})[ \t]?:[ \t]{0,20}(.*)$", re.MULTILINE)
# RFC 6591 reports are about our own signatures, not about a reader who had enough; they still come as feedback.
_NAMES_RECIPIENT = ("original-rcpt-to", "removal-recipient", "original-recipient", "x-original-rcpt-to")
_IN_ORIGINAL = ("x-hmxmroriginalrecipient", "x-original-to", "delivered-to", "x-rcpt-to", "envelope-to", "to")


def read_complaint(mail: Mail, original: Headers | None) -> tuple[str, ...] | None:
    """Who complained; empty where the report hides it, None where the message is no complaint.

    ``original`` are the headers of the embedded mail.
    """
    report = next((part for part in mail.parts if part.type == "message/feedback-report"), None)
    if report is None and not _is_old_complaint(mail, original):
        return None
    fields: dict[str, list[str]] = {}
    if report is not None:
        for found in _FIELD.finditer(report.text()):
            fields.setdefault(found[1].lower(), []).append(found[2])
    for name in _NAMES_RECIPIENT:
        if addresses := _shown(fields.get(name, [])):
            return addresses
    if original is not None:
        senders = frozenset(all_addresses((*original.get("from", ()), *original.get("return-path", ()))))
        for name in _IN_ORIGINAL:
            addresses = tuple(one for one in _shown(list(original.get(name, ()))) if one not in senders)
            if len(addresses) == 1:
                return addresses
        for name in ("return-path", "sender", "errors-to"):
            for address in all_addresses(original.get(name, ())):
                if recipient := from_verp(address):
                    return (recipient,)
    for value in fields.get("original-mail-from", []):
        for address in find_addresses(value):
            if recipient := from_verp(address):
                return (recipient,)
    return ()


def _shown(values: list[str]) -> tuple[str, ...]:
    """The addresses in ``values`` that the report did not blot out, as ``redacted@…`` and ``user-xxxx@…`` are."""
    return tuple(
        one
        for one in all_addresses(values)
        if not is_daemon(one) and not one.startswith(("redacted", "xxx", "undisclosed", "anonym", "hidden"))
    )


def _is_old_complaint(mail: Mail, original: Headers | None) -> bool:
    """Hotmail's and AOL's programmes before 2010: the mail itself, in a wrapper that only its headers explain."""
    if any(one.endswith("feedback-report") for one in mail.containers):
        return True
    if original is None:
        return False
    subject = mail.header("subject").lower()
    sender = mail.header("from").lower()
    return ("x-hmxmroriginalrecipient" in original and "complaint" in subject) or (
        "staff@hotmail" in sender and "complaint about message" in subject
    ) or ("scomp@aol" in sender and "client tos notification" in subject)


def embedded_headers(body: bytes) -> Headers:
    """The headers of a mail that is quoted whole."""
    return split_headers(body.lstrip(b"\n"), junk_lines=3)[0]
