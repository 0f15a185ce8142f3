"""The lines of a mail with the depth of their quoting: ``> > words`` is a line of depth two."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u00ad\u202a\u202c"))
_SPACES = {ord("\u00a0"): " ", ord("\u202f"): " ", ord("\u2007"): " ", ord("\r"): "\n"}
_QUOTE = re.compile(r"^ {0,2}>(?:[ \t]{0,3}>)*")
_LONGEST_LINE = 20_000
_MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line: how deep it is quoted, its words without the marks, and as it was."""

    depth: int
    text: str
    raw: str

    @property
    def blank(self) -> bool:
        """Whether it says nothing."""
        return not self.text.strip()


def split_lines(text: str) -> list[Line]:
    """The lines of ``text``, without characters that nobody sees."""
    seen = text.replace("\r\n", "\n").translate(_INVISIBLE | _SPACES)
    return [_line(raw) for raw in seen.split("\n")[:_MOST_LINES]]


def _line(raw: str) -> Line:
    raw = raw[:_LONGEST_LINE]
    match = _QUOTE.match(raw) if ">" in raw[:3] else None
    if match is None:
        return Line(0, raw, raw)
    return Line(match.group().count(">"), raw[match.end() :].removeprefix(" "), raw)


def unquote(lines: Iterable[Line], depth: int) -> list[Line]:
    """``lines`` as they were before they were quoted ``depth`` times."""
    return [
        _line(">" * (line.depth - depth) + " " + line.text) if line.depth > depth else Line(0, line.text, line.text)
        for line in lines
    ]


def joined(lines: Sequence[Line]) -> str:
    """The lines as text, without empty ones at either end."""
    return "\n".join(line.raw.rstrip() for line in lines).strip("\n").strip()


def next_words(lines: Sequence[Line], start: int) -> int:
    """The first line from ``start`` on that says something, or the number of lines."""
    while start < len(lines) and lines[start].blank:
        start += 1
    return start
