"""Text as the finders see it: folding that keeps offsets, and the language of a message."""

import unicodedata
from functools import cache


@cache
def _folded(character: str) -> str:
    """One character for one: lower-case and without its accents ("É" -> "e", "ß" stays)."""
    base = unicodedata.normalize("NFKD", character)[:1] or character
    low = base.lower()
    return low if len(low) == 1 else base


def fold(text: str) -> str:
    """Lower-case without accents, of the same length, so that an offset means the same in both."""
    return text.lower() if text.isascii() else "".join(map(_folded, text))
