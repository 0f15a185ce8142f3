"""Bytes to text when the declared charset cannot be trusted, and headers with encoded words (RFC 2047) or without."""

# ruff: noqa: RUF001 - characters that look alike are what mail holds

import codecs
import re
from binascii import Error as BinasciiError
from email.errors import HeaderParseError
from email.header import decode_header

from mail_ingest.tables import CHARSETS_MEANT, NO_CHARSETS

_UTF8_READ_AS_CP1252 = re.compile(r"[ÃÂ][\u0080-\u00bf\u0152-\u0192\u2013-\u2122€]|â€[™œ\u009d“”˜¦]")
_NOT_KEPT = re.compile("[\0\ud800-\udfff]")
LONGEST_HEADER = 100_000
"""Characters of one header that are read; what follows is not."""


def decode(data: bytes, declared: str | None) -> str:
    """``data`` as text: by what was declared where that fits, else as UTF-8, else as Windows-1252. Raises nothing."""
    name = (declared or "").strip("\"' \t").lower()
    codec = _codec(CHARSETS_MEANT.get(name, name))
    if codec in {None, "cp1252", "utf-8"} or not _fits(data, codec):
        try:
            return repair(data.decode("utf-8"))
        except UnicodeDecodeError:
            codec = codec if codec not in {None, "utf-8"} and _fits(data, codec) else "cp1252"
    return repair(data.decode(codec or "cp1252", "replace"))


def _codec(name: str) -> str | None:
    """The Python name of a charset that turns bytes into text, or None."""
    if not name or name.replace("-", "_") in NO_CHARSETS:
        return None
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return None if found.replace("-", "_") in NO_CHARSETS else found


def _fits(data: bytes, codec: str | None) -> bool:
    if codec is None:
        return False
    try:
        data.decode(codec)
    except (UnicodeError, LookupError, ValueError, AssertionError):
        return False
    return True


def keepable(text: str) -> str:
    """``text`` without what no database keeps: NUL, and halves of surrogate pairs."""
    return _NOT_KEPT.sub("", text)


def repair(text: str) -> str:
    """``text`` with UTF-8 that a program once read as Windows-1252 ("GrÃ¼ÃŸe") set right, where that is certain."""
    text = keepable(text)
    if not _UTF8_READ_AS_CP1252.search(text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def decode_words(raw: object) -> str:
    """A header's value as a person reads it, on one line. Raises nothing."""
    if raw is None:
        return ""
    said = str(raw)[:LONGEST_HEADER]
    if any("\udc80" <= char <= "\udcff" for char in said):
        said = decode(said.encode("utf-8", "surrogateescape"), None)
    said = keepable(" ".join(said.split()))
    if "=?" not in said:
        return said
    try:
        pieces = decode_header(said)
    except (HeaderParseError, BinasciiError, ValueError, UnicodeError):
        return said
    text = "".join(
        piece if isinstance(piece, str) else decode(piece, charset) if charset else piece.decode("utf-8", "replace")
        for piece, charset in pieces
    )
    return keepable(" ".join(text.split()))
