"""The phrases of ``words/<language>/amending.toml`` as patterns over folded text."""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from parsing.text import fold
from parsing.words import table


@lru_cache(maxsize=32)
def _set(phrases: tuple[str, ...]) -> frozenset[str]:
    return frozenset(" ".join(re.sub(r"[^\w'-]+", " ", fold(one)).split()) for one in phrases)


def phrases(said: Sequence[str]) -> frozenset[str]:
    """Whole phrases, folded and without punctuation."""
    return _set(tuple(said))


def either(phrases: Iterable[str]) -> str:
    """A pattern of any of them, the longest first."""
    told = sorted({re.escape(fold(phrase)) for phrase in phrases}, key=len, reverse=True)
    return "|".join(told)


@cache
def pattern(language: str, name: str) -> re.Pattern[str]:
    """The phrases of a table, anywhere in a folded text."""
    return re.compile(rf"(?<![\w'])(?:{either(table(language, 'amending')[name])})(?![\w'])")


@cache
def start(language: str, name: str) -> re.Pattern[str]:
    """The phrases of a table where a folded text begins, with what stands between them and the rest."""
    phrases = table(language, "amending")["heads"]["account"] if name == "at" else table(language, "amending")[name]
    return re.compile(rf"\s*({either(phrases)})(?![\w'])[\s,.:!-]*")


@cache
def head(heads: tuple[str, ...], bare: bool) -> re.Pattern[str]:
    """A heading with its colon; of actions the usual ones without it too."""
    plain = rf"|(?:{either((*heads[:2], 'todo'))})\s+(?=\S)" if bare else ""
    return re.compile(rf"\s*(?:(?:{either(heads)})\s*(?P<sign>[:=\u2013]|-(?=\s))\s*{plain})")
