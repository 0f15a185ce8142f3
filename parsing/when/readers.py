"""The readers of `rules`: what the letters that a rule has matched say, and when they say nothing after all."""

import re
from dataclasses import replace
from typing import Any

from parsing.when.lexer import Lexed
from parsing.when.lexicon import lexicon
from parsing.when.model import Day, Direction

Match = re.Match[str]

SHIFTS = {"L": -1, "l": -2, "C": 0, "X": 1, "V": 1, "Y": 2, "J": -1}
AHEAD: dict[int, Direction] = {-2: "past", -1: "past", 1: "future", 2: "future"}
EDGES = {"e": "end", "a": "begin", "m": "middle"}
MONTHS_A_YEAR = 12
DAYS_A_MONTH = 31
CENTURY = 100


def value(lexed: Lexed, match: Match, group: str) -> Any:
    """What the token of a named group is worth; None where the group is empty or not there."""
    if not match.groupdict().get(group):
        return None
    return lexed.tokens[match.start(group)].value


def text(lexed: Lexed, match: Match, group: str) -> str:
    """The folded words of a named group."""
    if not match.groupdict().get(group):
        return ""
    return "".join(token.text for token in lexed.tokens[match.start(group) : match.end(group)])


def _count(lexed: Lexed, match: Match, group: str = "n") -> int | None:
    number = value(lexed, match, group)
    if number is None:
        return 1
    return int(number) if number == int(number) else None


def _year(lexed: Lexed, match: Match) -> int | None:
    year = value(lexed, match, "y")
    if year is None:
        return None
    return int(year) if year >= CENTURY else 2000 + int(year)


def _date(day: Any, month: Any, year: int | None = None, **more: Any) -> Day | None:
    if day is None or month is None or day != int(day):
        return None
    day, month = int(day), int(month)
    if month > MONTHS_A_YEAR and not more.get("swapped") and 1 <= day <= MONTHS_A_YEAR and 1 <= month <= DAYS_A_MONTH:
        return Day(kind="date", day=month, month=day, year=year, swapped=True, **more)
    if not (1 <= day <= DAYS_A_MONTH and 1 <= month <= MONTHS_A_YEAR):
        return None
    return Day(kind="date", day=day, month=month, year=year, **more)


def read_iso(lexed: Lexed, match: Match) -> Day | None:
    return _date(value(lexed, match, "d"), value(lexed, match, "m"), value(lexed, match, "y"))


def read_numeric(lexed: Lexed, match: Match) -> Day | None:
    if lexed.letters[match.end("d")] == "." and (value(lexed, match, "m") or 0) > MONTHS_A_YEAR:
        return None
    return _date(value(lexed, match, "d"), value(lexed, match, "m"), _year(lexed, match))


def read_dashed(lexed: Lexed, match: Match) -> Day | None:
    """A date such as "13-3": where a day is announced, or in Dutch where it can be no range and closes its clause."""
    before = lexed.letters[: match.start()].rstrip(" ,(")[-1:]
    if before not in ("D", "b", "B", "t", "@", "f") or before == "":
        day, month = value(lexed, match, "d"), value(lexed, match, "m")
        after = lexed.letters[match.end() :].lstrip(" ")[:1]
        closes = not after or after in ".,;:!)(\n&@Pk" or before == "\n" or not before
        ranged = day < month or (day <= MONTHS_A_YEAR and day - month >= MONTHS_A_YEAR // 2)
        return read_numeric(lexed, match) if lexed.language == "nl" and closes and not ranged else None
    if before == "@" and text_before(lexed, match.start()) in _hour_words(lexed.language):
        return None
    return read_numeric(lexed, match)


_HOUR_WORDS = {
    "nl": {"om", "rond", "omstreeks", "ca", "@"},
    "de": {"um", "gegen", "ca", "ca.", "so um", "so gegen", "@", "um ca", "um ca."},
    "fi": {"noin", "@"},
    "en": {"at", "@", "around", "about", "for", "round", "from"},
}


def _hour_words(language: str) -> set[str]:
    return _HOUR_WORDS.get(language, set())


def text_before(lexed: Lexed, index: int) -> str:
    """The folded word before token ``index``, white space left out; empty at the beginning."""
    index -= 1
    while index >= 0 and lexed.letters[index] in " \n":
        index -= 1
    return lexed.tokens[index].text if index >= 0 else ""


def read_dotted(lexed: Lexed, match: Match) -> Day | None:
    """A date such as "12.3" without its last dot: German and Finnish, and only where a day is announced."""
    before = lexed.letters[: match.start()].rstrip(" ,(")[-1:]
    after = lexed.letters[match.end() :].lstrip(" ")[:1]
    words = lexicon(lexed.language)
    spoken = text_before(lexed, match.start())
    announced = before != "" and (before in "Dbt@BfR:" or spoken in words.cue("past") or spoken in words.cue("future"))
    if lexed.language not in ("de", "fi", "nl") or not (announced or after == "c"):
        return None
    if before in ("@", "t", "f") and text_before(lexed, match.start()) in _hour_words(lexed.language):
        return None
    return read_numeric(lexed, match)


def read_range(lexed: Lexed, match: Match) -> Day | None:
    month, year = value(lexed, match, "m"), _year(lexed, match)
    if month is None or month > MONTHS_A_YEAR:
        return None  # "from 10 to 11.15." are times
    first = _date(value(lexed, match, "d"), value(lexed, match, "k") if "k" in match.groupdict() else month, year)
    last = _date(value(lexed, match, "e"), month, year)
    if first is None or last is None or (first.month, first.day or 0) >= (last.month, last.day or 0):
        return None
    return replace(first, to=last)


def read_weekday_range(lexed: Lexed, match: Match) -> Day | None:
    first, _ = value(lexed, match, "d")
    last, _ = value(lexed, match, "e")
    if first >= last:
        return None
    return Day(kind="weekday", weekday=first, to=Day(kind="weekday", weekday=last))


def read_day_of_month(lexed: Lexed, match: Match) -> Day | None:
    day = value(lexed, match, "d")
    if day is None or not 1 <= day <= DAYS_A_MONTH:
        return None
    ordinal_of_thing = lexed.letters[match.end() :].lstrip(" ")[:1] == "x"
    head = lexed.letters[: match.start()].rstrip(" #")[-1:]
    announced = head != "" and head in "@bBtfD"
    few = 6
    if ordinal_of_thing and not announced and (day < few or lexed.letters[match.start("d")] == "o"):
        follows = next((token.text for token in lexed.tokens[match.end() :] if token.text.strip()), "")
        if follows not in lexicon(lexed.language).cue("auxiliaries"):
            return None
    if lexed.letters[match.start("d")] == "o" and not announced:
        return None
    return Day(kind="day_of_month", day=int(day))


def read_german_day_of_month(lexed: Lexed, match: Match) -> Day | None:
    head = lexed.letters[: match.start()].rstrip(" #")[-1:]
    if lexed.language not in ("de", "fi") or not head or head not in "@bBtfD":
        return None
    if head in "@t" and text_before(lexed, match.start()) in ("an", "für", "um", "gegen", "ca", "ca."):
        return None
    return read_day_of_month(lexed, match)


def read_week_of(lexed: Lexed, match: Match) -> Day | None:
    """As in "wk of Nov 17", "w/c 5 May": the week of that day."""
    found = _date(value(lexed, match, "d"), value(lexed, match, "m"), swapped=True)
    said = text(lexed, match, "k")
    of = lexed.letters[match.end("k") + 1] == "#" or said.endswith(
        ("of", "c", "commencing", "beginning", "starting", "b")
    )
    return replace(found, unit="week_of") if found is not None and of and lexed.language == "en" else None


def read_english_month_day(lexed: Lexed, match: Match) -> Day | None:
    """The month first, as only English has it; "mei. 14 machines" is none."""
    stopped = lexed.letters[match.start("m") + 1] == "." or lexed.tokens[match.start("m")].text.endswith(".")
    return None if stopped and lexed.language != "en" else read_month_day(lexed, match)


def read_month_day(lexed: Lexed, match: Match) -> Day | None:
    """A day of a named month: its order is settled, and "next year" may follow."""
    found = _date(value(lexed, match, "d"), value(lexed, match, "m"), _year(lexed, match), swapped=True)
    if found is not None and match.groupdict().get("s") and value(lexed, match, "u") == "year":
        found = replace(found, offset=SHIFTS[match["s"]], unit="year")
    return found


def read_word_month(lexed: Lexed, match: Match) -> Day | None:
    few = 2
    if (value(lexed, match, "d") or 0) < few and lexed.letters[match.start("d")] == "w":
        return None
    return read_month_day(lexed, match)


def read_month(lexed: Lexed, match: Match) -> Day | None:
    edge = match["e"] if "e" in match.groupdict() and match["e"] else None
    shift = match["s"] if "s" in match.groupdict() else None
    direction = AHEAD.get(SHIFTS.get(shift or "", 0))
    return Day(
        kind="month",
        month=value(lexed, match, "m"),
        year=_year(lexed, match) if "y" in match.groupdict() else None,
        edge=EDGES[edge] if edge else None,
        direction=direction,
    )


def read_half_month(lexed: Lexed, match: Match) -> Day | None:
    """As in Dutch "half april": its middle."""
    return Day(kind="month", month=value(lexed, match, "m"), edge="middle") if lexed.language == "nl" else None


def read_relative(lexed: Lexed, match: Match) -> Day:
    offset, part = value(lexed, match, "r")
    ahead: Direction | None = "past" if offset < 0 else "future" if offset > 0 else None
    if "p" in match.groupdict() and match["p"]:
        part = value(lexed, match, "p")
    return Day(kind="relative", offset=offset, part=part, direction=ahead)


def read_today_and_more(lexed: Lexed, match: Match) -> Day | None:
    """As in "Heute in acht Tagen": in German eight days are a week, and fourteen two."""
    number, unit = _count(lexed, match), value(lexed, match, "u")
    if number is None:
        return None
    base, _ = value(lexed, match, "r")
    days = {"day": 1, "week": 7, "week_mark": 7}.get(unit)
    eight = 8
    if days is None:
        return None
    if lexed.language == "de" and unit == "day" and number == eight:
        number = 7
    return Day(kind="relative", offset=base + days * number, direction="future")


def read_ahead(lexed: Lexed, match: Match) -> Day | None:
    if "o" in match.groupdict() and match["o"] == ">" and text(lexed, match, "o") != "over":
        return None
    return _far(lexed, match, +1)


def read_ago(lexed: Lexed, match: Match) -> Day | None:
    if "o" in match.groupdict() and match["o"] == "B" and lexed.language != "de":
        return None
    return _far(lexed, match, -1)


def _far(lexed: Lexed, match: Match, sign: int) -> Day | None:
    number, unit = _count(lexed, match), value(lexed, match, "u")
    if number is None:
        return None
    ahead: Direction = "future" if sign > 0 else "past"
    if text(lexed, match, "u") == "fortnight":
        number, unit = 2 * number, "week"
    if unit == "day":
        eight = 8
        days = 7 if lexed.language == "de" and number == eight else number
        if "work" in text(lexed, match, "u") or "werk" in text(lexed, match, "u"):
            return Day(kind="workdays", offset=sign * days, direction=ahead)
        return Day(kind="relative", offset=sign * days, direction=ahead)
    if unit in ("week", "week_mark"):
        return Day(kind="relative", offset=sign * 7 * number, direction=ahead)
    return Day(kind="calendar", offset=sign * number, unit=unit, direction=ahead)


def read_stretch(lexed: Lexed, match: Match) -> Day | None:
    """A week, month or year next to this one, or an edge of it: "next week", "Ende nächsten Monats"."""
    unit = value(lexed, match, "u")
    shift = SHIFTS[match["s"]] if match["s"] else 0
    edge = EDGES[match["e"]] if "e" in match.groupdict() and match["e"] else None
    if unit == "day":
        return None
    if match["s"] == "C" and text(lexed, match, "s") in ("die", "de", "d."):
        return None
    unit = "week" if unit == "week_mark" else unit
    return Day(kind="unit", unit=unit, offset=shift, edge=edge, direction=AHEAD.get(shift))


def read_week_day(lexed: Lexed, match: Match) -> Day | None:
    """A weekday of a week near this one: "vorige week donderdag", "am Montag letzter Woche"."""
    weekday, part = value(lexed, match, "d")
    if match["s"] == "C" and text(lexed, match, "s") in ("die", "de", "d."):
        return None
    shift = SHIFTS[match["s"]]
    if "p" in match.groupdict() and match["p"]:
        part = value(lexed, match, "p")
    return Day(kind="week_day", weekday=weekday, offset=shift, part=part, direction=AHEAD.get(shift))


def read_numbered_week(lexed: Lexed, match: Match) -> Day | None:
    week = value(lexed, match, "n")
    last_week = 53
    if week is None or not 1 <= week <= last_week or week != int(week):
        return None
    if lexed.letters[match.start("n")] == "w" and (lexed.language == "en" or week < 2):  # noqa: PLR2004
        return None  # "deze week een staaltje"
    if text(lexed, match, "k") in (
        "w/c",
        "wc",
        "week beginning",
        "wk beginning",
        "week commencing",
        "wk commencing",
        "week starting",
        "week of",
        "w/b",
    ):
        return None
    weekday, part = value(lexed, match, "d") if "d" in match.groupdict() and match["d"] else (None, None)
    edge = EDGES[match["e"]] if "e" in match.groupdict() and match["e"] else None
    return Day(kind="week", week=int(week), weekday=weekday, part=part, year=_year(lexed, match), edge=edge)


def read_weekday(lexed: Lexed, match: Match) -> Day | None:
    weekday, part = value(lexed, match, "d")
    if match["p"]:
        part = value(lexed, match, "p")
    shift = match["s"] or match["z"] or ""
    if shift == "C" and text(lexed, match, "s") in ("die", "de", "d."):
        shift = ""
    if shift in ("L", "J", "l"):
        return Day(kind="weekday", weekday=weekday, part=part, direction="past", offset=-1)
    if shift == "V":
        return Day(kind="weekday", weekday=weekday, part=part, direction="future")
    if shift in ("X", "Y"):
        far = lexed.language in ("nl", "en") and text(lexed, match, "s") not in ("", "eerstvolgende")
        kind = "next_weekday" if far or shift == "Y" else "weekday"
        return Day(kind=kind, weekday=weekday, part=part, direction="future", offset=1)
    if shift == "C":
        return Day(kind="weekday", weekday=weekday, part=part)
    return Day(kind="weekday", weekday=weekday, part=part)


def read_weekday_and_week(lexed: Lexed, match: Match) -> Day | None:
    """As in "Monday week", "maandag over een week", "Montag in einer Woche": a week after that day."""
    weekday, part = value(lexed, match, "d")
    number = _count(lexed, match)
    if number is None or ("o" in match.groupdict() and match["o"] == ">" and text(lexed, match, "o") != "over"):
        return None
    unit = value(lexed, match, "u")
    if unit not in ("week", "week_mark"):
        return None
    weeks = 2 * number if text(lexed, match, "u") == "fortnight" else number
    return Day(kind="weekday", weekday=weekday, part=part, offset=7 * weeks, direction="future", unit="later")


def read_english_weekday_week(lexed: Lexed, match: Match) -> Day | None:
    return read_weekday_and_week(lexed, match) if lexed.language == "en" else None


def read_week_before(_: Lexed, match: Match) -> Day | None:
    """As in "The week after next", "the week before last"."""
    return Day(kind="unit", unit="week", offset=SHIFTS[match["s"]], direction=AHEAD[SHIFTS[match["s"]]])


def read_special(lexed: Lexed, match: Match) -> Day:
    name = value(lexed, match, "w")
    units = {"eow": "week", "eom": "month", "eoy": "year"}
    if name in units:
        return Day(kind="unit", unit=units[name], edge="end")
    if name == "half_month":
        return Day(kind="unit", unit="month", edge="middle")
    return Day(kind="relative", offset=0)


def read_by_close_of(lexed: Lexed, match: Match) -> Day | None:
    """As in "COB Friday", "EOD Thursday": that day."""
    if value(lexed, match, "w") != "eod":
        return None
    weekday, part = value(lexed, match, "d")
    return Day(kind="weekday", weekday=weekday, part=part)


def read_feast(lexed: Lexed, match: Match) -> Day:
    side = match["b"]
    edge = "begin" if side and side in "Bbt" else "end" if side and side in ">j" else None
    return Day(kind="feast", feast=value(lexed, match, "f"), edge=edge)


def read_weekday_by_feast(lexed: Lexed, match: Match) -> Day:
    weekday, part = value(lexed, match, "d")
    after = match["b"] == ">"
    return Day(
        kind="weekday_by_feast", weekday=weekday, part=part, feast=value(lexed, match, "f"), offset=1 if after else -1
    )
