"""The words of a notice, apart from the mail that it returns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mail_ingest.bounce.parts import Headers, Mail, Part, split_headers
from mail_ingest.bounce.words import SIGNS, holds_any

MAX_LINES = 400
MAX_LINE_CHARS = 2000
MAX_TEXT_PARTS = 4
_LONGEST_SEPARATOR = 120
_FEWEST_HEADERS = 4
"""So many header lines together are a mail; a notice that recounts it shows two or three."""
_HEADER_AT_START = re.compile(
    r"(?:return-path|received|message-id|mime-version|dkim-signature|x-originating-ip|domainkey-signature|x-mailer"
    r"|from|date|subject|to|reply-to|content-type|delivered-to|arc-seal|user-agent)[ \t]?:",
    re.IGNORECASE,
)
_SURE_HEADER = re.compile(
    r"(?:return-path|received|mime-version|dkim-signature|domainkey-signature|arc-seal)[ \t]?:", re.IGNORECASE
)
_LINE_BEGINS_WITH_ADDRESS = re.compile(r"[\s>*\"'`<(\[-]{0,20}[^\s<>@:;,\"]{1,64}@")
_EMBEDDED = frozenset(
    {
        "message/rfc822", "message/global", "message/partial", "text/rfc822-headers", "message/rfc822-headers",
        "message/global-headers",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Notice:
    """The text of a notice up to the mail that it returns, and that mail's headers, where they are shown."""

    text: str
    original: Headers | None
    returns: bool = False
    """Whether a mail is enclosed or quoted, be it an empty one."""

    def lines(self) -> list[str]:
        """The lines of the text, none of them longer than a line may be."""
        return [line[:MAX_LINE_CHARS] for line in self.text.split("\n")[:MAX_LINES]]


def read_notice(mail: Mail) -> Notice:
    """The mail system's own words, in the text parts before the first embedded message, and that message's headers."""
    said: list[str] = []
    shown_as_html: list[str] = []
    enclosed: list[Headers] = []
    for part in mail.parts:
        bare = part.headers is not mail.headers and _is_message(part.headers)
        if bare or part.type in _EMBEDDED:
            enclosed.append(part.headers if bare else _embedded(part))
        elif part.type == "text/html":
            shown_as_html.append(part.text())
        elif part.type.startswith("text/") and not enclosed and len(said) < MAX_TEXT_PARTS:
            said.append(part.text())
    if not any(one.strip() for one in said):
        said = shown_as_html[:2]
    elif shown_as_html and not any("@" in one for one in said):
        said.append(shown_as_html[0])
    text, below = split_original("\n".join(said))
    original = next((headers for headers in enclosed if headers), None)
    if original is None and below:
        original = split_headers(below.encode("utf-8", "replace"), junk_lines=6)[0] or None
    return Notice(text, original, bool(enclosed) or bool(below.strip()))


def _embedded(part: Part) -> Headers:
    return split_headers(part.body.lstrip(b"\n"), junk_lines=3)[0]


def _is_message(headers: Headers) -> bool:
    """A part whose own headers are those of a mail: an original that was put in without a header of its own."""
    return (
        len(headers) > _FEWEST_HEADERS
        and "from" in headers
        and ("received" in headers or "message-id" in headers)
        and ("subject" in headers or "to" in headers)
    )


def split_original(text: str) -> tuple[str, str]:
    """The notice and, below the line that parts them or from its first header on, the returned mail."""
    lines = text.split("\n")
    for at, line in enumerate(lines[:MAX_LINES]):
        stripped = line.strip()
        if _SURE_HEADER.match(line) and at > 0:
            return "\n".join(lines[:at]), "\n".join(lines[at:])
        if (
            at
            and len(stripped) < _LONGEST_SEPARATOR
            and holds_any(stripped.lower(), SIGNS.separators)
            and _parts(stripped, lines, at)
        ):
            return "\n".join(lines[:at]), "\n".join(lines[at + 1 :]).lstrip("\n-= ")
        if _HEADER_AT_START.match(line) and at > 1 and _headers_follow(lines, at):
            return "\n".join(lines[:at]), "\n".join(lines[at:])
    return "\n".join(lines[:MAX_LINES]), ""


def _parts(stripped: str, lines: Sequence[str], at: int) -> bool:
    """A separator is a ruled or labelled line, or has nothing but the mail below it."""
    if (
        stripped[:2] in {"--", "==", "**", "__", "|-"}
        or stripped.endswith((":", "-", ".", "="))
        or stripped.startswith("---")
    ):
        return not any(
            "@" in line and _LINE_BEGINS_WITH_ADDRESS.match(line)
            for line in lines[at + 1 : at + 4]
            if not _HEADER_AT_START.match(line)
        )
    return at + 1 >= len(lines) or not lines[at + 1].strip()


def _headers_follow(lines: Sequence[str], at: int) -> bool:
    near = [line for line in lines[at : at + 12] if line.strip()]
    return sum(1 for line in near if _HEADER_AT_START.match(line)) >= _FEWEST_HEADERS
