"""Phrases as data: templates such as ``"(is|are) no longer ... employed"`` looked for within one sentence."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from mail_ingest.bounce.words import table

MAX_OWN_CHARS = 4000
"""How much of an answer is read: what it has to say stands at the top."""
MAX_SENTENCE_CHARS = 400
_GAP = r"\s(?:.{0,70}?\s)?"
# A full stop after one or two digits ("1. Mai") or after a short title ("Dr. Weiss") ends no sentence.
_SENTENCE_END = re.compile(
    r"(?<![\s.(]\d)(?<!\s\d\d)(?<!\b[A-Z])(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bHr)(?<!\bFr)(?<!\bdhr)(?<!\bmw)[.!?]+\s+"
    r"|\n\s{0,80}\n\s{0,80}"
)
_QUOTE_BELOW = re.compile(
    r"^(?:-{2,}.{0,40}(?:original|oorspronkelijk|ursprüngliche|alkuperäinen|forwarded|doorgestuurd|weitergeleitet)"
    r"|_{10,}|(?:from|von|van|lähettäjä)\s?:.{0,80}@|on .{5,80} wrote:|op .{5,80} schreef|am .{5,80} schrieb"
    r"|.{5,80} kirjoitti:)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Language:
    """One language's part of ``leavers.toml``, ready to search."""

    code: str
    left: tuple[re.Pattern[str], ...]
    mailbox: tuple[re.Pattern[str], ...]
    not_left: tuple[str, ...]
    returns: tuple[str, ...]
    contact: tuple[str, ...]
    months: tuple[str, ...]


@cache
def languages() -> tuple[Language, ...]:
    """The languages that leaving is understood in."""
    return tuple(
        Language(
            code=code,
            left=tuple(compile_phrase(one) for one in words["left"]),
            mailbox=tuple(compile_phrase(one) for one in words["mailbox"]),
            not_left=tuple(words["not_left"]),
            returns=tuple(words["returns"]),
            contact=tuple(words["contact"]),
            months=tuple(words["months"]),
        )
        for code, words in table("leavers").items()
        if code != "common"
    )


def compile_phrase(template: str) -> re.Pattern[str]:
    """A pattern for the template; its gaps are bounded, so that a search costs the same for every text."""
    out: list[str] = []
    for piece in re.split(r"( \.\.\. |[()|])", template):
        if piece == " ... ":
            out.append(_GAP)
        elif piece == "(":
            out.append("(?:")
        elif piece in {")", "|"}:
            out.append(piece)
        else:
            out.append(re.escape(piece).replace("\\ ", r"\s"))
    return re.compile(r"(?<!\w)" + "".join(out))


def own_words(text: str) -> str:
    """What the answerer wrote, without the quoted mail below it."""
    kept: list[str] = []
    for line in text[: 3 * MAX_OWN_CHARS].split("\n"):
        if _QUOTE_BELOW.match(line.strip()):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line.rstrip())
    return "\n".join(kept)[:MAX_OWN_CHARS].strip()


def sentences(text: str) -> list[str]:
    """The sentences of ``text`` with their spaces made one, each cut to what a sentence may be."""
    return [" ".join(one.split())[:MAX_SENTENCE_CHARS] for one in _SENTENCE_END.split(text) if one and one.strip()]


def folded(text: str) -> str:
    """``text`` as the tables write it: lower case, ß as ss, straight apostrophes. Lengths may change."""
    return text.lower().replace("ß", "ss").replace("\u2019", "'").replace("`", "'")


def first_match(patterns: Iterable[re.Pattern[str]], text: str) -> re.Match[str] | None:
    """The match that begins earliest among ``patterns``."""
    return min(_matches(patterns, text), key=re.Match.start, default=None)


def _matches(patterns: Iterable[re.Pattern[str]], text: str) -> Iterator[re.Match[str]]:
    for pattern in patterns:
        found = pattern.search(text)
        if found is not None:
            yield found
