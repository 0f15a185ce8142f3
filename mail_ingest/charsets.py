"""Bytes to text when the declared charset cannot be trusted, and headers with encoded words (RFC 2047) or without."""

import codecs
import re
from binascii import Error as BinasciiError
from email.errors import HeaderParseError
from email.header import decode_header

# Old or wrong names that clients print, and what they mean. Browsers read Latin-1 as Windows-1252 for the same reason.
_MEANT = {
    "us-ascii": "cp1252", "ascii": "cp1252", "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "iso8859-1": "cp1252",
    "ansi": "cp1252", "x-ansi": "cp1252", "unknown-8bit": "utf-8", "x-unknown": "utf-8", "unknown": "utf-8", "default": "utf-8",
    "utf8": "utf-8", "utf-8mb4": "utf-8", "cp-850": "cp850", "iso-8859-8-i": "iso-8859-8", "ks_c_5601-1987": "cp949", "gb2312": "gb18030",
    "gbk": "gb18030", "windows-31j": "cp932", "x-sjis": "cp932", "macintosh": "mac-roman", "x-mac-roman": "mac-roman", "binary": "utf-8",
}  # fmt: skip
_TEXT_ONLY = frozenset(
    {
        "rot13",
        "rot_13",
        "hex",
        "base64",
        "bz2",
        "zlib",
        "uu",
        "quopri",
        "unicode_escape",
        "raw_unicode_escape",
        "idna",
        "punycode",
        "undefined",
        "mbcs",
        "oem",
    }
)
_UTF8_READ_AS_CP1252 = re.compile(r"[ÃÂ][\u0080-\u00bf\u0152-\u0192\u2013-\u2122€]|â€[™œ\u009d“”˜¦]")
LONGEST_HEADER = 100_000
"""Characters of one header that are read; what follows is not."""


def decode(data: bytes, declared: str | None) -> str:
    """``data`` as text: by what was declared where that fits, else as UTF-8, else as Windows-1252. Raises nothing."""
    name = (declared or "").strip("\"' \t").lower()
    codec = _codec(_MEANT.get(name, name))
    if codec in {None, "cp1252", "utf-8"} or not _fits(data, codec):
        try:
            return repair(data.decode("utf-8"))
        except UnicodeDecodeError:
            codec = codec if codec not in {None, "utf-8"} and _fits(data, codec) else "cp1252"
    return repair(data.decode(codec or "cp1252", "replace"))


def _codec(name: str) -> str | None:
    """The Python name of a charset that turns bytes into text, or None."""
    if not name or name.replace("-", "_") in _TEXT_ONLY:
        return None
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return None if found.replace("-", "_") in _TEXT_ONLY else found


def _fits(data: bytes, codec: str | None) -> bool:
    if codec is None:
        return False
    try:
        data.decode(codec)
    except (UnicodeError, LookupError, ValueError, AssertionError):
        return False
    return True


def repair(text: str) -> str:
    """``text`` with UTF-8 that a program once read as Windows-1252 ("GrÃ¼ÃŸe") set right, where that is certain."""
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
    said = " ".join(said.split())
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
    return " ".join(text.split())
