"""The phrases of ``words/<language>/digest.toml`` as patterns over folded text."""

import re
from collections.abc import Iterable
from functools import cache

from parsing.text import fold
from parsing.words import table

SIGNS = re.compile(r"[✅✔☑👍👌✓🆗❌✖✗🗑🚮👎]\ufe0f?")
"""Ticks, crosses and bins, as phones offer them."""


def either(phrases: Iterable[str]) -> str:
    """A pattern of any of them, the longest first."""
    told = sorted({re.escape(fold(phrase)) for phrase in phrases}, key=len, reverse=True)
    return "|".join(told)


@cache
def said(language: str, name: str) -> re.Pattern[str]:
    """The phrases of a table, anywhere in a folded text, with the space that may stand before them."""
    phrases = table(language, "digest")[name]
    return re.compile(rf"\s*(?<![\w'])(?:{either(phrases)})(?![\w'])") if phrases else re.compile(r"(?!)")


@cache
def figures(language: str, name: str) -> dict[str, int]:
    """Words for numbers, folded."""
    return {fold(word): number for word, number in table(language, "digest")[name].items()}
