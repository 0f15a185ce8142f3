"""Which times of day a text means, alone and as ranges, and the stretches of hours and minutes it names."""

import re
from collections.abc import Iterator

from parsing.when.atoms import DAY, EARLIEST, HALF_DAY, HOUR, STEP, Atom, atoms, marked_length, refused
from parsing.when.lexer import Lexed
from parsing.when.lexicon import lexicon
from parsing.when.model import Clock, Span
from parsing.when.readers import text, text_before, value

MONTHS = 12
UNIT_MINUTES = {"hour": 60, "minute": 1, "quarter_hour": 15, "half_hour": 30, "three_quarter_hour": 45}
CLOSING = ".,;:!)\n"
_LINK = re.compile(r" ?- ?|,? (?:t|t [@z])(?: k)? | & (?:k )?")


def _announced(lexed: Lexed, atom: Atom) -> str:
    """How a bare number is announced as a time: ``"at"``, ``"about"`` or not at all."""
    before = text_before(lexed, atom.first)
    letter = lexed.letters[: atom.first].rstrip(" ")[-1:]
    words = lexicon(lexed.language)
    if letter == "k" or before in words.cue("clock_at"):
        return "at"
    return "about" if before in words.cue("clock_about") else ""


def _closes(lexed: Lexed, last: int) -> bool:
    rest = lexed.letters[last:].lstrip(" ")
    return not rest or rest[0] in CLOSING or rest[0] in "&@RPDt-f(ABb>"


def clocks(lexed: Lexed) -> Iterator[tuple[int, int, Clock]]:
    """Every time of day and every range of two: its tokens from, up to, and what they say."""
    read = atoms(lexed)
    index = 0
    while index < len(read):
        atom = read[index]
        pair = read[index + 1] if index + 1 < len(read) else None
        ranged = _range(lexed, atom, pair) if pair else None
        if ranged is not None and pair is not None:
            yield _from(lexed, atom), pair.last, ranged
            index += 2
            continue
        if _is_time(lexed, atom):
            yield _from(lexed, atom), atom.last, Clock(minutes=atom.minutes, fixed=atom.fixed)
        index += 1


def _from(lexed: Lexed, atom: Atom) -> int:
    """The first token of a time, with the preposition that announces it."""
    at = atom.first
    while at and lexed.letters[at - 1] == " ":
        at -= 1
    return at - 1 if at and lexed.letters[at - 1] in "k@" else atom.first


def _is_time(lexed: Lexed, atom: Atom) -> bool:
    if atom.sure:
        return True
    if _of_two_figures(lexed, atom) or (
        lexed.letters[atom.first] == "w"
        and lexed.tokens[atom.first].text
        in (
            "a",
            "an",
            "ein",
            "eine",
            "einen",
            "een",
            "ene",
            "einem",
            "einer",
        )
    ):
        return False
    no_month = atom.minutes % HOUR > MONTHS or lexed.language in ("en", "nl")
    if no_month and atom.last == atom.first + 3 and _set_apart(lexed, atom):
        return True
    if _clear(lexed, atom) or (_alone(lexed, atom) and _set_apart(lexed, atom)):
        return True
    announced = _announced(lexed, atom)
    if not announced or refused(lexed, atom.last):
        return False
    return announced == "at" or _closes(lexed, atom.last)


def _of_two_figures(lexed: Lexed, atom: Atom) -> bool:
    """Whether four figures stand beside four with a hyphen: a range of times or a quantity, never one time."""
    return (
        lexed.letters[atom.first : atom.last + 2] == "9-9" or lexed.letters[max(atom.first - 2, 0) : atom.last] == "9-9"
    )


def _alone(lexed: Lexed, atom: Atom) -> bool:
    """Whether a time is four figures, or an hour and its minutes in words."""
    return lexed.letters[atom.first] == "9" or lexed.letters[atom.first : atom.last] == "w w"


def _clear(lexed: Lexed, atom: Atom) -> bool:
    """As in "Teams 11.00 met …": quarters of a working hour behind a word of a meeting, which no date can be."""
    quarter, latest = 15, 19 * HOUR
    if lexed.letters[atom.first : atom.last] != "n.n" or refused(lexed, atom.last):
        return False
    no_month = atom.minutes % HOUR == 0 or atom.minutes % HOUR > MONTHS
    meets = text_before(lexed, atom.first) in lexicon(lexed.language).cue("meets")
    return meets and no_month and atom.minutes % quarter == 0 and EARLIEST <= atom.minutes <= latest


def _set_apart(lexed: Lexed, atom: Atom) -> bool:
    """As in "…, 1.30 for about an hour": figures after a stop, in steps of five minutes."""
    before = lexed.letters[: atom.first].rstrip(" ")[-1:]
    return (
        before in (",", "", "\n", "-", ":", "D", "R", "P", "#")
        and atom.minutes % STEP == 0
        and _closes(lexed, atom.last)
    )


def _range(lexed: Lexed, first: Atom, last: Atom) -> Clock | None:
    """Two times with a hyphen or "tot", "bis", "to", "en" between, or Finnish from-to endings."""
    between = lexed.letters[first.last : last.first]
    language = lexed.language
    head = lexed.letters[: first.first].rstrip(" ")[-1:]
    cased = language == "fi" and between == " " and lexed.tokens[first.last - 1].text.endswith(("sta", "statoista"))
    if not _LINK.fullmatch(between) and not cased:
        return None
    if "&" in between and head != "<":
        return None
    if refused(lexed, last.last) and not last.sure:
        return None
    if _of_two_figures(lexed, first) and not (
        last.sure or _announced(lexed, first) or _bare_figures(lexed, first, last)
    ):
        return None
    sure = first.sure or last.sure or bool(_announced(lexed, first)) or cased
    figures = last.last == last.first + 3 or first.last == first.first + 3
    figures = figures or _alone(lexed, first) or _alone(lexed, last)
    opens = head in ("<", "f", "D", "R", "P", "k") or (head == "@" and bool(_announced(lexed, first)))
    if not (
        sure or opens or (figures and ("-" in between or "t" in between)) or _bare_range(lexed, first, last, between)
    ):
        return None
    start, end, fixed = first.minutes, last.minutes, first.fixed
    if last.fixed and last.minutes >= HALF_DAY and not first.fixed and start + HALF_DAY <= end and start < EARLIEST:
        start, fixed = start + HALF_DAY, True
    return Clock(minutes=start, fixed=fixed, until=end)


def _bare_figures(lexed: Lexed, first: Atom, last: Atom) -> bool:
    """As in "…, 1400-1515.": four figures twice between stops or behind a day, a few hours apart."""
    head = lexed.letters[: first.first].rstrip(" ")[-1:]
    rest = lexed.letters[last.last :].lstrip(" ")
    longest = 5 * HOUR
    apart = head in (",", "", "\n", "(", ".", "D", "R", "P") and (not rest or rest[0] in ".,;)\n")
    return apart and 0 < last.minutes - first.minutes <= longest


def _bare_range(lexed: Lexed, first: Atom, last: Atom, between: str) -> bool:
    """As in "…, 10-11.": two whole hours between stops, a few hours apart."""
    length = last.minutes - first.minutes
    longest, working = 5 * HOUR, 19 * HOUR
    if length < 0 and last.minutes < EARLIEST:
        length += HALF_DAY
    if between.strip(" ,") not in ("-", "t") or not 0 < length <= longest or not EARLIEST <= first.minutes < working:
        return False
    if lexed.letters[first.first] == "w" or lexed.letters[last.first] == "w":
        return False
    before = lexed.letters[: first.first].rstrip(" ")[-1:]
    rest = lexed.letters[last.last :].lstrip(" ")
    return before in (",", "", "\n", "(", "-", ".", ":") and (not rest or rest[0] in ".,;)\n-")


def settle(minutes: int, fixed: bool, part: str | None) -> int:
    """The minute of the day meant: the part of the day decides, else working time does."""
    if fixed:
        return minutes % DAY
    if part in ("afternoon", "evening") and minutes < HALF_DAY:
        return minutes + HALF_DAY
    if part == "morning":
        return minutes % DAY
    return (minutes + HALF_DAY if minutes < EARLIEST else minutes) % DAY


_SPAN = re.compile(
    r"(?P<n>[nw]) ?(?P<u>[SIQ])(?: & (?P<m>[wn])(?![ ]?[USI]))?"
    r"|(?P<q>Q)"
    r"|(?P<half>h) ?(?P<hu>S)"
    r"|(?P<lone>S)"
    r"|(?P<hn>[nw]) ?(?P<hh>H)"
)


def spans(lexed: Lexed) -> Iterator[tuple[int, int, Span]]:
    """Every stretch of hours and minutes: its tokens from, up to, and how long it is."""
    for match in _SPAN.finditer(lexed.letters):
        minutes = _length(lexed, match)
        if minutes is None or not 0 < minutes <= DAY:
            continue
        before = lexed.letters[: match.start()].rstrip(" ")[-1:]
        after = lexed.letters[match.end() :].lstrip(" ")[:1]
        yield match.start(), match.end(), Span(minutes=minutes, explicit=after == "~" or before == "~")


def _length(lexed: Lexed, match: re.Match[str]) -> int | None:
    if match["n"]:
        whole = value(lexed, match, "n") * UNIT_MINUTES[value(lexed, match, "u")]
        half = 0.5
        return int(whole + (30 if value(lexed, match, "m") == half else 0))
    if match["q"]:
        return UNIT_MINUTES[value(lexed, match, "q")]
    if match["half"]:
        return 30
    if match["lone"]:
        return HOUR if lexed.language == "fi" and text(lexed, match, "lone").startswith("tun") else None
    return marked_length(lexed, match.start("hn"), match.end("hn"))
