"""A message taken apart, however broken it is: headers, leaf parts, the embedded original.

Bounces are written by machines of thirty years, and many break MIME: boundaries that never come, charsets that do not
exist, raw 8-bit headers. The parts are found here by boundary lines alone, in one pass a level, to a fixed depth;
nothing is raised and nothing is read twice.
"""

import binascii
import codecs
import quopri
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.base64mime import decode as decode_base64

MAX_DEPTH = 6
"""Levels of multipart that are opened: real reports have three at most; deeper ones are kept closed."""
MAX_PARTS = 60
MAX_TEXT_BYTES = 200_000
"""How much of one part is read: what a machine has to say stands at the top."""
MAX_HEADER_BYTES = 100_000

_CODECS_THAT_ARE_NO_CHARSET = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"})
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*)\?=")
_GAP_BETWEEN_WORDS = re.compile(r"(\?=)[ \t]{1,9}(=\?)")
_PARAMETER = re.compile(r';\s{0,20}([a-zA-Z0-9-]{1,40})\*?(?:0\*?)?\s?=\s?(?:"([^"]*)"|([^;\s"]+))')
_HEADER_LINE = re.compile(rb"([!-9;-~]{1,80})[ \t]?:(.*)", re.DOTALL)
_BLOCK_END = re.compile(r"<(?:br|/p|/div|/tr|/td|/li|/h[1-6]|/pre|hr)\b[^<>]*>", re.IGNORECASE)
_INVISIBLE = re.compile(r"<(/?)(?:style|script|head)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[!/a-zA-Z][^<>]*>")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&#64;": "@", "&nbsp;": " ", "&amp;": "&"}

Headers = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf: its type in lower case, its headers by lower-case name, its body decoded from transfer encoding."""

    type: str
    headers: Headers
    body: bytes
    charset: str = ""

    def text(self) -> str:
        """The body as text, its lines ended as Unix does; HTML without its tags."""
        text = decode_text(self.body[:MAX_TEXT_BYTES], self.charset)
        return html_to_text(text) if self.type == "text/html" else text


@dataclass(frozen=True, slots=True)
class Mail:
    """A whole message; ``parts`` are its leaves in order, an embedded message being one leaf."""

    headers: Headers
    parts: tuple[Part, ...] = field(default=())
    containers: frozenset[str] = frozenset()
    """The multipart types on the way, with the ``report-type`` of a report: ``"multipart/report; delivery-status"``."""

    def header(self, name: str) -> str:
        """The first header of that (lower-case) name, unfolded and decoded; empty where there is none."""
        return header(self.headers, name)


def header(headers: Headers, name: str) -> str:
    """The first header of that (lower-case) name, decoded; empty where there is none."""
    values = headers.get(name)
    return decode_words(values[0]) if values else ""


def read_mail(raw: bytes) -> Mail:
    """The message in ``raw``, with or without an mbox line above it. Raises nothing."""
    raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").lstrip(b"\n")
    if raw.startswith((b"From ", b">From ")):
        raw = raw.partition(b"\n")[2]
    headers, body = split_headers(raw, junk_lines=3)
    containers: set[str] = set()
    parts: list[Part] = []
    for part in _leaves(headers, body, containers, 0):
        parts.append(part)
        if len(parts) >= MAX_PARTS:
            break
    return Mail(headers, tuple(parts), frozenset(containers))


def split_headers(raw: bytes, junk_lines: int = 0) -> tuple[dict[str, tuple[str, ...]], bytes]:
    """The header block of ``raw`` by lower-case name, and what follows it.

    A line that is no header ends the block, as a mail with a lost blank line needs; ``junk_lines`` of them are
    skipped before the first header.
    """
    headers: dict[str, list[str]] = {}
    name, lines, at = "", list[bytes](), 0
    limit = min(len(raw), MAX_HEADER_BYTES)
    while at < limit:
        end = raw.find(b"\n", at)
        end = len(raw) if end < 0 else end
        line = raw[at:end]
        if not line.strip():
            at = end + 1
            break
        if line[:1] in b" \t" and name:
            lines.append(line.strip())
        else:
            found = _HEADER_LINE.fullmatch(line)
            if found is None:
                if headers or name or not junk_lines:
                    break
                junk_lines -= 1
                at = end + 1
                continue
            _keep(headers, name, lines)
            name, lines = found[1].decode("latin-1").lower(), [found[2].strip()]
        at = end + 1
    _keep(headers, name, lines)
    return {key: tuple(values) for key, values in headers.items()}, raw[at:]


def _keep(headers: dict[str, list[str]], name: str, lines: list[bytes]) -> None:
    if name:
        headers.setdefault(name, []).append(decode_text(b" ".join(lines), ""))


def _leaves(headers: Headers, body: bytes, containers: set[str], depth: int) -> Iterator[Part]:
    value = (headers.get("content-type") or ("",))[0]
    kind = value.partition(";")[0].strip().strip('"').lower() or "text/plain"
    named = {found[1].lower(): (found[2] or found[3] or "") for found in _PARAMETER.finditer(value[:2000])}
    boundary = named.get("boundary", "").rstrip().encode("latin-1", "replace")
    if kind.startswith("multipart/") and boundary and depth < MAX_DEPTH:
        report = named.get("report-type", "").lower()
        containers.add(f"{kind}; {report}" if report else kind)
        sections = _sections(body, b"--" + boundary)
        for section in sections:
            inner, rest = split_headers(section) if not section.startswith(b"\n") else ({}, section[1:])
            yield from _leaves(inner, rest, containers, depth + 1)
        if sections:
            return
        kind = "text/plain"  # the boundary never came: what there is, is text
    elif kind.startswith("multipart/"):
        kind = "text/plain"
    encoding = (headers.get("content-transfer-encoding") or ("",))[0].strip().lower()
    yield Part(kind, headers, _decode_transfer(body, encoding), named.get("charset", ""))


def _sections(body: bytes, mark: bytes) -> list[bytes]:
    """What stands between lines that begin with ``mark``; the last one may be unclosed."""
    sections, start, at = list[bytes](), -1, 0
    while len(sections) < MAX_PARTS:
        at = body.find(mark, at)
        if at < 0:
            break
        if at and body[at - 1 : at] != b"\n":
            at += len(mark)
            continue
        end = body.find(b"\n", at)
        end = len(body) if end < 0 else end
        after = body[at + len(mark) : end].strip()
        if after not in {b"", b"--"}:  # a longer boundary that begins alike
            at = end
            continue
        if start >= 0:
            sections.append(body[start : max(start, at - 1)])
        if after == b"--":
            return sections
        start = end + 1
        at = end
    if 0 <= start < len(body):
        sections.append(body[start:])
    return sections


def _decode_transfer(body: bytes, encoding: str) -> bytes:
    if encoding == "quoted-printable":
        return quopri.decodestring(body[: 2 * MAX_TEXT_BYTES])
    if encoding == "base64":
        try:
            return decode_base64(body[: 2 * MAX_TEXT_BYTES].decode("latin-1"))
        except (binascii.Error, ValueError):
            # Cut or mixed with plain text by a relay: read as it stands, what is legible counts.
            return body
    return body


def decode_text(raw: bytes, charset: str) -> str:
    """``raw`` in ``charset``; in UTF-8 or else Latin-1 where the charset is unknown or does not fit."""
    name = charset.strip().strip("'\"").lower()
    if name and name not in {"us-ascii", "ascii", "utf-8"}:
        try:
            if codecs.lookup(name).name not in _CODECS_THAT_ARE_NO_CHARSET:
                return raw.decode(name)  # refuses the codecs that are no text encodings with a LookupError
        except (LookupError, ValueError):
            name = ""  # unknown or not fitting: guessed below
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def decode_words(value: str) -> str:
    """A header value with its encoded words (RFC 2047) read; a broken one stays as written."""
    if "=?" not in value:
        return value
    return _ENCODED_WORD.sub(_decode_word, _GAP_BETWEEN_WORDS.sub(r"\1\2", value))


def _decode_word(found: re.Match[str]) -> str:
    charset, how, said = found[1], found[2].lower(), found[3]
    raw = said.encode("latin-1", "replace")
    try:
        plain = quopri.decodestring(raw, header=True) if how == "q" else binascii.a2b_base64(raw + b"==")
    except (binascii.Error, ValueError):
        return found[0]
    return decode_text(plain, charset.partition("*")[0])


def html_to_text(html: str) -> str:
    """The words of ``html``, a line for each block; entities that addresses need are read."""
    text = _TAG.sub("", _BLOCK_END.sub("\n", _without_invisible(html)))
    for entity, char in _ENTITIES.items():
        text = text.replace(entity, char)
    return text


def _without_invisible(html: str) -> str:
    """``html`` without styles, scripts and its head; one that is never closed is kept, as it may be all there is."""
    kept, at, opened = list[str](), 0, -1
    for found in _INVISIBLE.finditer(html):
        if not found[1] and opened < 0:
            opened = found.start()
        elif found[1] and opened >= 0:
            kept.append(html[at:opened])
            at, opened = found.end(), -1
    kept.append(html[at:])
    return "".join(kept)
