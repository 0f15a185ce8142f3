"""Other readers of mail, measured beside ours where they are installed: ``pip install '.[bench]'``."""

import importlib
import logging
from collections.abc import Callable, Mapping
from email import message_from_bytes, policy
from email.message import Message
from typing import Any

from mail_ingest.bounces import read_bounce
from mail_ingest.html import read_html
from mail_ingest.reading import read_mail

Said = Mapping[str, Any]
"""What a reader says of a forwarded mail: ``note``, ``sender`` (an address), ``subject``, ``date`` (a datetime)."""
Reader = Callable[[bytes], Said]
LANGUAGES = ["en", "de", "nl", "fr", "it", "es", "pt", "pl", "sv", "da", "cs", "ja", "ko", "zh"]


def readers() -> dict[str, Reader]:
    """Each reader of forwards and replies that can be had here, and the two parsers of the standard library."""
    found: dict[str, Reader] = {
        "debrief": _ours,
        "email, policy.default (parsed alone)": _stdlib,
        "email, policy.compat32 (parsed alone)": lambda raw: {"mail": message_from_bytes(raw)},
    }
    for name, module, build in (
        ("quotequail", "quotequail", _quotequail),
        ("mail-parser-reply", "mailparser_reply", _mail_parser_reply),
        ("email-forward-parser", "emailforwardparser.forward_parser", _email_forward_parser),
    ):
        library = _had(module)
        if library is not None:
            found[name] = build(library)
    return found


def bounce_readers() -> dict[str, Callable[[bytes], set[str]]]:
    """Each reader of bounces that can be had here: a mail to the addresses that it calls failed or delayed."""
    found: dict[str, Callable[[bytes], set[str]]] = {
        "debrief": lambda raw: {one.address for one in read_bounce(raw).recipients}
    }
    flufl = _had("flufl.bounce")
    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it logs what its detectors raise
    if flufl is not None:
        found["flufl.bounce"] = lambda raw: {
            address.decode().lower() for group in flufl.all_failures(message_from_bytes(raw)) for address in group
        }
    return found


def missing() -> list[str]:
    """The other readers that are not installed here."""
    modules = ("quotequail", "mailparser_reply", "emailforwardparser.forward_parser", "flufl.bounce")
    return [module for module in modules if _had(module) is None]


def _had(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError:
        return None


def _ours(raw: bytes) -> Said:
    reading = read_mail(raw)
    mail = reading.forwarded or reading.quoted
    said: dict[str, Any] = {"note": reading.note}
    if mail:
        said |= {"sender": mail.sender.email if mail.sender else "", "subject": mail.subject, "date": mail.date}
    return said


def _stdlib(raw: bytes) -> Said:
    mail = message_from_bytes(raw, policy=policy.default)
    return {"subject": mail["Subject"], "sender": mail["From"], "date": mail["Date"], "of": "the envelope"}


def _quotequail(library: Any) -> Reader:
    def read(raw: bytes) -> Said:
        text, html = _bodies(raw)
        got = (library.unwrap(text) if text else library.unwrap_html(html)) or {}
        note = got.get("text_top") if text else read_html(got.get("html_top") or "")
        return {
            "note": note or ("" if got else text),
            "sender": _address(got.get("from")),
            "subject": got.get("subject"),
            "date": got.get("date"),
        }

    return read


def _mail_parser_reply(library: Any) -> Reader:
    parser = library.EmailReplyParser(languages=LANGUAGES)

    def read(raw: bytes) -> Said:
        text, html = _bodies(raw)
        return {"note": parser.parse_reply(text or read_html(html))}

    return read


def _email_forward_parser(library: Any) -> Reader:
    def read(raw: bytes) -> Said:
        text, html = _bodies(raw)
        subject = str(message_from_bytes(raw)["Subject"] or "")
        got = library.get_forwarded_metadata(text or read_html(html), subject)
        mail = got.email
        return {
            "note": got.message or ("" if got.forwarded else text),
            "sender": getattr(mail.from_, "address", None),
            "subject": mail.subject,
            "date": mail.date,
        }

    return read


def _bodies(raw: bytes) -> tuple[str, str]:
    """The plain text and the HTML of a mail, as the standard library has them."""
    bodies = {"text/plain": "", "text/html": ""}
    mail: Message = message_from_bytes(raw)
    for part in mail.walk():
        kind = part.get_content_type()
        if kind in bodies and not bodies[kind]:
            data = part.get_payload(decode=True)
            bodies[kind] = data.decode("utf-8", "replace") if isinstance(data, bytes) else ""
    return bodies["text/plain"], bodies["text/html"]


def _address(said: str | None) -> str:
    return (said or "").rpartition("<")[2].rstrip("> ").strip().lower()
