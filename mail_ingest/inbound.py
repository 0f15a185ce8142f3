"""Mails that a service for inbound mail posts to us: the raw mail out of what each service wraps it in."""

import json
import re
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl

FIELDS = ("email", "body-mime", "raw", "message", "mail", "rawemail")
"""Where the whole mail stands in a form: SendGrid's ``email`` ("send raw"), Mailgun's ``body-mime``, Postmark's
``RawEmail``, and what others and hands call it."""
RAW = {"message/rfc822", "message/global", "application/octet-stream", "text/plain"}
_NAME = re.compile(rb'content-disposition:[^\n]*?;\s*name="?([^";\r\n]+)', re.IGNORECASE)


class NoMailError(ValueError):
    """The body holds no mail; the text says what was looked for."""


def raw_mail(content_type: str, body: bytes) -> bytes:
    """The mail (RFC 5322) in the body of a request, byte by byte where the service gives it so.

    The body is the mail itself, or a form or JSON object with it in one field. Raises `NoMailError`.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind in RAW or not kind:
        raw = body
    elif kind == "multipart/form-data":
        raw = _field(_parts(content_type, body))
    elif kind == "application/x-www-form-urlencoded":
        # Latin-1 carries each byte to one character and back.
        fields = parse_qsl(body.decode("latin-1"), encoding="latin-1")
        raw = _field({name: value.encode("latin-1") for name, value in fields})
    elif kind == "application/json":
        raw = _field(_members(body))
    else:
        raise NoMailError(f"a mail comes as message/rfc822, as a form or as JSON, not as {kind[:80]}")
    if b":" not in raw:
        raise NoMailError("the body is no mail")
    return raw


def _parts(content_type: str, body: bytes) -> dict[str, bytes]:
    """The fields of a form (RFC 7578), byte by byte: a parser of mails would take the mail in it apart."""
    head = Message()
    head["Content-Type"] = " ".join(content_type.split())
    boundary = head.get_boundary()
    if not boundary:
        raise NoMailError("the form names no boundary")
    found = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary.encode("utf-8", "surrogateescape"))[1:]:
        about, _, data = part.partition(b"\r\n\r\n")
        name = _NAME.search(about)
        if name:
            found[name[1].decode("utf-8", "replace")] = data
    return found


def _members(body: bytes) -> dict[str, bytes]:
    try:
        said: Any = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NoMailError("the body is no JSON") from error
    members = said.items() if isinstance(said, dict) else ()
    return {name: text.encode("utf-8", "surrogatepass") for name, text in members if isinstance(text, str)}


def _field(fields: dict[str, bytes]) -> bytes:
    known = {name.lower(): value for name, value in fields.items()}
    for name in FIELDS:
        if known.get(name):
            return known[name]
    raise NoMailError("no field holds the whole mail: have the service send the raw message (MIME) too")
