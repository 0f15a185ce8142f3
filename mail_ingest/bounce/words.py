"""The word tables beside this file, read once: lower-case words that are looked for as they stand."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Signs:
    """The lists of ``signs.toml``."""

    daemon_names: tuple[str, ...]
    subject_begins: tuple[str, ...]
    subject_holds: tuple[str, ...]
    phrases: tuple[str, ...]
    delayed: tuple[str, ...]
    given_up: tuple[str, ...]
    separators: tuple[str, ...]


@cache
def table(name: str) -> dict[str, Any]:
    """The TOML file of that name."""
    return tomllib.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"))


def holds_any(text: str, words: Iterable[str]) -> bool:
    """Whether ``text``, in lower case, holds one of ``words``."""
    return any(word in text for word in words)


SIGNS = Signs(**{name: tuple(words) for name, words in table("signs").items()})
