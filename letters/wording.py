"""The words of one language, with its ways to write days, times, numbers and money."""

import tomllib
from datetime import date, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_skeleton, format_time
from babel.numbers import UnknownCurrencyError, format_decimal, parse_pattern, validate_currency

WORDS = Path(__file__).parent / "words"
LANGUAGES = tuple(sorted(path.name for path in WORDS.iterdir()))
FALLBACK = "en"


def sentences(language: str) -> dict[str, Any]:
    """Section to name to sentence, of every file of the language; beside them its ``locale``."""
    table: dict[str, Any] = {}
    for path in sorted((WORDS / language).glob("*.toml")):
        table |= tomllib.loads(path.read_text("utf-8"))
    return table


class Wording:
    """What we say in ``language``: its sentences (``words/<language>/*.toml``) and Babel's rules of its locale."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._table = sentences(language)
        self.locale = Locale.parse(self._table["locale"])

    def say(self, key: str, **values: object) -> str:
        """The sentence ``key`` ("filed.subject") with ``values`` put in; one with forms is chosen by the number ``n``.

        Raises KeyError where the table has no such sentence, or the sentence asks for a value that is not there.
        """
        section, name = key.split(".")
        sentence = self._table[section][name]
        if isinstance(sentence, dict):
            n = values["n"]
            form = self.locale.plural_form(n) if isinstance(n, int) else "other"
            sentence = sentence.get(form, sentence["other"])
        return str(sentence).format(**values)

    def day(self, day: date, today: date | None = None) -> str:
        """The weekday and the day; the year unless it is today's, and how near it is, where ``today`` is given."""
        same_year = today is not None and day.year == today.year
        written: str = format_skeleton("MMMEd" if same_year else "yMMMEd", day, locale=self.locale)
        if today is None:
            return written
        near = {-1: "common.yesterday", 0: "common.today", 1: "common.tomorrow"}.get((day - today).days)
        return f"{self.say(near)}, {written}" if near else written

    def short_day(self, day: date) -> str:
        """The day and its month, for a table."""
        written: str = format_skeleton("MMMd", day, locale=self.locale)
        return written

    def number(self, value: float) -> str:
        """A number with one place at most behind the comma."""
        written: str = format_decimal(round(value, 1), locale=self.locale)
        return written

    def hours(self, starts: time | None, ends: time | None) -> str:
        """From when to when, or the one that is known, or nothing."""
        written = [format_time(moment, "short", locale=self.locale) if moment else "" for moment in (starts, ends)]
        return "\N{EN DASH}".join(written) if ends else written[0]

    def money(self, value: Decimal, currency: str) -> str:
        """The amount as the language writes it, without cents where there are none."""
        try:
            validate_currency(currency)
        except UnknownCurrencyError:
            return f"{value} {currency}"
        whole = value == value.to_integral_value()
        pattern = parse_pattern(self.locale.currency_formats["standard"].pattern)  # a copy: Babel shares its own
        if whole:
            pattern.frac_prec = (0, 0)
        written: str = pattern.apply(value, self.locale, currency=currency, currency_digits=not whole)
        return written


@cache
def wording(language: str) -> Wording:
    """The words for a tag such as ``nl`` or ``nl-BE``; English where we do not speak the language."""
    primary = language.replace("_", "-").split("-")[0].lower()
    return Wording(primary if primary in LANGUAGES else FALLBACK)
