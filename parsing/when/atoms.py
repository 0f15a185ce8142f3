"""The rule that reads one time of day in the letters of a text, as each language writes and says it."""

import re
from dataclasses import dataclass

from parsing.when.lexer import Lexed
from parsing.when.lexicon import lexicon
from parsing.when.readers import text, text_before, value

HOUR, HOURS = 60, 24
HALF_DAY = 12 * HOUR
DAY = 24 * HOUR
EARLIEST = 7 * HOUR
"""A visit at "half past three" was in the afternoon: hours before seven count from noon unless a word says so."""

_ATOM = re.compile(
    r"(?P<noon>N)"
    r"|(?P<m>[nw])(?: I)? (?P<side>[>Bi]) (?P<half>h) ?(?P<h>[nw])"
    r"|(?P<q>q) (?P<qs>[>tBb]) (?P<qh>[nw])"
    r"|(?!n t n)(?P<m2>[nw])(?: I)? (?P<s2>[>tB]) (?P<h2>[nw])"
    r"|(?P<half3>h) ?(?P<h3>[nw])(?![ ]?[USIQ])"
    r"|(?P<three>T) (?P<h4>[nw])"
    r"|(?P<q5>q) (?P<h5>w)"
    r"|(?P<h6>n)(?P<sep>[:.])(?P<m6>n)(?![:.]?[n9y])"
    r"|(?P<h7>n)(?P<mark7>H)(?P<m7>n)(?![n9y])"
    r"|(?P<h9>[nw]) H (?P<m9>[nw])(?! ?[USIQ9y])"
    r"|(?P<h0>w) (?P<m0>w)(?! ?[USIQwn])"
    r"|(?P<four>9)(?![.,/:]?[n9y]|-[ny])"
    r"|(?P<h8>[nw])(?![:.,/][n9y])"
)
_BARE = re.compile(r"(?P<h8>[nw])(?![:.,/][n9y])|" + _ATOM.pattern.replace(r"|(?P<h8>[nw])(?![:.,/][n9y])", ""))
_TAIL = re.compile(r" ?(?P<mark>[HA])(?![a-zA-Z])")
_BAD_BEFORE = frozenset("9y/-+n")


@dataclass(frozen=True, slots=True)
class Atom:
    """One time of day: tokens from, up to, minutes after midnight, and how sure it is one."""

    first: int
    last: int
    minutes: int
    sure: bool
    fixed: bool = False
    until: bool = False
    """Whether its own form says that it is an end ("puoli kahteentoista")."""


def _hour(number: float | None) -> int | None:
    return int(number) if number is not None and number == int(number) and 0 <= number <= HOURS else None


def _half(language: str, hour: int) -> int:
    """British half three is 15:30; to the other languages it is half of the third hour."""
    return hour * HOUR + 30 if language == "en" else hour * HOUR - 30


def _sided(hour: int, minutes: int, mark: str) -> int:
    return hour * HOUR + (minutes if mark == ">" else -minutes)


def _minutes(lexed: Lexed, match: re.Match[str]) -> tuple[int, bool] | None:
    """Minutes after midnight that an atom says, and whether its form alone makes it a time."""
    if match["m2"]:
        return _minutes_beside(lexed, match)
    if match["noon"]:
        hours, minutes = map(int, value(lexed, match, "noon").split(":"))
        return hours * HOUR + minutes, True
    if match["h6"] or match["h7"] or match["h8"]:
        return _figures(lexed, match)
    if match["h9"] or match["h0"]:
        return _hour_and_minutes(lexed, match)
    if match["four"]:
        return _four_figures(lexed.tokens[match.start("four")].text)
    said = _fraction(lexed, match)
    return None if said is None else (said, True)


STEP = 5
"""Minutes between the times that people name."""


def _hour_and_minutes(lexed: Lexed, match: re.Match[str]) -> tuple[int, bool] | None:
    """As in "tien uur dertig", "two thirty": minutes from ten on, and without a mark between only in English."""
    group = "9" if match["h9"] else "0"
    hour, minute = _hour(value(lexed, match, "h" + group)), value(lexed, match, "m" + group)
    least = 10
    if not hour or minute is None or not least <= minute < HOUR or minute % STEP or refused(lexed, match.end()):
        return None
    if group == "0" and (lexed.language != "en" or hour * HOUR > HALF_DAY):
        return None
    return hour * HOUR + int(minute), group == "9"


def _four_figures(said: str) -> tuple[int, bool] | None:
    """As in "at 0930", "1400 hrs": a time only where something announces it, a mark follows or it stands alone."""
    size, latest = 4, 21
    if len(said) != size:
        return None
    hour, minute = int(said[:2]), int(said[2:])
    if not EARLIEST <= hour * HOUR <= latest * HOUR or minute >= HOUR or minute % STEP:
        return None
    return hour * HOUR + minute, False


def _fraction(lexed: Lexed, match: re.Match[str]) -> int | None:
    """Half, quarter and three quarter hours, as each language counts them."""
    hour = _hour(next(value(lexed, match, group) for group in ("h", "qh", "h3", "h4", "h5") if match[group]))
    noon = 12
    if not hour or hour > noon:
        return None
    if match["half"]:
        past = int(value(lexed, match, "m"))
        return _half(lexed.language, hour) + (past if match["side"] == ">" else -past)
    if match["q"]:
        return _sided(hour, 15, match["qs"])
    if match["half3"]:
        return _half(lexed.language, hour)
    return hour * HOUR - (15 if match["three"] else 45) if lexed.language == "de" else None


def _minutes_beside(lexed: Lexed, match: re.Match[str]) -> tuple[int, bool] | None:
    """As in "Tien over drie", "twenty to eleven"; figures with "to" are a range, not minutes."""
    hour, minutes = _hour(value(lexed, match, "h2")), value(lexed, match, "m2")
    longest = 29
    if hour is None or not hour or not 1 < minutes <= longest or lexed.letters[match.start("m2")] not in "nw":
        return None
    if minutes % STEP and " I" not in match[0]:
        return None
    if match["s2"] == "t" and lexed.letters[match.start("m2")] == "n" and lexed.letters[match.start("h2")] == "n":
        return None
    if match["s2"] == "t" and text(lexed, match, "s2") != "to":
        return None
    if match["s2"] == ">" and text(lexed, match, "s2") in ("na", "ab"):
        return None
    return _sided(hour, int(minutes), match["s2"]), True


def _figures(lexed: Lexed, match: re.Match[str]) -> tuple[int, bool] | None:
    if match["h6"] or match["h7"]:
        group = "6" if match["h6"] else "7"
        hour, minute = _hour(value(lexed, match, "h" + group)), value(lexed, match, "m" + group)
        two_figures = lexed.tokens[match.start("m" + group)]
        if hour is None or minute >= HOUR or two_figures.end - two_figures.start == 1:
            return None
        return hour * HOUR + minute, match["h7"] is not None or match["sep"] == ":"
    hour = _hour(value(lexed, match, "h8"))
    return (hour * HOUR, False) if hour is not None else None


def atoms(lexed: Lexed) -> list[Atom]:
    """Every time of day that a form can say, sure or not, in the order of the text."""
    found = []
    at = 0
    letters = lexed.letters
    while (match := _ATOM.search(letters, at)) is not None:
        at = match.end()
        if match.start() and letters[match.start() - 1] in _BAD_BEFORE and not _ranged(letters, match.start()):
            at = match.start() + 1
            continue
        if match.start() and letters[match.start() - 1] in ".:," and letters[max(match.start() - 2, 0)] in "n9y":
            at = match.start() + 1
            continue
        said = _minutes(lexed, match)
        bare = (
            _BARE.match(letters, match.start())
            if said is None and (match["m2"] or match["h9"] or match["h0"])
            else None
        )
        if bare is not None:
            match, said = bare, _minutes(lexed, bare)
        if said is None:
            at = match.start() + 1
            continue
        atom = _finish(lexed, match, *said)
        if atom is not None:
            found.append(atom)
            at = atom.last
    return found


def _ranged(letters: str, at: int) -> bool:
    """Whether the hyphen before ``at`` follows a number or an hour mark: the second time of a range."""
    return letters[at - 1] == "-" and at > 1 and letters[at - 2] in "nwHA.9"


def _finish(lexed: Lexed, match: re.Match[str], minutes: int, sure: bool) -> Atom | None:
    """An atom with the mark behind it: "uur", "Uhr", "pm"."""
    first, last = match.start(), match.end()
    said = lexed.tokens[first].text
    fixed = minutes >= HALF_DAY + HOUR or (said.startswith("0") and len(said) > 1) or match["noon"] is not None
    tail = _TAIL.match(lexed.letters, last)
    if tail is not None:
        mark = tail["mark"]
        if mark == "A":
            part = lexed.tokens[tail.start("mark")].value
            minutes, fixed, sure = _meridiem(minutes, part), True, True
        elif not _is_duration(lexed, match, tail):
            sure = True
        else:
            return None
        last = tail.end()
    until = False
    if lexed.language == "fi" and lexed.letters[match.end() - 1] == "w":
        word = lexed.tokens[match.end() - 1].text
        sure = sure or (word.endswith(("lta", "ltatoista", "lt", "lttoista")) and not _ablative(lexed, match.end()))
        sure = sure or _next_word(lexed, match.end()) in _ABOUT
        until = word.endswith(("een", "een asti", "aan", "iin", "teentoista", "oon", "een toista"))
    if minutes < 0 or minutes > DAY:
        return None
    return Atom(first, last, minutes, sure, fixed, until)


_ABOUT = frozenset(
    {"maissa", "maisa", "maissaa", "aikoihin", "tienoilla", "pintaan", "korvilla", "kieppeilla", "kantturoissa"}
)
"""Behind an hour, "kahden maissa": about two."""


def _ablative(lexed: Lexed, at: int) -> bool:
    """Whether the next word stands in the same case: "kahdelta asiakkaalta" is no time."""
    return _next_word(lexed, at).endswith("lta")


def _next_word(lexed: Lexed, at: int) -> str:
    while at < len(lexed.letters) and lexed.letters[at] == " ":
        at += 1
    return lexed.tokens[at].text if at < len(lexed.letters) and lexed.letters[at] == "x" else ""


def _meridiem(minutes: int, part: str) -> int:
    if part == "pm" and minutes < HALF_DAY:
        return minutes + HALF_DAY
    if part == "am" and minutes >= HALF_DAY:
        return minutes - HALF_DAY
    return minutes


def _is_duration(lexed: Lexed, match: re.Match[str], tail: re.Match[str]) -> bool:
    """Whether "3 uur" or "2h" says how long: no preposition of time before it, and a small number."""
    mark = text(lexed, tail, "mark")
    if mark not in ("uur", "h", "u") or match["h8"] is None:
        return False
    before = text_before(lexed, match.start())
    words = lexicon(lexed.language)
    if before in words.cue("clock_at") or before in words.cue("clock_about"):
        return False
    longest = 6
    last_letter = lexed.letters[: match.start()].rstrip(" ")[-1:]
    after = lexed.letters[tail.end() :].lstrip(" ")[:1]
    if after == "~":
        return True
    if last_letter and last_letter in "tfk@&D-RP<":
        return False
    number = value(lexed, match, "h8")
    longest = 3 if mark == "u" else longest
    return bool(number <= longest)


def refused(lexed: Lexed, last: int) -> bool:
    """Whether what follows makes the number a quantity: "at 5 sites", "om 9 pallets"."""
    at = last
    while at < len(lexed.letters) and lexed.letters[at] == " ":
        at += 1
    if at >= len(lexed.letters):
        return False
    letter = lexed.letters[at]
    if letter in "ZUSIQM9" or (letter == "/" and at == last):
        return True
    if letter == "s" or (letter == "#" and at == last):
        return True
    return letter in "xKcwH" and lexed.tokens[at].text in lexicon(lexed.language).cue("refused")


def marked_length(lexed: Lexed, first: int, last: int) -> int | None:
    """As in "3 uur lang" and "2h": the minutes of the number in ``first:last`` whose clock mark says how long."""
    as_atom = _ATOM.match(lexed.letters, first)
    tail = _TAIL.match(lexed.letters, last)
    if as_atom is None or as_atom["h8"] is None or tail is None or not _is_duration(lexed, as_atom, tail):
        return None
    return int(value(lexed, as_atom, "h8") * HOUR)
