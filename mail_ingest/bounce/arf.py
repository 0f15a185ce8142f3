"""Complaints: Abuse Reporting Format (RFC 5965), and the two dialects that came before it."""

import re
from collections.abc import Iterable

from mail_ingest.bounce.addresses import all_addresses, from_verp, is_daemon
from mail_ingest.bounce.parts import Headers, Mail

_FIELD = re.compile(r"^([A-Za-z][A-Za-z0-9-]{2,40})[ \t]?:[ \t]{0,20}(.*)$", re.MULTILINE)
# RFC 6591 reports are about our own signatures, not about a reader who had enough; they still come as feedback.
_NAMES_RECIPIENT = ("original-rcpt-to", "removal-recipient", "original-recipient", "x-original-rcpt-to")
_IN_ORIGINAL = ("x-hmxmroriginalrecipient", "to", "x-rcpt-to", "x-original-to", "delivered-to", "envelope-to")
_BLOTTED = ("redacted", "xxx", "undisclosed", "anonym", "hidden")


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
    return _named(fields) or _in_original(original) or _in_sender(fields, original) or _blotted(original)


def _named(fields: dict[str, list[str]]) -> tuple[str, ...]:
    return next((shown for name in _NAMES_RECIPIENT if (shown := _shown(fields.get(name, ())))), ())


def _in_original(original: Headers | None) -> tuple[str, ...]:
    """The single address that the embedded mail was written to."""
    if original is None:
        return ()
    senders = frozenset(all_addresses((*original.get("from", ()), *original.get("return-path", ()))))
    for name in _IN_ORIGINAL:
        addresses = tuple(one for one in _shown(original.get(name, ())) if one not in senders)
        if len(addresses) == 1:
            return addresses
    return ()


def _in_sender(fields: dict[str, list[str]], original: Headers | None) -> tuple[str, ...]:
    """The recipient that our own bounce address (VERP) names."""
    values = [*fields.get("original-mail-from", ())]
    if original is not None:
        values += [value for name in ("return-path", "sender", "errors-to") for value in original.get(name, ())]
    return tuple(recipient for one in all_addresses(values) if (recipient := from_verp(one)))[:1]


def _blotted(original: Headers | None) -> tuple[str, ...]:
    """``redacted@acme.com``: its domain still tells which provider's readers complain."""
    return tuple(all_addresses(original.get("to", ())))[:1] if original is not None else ()


def _shown(values: Iterable[str]) -> tuple[str, ...]:
    """The addresses in ``values`` that the report did not blot out, as ``redacted@…`` and ``user-xxxx@…`` are."""
    return tuple(one for one in all_addresses(values) if not is_daemon(one) and not one.startswith(_BLOTTED))


def _is_old_complaint(mail: Mail, original: Headers | None) -> bool:
    """Hotmail's and AOL's programmes before 2010: the mail itself, in a wrapper that only its headers explain."""
    if any(one.endswith("feedback-report") for one in mail.containers):
        return True
    if original is None:
        return False
    subject = mail.header("subject").lower()
    sender = mail.header("from").lower()
    return (
        ("x-hmxmroriginalrecipient" in original and "complaint" in subject)
        or ("staff@hotmail" in sender and "complaint about message" in subject)
        or ("scomp@aol" in sender and "client tos notification" in subject)
    )
