"""The words of each language as data: one TOML file a topic, and gazetteers that all languages share.

A speaker of a language extends ``<language>/<topic>.toml`` without reading code. Files are read once a process.
"""

import gzip
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any


@cache
def table(language: str, topic: str) -> Mapping[str, Any]:
    """The words of ``<language>/<topic>.toml``; empty where there is no such file."""
    source = files(__name__) / language / f"{topic}.toml"
    if not source.is_file():
        return MappingProxyType({})
    return MappingProxyType(tomllib.loads(source.read_text("utf-8")))


def _lines(name: str) -> list[str]:
    """The lines of ``names/<name>.gz`` without comments; empty where there is no such file."""
    source = files(__name__) / "names" / f"{name}.gz"
    if not source.is_file():
        return []
    text = gzip.decompress(source.read_bytes()).decode("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@dataclass(frozen=True, slots=True)
class Town:
    """A town of the gazetteer: its name in base form, ISO 3166 country and inhabitants."""

    name: str
    country: str
    population: int


@cache
def towns() -> Mapping[str, Town]:
    """Towns by folded name (`parsing.text.fold`); of several with one name the largest."""
    found: dict[str, Town] = {}
    for line in _lines("towns.tsv"):
        key, name, country, population = line.split("\t")
        found[key] = Town(name, country, int(population))
    return MappingProxyType(found)


@cache
def frequency(language: str) -> Mapping[str, float]:
    """Zipf frequency (log10 of uses in a thousand million words, about 3 to 7.7) of the common words of a language."""
    pairs = (line.split("\t") for line in _lines(f"common.{language}.tsv"))
    return MappingProxyType({word: float(zipf) for word, zipf in pairs})


@cache
def given_names() -> Mapping[str, str]:
    """Folded given names of the four languages' countries: "m" or "f" where men or women alone bear it, else ""."""
    pairs = (line.partition("\t") for line in _lines("given.txt"))
    return MappingProxyType({name: sex for name, _, sex in pairs})


@cache
def surnames() -> frozenset[str]:
    """Folded surnames of the four languages' countries."""
    return frozenset(_lines("surnames.txt"))
